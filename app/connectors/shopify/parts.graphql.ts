import type { OrderFulfillment, OrderParts, OrderRefund } from "#app/connectors/orders.ts";
import type {
  GraphqlFulfillment,
  GraphqlLine,
  GraphqlOrder,
  GraphqlRefund,
} from "#app/connectors/shopify/operations/order.ts";
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

/** An order read to its end: every line, fulfilment and refund, each with every one of its lines. */
export type WholeOrder = { order: GraphqlOrder; withheld: string[]; withCustomer: boolean };

const PAID = ["PAID", "PARTIALLY_REFUNDED", "REFUNDED"];

/** The last payment that came in; an order that cost nothing has none, and was paid when it was placed. */
function paidAt(order: GraphqlOrder): string | null {
  if (!PAID.includes(order.displayFinancialStatus ?? "")) return null;
  const payments = order.transactions
    .filter(({ kind, status }) => status === "SUCCESS" && (kind === "SALE" || kind === "CAPTURE"))
    .map(({ processedAt, createdAt }) => processedAt ?? createdAt)
    .sort();
  return payments.at(-1) ?? order.processedAt;
}

function seenLine(line: GraphqlLine): SeenLine {
  return {
    fixed: {
      id: line.id,
      productId: line.product?.id ?? null,
      variantId: line.variant?.id ?? null,
      title: line.title,
      variantTitle: line.variantTitle,
      sku: line.sku,
      vendor: line.vendor,
      quantity: line.quantity,
      currentQuantity: line.currentQuantity,
      giftCard: line.isGiftCard,
      requiresShipping: line.requiresShipping,
      bundle: line.lineItemGroup,
    },
    price: line.originalUnitPriceSet.shopMoney.amount,
    nothingToPay: line.discountedUnitPriceAfterAllDiscountsSet.shopMoney.amount === "0.00",
    sellingPlanId: line.sellingPlan?.sellingPlanId ?? null,
  };
}

const FULFILLMENT_STATUS = {
  PENDING: "open",
  OPEN: "open",
  SUCCESS: "success",
  CANCELLED: "cancelled",
  ERROR: "failure",
  FAILURE: "failure",
} as const;

const ARRIVED = ["DELIVERED", "PICKED_UP"];

function fulfillmentOf(seen: GraphqlFulfillment): OrderFulfillment {
  const arrived = ARRIVED.includes(seen.displayStatus ?? "") ? seen.updatedAt : null;
  return {
    id: seen.id,
    version: seen.updatedAt,
    status: FULFILLMENT_STATUS[seen.status],
    fulfilledAt: seen.createdAt,
    deliveredAt: seen.deliveredAt ?? arrived,
    tracking: usableTracking(seen.trackingInfo),
    lines: countsOf(seen.fulfillmentLineItems.nodes),
  };
}

function refundOf(seen: GraphqlRefund): OrderRefund {
  return {
    id: seen.id,
    version: seen.createdAt ?? seen.processedAt,
    refundedAt: seen.processedAt,
    lines: countsOf(seen.refundLineItems.nodes),
  };
}

function countsOf(nodes: GraphqlFulfillment["fulfillmentLineItems"]["nodes"]): OrderRefund["lines"] {
  return sumByLine(nodes.map(({ lineItem, quantity }) => ({ lineId: lineItem.id, quantity: quantity ?? 0 })));
}

type Address = GraphqlOrder["billingAddress"];
const placeOf = (address: Address): SeenOrder["billing"] =>
  address && {
    firstName: address.firstName,
    lastName: address.lastName,
    countryCode: address.countryCodeV2,
    regionCode: address.provinceCode,
  };

/** The parts of an order as the Admin API tells them: the same as a webhook's, and what webhooks can't tell. */
export function partsFromGraphql({ order, withheld, withCustomer }: WholeOrder): OrderParts {
  const seesCustomer = withCustomer && !withheld.includes("order.customer");
  const seesBuyer = withCustomer && !withheld.includes("order.purchasingEntity");
  const facts: SeenOrder = {
    fixed: {
      version: order.updatedAt,
      name: order.name,
      placedAt: order.processedAt,
      paidAt: paidAt(order),
      cancelledAt: order.cancelledAt,
      test: order.test,
      sourceName: order.sourceName ?? "",
      b2b: seesBuyer ? order.purchasingEntity?.__typename === "PurchasingCompany" : null,
      tags: sortedTags(order.tags),
      customerTags: seesCustomer ? sortedTags(order.customer?.tags ?? []) : null,
      locale: order.customerLocale,
      customerId: order.customer?.id ?? null,
    },
    email: order.email?.trim() || null,
    emailWithheld: withheld.includes("order.email"),
    attributes: order.customAttributes.map(({ key }) => key),
    billing: placeOf(order.billingAddress),
    shipping: placeOf(order.shippingAddress),
    customer: order.customer ?? null,
  };
  return {
    source: "shopify",
    externalId: order.id,
    header: headerOf(facts),
    person: personOf(facts),
    lines: linesOf(facts, order.lineItems.nodes.map(seenLine)),
    linesComplete: true,
    fulfillments: order.fulfillments.map(fulfillmentOf),
    refunds: order.refunds.map(refundOf),
  };
}
