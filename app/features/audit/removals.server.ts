// Guarantee: reads only. What the platform's chain says was removed from a shop's chain, as far as we signed it.
import { z } from "zod";
import { removalStatement, type Removal } from "#app/features/audit/chain.ts";
import { openSigner, type Signer } from "#app/platform/crypto/signing.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** The actions of the platform's chain that let entries of a shop's chain go. */
export const REMOVALS = ["audit.closed", "audit.pruned"] as const;

const link = z.object({ seq: z.number().int().positive(), hash: z.string() });
/** A checkpoint as it stands in the platform's chain. */
const removalSchema = z.object({
  count: z.number().int().positive(),
  first: link,
  last: link,
  keyId: z.string(),
  signature: z.string(),
});

/** What an entry's `after` tells of a removal from this shop's chain; null when it is not ours. */
export function readRemoval(after: unknown, shopId: string, signer: Signer): Removal | null {
  const { success, data } = removalSchema.safeParse(after);
  return success && signer.verify(removalStatement(shopId, data), data) ? data : null;
}

/** The newest checkpoint of a shop's chain. A forged one is passed over: it may not stop the chain from going on. */
export async function lastRemoval(tx: Tx, shopId: string): Promise<Removal | null> {
  const told = await tx.platformAuditEvent.findMany({
    where: { subject: shopId, action: { in: [...REMOVALS] } },
    orderBy: { seq: "desc" },
    select: { after: true },
  });
  const signer = await openSigner();
  for (const { after } of told) {
    const removal = readRemoval(after, shopId, signer);
    if (removal) return removal;
  }
  return null;
}
