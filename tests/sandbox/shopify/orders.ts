// What happens to orders: each action changes the store and sends the webhooks Shopify sends for it.
import type { z } from "zod";
import * as input from "#tests/sandbox/shopify/order-input.ts";
import { cents, amount, fulfillableQuantity, fulfillmentStatus } from "#tests/sandbox/shopify/money.ts";
import {
  fulfillmentPayload,
  number,
  orderPayload,
  refundPayload,
  restTime,
} from "#tests/sandbox/shopify/payloads.ts";
import { makeAddress } from "#tests/sandbox/shopify/seed.ts";
import { hexToken, type Webhooks } from "#tests/sandbox/shopify/webhooks.ts";
import { nextId, type Store } from "#tests/sandbox/state.ts";
import type {
  Customer,
  Fulfillment,
  Line,
  Order,
  Product,
  Refund,
  Shop,
  Variant,
} from "#tests/sandbox/shopify/types.ts";

/** A request that the sandbox cannot follow; becomes a 422 with this message. */
export class ControlError extends Error {}

export interface OrderActions {
  placeOrder(given: input.PlaceOrder): Order;
  payOrder(given: z.input<typeof input.PayOrder>): Order;
  fulfil(given: input.Fulfil): Fulfillment;
  markShipment(given: input.MarkShipment): Order;
  cancelFulfillment(given: z.input<typeof input.CancelFulfillment>): Order;
  cancelOrder(given: input.CancelOrder): Order;
  refundOrder(given: input.RefundOrder): Refund;
  editOrder(given: input.EditOrder): Order;
}

interface Options {
  store: Store;
  webhooks: Webhooks;
  now: () => Date;
  shopNamed: (name: string | undefined) => Shop;
}

