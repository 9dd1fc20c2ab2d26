// The heart: decides for one order what is sent when, and why not. Pure; called to plan, to explain, and again before sending.
import { DateTime } from "luxon";
import type { ChannelName } from "#app/connectors/channels.ts";
import type { OrderFulfillment, Source } from "#app/connectors/orders.ts";
import { matches } from "#app/features/messages/match.ts";
import { remainingQuantity, type Order, type PlanLine } from "#app/features/orders/orders.ts";
import type { StartEvent, TriggerDefinition } from "#app/features/triggers/triggers.ts";

/**
 * As much of a release as the planner reads. It answers orders placed from `servesFrom` on, before `servesUntil`; and since
 * `includedFrom`, where they were paid and not delivered by `servesFrom`.
 */
export type PlanRelease = {
  id: string;
  triggerId: string;
  channel: ChannelName;
  priority: number;
  servesFrom: string;
  servesUntil: string | null;
  includedFrom: string | null;
  definition: TriggerDefinition;
};

export type PlanSettings = { timeZone: string; quietHours: { from: string; to: string } | null };

/** What happened before. `buyer`: sections of the buyer's other orders; `settled` = sent or about to be. */
export type PlanHistory = {
  suppressed: boolean;
  /** Sections of this order that have left or been stopped by a person. */
  done: { triggerId: string; channel: ChannelName }[];
  buyer: { triggerId: string; orderId: string; placedAt: string; productIds: string[]; settled: boolean }[];
};

