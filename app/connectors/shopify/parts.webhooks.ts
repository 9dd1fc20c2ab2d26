// Guarantee: any payload yields parts or a ZodError, and an error never repeats what the payload held.
import { z } from "zod";
import type { OrderFulfillment, OrderParts, OrderRefund } from "#app/connectors/orders.ts";
import { decimal, id, optionalText, quantity, text, time } from "#app/connectors/shopify/fields.ts";
import {
  headerOf,
  linesOf,
  personOf,
  sortedTags,
  sumByLine,
  usableTracking,
  type SeenLine,
  type SeenOrder,
} from "#app/connectors/shopify/parts.ts";

const place = z
  .object({
    first_name: optionalText,
    last_name: optionalText,
    country_code: optionalText,
    province_code: optionalText,
  })
  .nullish()
  .transform((value) =>
    value
      ? {
          firstName: value.first_name,
          lastName: value.last_name,
          countryCode: value.country_code,
          regionCode: value.province_code,
        }
      : null,
  );

const line = z.object({
  id,
  product_id: id.nullish(),
  variant_id: id.nullish(),
  title: text,
  variant_title: optionalText,
  sku: optionalText,
  vendor: optionalText,
  quantity,
  current_quantity: quantity,
  price: decimal,
  discount_allocations: z.array(z.object({ amount: decimal })).nullish(),
  gift_card: z.boolean(),
  requires_shipping: z.boolean(),
  selling_plan_id: id.nullish(),
  sales_line_item_group_id: id.nullish(),
});

const FULFILLMENT_STATUS = {
  pending: "open",
  open: "open",
  success: "success",
  cancelled: "cancelled",
  error: "failure",
  failure: "failure",
} as const;

// Parcels are "delivered", also by the shop's own driver; what is collected in the shop is "picked_up".
const ARRIVED = ["delivered", "picked_up"];

const fulfillment = z
  .object({
    id,
    order_id: id.nullish(),
    status: z.enum(Object.keys(FULFILLMENT_STATUS) as [keyof typeof FULFILLMENT_STATUS]),
    shipment_status: optionalText,
    created_at: time,
    updated_at: time,
    tracking_company: optionalText,
    tracking_numbers: z.array(optionalText).nullish(),
    tracking_urls: z.array(optionalText).nullish(),
    line_items: z.array(z.object({ id, quantity })),
  })
  .transform((seen) => {
    const numbers = seen.tracking_numbers ?? [];
    const urls = seen.tracking_urls ?? [];
    const part: OrderFulfillment = {
      id: seen.id,
      version: seen.updated_at,
      status: FULFILLMENT_STATUS[seen.status],
      fulfilledAt: seen.created_at,
      deliveredAt: seen.shipment_status && ARRIVED.includes(seen.shipment_status) ? seen.updated_at : null,
      tracking: usableTracking(
        Array.from({ length: Math.max(numbers.length, urls.length) }, (_, index) => ({
          company: seen.tracking_company,
          number: numbers[index] ?? null,
          url: urls[index] ?? null,
        })),
      ),
      lines: sumByLine(seen.line_items.map((each) => ({ lineId: each.id, quantity: each.quantity }))),
    };
    return { orderId: seen.order_id ?? null, part };
  });

const refund = z
  .object({
    id,
    order_id: id.nullish(),
    created_at: time,
    processed_at: time.nullish(),
    refund_line_items: z.array(z.object({ line_item_id: id, quantity })),
  })
  .transform((seen) => {
    const part: OrderRefund = {
      id: seen.id,
      version: seen.created_at,
      refundedAt: seen.processed_at ?? seen.created_at,
      lines: sumByLine(
        seen.refund_line_items.map((each) => ({ lineId: each.line_item_id, quantity: each.quantity })),
      ),
    };
    return { orderId: seen.order_id ?? null, part };
  });

const order = z.object({
  id,
  name: text,
  processed_at: time,
  updated_at: time,
  cancelled_at: time.nullish(),
  financial_status: z.string().nullish(),
  test: z.boolean().nullish(),
  source_name: optionalText,
  tags: text,
  customer_locale: optionalText,
  // Absent = Shopify withholds it; null or "" = the buyer gave none.
  email: text.nullish(),
  company: z.looseObject({}).nullish(),
  note_attributes: z.array(z.object({ name: text })).nullish(),
  customer: z.object({ id: id.nullish(), first_name: optionalText, last_name: optionalText }).nullish(),
  billing_address: place,
  shipping_address: place,
  line_items: z.array(line),
  line_item_groups: z
    .array(z.object({ id, title: optionalText, product_id: id.nullish(), variant_id: id.nullish() }))
    .nullish(),
  fulfillments: z.array(fulfillment).nullish(),
  refunds: z.array(refund).nullish(),
});
type Order = z.infer<typeof order>;

const PAID = ["paid", "partially_refunded", "refunded"];

