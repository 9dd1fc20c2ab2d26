// Guarantee: what was gathered until eight in the morning, by the store's clock, is told once that day; where there is nothing, nothing.
import { DateTime } from "luxon";
import { z } from "zod";
import { DUE_CHANNEL } from "#app/features/messages/schedule.server.ts";
import type { NoticeKind, NoticeState } from "#app/features/messages/notices.ts";
import { listWorkingShops } from "#app/features/shops/installed.server.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

const HOUR = 8;

/** The last eight o'clock of the place that has passed. */
export function lastMorning(now: Date, timeZone: string): Date {
  const today = DateTime.fromJSDate(now, { zone: timeZone }).set({
    hour: HOUR,
    minute: 0,
    second: 0,
    millisecond: 0,
  });
  return (today.toMillis() <= now.getTime() ? today : today.minus({ days: 1 })).toJSDate();
}

/** Often enough for every offset there is. */
export const sendDigests = defineJob({
  name: "send-digests",
  schema: z.object({}),
  schedule: "*/15 * * * *",
  seconds: 600,
  async run(_, { clock, signal }) {
    for (const { id, settings } of await forPlatform("schedule", listWorkingShops)) {
      if (signal.aborted) return;
      try {
        await forShop(id, (tx) => gather(tx, id, settings.timeZone, clock()));
      } catch (error) {
        log.warn({ shop: id, error: describeFailure(error) }, "no daily summary made");
      }
    }
  },
});

/** One summary for each address that has something to be told. */
export async function gather(tx: Tx, shopId: string, timeZone: string, now: Date): Promise<void> {
  const until = lastMorning(now, timeZone);
  const open = { shopId, state: "gathered" satisfies NoticeState, digestId: null, createdAt: { lt: until } };
  const groups = await tx.notice.groupBy({ by: ["recipientId"], where: open });
  for (const { recipientId } of groups) {
    const id = newId();
    const kind: NoticeKind = "digest";
    const key = `digest|${recipientId ?? "contact"}|${until.toISOString()}`;
    // Two rounds at once: the second finds the first one's key, and gathers nothing.
    const { count } = await tx.notice.createMany({
      data: [{ id, shopId, kind, facts: {}, key, recipientId, dueAt: now, createdAt: now }],
      skipDuplicates: true,
    });
    if (count === 0) continue;
    await tx.notice.updateMany({ where: { ...open, recipientId }, data: { digestId: id } });
    await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
  }
}
