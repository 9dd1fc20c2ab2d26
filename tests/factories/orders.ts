import type {
  OrderFulfillment,
  OrderHeader,
  OrderLine,
  OrderRefund,
  ProductFacts,
} from "#app/connectors/orders.ts";
import type { Order, PlanLine } from "#app/features/orders/orders.ts";
import type { PlanRelease } from "#app/features/messages/plan.ts";
import { emptyDefinition, type TriggerDefinition } from "#app/features/triggers/triggers.ts";

export function header(over: Partial<OrderHeader> = {}): OrderHeader {
  return {
    version: "2026-11-02T09:00:00.000Z",
    name: "#1001",
    placedAt: "2026-11-02T09:00:00.000Z",
    paidAt: "2026-11-02T09:00:00.000Z",
    cancelledAt: null,
    test: false,
    sourceName: "web",
    importedFrom: null,
    b2b: false,
    tags: [],
    customerTags: null,
    locale: "en",
    zone: "Europe/Berlin",
    customerId: "70001",
    ...over,
  };
}

export function line(over: Partial<OrderLine> = {}): OrderLine {
  return {
    id: "1",
    version: "2026-11-02T09:00:00.000Z",
    productId: "100",
    variantId: "1000",
    title: "Lithium battery 12 V",
    variantTitle: null,
    sku: "BAT-12",
    vendor: "Voltwerk",
    quantity: 1,
    currentQuantity: 1,
    price: "49.00",
    giftCard: false,
    requiresShipping: true,
    subscriptionRenewal: false,
    bundle: null,
    ...over,
  };
}

export function facts(over: Partial<ProductFacts> = {}): ProductFacts {
  return {
    productId: "100",
    title: "Lithium battery 12 V",
    handle: "lithium-battery-12v",
    productType: "Battery",
    vendor: "Voltwerk",
    tags: ["hazmat"],
    collectionIds: ["500"],
    imageUrl: null,
    onlineStoreUrl: null,
    metafields: {},
    variants: {},
    ...over,
  };
}

export function fulfillment(over: Partial<OrderFulfillment> = {}): OrderFulfillment {
  return {
    id: "900",
    version: "2026-11-03T10:00:00.000Z",
    status: "success",
    fulfilledAt: "2026-11-03T10:00:00.000Z",
    deliveredAt: null,
    tracking: [],
    lines: [{ lineId: "1", quantity: 1 }],
    ...over,
  };
}

export function refund(over: Partial<OrderRefund> = {}): OrderRefund {
  return {
    id: "800",
    version: "2026-11-04T10:00:00.000Z",
    refundedAt: "2026-11-04T10:00:00.000Z",
    lines: [{ lineId: "1", quantity: 1 }],
    ...over,
  };
}

export function planLine(over: Partial<PlanLine> = {}): PlanLine {
  return { ...line(), product: facts(), ...over };
}

export function order(over: Partial<Order> = {}): Order {
  return {
    id: "0190a000-0000-7000-8000-000000000001",
    source: "shopify",
    header: header(),
    lines: [planLine()],
    fulfillments: [],
    refunds: [],
    deleted: false,
    recipient: "ok",
    buyer: "buyer-1",
    ...over,
  };
}

export function definition(over: Partial<TriggerDefinition> = {}): TriggerDefinition {
  return {
    ...emptyDefinition,
    include: {
      mode: "any",
      rules: [{ kind: "product", values: [{ id: "100", label: "Lithium battery 12 V" }] }],
    },
    start: { event: "paid", fallbackDays: null },
    delay: { amount: 0, unit: "minutes" },
    ...over,
  };
}

export function release(over: Partial<PlanRelease> = {}): PlanRelease {
  return {
    id: "0190b000-0000-7000-8000-000000000001",
    triggerId: "0190c000-0000-7000-8000-000000000001",
    channel: "email",
    purpose: "usage",
    priority: 0,
    servesFrom: "2026-11-01T00:00:00.000Z",
    servesUntil: null,
    includedFrom: null,
    definition: definition(),
    ...over,
  };
}
