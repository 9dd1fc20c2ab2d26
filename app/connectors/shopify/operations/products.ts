import { z } from "zod";
import { gid, optionalText, text } from "#app/connectors/shopify/fields.ts";
import { operation } from "#app/connectors/shopify/operation.ts";
import { pageInfo } from "#app/connectors/shopify/pages.ts";

const METAFIELD = `namespace key type value
  reference { ... on GenericFile { url } ... on MediaImage { image { url } } ... on Product { title onlineStoreUrl } }`;

const metafield = z.object({
  namespace: text,
  key: text,
  type: z.string(),
  value: text,
  reference: z
    .object({
      url: text.nullish(),
      image: z.object({ url: text }).nullish(),
      title: text.nullish(),
      onlineStoreUrl: text.nullish(),
    })
    .nullable(),
});
export type GraphqlMetafield = z.infer<typeof metafield>;

const preview = z.object({ preview: z.object({ image: z.object({ url: text }).nullable() }).nullable() });

/** How many products one question may name. */
export const PRODUCTS_AT_ONCE = 5;

/** What a trigger matches by and a message shows. The variants come with the next operation. */
export const productFacts = operation<{ ids: string[] }>()({
  name: "ProductFacts",
  cost: 940,
  document: `query ProductFacts($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        id title handle productType vendor tags onlineStoreUrl
        featuredMedia { preview { image { url } } }
        metafields(first: 40) { nodes { ${METAFIELD} } }
        collections(first: 60) { nodes { id } pageInfo { hasNextPage endCursor } }
      }
    }
  }`,
  answer: z.object({
    nodes: z.array(
      z
        .object({
          id: gid,
          title: text,
          handle: text,
          productType: text,
          vendor: text,
          tags: z.array(text),
          onlineStoreUrl: text.nullable(),
          featuredMedia: preview.nullable(),
          metafields: z.object({ nodes: z.array(metafield) }),
          collections: z.object({ nodes: z.array(z.object({ id: gid })), pageInfo }),
        })
        .nullable(),
    ),
  }),
});

export const productCollections = operation<{ id: string; after: string | null }>()({
  name: "ProductCollections",
  cost: 253,
  document: `query ProductCollections($id: ID!, $after: String) {
    product(id: $id) { collections(first: 250, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
  }`,
  answer: z.object({
    product: z
      .object({ collections: z.object({ nodes: z.array(z.object({ id: gid })), pageInfo }) })
      .nullable(),
  }),
});

export const productVariants = operation<{ id: string; after: string | null }>()({
  name: "ProductVariants",
  cost: 883,
  document: `query ProductVariants($id: ID!, $after: String) {
    product(id: $id) {
      variants(first: 20, after: $after) {
        nodes {
          id title sku
          media(first: 1) { nodes { preview { image { url } } } }
          metafields(first: 12) { nodes { ${METAFIELD} } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  answer: z.object({
    product: z
      .object({
        variants: z.object({
          nodes: z.array(
            z.object({
              id: gid,
              title: text,
              sku: optionalText,
              media: z.object({ nodes: z.array(preview) }),
              metafields: z.object({ nodes: z.array(metafield) }),
            }),
          ),
          pageInfo,
        }),
      })
      .nullable(),
  }),
});

/** How many handles or SKUs one search may name. */
export const SEARCH_AT_ONCE = 40;

export const productsByHandle = operation<{ query: string; after: string | null }>()({
  name: "ProductsByHandle",
  cost: 102,
  document: `query ProductsByHandle($query: String!, $after: String) {
    products(first: 100, after: $after, query: $query) {
      nodes { id title handle }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  answer: z.object({
    products: z.object({ nodes: z.array(z.object({ id: gid, title: text, handle: text })), pageInfo }),
  }),
});

export const variantsBySku = operation<{ query: string; after: string | null }>()({
  name: "VariantsBySku",
  cost: 202,
  document: `query VariantsBySku($query: String!, $after: String) {
    productVariants(first: 100, after: $after, query: $query) {
      nodes { id title sku product { id title handle } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  answer: z.object({
    productVariants: z.object({
      nodes: z.array(
        z.object({
          id: gid,
          title: text,
          sku: optionalText,
          product: z.object({ id: gid, title: text, handle: text }),
        }),
      ),
      pageInfo,
    }),
  }),
});
