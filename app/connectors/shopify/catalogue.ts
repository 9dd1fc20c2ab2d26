import { z } from "zod";
import type { Catalogue, CatalogueRef } from "#app/connectors/catalogue.ts";
import { shopifyGraphql } from "#app/connectors/shopify/client.ts";
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
    nodes: z.array(z.object({ title: z.string().optional(), displayName: z.string().optional() }).nullable()),
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
  async readNames(access, refs) {
    const names: (string | null)[] = [];
    for (let start = 0; start < refs.length; start += NODES_AT_ONCE) {
      const ids = refs.slice(start, start + NODES_AT_ONCE).map(gidOf);
      const { data } = await shopifyGraphql({ ...access, operation: namesOperation, variables: { ids } });
      names.push(
        ...ids.map((_, index) => data.nodes[index]?.displayName ?? data.nodes[index]?.title ?? null),
      );
    }
    return names;
  },
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