export function orderActions({ store, webhooks, now, shopNamed }: Options): OrderActions {
  const { state } = store;
  // Shopify's times have no fractions of a second, in webhooks or in the Admin API.
  const time = () => now().toISOString().replace(/\.\d+/, "");

  function orderOf(given: { shop?: string | undefined; order: string }): { shop: Shop; order: Order } {
    const shop = shopNamed(given.shop);
    const wanted = given.order.replace(/^gid:\/\/shopify\/Order\//, "");
    const order = shop.orders.find(
      ({ id, name }) => id === wanted || name === wanted || name === `#${wanted}`,
    );
    if (!order) throw new ControlError(`${shop.domain} has no order ${given.order}`);
    return { shop, order };
  }

  function touch(order: Order): string {
    order.updatedAt = time();
    store.changed();
    return order.updatedAt;
  }

  const emitOrder = (shop: Shop, order: Order, ...topics: string[]) => {
    for (const topic of topics) webhooks.emit(shop, topic, orderPayload(shop, order));
  };

  function findVariant(
    shop: Shop,
    wanted: { variantId?: string | undefined; sku?: string | undefined; product?: string | undefined },
  ) {
    const id = wanted.variantId?.replace(/^gid:\/\/shopify\/ProductVariant\//, "");
    for (const product of shop.products) {
      if (wanted.product && [product.title, product.handle, product.id].includes(wanted.product)) {
        return { product, variant: product.variants[0]! };
      }
      const variant = product.variants.find(
        (each) => (id && each.id === id) || (wanted.sku && each.sku === wanted.sku),
      );
      if (variant) return { product, variant };
    }
    throw new ControlError(`${shop.domain} sells no ${JSON.stringify(wanted)}`);
  }

  function makeLine(product: Product, variant: Variant, quantity: number, more: Partial<Line> = {}): Line {
    return {
      id: nextId(state),
      productId: product.id,
      variantId: variant.id,
      title: product.title,
      variantTitle: variant.title === "Default Title" ? null : variant.title,
      sku: variant.sku,
      vendor: product.vendor,
      price: variant.price,
      quantity,
      currentQuantity: quantity,
      requiresShipping: product.requiresShipping,
      giftCard: product.isGiftCard,
      properties: [],
      groupId: null,
      sellingPlan: product.sellingPlan,
      taxRate: product.isGiftCard ? 0 : 0.19,
      ...more,
    };
  }

  /** A bundle becomes its parts, tied together by a line item group; the price is shared out among them. */
  function linesFor(
    shop: Shop,
    order: Pick<Order, "groups">,
    wanted: z.output<typeof input.PlaceOrder>["lines"][number],
  ): Line[] {
    const { product, variant } = findVariant(shop, wanted);
    const { quantity, properties } = wanted;
    const price = wanted.price ?? variant.price;
    if (product.bundle.length === 0) return [makeLine(product, variant, quantity, { price, properties })];
    const group = {
      id: nextId(state),
      title: product.title,
      quantity,
      productId: product.id,
      variantId: variant.id,
      sku: variant.sku,
    };
    order.groups.push(group);
    const parts = product.bundle.map((part) => ({ ...findVariant(shop, part), quantity: part.quantity }));
    const full = parts.reduce((sum, part) => sum + cents(part.variant.price) * part.quantity, 0);
    return parts.map((part) =>
      makeLine(part.product, part.variant, part.quantity * quantity, {
        price: amount(Math.round((cents(part.variant.price) / full) * cents(price))),
        groupId: group.id,
        properties,
      }),
    );
  }

  function customerFor(shop: Shop, given: z.output<typeof input.PlaceOrder>, at: string): Customer | null {
    if (!given.email && !given.phone) return null;
    const known = shop.customers.find(({ email }) => email !== null && email === given.email);
    if (known) {
      if (given.customerTags) known.tags = given.customerTags;
      return known;
    }
    const customer: Customer = {
      id: nextId(state),
      email: given.email ?? null,
      phone: given.phone ?? null,
      firstName: given.firstName,
      lastName: given.lastName,
      locale: given.locale ?? "en",
      tags: given.customerTags ?? [],
      address: null,
      createdAt: at,
      updatedAt: at,
    };
    shop.customers.push(customer);
    return customer;
  }

  function placeOrder(raw: input.PlaceOrder): Order {
    const given = input.PlaceOrder.parse(raw);
    const shop = shopNamed(given.shop);
    const at = given.createdAt ?? time();
    const highest = shop.orders.reduce((max, each) => Math.max(max, each.number), 1000);
    const customer = customerFor(shop, given, at);
    const address = makeAddress(state, {
      firstName: given.firstName,
      lastName: given.lastName,
      country: given.countryName,
      countryCode: given.country,
      company: given.company ?? null,
      phone: given.phone ?? null,
    });
    const order: Order = {
      id: nextId(state, given.bigId ? "beyond2^53" : "normal"),
      number: highest + 1,
      name: `#${highest + 1}`,
      email: given.email ?? null,
      phone: given.phone ?? null,
      customerId: customer?.id ?? null,
      locale: given.locale ?? customer?.locale ?? null,
      note: given.note ?? null,
      attributes: given.attributes,
      test: given.test,
      sourceName: given.source,
      sourceIdentifier: given.sourceIdentifier ?? null,
      tags: given.tags,
      currency: shop.currency,
      paid: given.paid,
      company: given.company ? { id: nextId(state), name: given.company, locationId: nextId(state) } : null,
      shippingAddress: given.source === "pos" ? null : address,
      billingAddress: address,
      lines: [],
      groups: [],
      fulfillments: [],
      refunds: [],
      confirmationNumber: hexToken(5).toUpperCase().slice(0, 9),
      token: hexToken(),
      edited: false,
      createdAt: at,
      processedAt: at,
      updatedAt: at,
      cancelledAt: null,
      cancelReason: null,
      closedAt: null,
    };
    order.lines = given.lines.flatMap((line) => linesFor(shop, order, line));
    if (given.bigId) for (const line of order.lines) line.id = nextId(state, "beyond2^53");
    shop.orders.push(order);
    store.changed();
    emitOrder(shop, order, "orders/create", ...(order.paid ? ["orders/paid"] : []), "orders/updated");
    return order;
  }

  function payOrder(raw: z.input<typeof input.PayOrder>): Order {
    const { shop, order } = orderOf(input.PayOrder.parse(raw));
    if (order.paid) throw new ControlError(`${order.name} is paid already`);
    order.paid = true;
    order.paidAt = time();
    touch(order);
    emitOrder(shop, order, "orders/paid", "orders/updated");
    return order;
  }

  function fulfil(raw: input.Fulfil): Fulfillment {
    const given = input.Fulfil.parse(raw);
    const { shop, order } = orderOf(given);
    const wanted =
      given.lines ??
      order.lines
        .map((line) => ({ line: line.id, quantity: fulfillableQuantity(order, line) }))
        .filter(({ quantity }) => quantity > 0);
    if (wanted.length === 0) throw new ControlError(`${order.name} has nothing left to fulfil`);
    const lines = wanted.map(({ line: ref, quantity }) => {
      const line = lineOf(order, ref);
      if (quantity > fulfillableQuantity(order, line)) {
        throw new ControlError(`Only ${fulfillableQuantity(order, line)} of ${line.title} left to fulfil`);
      }
      return { id: nextId(state), lineId: line.id, quantity };
    });
    const at = touch(order);
    const fulfillment: Fulfillment = {
      id: nextId(state),
      name: `${order.name}-F${order.fulfillments.length + 1}`,
      status: "success",
      shipmentStatus: given.pickup ? "ready_for_pickup" : null,
      trackingCompany: given.trackingCompany ?? (given.pickup ? null : "DHL"),
      trackingNumber:
        given.trackingNumber ??
        (given.pickup ? null : `00340434${order.number}${order.fulfillments.length + 1}`),
      trackingUrl: given.trackingUrl ?? null,
      lines,
      createdAt: at,
      updatedAt: at,
      inTransitAt: null,
      deliveredAt: null,
    };
    fulfillment.trackingUrl ??= fulfillment.trackingNumber
      ? `https://tracking.example.com/${fulfillment.trackingNumber}`
      : null;
    order.fulfillments.push(fulfillment);
    const whole = fulfillmentStatus(order) === "fulfilled";
    if (whole && order.paid) order.closedAt = at;
    webhooks.emit(shop, "fulfillments/create", fulfillmentPayload(shop, order, fulfillment));
    emitOrder(shop, order, whole ? "orders/fulfilled" : "orders/partially_fulfilled", "orders/updated");
    return fulfillment;
  }

  function fulfillmentsOf(order: Order, ref: string | undefined): Fulfillment[] {
    const wanted = ref?.replace(/^gid:\/\/shopify\/Fulfillment\//, "");
    const found = order.fulfillments.filter(
      (each) => each.status === "success" && (!wanted || each.id === wanted || each.name === wanted),
    );
    if (found.length === 0) throw new ControlError(`${order.name} has no such fulfilment`);
    return found;
  }

  /** A carrier's news. Like Shopify, it moves the fulfilment's `updated_at` and leaves the order's alone. */
  function markShipment(raw: input.MarkShipment): Order {
    const given = input.MarkShipment.parse(raw);
    const { shop, order } = orderOf(given);
    for (const fulfillment of fulfillmentsOf(order, given.fulfillment)) {
      fulfillment.shipmentStatus = given.status;
      fulfillment.updatedAt = time();
      if (given.status === "in_transit") fulfillment.inTransitAt = fulfillment.updatedAt;
      if (given.status === "delivered") fulfillment.deliveredAt = fulfillment.updatedAt;
      store.changed();
      webhooks.emit(shop, "fulfillments/update", fulfillmentPayload(shop, order, fulfillment));
      webhooks.emit(shop, "fulfillment_events/create", {
        id: number(nextId(state)),
        fulfillment_id: number(fulfillment.id),
        order_id: number(order.id),
        shop_id: number(shop.id),
        status: given.status,
        happened_at: restTime(fulfillment.updatedAt, shop.timezone),
        created_at: restTime(fulfillment.updatedAt, shop.timezone),
        updated_at: restTime(fulfillment.updatedAt, shop.timezone),
        message: null,
      });
    }
    return order;
  }

  function cancelFulfillment(raw: z.input<typeof input.CancelFulfillment>): Order {
    const given = input.CancelFulfillment.parse(raw);
    const { shop, order } = orderOf(given);
    for (const fulfillment of fulfillmentsOf(order, given.fulfillment)) {
      fulfillment.status = "cancelled";
      fulfillment.updatedAt = touch(order);
      order.closedAt = null;
      webhooks.emit(shop, "fulfillments/update", fulfillmentPayload(shop, order, fulfillment));
    }
    emitOrder(shop, order, "orders/updated");
    return order;
  }

  function addRefund(
    shop: Shop,
    order: Order,
    lines: { line: string; quantity: number }[],
    restockType: Refund["lines"][number]["restockType"],
    note: string | null,
  ): Refund {
    const refund: Refund = { id: nextId(state), note, createdAt: touch(order), lines: [] };
    for (const { line: ref, quantity } of lines) {
      const line = lineOf(order, ref);
      if (quantity > line.currentQuantity)
        throw new ControlError(`Only ${line.currentQuantity} of ${line.title} left to refund`);
      line.currentQuantity -= quantity;
      refund.lines.push({ id: nextId(state), lineId: line.id, quantity, restockType });
    }
    order.refunds.push(refund);
    webhooks.emit(shop, "refunds/create", refundPayload(shop, order, refund));
    return refund;
  }

  const everything = (order: Order) =>
    order.lines
      .filter((line) => line.currentQuantity > 0)
      .map((line) => ({ line: line.id, quantity: line.currentQuantity }));

  function refundOrder(raw: input.RefundOrder): Refund {
    const given = input.RefundOrder.parse(raw);
    const { shop, order } = orderOf(given);
    const refund = addRefund(
      shop,
      order,
      given.lines ?? everything(order),
      given.restock ? "return" : "no_restock",
      given.note ?? null,
    );
    emitOrder(shop, order, "orders/updated");
    return refund;
  }

  function cancelOrder(raw: input.CancelOrder): Order {
    const given = input.CancelOrder.parse(raw);
    const { shop, order } = orderOf(given);
    if (order.cancelledAt) throw new ControlError(`${order.name} is cancelled already`);
    if (given.refund && order.paid) addRefund(shop, order, everything(order), "cancel", "Order canceled");
    order.cancelledAt = touch(order);
    order.closedAt = order.cancelledAt;
    order.cancelReason = given.reason;
    emitOrder(shop, order, "orders/cancelled", "orders/updated");
    return order;
  }

  function editOrder(raw: input.EditOrder): Order {
    const given = input.EditOrder.parse(raw);
    const { shop, order } = orderOf(given);
    const additions = given.add.flatMap((each) => linesFor(shop, order, { ...each, properties: [] }));
    const removals = given.remove.map(({ line: ref, quantity }) => {
      const line = lineOf(order, ref);
      const delta = Math.min(quantity ?? line.currentQuantity, line.currentQuantity);
      line.currentQuantity -= delta;
      return { id: number(line.id), delta };
    });
    order.lines.push(...additions);
    if (given.email !== undefined) order.email = given.email;
    if (given.note !== undefined) order.note = given.note;
    if (given.tags) order.tags = given.tags;
    if (given.address && order.shippingAddress) Object.assign(order.shippingAddress, given.address);
    touch(order);
    if (additions.length > 0 || removals.length > 0) {
      order.edited = true;
      webhooks.emit(shop, "orders/edited", {
        order_edit: {
          id: number(nextId(state)),
          app_id: null,
          created_at: restTime(order.updatedAt, shop.timezone),
          notify_customer: false,
          order_id: number(order.id),
          staff_note: "",
          user_id: number(shop.staff[0]!.id),
          line_items: {
            additions: additions.map((line) => ({ id: number(line.id), delta: line.quantity })),
            removals,
          },
          discounts: { line_item: { additions: [], removals: [] } },
          shipping_lines: { additions: [], removals: [] },
        },
      });
    }
    emitOrder(shop, order, "orders/updated");
    return order;
  }

  return {
    placeOrder,
    payOrder,
    fulfil,
    markShipment,
    cancelFulfillment,
    cancelOrder,
    refundOrder,
    editOrder,
  };
}

function lineOf(order: Order, ref: string): Line {
  const wanted = ref.replace(/^gid:\/\/shopify\/LineItem\//, "");
  const line = order.lines.find(({ id, sku, title }) => id === wanted || sku === wanted || title === wanted);
  if (!line) throw new ControlError(`${order.name} has no line ${ref}`);
  return line;
}
