import type { Line, Order } from "#tests/sandbox/shopify/types.ts";

export const cents = (amount: string) => Math.round(Number(amount) * 100);
export const amount = (value: number) => (value / 100).toFixed(2);

/** Prices include the tax, as in Europe: this is the tax inside a gross amount of cents. */
export const taxInside = (gross: number, rate: number) => Math.round(gross - gross / (1 + rate));

export const SHIPPING = 490;

/** An order's sums in cents; `current` counts only what is left after edits and refunds. */
export function totals(order: Order, current = false) {
  const quantity = (line: Line) => (current ? line.currentQuantity : line.quantity);
  const subtotal = order.lines.reduce((sum, line) => sum + cents(line.price) * quantity(line), 0);
  const tax = order.lines.reduce(
    (sum, line) => sum + taxInside(cents(line.price) * quantity(line), line.taxRate),
    0,
  );
  const shipping =
    order.lines.some((line) => line.requiresShipping) && order.sourceName !== "pos" ? SHIPPING : 0;
  return { subtotal, tax, shipping, total: subtotal + shipping };
}

export function refundedCents(order: Order): number {
  return order.refunds.reduce(
    (sum, refund) =>
      sum +
      refund.lines.reduce((lines, { lineId, quantity }) => {
        const line = order.lines.find((each) => each.id === lineId);
        return lines + (line ? cents(line.price) * quantity : 0);
      }, 0),
    0,
  );
}

export type FinancialStatus = "pending" | "paid" | "partially_refunded" | "refunded" | "voided";

export function financialStatus(order: Order): FinancialStatus {
  if (!order.paid) return order.cancelledAt ? "voided" : "pending";
  const refunded = refundedCents(order);
  if (refunded === 0) return "paid";
  return refunded >= totals(order).subtotal ? "refunded" : "partially_refunded";
}

/** How many of a line have left in fulfilments that still count. */
export function fulfilledQuantity(order: Order, line: Line): number {
  return order.fulfillments
    .filter((fulfillment) => fulfillment.status === "success")
    .flatMap((fulfillment) => fulfillment.lines)
    .filter((each) => each.lineId === line.id)
    .reduce((sum, each) => sum + each.quantity, 0);
}

/** How many of a line can still be sent. */
export function fulfillableQuantity(order: Order, line: Line): number {
  if (order.cancelledAt) return 0;
  return Math.max(0, line.currentQuantity - fulfilledQuantity(order, line));
}

export function fulfillmentStatus(order: Order): null | "partial" | "fulfilled" {
  const open = order.lines.some((line) => fulfillableQuantity(order, line) > 0);
  const sent = order.fulfillments.some((fulfillment) => fulfillment.status === "success");
  if (!sent) return null;
  return open ? "partial" : "fulfilled";
}
