import { z } from "zod";
import { decimal, gid, optionalText, quantity, text, time } from "#app/connectors/shopify/fields.ts";
import { operation } from "#app/connectors/shopify/operation.ts";
import { pageInfo } from "#app/connectors/shopify/pages.ts";

const count = z.object({ lineItem: z.object({ id: gid }), quantity: z.int().nonnegative().nullable() });
const counts = z.object({ nodes: z.array(count), pageInfo });
const money = z.object({ shopMoney: z.object({ amount: decimal }) });

const LINE = `
  id title variantTitle sku vendor quantity currentQuantity isGiftCard requiresShipping
  product { id }
  variant { id }
  originalUnitPriceSet { shopMoney { amount } }
  discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } }
  sellingPlan { sellingPlanId }
  lineItemGroup { id title productId variantId }`;

const line = z.object({
  id: gid,
  title: text,
  variantTitle: optionalText,
  sku: optionalText,
  vendor: optionalText,
  quantity,
  currentQuantity: quantity,
  isGiftCard: z.boolean(),
  requiresShipping: z.boolean(),
  product: z.object({ id: gid }).nullable(),
  variant: z.object({ id: gid }).nullable(),
  originalUnitPriceSet: money,
  discountedUnitPriceAfterAllDiscountsSet: money,
  sellingPlan: z.object({ sellingPlanId: gid.nullable() }).nullable(),
  lineItemGroup: z
    .object({ id: gid, title: optionalText, productId: gid.nullable(), variantId: gid.nullable() })
    .nullable(),
});
export type GraphqlLine = z.infer<typeof line>;
const lines = z.object({ nodes: z.array(line), pageInfo });

const FULFILLMENT = `
  id status displayStatus createdAt updatedAt deliveredAt
  trackingInfo(first: 5) { company number url }`;

const fulfillment = z.object({
  id: gid,
  status: z.enum(["PENDING", "OPEN", "SUCCESS", "CANCELLED", "ERROR", "FAILURE"]),
  displayStatus: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
  deliveredAt: time.nullable(),
  trackingInfo: z.array(z.object({ company: optionalText, number: optionalText, url: optionalText })),
  fulfillmentLineItems: counts,
});
export type GraphqlFulfillment = z.infer<typeof fulfillment>;

const REFUND = `id createdAt processedAt`;
const refund = z.object({ id: gid, createdAt: time.nullable(), processedAt: time, refundLineItems: counts });
export type GraphqlRefund = z.infer<typeof refund>;

const COUNTS = `nodes { lineItem { id } quantity } pageInfo { hasNextPage endCursor }`;

const address = z
  .object({
    firstName: optionalText,
    lastName: optionalText,
    countryCodeV2: optionalText,
    provinceCode: optionalText,
  })
  .nullable();

const order = z.object({
  id: gid,
  name: text,
  processedAt: time,
  updatedAt: time,
  cancelledAt: time.nullable(),
  displayFinancialStatus: z.string().nullable(),
  test: z.boolean(),
  sourceName: optionalText,
  tags: z.array(text),
  customerLocale: optionalText,
  email: text.nullable(),
  customAttributes: z.array(z.object({ key: text })),
  billingAddress: address,
  shippingAddress: address,
  customer: z
    .object({ id: gid, firstName: optionalText, lastName: optionalText, tags: z.array(text) })
    .nullish(),
  purchasingEntity: z.object({ __typename: z.string() }).nullish(),
  transactions: z.array(
    z.object({ kind: z.string(), status: z.string(), createdAt: time, processedAt: time.nullable() }),
  ),
  lineItems: lines,
  fulfillments: z.array(fulfillment),
  refunds: z.array(refund),
});
export type GraphqlOrder = z.infer<typeof order>;

/** How many of each come with the order; what is beyond is read by the operations below. */
export const FIRST = { fulfillments: 6, refunds: 6 } as const;

/** An order with all its parts, as far as one answer may go. `withCustomer` needs `read_customers`. */
export const orderParts = operation<{ id: string; withCustomer: boolean }>()({
  name: "OrderParts",
  cost: 619,
  document: `query OrderParts($id: ID!, $withCustomer: Boolean!) {
    order(id: $id) {
      id name processedAt updatedAt cancelledAt displayFinancialStatus test sourceName tags customerLocale email
      customAttributes { key }
      billingAddress { firstName lastName countryCodeV2 provinceCode }
      shippingAddress { firstName lastName countryCodeV2 provinceCode }
      customer @include(if: $withCustomer) { id firstName lastName tags }
      purchasingEntity @include(if: $withCustomer) { __typename }
      transactions(first: 20) { kind status createdAt processedAt }
      lineItems(first: 25) { nodes { ${LINE} } pageInfo { hasNextPage endCursor } }
      fulfillments(first: ${FIRST.fulfillments}) { ${FULFILLMENT} fulfillmentLineItems(first: 15) { ${COUNTS} } }
      refunds(first: ${FIRST.refunds}) { ${REFUND} refundLineItems(first: 10) { ${COUNTS} } }
    }
  }`,
  answer: z.object({ order: order.nullable() }),
});

/** Further lines of a large order. `updatedAt` tells whether it changed between two pages. */
export const orderLines = operation<{ id: string; after: string | null }>()({
  name: "OrderLines",
  cost: 408,
  document: `query OrderLines($id: ID!, $after: String) {
    order(id: $id) {
      updatedAt
      lineItems(first: 45, after: $after) { nodes { ${LINE} } pageInfo { hasNextPage endCursor } }
    }
  }`,
  answer: z.object({ order: z.object({ updatedAt: time, lineItems: lines }).nullable() }),
});

/** Which fulfilments and refunds an order has. Shopify gives no cursor here; 250 is its most. */
export const orderContents = operation<{ id: string }>()({
  name: "OrderContents",
  cost: 501,
  document: `query OrderContents($id: ID!) {
    order(id: $id) { updatedAt fulfillments(first: 250) { id } refunds(first: 250) { id } }
  }`,
  answer: z.object({
    order: z
      .object({
        updatedAt: time,
        fulfillments: z.array(z.object({ id: gid })),
        refunds: z.array(z.object({ id: gid })),
      })
      .nullable(),
  }),
});

export const fulfillmentPage = operation<{ id: string; after: string | null }>()({
  name: "FulfillmentPage",
  cost: 508,
  document: `query FulfillmentPage($id: ID!, $after: String) {
    fulfillment(id: $id) { ${FULFILLMENT} fulfillmentLineItems(first: 250, after: $after) { ${COUNTS} } }
  }`,
  answer: z.object({ fulfillment: fulfillment.nullable() }),
});

export const refundPage = operation<{ id: string; after: string | null }>()({
  name: "RefundPage",
  cost: 503,
  document: `query RefundPage($id: ID!, $after: String) {
    refund(id: $id) { ${REFUND} refundLineItems(first: 250, after: $after) { ${COUNTS} } }
  }`,
  answer: z.object({ refund: refund.nullable() }),
});
