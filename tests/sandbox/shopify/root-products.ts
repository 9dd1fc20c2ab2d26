import { connection, type ConnectionArgs } from "#tests/sandbox/shopify/connection.ts";
import { cents, amount } from "#tests/sandbox/shopify/money.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import type { RootDeps } from "#tests/sandbox/shopify/root.ts";
import type { Collection, Metafield, Product, Shop, Variant } from "#tests/sandbox/shopify/types.ts";

export const byTitle = (a: string, b: string) => a.localeCompare(b);

export type Catalogue = ReturnType<typeof catalogueTypes>;

type MetafieldsArgs = ConnectionArgs & { namespace?: string; keys?: string[] };

function metafieldType(each: Metafield, ownerType: string, at: string) {
  return {
    __typename: "Metafield",
    id: gid("Metafield", each.id),
    legacyResourceId: each.id,
    namespace: each.namespace,
    key: each.key,
    type: each.type,
    value: each.value,
    jsonValue: each.value,
    description: null,
    definition: null,
    reference: null,
    ownerType,
    compareDigest: each.id,
    sizeInBytes: Buffer.byteLength(each.value),
    createdAt: at,
    updatedAt: at,
  };
}

/** Every metafield of a shop's catalogue, for `node(id)`. */
export const metafieldsOf = (shop: Shop) =>
  shop.products.flatMap((product) => [
    ...product.metafields.map((each) => metafieldType(each, "PRODUCT", product.updatedAt)),
    ...product.variants.flatMap(({ metafields }) =>
      metafields.map((each) => metafieldType(each, "PRODUCTVARIANT", product.updatedAt)),
    ),
  ]);

function metafieldFields(list: Metafield[], ownerType: string, at: string) {
  return {
    metafield: ({ namespace, key }: { namespace?: string; key: string }) => {
      const [space, name] =
        namespace === undefined && key.includes(".")
          ? (key.split(".") as [string, string])
          : [namespace, key];
      const found = list.find((each) => each.key === name && each.namespace === (space ?? "custom"));
      return found ? metafieldType(found, ownerType, at) : null;
    },
    metafields: ({ namespace, keys, ...args }: MetafieldsArgs) => {
      const wanted = list.filter(
        (each) =>
          (!namespace || each.namespace === namespace) &&
          (!keys || keys.includes(`${each.namespace}.${each.key}`) || keys.includes(each.key)),
      );
      return connection(
        wanted,
        args,
        ({ id }) => id,
        (each) => metafieldType(each, ownerType, at),
      );
    },
  };
}

