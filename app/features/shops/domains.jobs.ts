// Guarantee: a domain whose records appear is found verified without anybody asking, and one whose records go is found out.
import { z } from "zod";
import { lookAtDomain } from "#app/features/shops/domains.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

const HOUR_MS = 3_600_000;
/** Whoever has not set the records by then looks at the page when they do. */
const PATIENCE_MS = 14 * 24 * HOUR_MS;

/** Looks at domains that wait for their records often, at verified ones once a day. */
export const checkDomains = defineJob({
  name: "check-domains",
  schema: z.object({}),
  schedule: "*/10 * * * *",
  seconds: 540,
  async run(_, { clock, signal }) {
    const due = await forPlatform("schedule", (tx) => listDue(tx, clock()));
    for (const { shopId, state } of due) {
      if (signal.aborted) return;
      try {
        await lookAtDomain(shopId, state !== "verified", "system", clock());
      } catch (error) {
        log.warn({ shop: shopId, error: describeFailure(error) }, "domain not checked");
      }
    }
  },
});

function listDue(tx: Tx, now: Date) {
  const before = (ms: number) => new Date(now.getTime() - ms);
  return tx.sendingDomain.findMany({
    where: {
      shop: { state: "installed" },
      OR: [
        { checkedAt: null },
        { state: "verified", checkedAt: { lt: before(24 * HOUR_MS) } },
        { state: { not: "verified" }, createdAt: { gt: before(PATIENCE_MS) } },
      ],
    },
    orderBy: { checkedAt: { sort: "asc", nulls: "first" } },
    select: { shopId: true, state: true },
    take: 500,
  });
}
