// Guarantee: a message leaves within a second of falling due while a worker runs; stopping waits for the batch in hand.
import { CHANNELS } from "#app/connectors/channels.ts";
import { dispatchRound } from "#app/features/messages/dispatch.server.ts";
import { noticeRound } from "#app/features/messages/notices.send.server.ts";
import { replanEnded } from "#app/features/messages/replan.server.ts";
import { DUE_CHANNEL } from "#app/features/messages/schedule.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { databaseUrl, forPlatform } from "#app/platform/db/db.ts";
import { listen } from "#app/platform/inbox/wakeup.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** However quiet it is, look again after this long: a clock may have jumped, a lease run out. */
const LONGEST_REST_MS = 1_000;

/** Sends what is due until the signal comes; resolves when the last round has ended. */
export async function runDispatcher(clock: Clock, signal: AbortSignal): Promise<void> {
  const bell = listen(databaseUrl(), DUE_CHANNEL);
  signal.addEventListener("abort", bell.ring, { once: true });
  let looked = -Infinity;
  while (!signal.aborted) {
    // What a merchant changed is followed before anything is sent, but not looked for at every mail.
    if (performance.now() - looked >= LONGEST_REST_MS) {
      looked = performance.now();
      await followReleases(clock, signal);
    }
    const busy = await round(clock, signal);
    if (!busy && !signal.aborted) await bell.wait(await restFor(clock()));
  }
  await bell.close();
}

async function followReleases(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await replanEnded(clock(), signal);
  } catch (error) {
    log.error({ error: describeFailure(error) }, "what waits could not be planned again");
  }
}

async function round(clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    const results = await Promise.all([
      ...CHANNELS.map((channel) => dispatchRound(channel, clock, signal)),
      noticeRound(clock, signal),
    ]);
    return results.includes(true);
  } catch (error) {
    if (!signal.aborted) log.error({ error: describeFailure(error) }, "dispatch round failed");
    return false;
  }
}

async function restFor(now: Date): Promise<number> {
  try {
    const next = await forPlatform("dispatch", (tx) =>
      tx.message.findFirst({
        where: { state: "planned", dueAt: { gt: now } },
        orderBy: { dueAt: "asc" },
        select: { dueAt: true },
      }),
    );
    const rest = next ? next.dueAt.getTime() - now.getTime() : LONGEST_REST_MS;
    return Math.min(LONGEST_REST_MS, Math.max(1, rest));
  } catch (error) {
    log.error({ error: describeFailure(error) }, "the next due message is not known");
    return LONGEST_REST_MS;
  }
}
