// Guarantee: whoever runs Aftercare gets a mail about a broken audit chain, once for each place where one breaks.
import { z } from "zod";
import { PLATFORM } from "#app/features/audit/chain.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

/** Tells what verification found. */
export const tellBrokenAudit = defineJob({
  name: "audit-tell",
  schema: z.object({}),
  schedule: "*/5 * * * *",
  run: (_, { clock }) => tellBroken(clock()),
});

/** So many mails say it: where more is broken, what they are about has the same cause. */
const MOST = 20;

export async function tellBroken(now: Date): Promise<void> {
  await forPlatform("audit", async (tx) => {
    const where = { brokenSeq: { not: null } };
    const shops = await tx.auditHead.findMany({ where, orderBy: { shopId: "asc" }, take: MOST });
    const broken = [
      ...(await tx.platformAuditHead.findMany({ where })).map((head) => ({ ...head, chain: PLATFORM })),
      ...shops.map((head) => ({ ...head, chain: head.shopId })),
    ];
    for (const { chain, brokenSeq } of broken)
      await enqueueNotice(tx, {
        shopId: null,
        kind: "audit_broken",
        facts: { chain, entry: brokenSeq ?? 0 },
        key: `audit_broken ${chain} ${brokenSeq}`,
        now,
      });
  });
}
