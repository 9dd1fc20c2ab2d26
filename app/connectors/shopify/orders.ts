// Guarantee: an order is returned whole and as of one moment, or not at all.
import type { OrderParts } from "#app/connectors/orders.ts";
import { shopifyGraphql, type ShopAccess } from "#app/connectors/shopify/client.ts";
import { ShopifyError } from "#app/connectors/shopify/errors.ts";
import { toGid } from "#app/connectors/shopify/fields.ts";
import {
  FIRST,
  fulfillmentPage,
  orderContents,
  orderLines,
  orderParts,
  refundPage,
  type GraphqlFulfillment,
  type GraphqlOrder,
  type GraphqlRefund,
} from "#app/connectors/shopify/operations/order.ts";
import { ordersUpdatedSince, recentOrders } from "#app/connectors/shopify/operations/orders.ts";
import { everyPage } from "#app/connectors/shopify/pages.ts";
import { partsFromGraphql } from "#app/connectors/shopify/parts.graphql.ts";

/** Thrown inside when an order changed while its pages were read. */
class Changed extends Error {}

const READINGS = 3;
const END = { hasNextPage: false, endCursor: null };

/**
 * An order with everything on it, however large.
 * @param withCustomer true where the shop granted `read_customers`: adds the customer's tags and whether it is B2B
 * @returns null when the shop has no such order, or it is older than the 60 days `read_orders` shows
 * @throws ShopifyError
 */
export async function readOrder(
  access: ShopAccess,
  orderId: string,
  { withCustomer }: { withCustomer: boolean },
): Promise<OrderParts | null> {
  for (let reading = 1; reading <= READINGS; reading += 1) {
    try {
      return await readOnce(access, toGid("Order", orderId), withCustomer);
    } catch (error) {
      if (!(error instanceof Changed)) throw error;
    }
  }
  throw new ShopifyError("unavailable", orderParts.name, { codes: ["ORDER_KEEPS_CHANGING"] });
}

async function readOnce(access: ShopAccess, id: string, withCustomer: boolean): Promise<OrderParts | null> {
  const { data, withheld } = await shopifyGraphql({
    ...access,
    operation: orderParts,
    variables: { id, withCustomer },
  });
  if (!data.order) {
    // Not «no such order» when access rules took it.
    if (withheld.length > 0) throw new ShopifyError("forbidden", orderParts.name, { codes: withheld });
    return null;
  }
  const order = { ...data.order, ...(await remainder(access, id, data.order)) };
  return partsFromGraphql({ order, withheld, withCustomer });
}

async function remainder(
  access: ShopAccess,
  id: string,
  order: GraphqlOrder,
): Promise<Partial<GraphqlOrder>> {
  const lineItems = await allLines(access, id, order);
  const cut =
    order.fulfillments.length >= FIRST.fulfillments ||
    order.refunds.length >= FIRST.refunds ||
    order.fulfillments.some((each) => each.fulfillmentLineItems.pageInfo.hasNextPage) ||
    order.refunds.some((each) => each.refundLineItems.pageInfo.hasNextPage);
  if (!cut) return { lineItems };

  const { data } = await shopifyGraphql({ ...access, operation: orderContents, variables: { id } });
  if (data.order?.updatedAt !== order.updatedAt) throw new Changed();
  const fulfillments: GraphqlFulfillment[] = [];
  for (const each of data.order.fulfillments) {
    const known = order.fulfillments.find((one) => one.id === each.id);
    const whole = known && !known.fulfillmentLineItems.pageInfo.hasNextPage;
    fulfillments.push(whole ? known : await wholeFulfillment(access, each.id));
  }
  const refunds: GraphqlRefund[] = [];
  for (const each of data.order.refunds) {
    const known = order.refunds.find((one) => one.id === each.id);
    const whole = known && !known.refundLineItems.pageInfo.hasNextPage;
    refunds.push(whole ? known : await wholeRefund(access, each.id));
  }
  return { lineItems, fulfillments, refunds };
}

async function allLines(
  access: ShopAccess,
  id: string,
  order: GraphqlOrder,
): Promise<GraphqlOrder["lineItems"]> {
  const nodes = await everyPage(async (after) => {
    const { data } = await shopifyGraphql({ ...access, operation: orderLines, variables: { id, after } });
    if (data.order?.updatedAt !== order.updatedAt) throw new Changed();
    return data.order.lineItems;
  }, order.lineItems);
  return { nodes, pageInfo: END };
}

async function wholeFulfillment(access: ShopAccess, digits: string): Promise<GraphqlFulfillment> {
  const id = toGid("Fulfillment", digits);
  let seen: GraphqlFulfillment | undefined;
  const nodes = await everyPage(async (after) => {
    const { data } = await shopifyGraphql({
      ...access,
      operation: fulfillmentPage,
      variables: { id, after },
    });
    if (!data.fulfillment || (seen && seen.updatedAt !== data.fulfillment.updatedAt)) throw new Changed();
    seen = data.fulfillment;
    return seen.fulfillmentLineItems;
  });
  if (!seen) throw new Changed();
  return { ...seen, fulfillmentLineItems: { nodes, pageInfo: END } };
}

async function wholeRefund(access: ShopAccess, digits: string): Promise<GraphqlRefund> {
  const id = toGid("Refund", digits);
  let seen: GraphqlRefund | undefined;
  const nodes = await everyPage(async (after) => {
    const { data } = await shopifyGraphql({ ...access, operation: refundPage, variables: { id, after } });
    if (!data.refund) throw new Changed();
    seen = data.refund;
    return seen.refundLineItems;
  });
  if (!seen) throw new Changed();
  return { ...seen, refundLineItems: { nodes, pageInfo: END } };
}

export type ChangedOrders = {
  /** By time of change, oldest first. An order that changes meanwhile may come twice. */
  orders: { id: string; updatedAt: string }[];
  /** Where the next page starts; null = that was the last. */
  next: string | null;
};

/**
 * One page of orders that changed since a moment, to find what webhooks lost. Compare `updatedAt` with the version held,
 * and read the ones that differ.
 * @param since ISO time, included
 * @throws ShopifyError
 */
export async function listChangedOrders(
  access: ShopAccess,
  { since, after = null }: { since: string; after?: string | null },
): Promise<ChangedOrders> {
  const query = `updated_at:>='${new Date(since).toISOString()}'`;
  const { data } = await shopifyGraphql({
    ...access,
    operation: ordersUpdatedSince,
    variables: { query, after },
  });
  const { nodes, pageInfo } = data.orders;
  return { orders: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export type OrderChoice = { id: string; name: string; placedAt: string; titles: string[]; quantity: number };

/**
 * The newest orders to choose from, without anybody's name.
 * @param name an order's name or the start of it, as typed: "#1042", "1042"
 * @throws ShopifyError
 */
export async function listRecentOrders(access: ShopAccess, name = ""): Promise<OrderChoice[]> {
  const wanted = name.replace(/[^\p{L}\p{N}#_-]/gu, "");
  const variables = { query: wanted ? `name:${wanted}*` : null };
  const { data } = await shopifyGraphql({ ...access, operation: recentOrders, variables });
  return data.orders.nodes.map((order) => ({
    id: order.id,
    name: order.name,
    placedAt: order.processedAt,
    titles: order.lineItems.nodes.map(({ title }) => title),
    quantity: order.subtotalLineItemsQuantity,
  }));
}
