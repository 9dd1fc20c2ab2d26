import { z } from "zod";
import { gid, text, time } from "#app/connectors/shopify/fields.ts";
import { operation } from "#app/connectors/shopify/operation.ts";
import { pageInfo } from "#app/connectors/shopify/pages.ts";

/** Ids of orders by the time of their last change, oldest first. What changed is read order by order. */
export const ordersUpdatedSince = operation<{ query: string; after: string | null }>()({
  name: "OrdersUpdatedSince",
  cost: 52,
  document: `query OrdersUpdatedSince($query: String!, $after: String) {
    orders(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes { id updatedAt }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  answer: z.object({
    orders: z.object({ nodes: z.array(z.object({ id: gid, updatedAt: time })), pageInfo }),
  }),
});

/** The newest orders, for choosing one to preview a message with. Names nobody. */
export const recentOrders = operation<{ query: string | null }>()({
  name: "RecentOrders",
  cost: 127,
  document: `query RecentOrders($query: String) {
    orders(first: 25, query: $query, sortKey: CREATED_AT, reverse: true) {
      nodes { id name processedAt lineItems(first: 2) { nodes { title } } subtotalLineItemsQuantity }
    }
  }`,
  answer: z.object({
    orders: z.object({
      nodes: z.array(
        z.object({
          id: gid,
          name: text,
          processedAt: time,
          lineItems: z.object({ nodes: z.array(z.object({ title: text })) }),
          subtotalLineItemsQuantity: z.int(),
        }),
      ),
    }),
  }),
});
