import type { OrderFulfillment, OrderHeader, OrderLine, OrderParts } from "#app/connectors/orders.ts";
import type { OrderDocument, Told } from "#app/features/orders/orders.ts";
import { canonicalJson } from "#app/platform/crypto/crypto.ts";

export type Merged = {
  document: OrderDocument;
  /** The person of these parts is at least as new as the one we hold. */
  takesPerson: boolean;
  /** Two observations of one version disagree: only the source knows which is right, so read the order again. */
  tie: boolean;
};

/**
 * Unites what is known of an order with newly arrived parts. Order of arrival and repeats make no difference:
 * a newer version of a part replaces it, of equal ones the facts are united, and what only moves forward
 * (paid, cancelled, delivered, refunded) is never taken back.
 */
export function mergeOrder(current: OrderDocument, incoming: OrderParts): Merged {
  let tie = false;
  const pick = <T extends { version: string }>(a: T | null | undefined, b: T): T => {
    if (!a || b.version > a.version) return b;
    if (a.version > b.version) return a;
    const [left, right] = [disputable(a), disputable(b)];
    if (left === right) return a;
    tie = true;
    // Any rule will do as long as both orders of arrival follow it.
    return left > right ? a : b;
  };
  const mergeById = <T extends { id: string; version: string }>(
    known: T[],
    news: T[] | undefined,
    unite: (kept: T, a: T, b: T) => T,
  ): T[] => {
    const byId = new Map(known.map((part) => [part.id, part]));
    for (const part of news ?? []) {
      const before = byId.get(part.id);
      byId.set(part.id, before ? unite(pick(before, part), before, part) : part);
    }
    return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  };

  const header = incoming.header
    ? uniteHeader(pick(current.header, incoming.header), current.header, incoming.header)
    : current.header;
  const { lines, linesVersion } = mergeLines(current, incoming, mergeById);
  const told = mergeTold(current.told, incoming);
  return {
    document: {
      header: header && withTold(header, TOLD_OF_HEADER, "", told),
      linesVersion,
      lines: lines.map((line) => lineWithTold(line, told)),
      fulfillments: mergeById(current.fulfillments, incoming.fulfillments, uniteFulfillment),
      refunds: mergeById(current.refunds, incoming.refunds, (kept) => kept),
      deleted: current.deleted || incoming.deleted === true,
      told,
    },
    takesPerson:
      incoming.person !== undefined &&
      (!current.header || !incoming.header || incoming.header.version >= current.header.version),
    tie,
  };
}

/**
 * Fields that an observation may be unable to tell: a webhook knows no customer tags, the Admin API no bundle, neither the zone
 * where Shopify withholds the address. Their null says nothing, so each keeps the newest value that anybody told.
 */
const TOLD_OF_HEADER = ["b2b", "customerId", "customerTags", "zone"] as const;
const TOLD_OF_BUNDLE = ["productId", "title", "variantId"] as const;

const bundlePlace = (line: OrderLine) => `bundle.${line.id}.`;

function mergeTold(known: Record<string, Told>, { header, lines = [] }: OrderParts): Record<string, Told> {
  const told = { ...known };
  const hear = (key: string, version: string, value: Told["value"] | null) => {
    if (value === null) return;
    const before = told[key];
    const newer = !before || version > before.version;
    const same = before?.version === version && canonicalJson(value) > canonicalJson(before.value);
    if (newer || same) told[key] = { version, value };
  };
  if (header) for (const field of TOLD_OF_HEADER) hear(field, header.version, header[field]);
  for (const line of lines) {
    for (const field of TOLD_OF_BUNDLE)
      hear(bundlePlace(line) + field, line.version, line.bundle?.[field] ?? null);
  }
  return told;
}

function withTold<T extends object>(
  part: T,
  fields: readonly (keyof T & string)[],
  place: string,
  told: Record<string, Told>,
): T {
  return {
    ...part,
    ...Object.fromEntries(fields.map((field) => [field, told[place + field]?.value ?? null])),
  };
}

function lineWithTold(line: OrderLine, told: Record<string, Told>): OrderLine {
  return line.bundle
    ? { ...line, bundle: withTold(line.bundle, TOLD_OF_BUNDLE, bundlePlace(line), told) }
    : line;
}

/**
 * What two observations of one version can disagree on: all but what only moves forward and what not everybody can tell;
 * both are united anyway.
 */
function disputable(part: object): string {
  const bundle =
    "bundle" in part && part.bundle !== null ? { bundle: { id: (part.bundle as { id: string }).id } } : {};
  return canonicalJson({
    ...part,
    ...Object.fromEntries(TOLD_OF_HEADER.map((field) => [field, null])),
    ...bundle,
    paidAt: null,
    cancelledAt: null,
    deliveredAt: null,
    currentQuantity: null,
  });
}

type MergeLines = (
  known: OrderLine[],
  news: OrderLine[],
  unite: (kept: OrderLine, a: OrderLine, b: OrderLine) => OrderLine,
) => OrderLine[];

function mergeLines(current: OrderDocument, incoming: OrderParts, mergeById: MergeLines) {
  if (!incoming.lines) return current;
  const version = incoming.linesComplete ? (incoming.header?.version ?? null) : null;
  const newest = latest(current.linesVersion, version);
  const united = mergeById(current.lines, incoming.lines, (kept, a, b) =>
    a.version === b.version
      ? { ...kept, currentQuantity: Math.min(a.currentQuantity, b.currentQuantity) }
      : kept,
  );
  // A line older than the newest complete list was not on that list any more: it was removed.
  return { lines: united.filter((line) => newest === null || line.version >= newest), linesVersion: newest };
}

function uniteHeader(kept: OrderHeader, a: OrderHeader | null, b: OrderHeader): OrderHeader {
  return {
    ...kept,
    paidAt: earliest(a?.paidAt ?? null, b.paidAt),
    cancelledAt: earliest(a?.cancelledAt ?? null, b.cancelledAt),
  };
}

function uniteFulfillment(
  kept: OrderFulfillment,
  a: OrderFulfillment,
  b: OrderFulfillment,
): OrderFulfillment {
  return { ...kept, deliveredAt: earliest(a.deliveredAt, b.deliveredAt) };
}

function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
