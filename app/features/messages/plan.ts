// The heart: decides for one order what is sent when, and why not. Pure; called to plan, to explain, and again before sending.
import { CHANNEL_SOURCES, type ChannelName } from "#app/connectors/channels.ts";
import type { OrderFulfillment } from "#app/connectors/orders.ts";
import { matches } from "#app/features/messages/match.ts";
import {
  DAY_MS,
  dueAfter,
  inTime,
  iso,
  keyOf,
  zoneOf,
  type BuyerSend,
  type FrequencyCap,
  type QuietHours,
} from "#app/features/messages/plan.time.ts";
import type { SuppressionKind } from "#app/features/messages/suppressions.ts";
import { remainingQuantity, type Order, type PlanLine } from "#app/features/orders/orders.ts";
import type { Purpose } from "#app/features/templates/templates.ts";
import type { StartEvent, TriggerDefinition } from "#app/features/triggers/triggers.ts";

/**
 * As much of a release as the planner reads. It answers orders placed from `servesFrom` on, before `servesUntil`; and since
 * `includedFrom`, where they were paid and not delivered by `servesFrom`.
 */
export type PlanRelease = {
  id: string;
  triggerId: string;
  channel: ChannelName;
  purpose: Purpose;
  priority: number;
  servesFrom: string;
  servesUntil: string | null;
  includedFrom: string | null;
  definition: TriggerDefinition;
};

/** Times of day and quiet hours are the recipient's where `quietZone` says so and the order tells their zone, else the shop's. */
export type PlanSettings = {
  timeZone: string;
  quietHours: QuietHours;
  quietZone: "shop" | "recipient";
  frequencyCap: FrequencyCap;
  lateAfterDays: number;
  mergeWindowMinutes: number;
};

/** What happened before. `buyer`: sections of the buyer's other orders; `settled` = sent or about to be. */
export type PlanHistory = {
  /** Whoever opted out still gets warnings; where nothing arrives, nothing is sent. */
  suppression: SuppressionKind | null;
  /** Sections of this order that have left or been stopped by a person. */
  done: { triggerId: string; channel: ChannelName }[];
  buyer: { triggerId: string; orderId: string; placedAt: string; productIds: string[]; settled: boolean }[];
  /** The buyer's messages that left, of this order too, and those that wait for other orders. */
  buyerSends: BuyerSend[];
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
  "opted_out",
  "order_cancelled",
  "order_deleted",
  "order_tag",
  "placed_before",
  "pos_order",
  "suppressed",
  "test_order",
  "too_late",
  "wrong_channel",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type Deferral = "quiet_hours" | "frequency_cap";

type About = { releaseId: string; triggerId: string; channel: ChannelName; priority: number };

/** What the planner concluded for one release. `at`: ISO, UTC; `startedAt`: when its clock started; `deferred`: why not when it was due. */
export type Decision = About &
  (
    | {
        kind: "send";
        at: string;
        startedAt: string;
        deferred: Deferral | null;
        lineIds: string[];
        productIds: string[];
      }
    | { kind: "wait"; for: StartEvent; lineIds: string[]; productIds: string[] }
    | { kind: "skip"; reason: SkipReason; productIds: string[] }
  );

const recipientSkips = {
  missing: "no_email",
  malformed: "malformed_address",
  proxy: "marketplace_address",
} as const;

export type PlanInput = {
  order: Order;
  releases: PlanRelease[];
  settings: PlanSettings;
  history: PlanHistory;
  now: Date;
};

/**
 * Decides for every release. Total and deterministic; the order of its inputs makes no difference; at most one decision
 * for a (trigger, channel).
 */
export function plan(input: PlanInput): Decision[] {
  // The one that serves the order, else the newest, which tells that it does not.
  const best = new Map<string, Served>();
  for (const release of input.releases) {
    const served = { ...release, rank: rankOf(release, input.order) };
    const other = best.get(keyOf(release));
    if (!other || isBetter(served, other)) best.set(keyOf(release), served);
  }
  const concluded = [...best.values()]
    .sort(
      (a, b) => b.priority - a.priority || compare(a.triggerId, b.triggerId) || compare(a.channel, b.channel),
    )
    .map((release) => ({ release, decision: decide(release, input) }));
  return inTime(concluded, input);
}

type Served = PlanRelease & { rank: 0 | 1 | 2 };

const isBetter = (a: Served, b: Served) =>
  (a.rank - b.rank || compare(b.servesFrom, a.servesFrom) || compare(b.id, a.id)) < 0;

/** 0 = placed while the release served, 1 = included by it, 2 = none of its. */
function rankOf(release: PlanRelease, order: Order): Served["rank"] {
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

/** Whether it is sent, and when it falls due, whatever holds it back then. */
function decide(release: Served, { order, history, settings }: PlanInput): Decision {
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
  if (history.suppression === "undeliverable") return skip("suppressed");
  if (history.suppression === "opted_out" && release.purpose !== "warning") return skip("opted_out");

  const fresh =
    release.definition.frequency === "order" ? kept : withoutRepeats(kept, release, order, history);
  if (fresh.length === 0) return skip("already_sent_to_buyer");

  const clock = startOf(release.definition, order, fresh);
  const lines = { lineIds: fresh.map((line) => line.id), productIds: productsOf(fresh) };
  if (!clock) return { ...about, kind: "wait", for: release.definition.start.event, ...lines };
  const due = dueAfter(Date.parse(clock.at), release.definition, zoneOf(order, settings));
  return {
    ...about,
    kind: "send",
    at: iso(due),
    startedAt: clock.at,
    deferred: null,
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

function unfitOrder(release: Served, order: Order): SkipReason | null {
  const { header } = order;
  const { exclusions } = release.definition;
  const carries = (tags: string[], wanted: string[]) =>
    tags.some((tag) => wanted.some((other) => fold(other) === fold(tag)));
  // The channel follows the order's source: what was bought on a marketplace is not answered from outside it.
  if (!CHANNEL_SOURCES[release.channel].includes(order.source)) return "wrong_channel";
  if (release.rank === 2) return "placed_before";
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
  return iso(Date.parse(fulfillment.fulfilledAt) + start.fallbackDays * DAY_MS);
}

function productsOf(lines: PlanLine[], among?: string[]): string[] {
  const ids = lines.filter((line) => !among || among.includes(line.id)).map((line) => line.productId);
  return [...new Set(ids.filter((id) => id !== null))].sort();
}

const fold = (text: string) => text.trim().toLowerCase();
const toSecond = (time: string) =>
  Math.floor(Date.parse(time) / 1000)
    .toString()
    .padStart(12, "0");
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