export const SKIP_REASONS = [
  "already_sent",
  "already_sent_to_buyer",
  "b2b_order",
  "b2b_unknown",
  "customer_tag",
  "customer_tags_unknown",
  "imported_order",
  "line_refunded",
  "malformed_address",
  "marketplace_address",
  "minimum_quantity",
  "no_email",
  "not_matched",
  "order_cancelled",
  "order_deleted",
  "order_tag",
  "placed_before",
  "pos_order",
  "suppressed",
  "test_order",
  "wrong_channel",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

type About = { releaseId: string; triggerId: string; channel: ChannelName; priority: number };

/** What the planner concluded for one release. `at`: ISO, UTC; `startedAt`: when its clock started. */
export type Decision = About &
  (
    | { kind: "send"; at: string; startedAt: string; lineIds: string[]; productIds: string[] }
    | { kind: "wait"; for: StartEvent; lineIds: string[]; productIds: string[] }
    | { kind: "skip"; reason: SkipReason; productIds: string[] }
  );

/** Which sources a channel may answer; the channel follows the order's source. */
const sourcesOf: Record<ChannelName, readonly Source[]> = { email: ["shopify"] };

const recipientSkips = {
  missing: "no_email",
  malformed: "malformed_address",
  proxy: "marketplace_address",
} as const;

/**
 * Decides for every release. Total and deterministic; the order of its inputs makes no difference; at most one decision
 * for a (trigger, channel).
 */
export function plan(input: {
  order: Order;
  releases: PlanRelease[];
  settings: PlanSettings;
  history: PlanHistory;
  now: Date;
}): Decision[] {
  // The one that serves the order, else the newest, which tells that it does not.
  const bestFirst = [...input.releases].sort(
    (a, b) =>
      rankOf(a, input.order) - rankOf(b, input.order) ||
      compare(b.servesFrom, a.servesFrom) ||
      compare(b.id, a.id),
  );
  const one = new Map<string, PlanRelease>();
  for (const release of bestFirst) {
    const key = `${release.triggerId}|${release.channel}`;
    if (!one.has(key)) one.set(key, release);
  }
  return [...one.values()]
    .sort(
      (a, b) => b.priority - a.priority || compare(a.triggerId, b.triggerId) || compare(a.channel, b.channel),
    )
    .map((release) => decide(release, input));
}

/** 0 = placed while the release served, 1 = included by it, 2 = none of its. */
function rankOf(release: PlanRelease, order: Order): 0 | 1 | 2 {
  const { placedAt, paidAt } = order.header;
  // Shopify's times have whole seconds: an order of the very second the release went live is not earlier.
  const [placed, from] = [toSecond(placedAt), toSecond(release.servesFrom)];
  const until = release.servesUntil === null ? null : toSecond(release.servesUntil);
  if (placed >= from && (until === null || placed < until)) return 0;
  if (release.includedFrom === null || placed < toSecond(release.includedFrom) || placed >= from) return 2;
  const delivered =
    order.fulfillments.length > 0 &&
    order.fulfillments.every(({ deliveredAt }) => deliveredAt !== null && toSecond(deliveredAt) <= from);
  return paidAt !== null && !delivered ? 1 : 2;
}

function decide(
  release: PlanRelease,
  input: { order: Order; settings: PlanSettings; history: PlanHistory; now: Date },
): Decision {
  const { order, history, settings, now } = input;
  const about = {
    releaseId: release.id,
    triggerId: release.triggerId,
    channel: release.channel,
    priority: release.priority,
  };
  const matched = matchedLines(release.definition, order.lines);
  const skip = (reason: SkipReason): Decision => ({
    ...about,
    kind: "skip",
    reason,
    productIds: productsOf(matched),
  });

  if (matched.length === 0) return skip("not_matched");
  const done = history.done.some(
    (section) => section.triggerId === release.triggerId && section.channel === release.channel,
  );
  if (done) return skip("already_sent");
  const unfit = unfitOrder(release, order);
  if (unfit) return skip(unfit);

  const kept = matched.filter((line) => remainingQuantity(line, order.refunds) > 0);
  if (kept.length === 0) return skip("line_refunded");
  const quantity = kept.reduce((sum, line) => sum + remainingQuantity(line, order.refunds), 0);
  if (quantity < release.definition.exclusions.minimumQuantity) return skip("minimum_quantity");
  if (order.recipient !== "ok") return skip(recipientSkips[order.recipient]);
  if (history.suppressed) return skip("suppressed");

  const fresh =
    release.definition.frequency === "order" ? kept : withoutRepeats(kept, release, order, history);
  if (fresh.length === 0) return skip("already_sent_to_buyer");

  const clock = startOf(release.definition, order, fresh);
  const lines = { lineIds: fresh.map((line) => line.id), productIds: productsOf(fresh) };
  if (!clock) return { ...about, kind: "wait", for: release.definition.start.event, ...lines };
  const at = dueAt(clock.at, release.definition, settings, now);
  return {
    ...about,
    kind: "send",
    at,
    startedAt: clock.at,
    lineIds: clock.lineIds,
    productIds: productsOf(fresh, clock.lineIds),
  };
}

/** Lines the trigger is about, in a fixed order. */
function matchedLines(definition: TriggerDefinition, lines: PlanLine[]): PlanLine[] {
  const { exclusions } = definition;
  return lines
    .filter((line) => matches(definition.include, line) && !matches(definition.exclude, line))
    .filter((line) => !(exclusions.giftCards && line.giftCard))
    .filter((line) => !(exclusions.subscriptionRenewals && line.subscriptionRenewal))
    .filter((line) => !(exclusions.replacements && Number(line.price) === 0))
    .sort((a, b) => compare(a.id, b.id));
}

function unfitOrder(release: PlanRelease, order: Order): SkipReason | null {
  const { header } = order;
  const { exclusions } = release.definition;
  const carries = (tags: string[], wanted: string[]) =>
    tags.some((tag) => wanted.some((other) => fold(other) === fold(tag)));
  if (!sourcesOf[release.channel].includes(order.source)) return "wrong_channel";
  if (rankOf(release, order) === 2) return "placed_before";
  if (header.cancelledAt) return "order_cancelled";
  if (order.deleted) return "order_deleted";
  if (exclusions.testOrders && header.test) return "test_order";
  if (exclusions.pos && header.sourceName === "pos") return "pos_order";
  if (exclusions.b2b && header.b2b !== false) return header.b2b === null ? "b2b_unknown" : "b2b_order";
  if (exclusions.importedOrders && header.importedFrom) return "imported_order";
  if (carries(header.tags, exclusions.orderTags)) return "order_tag";
  if (exclusions.customerTags.length === 0) return null;
  if (header.customerTags === null) return "customer_tags_unknown";
  return carries(header.customerTags, exclusions.customerTags) ? "customer_tag" : null;
}

/** Without the products this buyer had from this trigger before. Of two orders that wait, the earlier one gets it. */
function withoutRepeats(
  lines: PlanLine[],
  release: PlanRelease,
  order: Order,
  history: PlanHistory,
): PlanLine[] {
  const mine = `${toSecond(order.header.placedAt)}|${order.id}`;
  const earlier = history.buyer.filter(
    (other) =>
      other.triggerId === release.triggerId &&
      other.orderId !== order.id &&
      (other.settled || `${toSecond(other.placedAt)}|${other.orderId}` < mine),
  );
  const had = new Set(earlier.flatMap((other) => other.productIds));
  return lines.filter((line) => !line.productId || !had.has(line.productId));
}

type Clock = { at: string; lineIds: string[] };

/** When the clock starts: with the payment, or with the first fulfilment that carries one of the lines. */
function startOf(definition: TriggerDefinition, order: Order, lines: PlanLine[]): Clock | null {
  const ids = lines.map((line) => line.id);
  if (definition.start.event === "paid")
    return order.header.paidAt ? { at: order.header.paidAt, lineIds: ids } : null;
  const clocks = order.fulfillments
    .filter((fulfillment) => fulfillment.status === "success")
    .map((fulfillment) => ({
      at: reached(definition, fulfillment),
      lineIds: ids.filter((id) => carriesLine(fulfillment, id)),
    }))
    .filter((clock): clock is Clock => clock.at !== null && clock.lineIds.length > 0);
  return clocks.sort((a, b) => compare(a.at, b.at) || compare(a.lineIds.join(), b.lineIds.join()))[0] ?? null;
}

function carriesLine(fulfillment: OrderFulfillment, lineId: string): boolean {
  return fulfillment.lines.some((line) => line.lineId === lineId && line.quantity > 0);
}

function reached({ start }: TriggerDefinition, fulfillment: OrderFulfillment): string | null {
  if (start.event === "fulfilled") return fulfillment.fulfilledAt;
  if (fulfillment.deliveredAt) return fulfillment.deliveredAt;
  if (start.fallbackDays === null) return null;
  return iso(DateTime.fromISO(fulfillment.fulfilledAt, { zone: "utc" }).plus({ days: start.fallbackDays }));
}

/** Days are the shop's calendar days: "1 day after 9:00" is 9:00 also when the clocks change in between. */
function dueAt(start: string, definition: TriggerDefinition, settings: PlanSettings, now: Date): string {
  const { amount, unit } = definition.delay;
  const delayed = DateTime.fromISO(start, { zone: settings.timeZone }).plus({ [unit]: amount });
  const due = definition.timeOfDay ? nextTimeOfDay(delayed, definition.timeOfDay) : delayed;
  const moment = DateTime.fromJSDate(now, { zone: settings.timeZone });
  // A moment that has passed means "now", and now may lie in the quiet hours.
  const wake = afterQuiet(due < moment ? moment : due, settings.quietHours);
  return iso(wake > moment ? wake : due);
}

function nextTimeOfDay(from: DateTime, timeOfDay: string): DateTime {
  const [hour = 0, minute = 0] = timeOfDay.split(":").map(Number);
  const today = from.set({ hour, minute, second: 0, millisecond: 0 });
  return today >= from ? today : from.plus({ days: 1 }).set({ hour, minute, second: 0, millisecond: 0 });
}

function afterQuiet(at: DateTime, quiet: PlanSettings["quietHours"]): DateTime {
  if (!quiet || quiet.from === quiet.to) return at;
  const time = at.toFormat("HH:mm");
  const inside =
    quiet.from < quiet.to ? time >= quiet.from && time < quiet.to : time >= quiet.from || time < quiet.to;
  return inside ? nextTimeOfDay(at, quiet.to) : at;
}

function productsOf(lines: PlanLine[], among?: string[]): string[] {
  const ids = lines.filter((line) => !among || among.includes(line.id)).map((line) => line.productId);
  return [...new Set(ids.filter((id) => id !== null))].sort();
}

const iso = (at: DateTime) => at.toUTC().toISO() ?? "";
const fold = (text: string) => text.trim().toLowerCase();
const toSecond = (time: string) =>
  Math.floor(Date.parse(time) / 1000)
    .toString()
    .padStart(12, "0");
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
