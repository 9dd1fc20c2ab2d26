import { z } from "zod";
import type { Catalogue, CatalogueItem, CatalogueRef } from "#app/connectors/catalogue.ts";
import { shopifyGraphql } from "#app/connectors/shopify/client.ts";
import { optionalText, text } from "#app/connectors/shopify/fields.ts";
import { operation } from "#app/connectors/shopify/operation.ts";
import { findProductsByHandle, findVariantsBySku } from "#app/connectors/shopify/products.ts";

export const itemsOperation = operation<{ ids: string[] }>()({
  name: "CatalogueItems",
  cost: 500,
  document: `#graphql
    query CatalogueItems($ids: [ID!]!) {
      nodes(ids: $ids) {
        __typename
        ... on Product { id title handle }
        ... on ProductVariant { id displayName sku product { handle } }
        ... on Collection { id title handle }
      }
    }`,
  answer: z.object({
    nodes: z.array(
      z
        .object({
          title: text.optional(),
          displayName: text.optional(),
          handle: text.optional(),
          sku: optionalText,
          product: z.object({ handle: text }).optional(),
        })
        .nullable(),
    ),
  }),
});

const texts = z.object({ nodes: z.array(z.string()) }).nullable();

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

const definitions = z.object({
  nodes: z.array(z.object({ namespace: z.string(), key: z.string(), name: z.string() })),
});

export const metafieldsOperation = operation<Record<string, never>>()({
  name: "CatalogueMetafields",
  cost: 204,
  document: `#graphql
    query CatalogueMetafields {
      product: metafieldDefinitions(ownerType: PRODUCT, first: 100) { nodes { namespace key name } }
      variant: metafieldDefinitions(ownerType: PRODUCTVARIANT, first: 100) { nodes { namespace key name } }
    }`,
  answer: z.object({ product: definitions, variant: definitions }),
});

const GID_TYPES = { product: "Product", variant: "ProductVariant", collection: "Collection" } as const;
const gidOf = ({ kind, id }: CatalogueRef) => `gid://shopify/${GID_TYPES[kind]}/${id}`;

/** The most that `nodes` takes at once. */
const NODES_AT_ONCE = 250;

/** A shop's catalogue in the Admin API. */
export const shopifyCatalogue: Catalogue = {
  async readItems(access, refs) {
    const items: (CatalogueItem | null)[] = [];
    for (let start = 0; start < refs.length; start += NODES_AT_ONCE) {
      const ids = refs.slice(start, start + NODES_AT_ONCE).map(gidOf);
      const { data } = await shopifyGraphql({ ...access, operation: itemsOperation, variables: { ids } });
      for (const index of ids.keys()) {
        const node = data.nodes[index];
        const name = node?.displayName ?? node?.title;
        items.push(
          node && name !== undefined
            ? { name, handle: node.handle ?? node.product?.handle ?? null, sku: node.sku }
            : null,
        );
      }
    }
    return items;
  },
  findProducts: findProductsByHandle,
  findVariants: findVariantsBySku,
  async readValues(access) {
    const { data } = await shopifyGraphql({ ...access, operation: valuesOperation, variables: {} });
    const used = (page: { nodes: string[] } | null) => page?.nodes.filter(Boolean) ?? [];
    return {
      productType: used(data.productTypes),
      vendor: used(data.productVendors),
      tag: used(data.productTags),
    };
  },
  async readMetafieldDefinitions(access) {
    const { data } = await shopifyGraphql({ ...access, operation: metafieldsOperation, variables: {} });
    return (["product", "variant"] as const).flatMap((owner) =>
      data[owner].nodes.map((node) => ({ owner, ...node })),
    );
  },
};