export function catalogueTypes(shop: Shop, deps: Pick<RootDeps, "imageUrl">) {
  const money = (value: string) => ({ amount: value, currencyCode: shop.currency });

  function image(of: Product) {
    const url = deps.imageUrl(shop, of);
    return {
      __typename: "Image",
      id: gid("ProductImage", of.image.id),
      altText: of.title,
      width: 600,
      height: 600,
      url: () => url,
      src: url,
      originalSrc: url,
      transformedSrc: () => url,
      thumbhash: null,
    };
  }

  const media = (of: Product) => ({
    __typename: "MediaImage",
    id: gid("MediaImage", of.image.id),
    alt: of.title,
    mediaContentType: "IMAGE",
    mediaErrors: [],
    mediaWarnings: [],
    status: "READY",
    fileStatus: "READY",
    mimeType: "image/svg+xml",
    createdAt: of.createdAt,
    updatedAt: of.updatedAt,
    image: () => image(of),
    preview: () => ({ image: image(of), status: "READY" }),
  });

  function product(of: Product | undefined): Record<string, unknown> | null {
    if (!of) return null;
    const prices = of.variants.map(({ price }) => cents(price));
    const plainText = of.descriptionHtml.replace(/<[^>]+>/g, "");
    const range = {
      minVariantPrice: money(amount(Math.min(...prices))),
      maxVariantPrice: money(amount(Math.max(...prices))),
    };
    const inCollections = () => shop.collections.filter(({ productIds }) => productIds.includes(of.id));
    return {
      __typename: "Product",
      id: gid("Product", of.id),
      legacyResourceId: of.id,
      title: of.title,
      handle: of.handle,
      description: ({ truncateAt }: { truncateAt?: number }) => plainText.slice(0, truncateAt),
      descriptionHtml: of.descriptionHtml,
      productType: of.productType,
      vendor: of.vendor,
      tags: [...of.tags].sort(byTitle),
      status: of.status,
      isGiftCard: of.isGiftCard,
      category: null,
      requiresSellingPlan: false,
      hasOnlyDefaultVariant: of.variants.length === 1 && of.variants[0]!.title === "Default Title",
      hasOutOfStockVariants: false,
      hasVariantsThatRequiresComponents: of.bundle.length > 0,
      totalInventory: of.variants.length * 40,
      tracksInventory: true,
      variantsCount: { count: of.variants.length, precision: "EXACT" },
      mediaCount: { count: 1, precision: "EXACT" },
      createdAt: of.createdAt,
      updatedAt: of.updatedAt,
      publishedAt: of.createdAt,
      onlineStoreUrl: `https://${shop.domain}/products/${of.handle}`,
      onlineStorePreviewUrl: `https://${shop.domain}/products/${of.handle}`,
      templateSuffix: null,
      seo: { title: null, description: null },
      priceRangeV2: range,
      priceRange: range,
      compareAtPriceRange: null,
      options: () => [
        {
          id: gid("ProductOption", of.id),
          name: "Title",
          position: 1,
          values: of.variants.map(({ title }) => title),
        },
      ],
      featuredImage: () => image(of),
      featuredMedia: () => media(of),
      images: (args: ConnectionArgs) => connection([of], args, ({ id }) => id, image),
      media: (args: ConnectionArgs) => connection([of], args, ({ id }) => id, media),
      variants: (args: ConnectionArgs) =>
        connection(
          of.variants,
          args,
          ({ id }) => id,
          (each) => variant(of, each),
        ),
      collections: (args: ConnectionArgs) => connection(inCollections(), args, ({ id }) => id, collection),
      inCollection: ({ id }: { id: string }) =>
        inCollections().some((each) => gid("Collection", each.id) === id),
      bundleComponents: (args: ConnectionArgs) =>
        connection(
          of.bundle,
          args,
          ({ variantId }) => variantId,
          ({ variantId, quantity }) => {
            const part = shop.products.find(({ variants }) => variants.some(({ id }) => id === variantId))!;
            return {
              quantity,
              quantityOption: null,
              optionSelections: [],
              componentProduct: () => product(part),
              componentVariants: (inner: ConnectionArgs) =>
                connection(
                  part.variants.filter(({ id }) => id === variantId),
                  inner,
                  ({ id }) => id,
                  (each) => variant(part, each),
                ),
              componentVariantsCount: { count: 1, precision: "EXACT" },
            };
          },
        ),
      sellingPlanGroupsCount: { count: of.sellingPlan ? 1 : 0, precision: "EXACT" },
      ...metafieldFields(of.metafields, "PRODUCT", of.updatedAt),
    };
  }

  function variant(of: Product, each: Variant): Record<string, unknown> {
    const isDefault = each.title === "Default Title";
    return {
      __typename: "ProductVariant",
      id: gid("ProductVariant", each.id),
      legacyResourceId: each.id,
      title: each.title,
      displayName: `${of.title} - ${each.title}`,
      sku: each.sku,
      barcode: each.barcode,
      price: each.price,
      compareAtPrice: null,
      position: of.variants.indexOf(each) + 1,
      availableForSale: of.status === "ACTIVE",
      inventoryPolicy: "DENY",
      inventoryQuantity: 40,
      sellableOnlineQuantity: 40,
      requiresComponents: of.bundle.length > 0,
      taxable: true,
      createdAt: of.createdAt,
      updatedAt: of.updatedAt,
      selectedOptions: isDefault
        ? [{ name: "Title", value: "Default Title" }]
        : [{ name: "Title", value: each.title }],
      image: () => null,
      media: (args: ConnectionArgs) =>
        connection(
          [],
          args,
          () => "",
          () => null,
        ),
      product: () => product(of),
      ...metafieldFields(each.metafields, "PRODUCTVARIANT", of.updatedAt),
    };
  }

  function collection(of: Collection | undefined): Record<string, unknown> | null {
    if (!of) return null;
    const members = () => shop.products.filter(({ id }) => of.productIds.includes(id));
    return {
      __typename: "Collection",
      id: gid("Collection", of.id),
      legacyResourceId: of.id,
      title: of.title,
      handle: of.handle,
      description: () => "",
      descriptionHtml: "",
      sortOrder: "BEST_SELLING",
      templateSuffix: null,
      seo: { title: null, description: null },
      updatedAt: of.updatedAt,
      productsCount: { count: of.productIds.length, precision: "EXACT" },
      image: () => {
        const first = members()[0];
        return first ? image(first) : null;
      },
      products: (args: ConnectionArgs) => connection(members(), args, ({ id }) => id, product),
      hasProduct: ({ id }: { id: string }) => of.productIds.some((each) => gid("Product", each) === id),
      ...metafieldFields([], "COLLECTION", of.updatedAt),
    };
  }

  return { product, variant, collection, image, money };
}
