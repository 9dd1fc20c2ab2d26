// What webhooks and the Admin API must agree on. Both are reduced to these few shapes, and one set of rules makes parts
// of them, so that the same order read either way is the same order.
import type { OrderFulfillment, OrderHeader, OrderLine, OrderPerson } from "#app/connectors/orders.ts";
import { importedFrom } from "#app/connectors/shopify/imports.ts";
import { zoneOfPlace } from "#app/connectors/shopify/zones.ts";
import { renewedLines } from "#app/connectors/shopify/renewals.ts";

type Place = {
  firstName: string | null;
  lastName: string | null;
  countryCode: string | null;
  regionCode: string | null;
} | null;

/** An order as either reading shows it. `fixed` is what both already have in the form of a header. */
export type SeenOrder = {
  fixed: Omit<OrderHeader, "importedFrom" | "zone">;
  email: string | null;
  emailWithheld: boolean;
  attributes: string[];
  billing: Place;
  shipping: Place;
  customer: { firstName: string | null; lastName: string | null } | null;
};

export type SeenLine = {
  fixed: Omit<OrderLine, "version" | "price" | "subscriptionRenewal">;
  price: string;
  sellingPlanId: string | null;
  nothingToPay: boolean;
};

const FREE = "0.00";

/** Tags as a set: Shopify promises no order, and sends them as one text in webhooks. */
export function sortedTags(tags: string[]): string[] {
  return [...new Set(tags.map((tag) => tag.trim()).filter(Boolean))].sort();
}

export function headerOf({ fixed, email, attributes, billing, shipping }: SeenOrder): OrderHeader {
  const place = shipping ?? billing;
  return {
    ...fixed,
    importedFrom: importedFrom({ sourceName: fixed.sourceName, attributes, email }),
    zone: place && zoneOfPlace(place.countryCode, place.regionCode),
  };
}

/**
 * Who bought. Who pays is greeted before who receives: a present's receiver did not buy anything. The customer's record
 * comes last because the Admin API shows it only with `read_customers`, and both readings should yield the same name.
 * undefined where Shopify withholds the address, since that says nothing about whether there is one.
 */
export function personOf(order: SeenOrder): OrderPerson | undefined {
  if (order.emailWithheld) return undefined;
  const named = [order.billing, order.shipping, order.customer].find(
    (who) => who?.firstName || who?.lastName,
  );
  return { email: order.email, firstName: named?.firstName ?? null, lastName: named?.lastName ?? null };
}

export function linesOf({ fixed: order }: SeenOrder, lines: SeenLine[]): OrderLine[] {
  const renewed = renewedLines(
    order,
    lines.map(({ fixed, sellingPlanId }) => ({ id: fixed.id, sellingPlanId })),
  );
  return lines.map(({ fixed, price, nothingToPay }) => ({
    ...fixed,
    version: order.version,
    price: nothingToPay ? FREE : price,
    subscriptionRenewal: renewed.has(fixed.id),
  }));
}

/** One entry a line: a refund may name the same line twice, restocked here and not there. */
export function sumByLine(
  lines: { lineId: string; quantity: number }[],
): { lineId: string; quantity: number }[] {
  const sums = new Map<string, number>();
  for (const { lineId, quantity } of lines) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
  return [...sums]
    .map(([lineId, quantity]) => ({ lineId, quantity }))
    .sort((a, b) => a.lineId.length - b.lineId.length || (a.lineId < b.lineId ? -1 : 1));
}

/** Tracking that a buyer can use: a carrier's name alone leads nowhere. */
export function usableTracking(tracking: OrderFulfillment["tracking"]): OrderFulfillment["tracking"] {
  return tracking.filter(({ number, url }) => number !== null || url !== null);
}
