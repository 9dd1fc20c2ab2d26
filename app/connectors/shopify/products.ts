import type { ProductFacts } from "#app/connectors/orders.ts";
import { shopifyGraphql, type ShopAccess } from "#app/connectors/shopify/client.ts";
import { toGid } from "#app/connectors/shopify/fields.ts";
import {
  productCollections,
  productFacts,
  PRODUCTS_AT_ONCE,
  productsByHandle,
  productVariants,
  SEARCH_AT_ONCE,
  variantsBySku,
  type GraphqlMetafield,
} from "#app/connectors/shopify/operations/products.ts";
import { everyPage, type Page } from "#app/connectors/shopify/pages.ts";

/**
 * What the planner and the templates want to know of products, by product id; a product that is gone is missing.
 * Reads every variant, so cache the answer and ask again on products/update.
 * @throws ShopifyError
 */
export async function readProductFacts(
  access: ShopAccess,
  productIds: string[],
): Promise<Map<string, ProductFacts>> {
  const facts = new Map<string, ProductFacts>();
  for (const some of chunks([...new Set(productIds)], PRODUCTS_AT_ONCE)) {
    const variables = { ids: some.map((id) => toGid("Product", id)) };
    const { data } = await shopifyGraphql({ ...access, operation: productFacts, variables });
    for (const product of data.nodes) {
      if (!product) continue;
      const collections = await allCollections(access, product.id, product.collections);
      facts.set(product.id, {
        productId: product.id,
        title: product.title,
        handle: product.handle,
        productType: product.productType,
        vendor: product.vendor,
        tags: product.tags,
        collectionIds: collections.map(({ id }) => id),
        imageUrl: product.featuredMedia?.preview?.image?.url ?? null,
        onlineStoreUrl: product.onlineStoreUrl,
        metafields: readable(product.metafields.nodes),
        variants: await variantsOf(access, product.id),
      });
    }
  }
  return facts;
}

async function allCollections(
  access: ShopAccess,
  productId: string,
  first: Page<{ id: string }>,
): Promise<{ id: string }[]> {
  const id = toGid("Product", productId);
  return everyPage(async (after) => {
    const { data } = await shopifyGraphql({
      ...access,
      operation: productCollections,
      variables: { id, after },
    });
    return data.product && data.product.collections;
  }, first);
}

async function variantsOf(access: ShopAccess, productId: string): Promise<ProductFacts["variants"]> {
  const id = toGid("Product", productId);
  const variants = await everyPage(async (after) => {
    const { data } = await shopifyGraphql({
      ...access,
      operation: productVariants,
      variables: { id, after },
    });
    return data.product && data.product.variants;
  });
  return Object.fromEntries(
    variants.map((variant) => [
      variant.id,
      {
        title: variant.title,
        sku: variant.sku,
        imageUrl: variant.media.nodes[0]?.preview?.image?.url ?? null,
        metafields: readable(variant.metafields.nodes),
      },
    ]),
  );
}

/**
 * Metafields by "namespace.key". A file becomes its link, which is how a manual gets into a message; other references
 * are ids that no buyer can read, so they are left out.
 */
function readable(metafields: GraphqlMetafield[]): Record<string, string> {
  return Object.fromEntries(
    metafields.flatMap(({ namespace, key, value, reference }) => {
      const linked = reference?.url ?? reference?.image?.url ?? reference?.onlineStoreUrl ?? reference?.title;
      const shown = linked ?? value;
      return shown.includes("gid://shopify/") ? [] : [[`${namespace}.${key}`, shown]];
    }),
  );
}

export type FoundProduct = { productId: string; title: string; handle: string };
export type FoundVariant = FoundProduct & { variantId: string; variantTitle: string; sku: string };

/** Products by handle, lower case as Shopify keeps them. @throws ShopifyError */
export async function findProductsByHandle(
  access: ShopAccess,
  handles: string[],
): Promise<Map<string, FoundProduct>> {
  const wanted = new Set(handles.map((handle) => handle.trim().toLowerCase()).filter(Boolean));
  const found = new Map<string, FoundProduct>();
  for (const some of chunks([...wanted], SEARCH_AT_ONCE)) {
    const products = await everyPage(async (after) => {
      const variables = { query: anyOf("handle", some), after };
      return (await shopifyGraphql({ ...access, operation: productsByHandle, variables })).data.products;
    });
    for (const { id, title, handle } of products)
      if (wanted.has(handle)) found.set(handle, { productId: id, title, handle });
  }
  return found;
}

/** Variants by SKU exactly as asked for. Nothing makes a SKU unique, so each may have several. @throws ShopifyError */
export async function findVariantsBySku(
  access: ShopAccess,
  skus: string[],
): Promise<Map<string, FoundVariant[]>> {
  const wanted = new Set(skus.map((sku) => sku.trim()).filter(Boolean));
  const found = new Map<string, FoundVariant[]>();
  for (const some of chunks([...wanted], SEARCH_AT_ONCE)) {
    const variants = await everyPage(async (after) => {
      const variables = { query: anyOf("sku", some), after };
      return (await shopifyGraphql({ ...access, operation: variantsBySku, variables })).data.productVariants;
    });
    for (const { id, title, sku, product } of variants) {
      // The search folds case and matches word by word; only the same text is the same SKU.
      if (!sku || !some.includes(sku)) continue;
      const { id: productId, title: productTitle, handle } = product;
      const variant = { productId, title: productTitle, handle, variantId: id, variantTitle: title, sku };
      found.set(sku, [...(found.get(sku) ?? []), variant]);
    }
  }
  return found;
}

function anyOf(field: string, values: string[]): string {
  return values.map((value) => `${field}:"${value.replace(/["\\]/g, "\\$&")}"`).join(" OR ");
}

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
