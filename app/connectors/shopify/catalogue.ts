// What the editors ask of a shop's catalogue: today's names, texts in use, definitions of metafields. Nothing of buyers.
import { z } from "zod";
import { shopifyGraphql, type ShopAccess } from "#app/connectors/shopify/client.ts";
import { operation } from "#app/connectors/shopify/operation.ts";

export const namesOperation = operation<{ ids: string[] }>()({
  name: "CatalogueNames",
  cost: 250,
  document: `#graphql
    query CatalogueNames($ids: [ID!]!) {
      nodes(ids: $ids) {
        __typename
        ... on Product { id title }
        ... on ProductVariant { id displayName }
        ... on Collection { id title }
      }
    }`,
  answer: z.object({
    nodes: z.array(
      z
        .object({ id: z.string(), title: z.string().optional(), displayName: z.string().optional() })
        .nullable(),
    ),
  }),
});

/** Asked 250 at a time: the most that `nodes` takes. */
const NAMES_AT_ONCE = 250;

/**
 * GraphQL id → today's name; null = the shop no longer has it.
 * @throws ShopifyError
 */
export async function readNames(access: ShopAccess, ids: string[]): Promise<Map<string, string | null>> {
  const names = new Map<string, string | null>();
  for (let start = 0; start < ids.length; start += NAMES_AT_ONCE) {
    const asked = ids.slice(start, start + NAMES_AT_ONCE);
    const { data } = await shopifyGraphql({
      ...access,
      operation: namesOperation,
      variables: { ids: asked },
    });
    asked.forEach((id, index) => {
      const node = data.nodes[index];
      names.set(id, node ? (node.displayName ?? node.title ?? null) : null);
    });
  }
  return names;
}

const texts = z.object({ nodes: z.array(z.string()) });

export const valuesOperation = operation<Record<string, never>>()({
  name: "CatalogueValues",
  cost: 60,
  document: `#graphql
    query CatalogueValues {
      productTypes(first: 250) { nodes }
      productVendors(first: 250) { nodes }
      productTags(first: 250) { nodes }
    }`,
  answer: z.object({ productTypes: texts, productVendors: texts, productTags: texts }),
});

export type CatalogueValues = { productType: string[]; vendor: string[]; tag: string[] };

/** The first 250 types, vendors and tags in use. @throws ShopifyError */
export async function readValues(access: ShopAccess): Promise<CatalogueValues> {
  const { data } = await shopifyGraphql({ ...access, operation: valuesOperation, variables: {} });
  return {
    productType: data.productTypes.nodes.filter(Boolean),
    vendor: data.productVendors.nodes.filter(Boolean),
    tag: data.productTags.nodes.filter(Boolean),
  };
}

const definitions = z.object({
  nodes: z.array(z.object({ namespace: z.string(), key: z.string(), name: z.string() })),
});

export const metafieldsOperation = operation<Record<string, never>>()({
  name: "CatalogueMetafields",
  cost: 60,
  document: `#graphql
    query CatalogueMetafields {
      product: metafieldDefinitions(ownerType: PRODUCT, first: 100) { nodes { namespace key name } }
      variant: metafieldDefinitions(ownerType: PRODUCTVARIANT, first: 100) { nodes { namespace key name } }
    }`,
  answer: z.object({ product: definitions, variant: definitions }),
});

export type MetafieldDefinition = {
  owner: "product" | "variant";
  namespace: string;
  key: string;
  name: string;
};

/** Metafields the shop has defined for products and variants, 100 of each. @throws ShopifyError */
export async function readMetafieldDefinitions(access: ShopAccess): Promise<MetafieldDefinition[]> {
  const { data } = await shopifyGraphql({ ...access, operation: metafieldsOperation, variables: {} });
  return (["product", "variant"] as const).flatMap((owner) =>
    data[owner].nodes.map((node) => ({ owner, ...node })),
  );
}
