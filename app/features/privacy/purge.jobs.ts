// Guarantee: a purge that is due is begun, and one that was cut off goes on, within a minute; no job that is lost loses one.
import { z } from "zod";
import { rehearsePurge } from "#app/features/privacy/purge.drill.server.ts";
import { giveUpDomains, runPurge } from "#app/features/privacy/purge.server.ts";
import { lookAtRedacted } from "#app/features/privacy/shop-redact.server.ts";
import { suspectUninstalls } from "#app/features/privacy/suspects.server.ts";
import { watchPurges } from "#app/features/privacy/watch.server.ts";
import { PURGE_REASONS } from "#app/features/shops/purges.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import type { Purge } from "#app/platform/db/generated/client.ts";
import { describeFailure, traceOf } from "#app/platform/errors.ts";
import { log, withLogContext } from "#app/platform/log.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

/** Purges what is due, the nearest deadline first. */
export const purgeShops = defineJob({
  name: "purge-shops",
  schema: z.object({}),
  schedule: "* * * * *",
  seconds: 3_600,
  run: (_, { clock, signal }) => sweepPurges(clock, signal),
});

/** Apart from the purging itself, so that it speaks when that hangs. */
export const watchOverPurges = defineJob({
  name: "watch-purges",
  schema: z.object({}),
  schedule: "*/5 * * * *",
  seconds: 240,
  async run(_, { clock }) {
    await watchPurges(clock());
    await suspectUninstalls(clock());
  },
});

/** Once a week it is seen that a purge leaves nothing. */
export const drillPurge = defineJob({
  name: "drill-purge",
  schema: z.object({}),
  schedule: "10 5 * * 1",
  seconds: 1_800,
  retries: 3,
  async run(_, { clock, signal }) {
    await rehearsePurge(clock, signal);
  },
});

/** Everything that is due now; one that fails holds up no other. */
export async function sweepPurges(clock: Clock, signal?: AbortSignal): Promise<void> {
  const now = clock();
  const held = await forPlatform("purge", (tx) =>
    tx.purge.findMany({
      where: { state: "held", reason: "shop_redact", startsAt: { lte: now } },
      take: MOST,
    }),
  );
  await each(held, signal, (purge) => lookAtRedacted(purge, clock()));
  await each(await forPlatform("purge", (tx) => listDue(tx, clock())), signal, (purge) =>
    runPurge(purge.id, clock, signal),
  );
  const left = await forPlatform("purge", (tx) =>
    tx.purge.findMany({ where: { state: "done", providerDomains: { isEmpty: false } }, take: MOST }),
  );
  await each(left, signal, (purge) => giveUpDomains({ purge }));
}

const MOST = 100;

async function listDue(tx: Tx, now: Date): Promise<Purge[]> {
  const hold = await tx.purgeHold.findFirst({ where: { liftedAt: null }, select: { id: true } });
  const waiting = {
    state: "waiting",
    startsAt: { lte: now },
    ...(hold ? { reason: { in: BY_PEOPLE } } : {}),
  };
  return tx.purge.findMany({
    where: { OR: [{ state: "running" }, waiting] },
    // One that always fails goes to the end, and the others are not behind it.
    orderBy: [{ failures: "asc" }, { deadlineAt: "asc" }],
    take: MOST,
  });
}

const BY_PEOPLE = Object.entries(PURGE_REASONS).flatMap(([reason, { automatic }]) =>
  automatic ? [] : reason,
);

async function each(
  purges: Purge[],
  signal: AbortSignal | undefined,
  work: (purge: Purge) => Promise<unknown>,
): Promise<void> {
  for (const purge of purges) {
    if (signal?.aborted) return;
    await withLogContext({ shop: purge.shopId ?? undefined }, async () => {
      try {
        await work(purge);
      } catch (error) {
        if (signal?.aborted) return;
        log.error(
          { purge: purge.id, error: describeFailure(error), trace: traceOf(error) },
          "a purge failed; again in a minute",
        );
        await forPlatform("purge", (tx) =>
          tx.purge.update({ where: { id: purge.id }, data: { failures: { increment: 1 } } }),
        );
      }
    });
  }
}