// Only orders/paid is sent at the moment of payment. Any other topic may tell of it months later, and a date made up
// from that would start clocks that ran out long ago: the Admin API knows better.
function paidAt(topic: OrderTopic, seen: Order): string | null {
  return topic === "orders/paid" && PAID.includes(seen.financial_status ?? "") ? seen.updated_at : null;
}

/** Millionths, so that nothing is lost to floating point. */
function millionths(amount: string): bigint {
  const [whole = "0", places = ""] = amount.split(".");
  return BigInt(whole + places.slice(0, 6).padEnd(6, "0"));
}

function seenLine(
  seen: Order["line_items"][number],
  groups: NonNullable<Order["line_item_groups"]>,
): SeenLine {
  const discount = (seen.discount_allocations ?? []).reduce((sum, each) => sum + millionths(each.amount), 0n);
  const group = groups.find((each) => each.id === seen.sales_line_item_group_id);
  return {
    fixed: {
      id: seen.id,
      productId: seen.product_id ?? null,
      variantId: seen.variant_id ?? null,
      title: seen.title,
      variantTitle: seen.variant_title,
      sku: seen.sku,
      vendor: seen.vendor,
      quantity: seen.quantity,
      currentQuantity: seen.current_quantity,
      giftCard: seen.gift_card,
      requiresShipping: seen.requires_shipping,
      bundle: seen.sales_line_item_group_id
        ? {
            id: seen.sales_line_item_group_id,
            productId: group?.product_id ?? null,
            variantId: group?.variant_id ?? null,
            title: group?.title ?? null,
          }
        : null,
    },
    price: seen.price,
    nothingToPay: seen.quantity > 0 && millionths(seen.price) * BigInt(seen.quantity) <= discount,
    sellingPlanId: seen.selling_plan_id ?? null,
  };
}

function fromOrder(topic: OrderTopic, payload: unknown): OrderParts {
  const seen = order.parse(payload);
  const facts: SeenOrder = {
    fixed: {
      version: seen.updated_at,
      name: seen.name,
      placedAt: seen.processed_at,
      paidAt: paidAt(topic, seen),
      cancelledAt: seen.cancelled_at ?? null,
      test: seen.test ?? false,
      sourceName: seen.source_name ?? "",
      b2b: seen.company === undefined ? null : seen.company !== null,
      tags: sortedTags(seen.tags.split(",")),
      // Shopify took tags out of every customer in webhooks with 2025-01.
      customerTags: null,
      locale: seen.customer_locale,
      customerId: seen.customer?.id ?? null,
    },
    email: seen.email?.trim() || null,
    emailWithheld: seen.email === undefined,
    attributes: (seen.note_attributes ?? []).map(({ name }) => name),
    billing: seen.billing_address,
    shipping: seen.shipping_address,
    customer: seen.customer
      ? { firstName: seen.customer.first_name, lastName: seen.customer.last_name }
      : null,
  };
  return {
    source: "shopify",
    externalId: seen.id,
    header: headerOf(facts),
    person: personOf(facts),
    lines: linesOf(
      facts,
      seen.line_items.map((each) => seenLine(each, seen.line_item_groups ?? [])),
    ),
    linesComplete: true,
    fulfillments: (seen.fulfillments ?? []).map(({ part }) => part),
    refunds: (seen.refunds ?? []).map(({ part }) => part),
  };
}

const ofOrder = z.object({ order_id: id });

function fromFulfillment(payload: unknown): OrderParts {
  const externalId = ofOrder.parse(payload).order_id;
  return { source: "shopify", externalId, fulfillments: [fulfillment.parse(payload).part] };
}

function fromRefund(payload: unknown): OrderParts {
  const externalId = ofOrder.parse(payload).order_id;
  return { source: "shopify", externalId, refunds: [refund.parse(payload).part] };
}

type OrderTopic = "orders/paid" | "orders/updated" | "orders/cancelled";

/** Every subscribed topic that tells something of an order, and how to read it. */
export const ORDER_TOPICS = {
  "orders/paid": (payload) => fromOrder("orders/paid", payload),
  "orders/updated": (payload) => fromOrder("orders/updated", payload),
  "orders/cancelled": (payload) => fromOrder("orders/cancelled", payload),
  "orders/delete": (payload) => ({
    source: "shopify",
    externalId: z.object({ id }).parse(payload).id,
    deleted: true,
  }),
  "fulfillments/create": fromFulfillment,
  "fulfillments/update": fromFulfillment,
  "refunds/create": fromRefund,
} as const satisfies Record<string, (payload: unknown) => OrderParts>;
export type OrderWebhookTopic = keyof typeof ORDER_TOPICS;

/**
 * The parts a webhook tells of.
 * @param payload what `parseBody` made of the raw body
 * @throws ZodError naming what is missing or malformed, never its value
 */
export function partsFromWebhook(topic: OrderWebhookTopic, payload: unknown): OrderParts {
  return ORDER_TOPICS[topic](payload);
}
