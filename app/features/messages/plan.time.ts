// When a message may leave: calendar days, times of day, quiet hours, and how many messages a buyer gets. Pure; instants are milliseconds.
import { DateTime } from "luxon";
import type { Decision, PlanInput, PlanRelease, PlanSettings } from "#app/features/messages/plan.ts";
import type { Order } from "#app/features/orders/orders.ts";
import type { TriggerDefinition } from "#app/features/triggers/triggers.ts";

export type QuietHours = { from: string; to: string } | null;
export type FrequencyCap = { messages: number; days: number } | null;

export const DAY_MS = 86_400_000;

export const iso = (at: number) => new Date(at).toISOString();

/** What a buyer may get once an order. */
export const keyOf = ({ triggerId, channel }: Pick<PlanRelease, "triggerId" | "channel">) =>
  `${triggerId}|${channel}`;

/** Whose clock times of day and quiet hours are read from. */
export function zoneOf({ header }: Order, { quietZone, timeZone }: PlanSettings): string {
  return quietZone === "recipient" ? (header.zone ?? timeZone) : timeZone;
}

/** Days are calendar days of the zone: "1 day after 9:00" is 9:00 also when the clocks change in between. */
export function dueAfter(start: number, { delay, timeOfDay }: TriggerDefinition, zone: string): number {
  const due =
    delay.unit === "days"
      ? DateTime.fromMillis(start, { zone }).plus({ days: delay.amount }).toMillis()
      : start + delay.amount * (delay.unit === "hours" ? 3_600_000 : 60_000);
  return timeOfDay ? nextTimeOfDay(due, timeOfDay, zone, () => true) : due;
}

/** The moment itself, or the end of the quiet hours it lies in. */
export function afterQuiet(at: number, quiet: QuietHours, zone: string): number {
  if (!quiet || quiet.from === quiet.to || !isQuiet(at, quiet, zone)) return at;
  return nextTimeOfDay(at, quiet.to, zone, (end) => !isQuiet(end, quiet, zone));
}

/** Whether the clock on the wall shows a quiet hour. */
export function isQuiet(at: number, quiet: NonNullable<QuietHours>, zone: string): boolean {
  const { hour, minute } = DateTime.fromMillis(at, { zone });
  const [time, from, to] = [hour * 60 + minute, minutesOf(quiet.from), minutesOf(quiet.to)];
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** Where the clocks skip the time of day it is an hour later, which may not suit: then it is the next day's. */
function nextTimeOfDay(
  from: number,
  timeOfDay: string,
  zone: string,
  suits: (at: number) => boolean,
): number {
  const minutes = minutesOf(timeOfDay);
  const today = DateTime.fromMillis(from, { zone });
  const on = (days: number) =>
    today
      .plus({ days })
      .set({ hour: Math.floor(minutes / 60), minute: minutes % 60, second: 0, millisecond: 0 })
      .toMillis();
  let days = 0;
  while (days < 3 && (on(days) < from || !suits(on(days)))) days += 1;
  return on(days);
}

function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  return hours * 60 + minutes;
}

type Concluded = { release: PlanRelease; decision: Decision };

/**
 * Moves what is sent out of the quiet hours and to where the buyer's cap leaves room, and drops what comes too late to be expected. A
 * moment that has passed and forbids nothing now stays as it is, so that planning again changes nothing.
 */
