// Guarantee: reads only. What the platform's chain says was removed from a shop's chain.
import { z } from "zod";
import type { Removal } from "#app/features/audit/chain.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** The actions of the platform's chain that let entries of a shop's chain go. */
export const REMOVALS = ["audit.closed", "audit.pruned"] as const;

const link = z.object({ seq: z.number().int().positive(), hash: z.string() });
/** A checkpoint as it stands in the platform's chain. */
export const removalSchema = z.object({
  count: z.number().int().positive(),
  first: link,
  last: link,
  keyId: z.string(),
  signature: z.string(),
});

/** The newest checkpoint of a shop's chain. */
export async function lastRemoval(tx: Tx, shopId: string): Promise<Removal | null> {
  const row = await tx.platformAuditEvent.findFirst({
    where: { subject: shopId, action: { in: [...REMOVALS] } },
    orderBy: { seq: "desc" },
    select: { after: true },
  });
  return row && removalSchema.parse(row.after);
}
