// Guarantee: reads only, and only of the one shop; days are the shop's own.
import { DateTime } from "luxon";
import type { Tx } from "#app/platform/db/db.ts";

/** Messages of one day of the shop's calendar. `open`: left, and nothing heard since. `bad`: did not reach the buyer. */
export type DayCount = { day: string; good: number; open: number; bad: number; planned: number };

/** What Home shows. `days`: six days back, today, three ahead; `day` is the day's noon (ISO), safe to print in the shop's time zone. */
export type Overview = {
  days: DayCount[];
  today: number;
  sentToday: number;
  sentWeek: number;
  waiting: number;
  /** Waiting, and due already: what would leave as soon as sending is on. */
  overdue: number;
  /** When the next waiting message is due. */
  nextDueAt: string | null;
};

const DAYS_BACK = 6;
const DAYS_AHEAD = 3;

const kinds: Record<string, "good" | "open" | "bad" | "planned"> = {
  delivered: "good",
  sent: "open",
  sending: "open",
  bounced: "bad",
  complained: "bad",
  failed: "bad",
  unknown: "bad",
  planned: "planned",
};

/** Counts this week's messages by day. A message counts on the day it left; one that has not, on the day it is due. */
export async function readOverview(tx: Tx, shopId: string, timeZone: string, now: Date): Promise<Overview> {
  const midnight = DateTime.fromJSDate(now, { zone: timeZone }).startOf("day");
  const edges = Array.from({ length: DAYS_BACK + DAYS_AHEAD + 2 }, (_, index) =>
    midnight.plus({ days: index - DAYS_BACK }).toJSDate(),
  );
  const [from, to] = [edges[0]!, edges.at(-1)!];
  // Two ranges, each with an index of its own.
  const rows = await tx.$queryRaw<{ bucket: number; state: string; count: number }[]>`
    SELECT width_bucket(moment, ${edges}::timestamptz[]) AS bucket, state, count(*)::int AS count FROM (
      SELECT sent_at AS moment, state FROM messages
      WHERE shop_id = ${shopId}::uuid AND sent_at >= ${from} AND sent_at < ${to}
        AND state IN ('sending', 'sent', 'delivered', 'bounced', 'complained', 'failed', 'unknown')
      UNION ALL
      SELECT greatest(due_at, CASE WHEN state = 'planned' THEN ${now} ELSE due_at END), state FROM messages
      WHERE shop_id = ${shopId}::uuid AND sent_at IS NULL AND state IN ('planned', 'sending', 'bounced', 'failed', 'unknown')
        AND due_at < ${to} AND (state = 'planned' OR due_at >= ${from})
    ) counted GROUP BY 1, 2`;
  const days = edges.slice(0, -1).map((edge): DayCount => ({
    day: DateTime.fromJSDate(edge, { zone: timeZone }).set({ hour: 12 }).toUTC().toISO() ?? "",
    good: 0,
    open: 0,
    bad: 0,
    planned: 0,
  }));
  for (const { bucket, state, count } of rows) {
    const day = days[bucket - 1];
    const kind = kinds[state];
    if (day && kind) day[kind] += count;
  }
  const left = (day: DayCount | undefined) => (day ? day.good + day.open : 0);
  const waiting = await tx.message.count({ where: { shopId, state: "planned" } });
  const overdue = await tx.message.count({ where: { shopId, state: "planned", dueAt: { lte: now } } });
  const next = await tx.message.findFirst({
    where: { shopId, state: "planned" },
    orderBy: { dueAt: "asc" },
    select: { dueAt: true },
  });
  return {
    days,
    today: DAYS_BACK,
    sentToday: left(days[DAYS_BACK]),
    sentWeek: days.slice(0, DAYS_BACK + 1).reduce((sum, day) => sum + left(day), 0),
    waiting,
    overdue,
    nextDueAt: next?.dueAt.toISOString() ?? null,
  };
}

/** How many messages of the last 30 days a person should look at. `capped`: held back by the shared domain's daily limit. */
export type MessageTrouble = { failed: number; unknown: number; bounced: number; capped: number };

export async function countTrouble(tx: Tx, shopId: string, now: Date): Promise<MessageTrouble> {
  const since = new Date(now.getTime() - 30 * 86_400_000);
  const rows = await tx.message.groupBy({
    by: ["state"],
    where: { shopId, state: { in: ["failed", "unknown", "bounced", "complained"] }, dueAt: { gte: since } },
    _count: true,
  });
  const of = (state: string) => rows.find((row) => row.state === state)?._count ?? 0;
  const capped = await tx.message.count({ where: { shopId, state: "planned", reason: "daily_cap" } });
  return { failed: of("failed"), unknown: of("unknown"), bounced: of("bounced") + of("complained"), capped };
}