export function inTime(
  concluded: Concluded[],
  { order, settings, history, now: clock }: PlanInput,
): Decision[] {
  const now = clock.getTime();
  const zone = zoneOf(order, settings);
  const wake = (at: number) => afterQuiet(at, settings.quietHours, zone);
  const awake = wake(now);
  const rules = { cap: settings.frequencyCap, mergeWindowMs: settings.mergeWindowMinutes * 60_000, wake };
  const buyer = { orderId: order.id, sends: history.buyerSends };
  const sends = concluded.flatMap(({ release, decision }) => {
    if (decision.kind !== "send") return [];
    const due = wake(Date.parse(decision.at));
    const { channel, purpose } = release;
    return [{ id: keyOf(release), channel, from: due, due, pressing: purpose === "warning", release }];
  });
  const planned = spread(sends, rules, { ...buyer, floor: null });
  // An order that a release included could not be answered before the release went live.
  const expected = sends.filter(
    ({ id, release }) =>
      Math.max(planned.get(id)!, Date.parse(release.servesFrom)) >= now - settings.lateAfterDays * DAY_MS,
  );
  // What has passed leaves now, and now may lie in the quiet hours, or see too many messages sent.
  const leaving = expected.map((send) => {
    const at = planned.get(send.id)!;
    return { ...send, due: at > now ? at : send.due, from: Math.max(at, awake) };
  });
  const leaves = spread(leaving, rules, { ...buyer, floor: awake });
  return concluded.map(({ release, decision }) => {
    if (decision.kind !== "send") return decision;
    const last = leaves.get(keyOf(release));
    if (last === undefined) {
      const { releaseId, triggerId, channel, priority, productIds } = decision;
      return { releaseId, triggerId, channel, priority, kind: "skip", reason: "too_late", productIds };
    }
    const due = Date.parse(decision.at);
    const at = last > now ? last : planned.get(keyOf(release))!;
    const asleep = Math.max(wake(due), awake > now ? awake : -Infinity);
    return {
      ...decision,
      at: iso(at),
      deferred: at > asleep ? "frequency_cap" : at > due ? "quiet_hours" : null,
    };
  });
}

/** What is to leave of one order. `from`: at the earliest; `due`: since when, its place in the queue; `pressing`: no cap holds it back. */
type Leaving = { id: string; channel: string; from: number; due: number; pressing: boolean };

/** Another message of the buyer: left, or waiting and then of another order. */
export type BuyerSend = { at: string; orderId: string; settled: boolean };

/**
 * When each of them leaves so that the buyer gets no more than the cap: at the first moment at which fewer lie within its days. What falls
 * into the merge window of another one shares its mail and counts as one with it. Among messages that wait the earlier goes first, of two at
 * one moment the smaller order id: both orders see it alike, so that they don't each make way for the other.
 * @param floor what waits and is overdue leaves no earlier than this; null = when all could have left, had nothing kept us: then also
 * what left soon after a moment shows that it was not free
 */
function spread(
  leaving: Leaving[],
  rules: { cap: FrequencyCap; mergeWindowMs: number; wake: (at: number) => number },
  buyer: { orderId: string; sends: BuyerSend[]; floor: number | null },
): Map<string, number> {
  const { cap, mergeWindowMs, wake } = rules;
  if (!cap) return new Map(leaving.map(({ id, from }) => [id, from]));
  const windowMs = cap.days * DAY_MS;
  const others = buyer.sends.map((send) => ({ ...send, own: Date.parse(send.at) }));
  const envelopes: { channel: string; at: number }[] = [];
  const counted = ({ at, due }: Leaving & { at: number }): number[] =>
    others
      .flatMap(({ settled, own, orderId }) => {
        if (settled) return own < at + (buyer.floor === null ? windowMs : 1) ? [own] : [];
        const leaves = Math.max(own, buyer.floor ?? own);
        const first = own < due || (own === due && orderId < buyer.orderId);
        return leaves <= at && first ? [leaves] : [];
      })
      .concat(envelopes.map((envelope) => envelope.at))
      .filter((each) => each > at - windowMs)
      .sort((a, b) => a - b);
  const queue = leaving.map((item) => ({ ...item, at: item.from }));
  const times = new Map<string, number>();
  while (queue.length > 0) {
    queue.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const next = queue[0]!;
    const shares = envelopes.some(
      ({ channel, at }) => channel === next.channel && next.at - at <= mergeWindowMs && mergeWindowMs > 0,
    );
    const within = counted(next);
    if (shares || next.pressing || within.length < cap.messages) {
      if (!shares) envelopes.push({ channel: next.channel, at: next.at });
      times.set(next.id, next.at);
      queue.shift();
    } else {
      next.at = next.due = wake(within[within.length - cap.messages]! + windowMs);
    }
  }
  return times;
}
