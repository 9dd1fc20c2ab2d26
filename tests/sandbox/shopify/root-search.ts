// How lists are sorted and searched: the fields of Shopify's search syntax, by resource.
import { GraphQLError } from "graphql";
import { compileSearch, SearchSyntaxError } from "#tests/sandbox/search.ts";
import type { Collection, Customer, Order, Product, Shop } from "#tests/sandbox/shopify/types.ts";

/** Sorts by a key that is a string or number; ties by id, so that pages are stable. */
export function sortedBy<T extends { id: string }>(
  list: T[],
  key: (item: T) => string | number | bigint,
): T[] {
  return [...list].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x < y) return -1;
    if (x > y) return 1;
    return BigInt(a.id) < BigInt(b.id) ? -1 : 1;
  });
}

/** Filters by Shopify's search syntax; a broken query is an error in the answer. */
export function search<T>(
  list: T[],
  query: string | undefined,
  fields: Record<string, (item: T) => unknown[]>,
  plain: string[],
): T[] {
  if (!query) return list;
  try {
    const test = compileSearch<T>(query, (item, field) => fields[field]?.(item), plain);
    return list.filter(test);
  } catch (error) {
    if (error instanceof SearchSyntaxError)
      throw new GraphQLError(error.message, { extensions: { code: "BAD_REQUEST" } });
    throw error;
  }
}

export const ORDER_FIELDS: Record<string, (order: Order) => unknown[]> = {
  id: ({ id }) => [id],
  name: ({ name }) => [name, name.replace("#", "")],
  email: ({ email }) => [email],
  tag: ({ tags }) => tags,
  test: ({ test }) => [test],
  source_name: ({ sourceName }) => [sourceName],
  created_at: ({ createdAt }) => [new Date(createdAt)],
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
  processed_at: ({ processedAt }) => [new Date(processedAt)],
  customer_id: ({ customerId }) => [customerId],
  status: ({ cancelledAt, closedAt }) => [cancelledAt ? "cancelled" : closedAt ? "closed" : "open", "any"],
  financial_status: ({ paid }) => [paid ? "paid" : "pending"],
  fulfillment_status: ({ fulfillments }) => [fulfillments.length === 0 ? "unfulfilled" : "fulfilled", "any"],
  sku: ({ lines }) => lines.map(({ sku }) => sku),
};

export function orderKey(sortKey = "PROCESSED_AT"): (order: Order) => string | number | bigint {
  const keys: Record<string, (order: Order) => string | number | bigint> = {
    CREATED_AT: ({ createdAt }) => createdAt,
    UPDATED_AT: ({ updatedAt }) => updatedAt,
    PROCESSED_AT: ({ processedAt }) => processedAt,
    ORDER_NUMBER: ({ number }) => number,
    ID: ({ id }) => BigInt(id),
  };
  return keys[sortKey] ?? keys.ID!;
}

export const productFields = (shop: Shop): Record<string, (product: Product) => unknown[]> => ({
  id: ({ id }) => [id],
  title: ({ title }) => [title],
  handle: ({ handle }) => [handle],
  vendor: ({ vendor }) => [vendor],
  product_type: ({ productType }) => [productType],
  tag: ({ tags }) => tags,
  status: ({ status }) => [status],
  sku: ({ variants }) => variants.map(({ sku }) => sku),
  created_at: ({ createdAt }) => [new Date(createdAt)],
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
  collection_id: ({ id }) =>
    shop.collections.filter(({ productIds }) => productIds.includes(id)).map((each) => each.id),
});

export function productKey(sortKey = "ID"): (product: Product) => string | bigint {
  const keys: Record<string, (product: Product) => string | bigint> = {
    TITLE: ({ title }) => title.toLowerCase(),
    VENDOR: ({ vendor }) => vendor.toLowerCase(),
    PRODUCT_TYPE: ({ productType }) => productType.toLowerCase(),
    CREATED_AT: ({ createdAt }) => createdAt,
    UPDATED_AT: ({ updatedAt }) => updatedAt,
  };
  return keys[sortKey] ?? (({ id }) => BigInt(id));
}

export const COLLECTION_FIELDS: Record<string, (collection: Collection) => unknown[]> = {
  id: ({ id }) => [id],
  title: ({ title }) => [title],
  handle: ({ handle }) => [handle],
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
};

export const CUSTOMER_FIELDS: Record<string, (customer: Customer) => unknown[]> = {
  id: ({ id }) => [id],
  email: ({ email }) => [email],
  tag: ({ tags }) => tags,
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
};

export type VariantItem = { id: string; product: Product; variant: Product["variants"][number] };
export const VARIANT_FIELDS: Record<string, (item: VariantItem) => unknown[]> = {
  id: ({ id }) => [id],
  title: ({ product, variant }) => [`${product.title} ${variant.title}`],
  sku: ({ variant }) => [variant.sku],
  product_id: ({ product }) => [product.id],
  product_ids: ({ product }) => [product.id],
  tag: ({ product }) => product.tags,
  vendor: ({ product }) => [product.vendor],
  product_type: ({ product }) => [product.productType],
  updated_at: ({ product }) => [new Date(product.updatedAt)],
};
