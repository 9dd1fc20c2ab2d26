// Guarantee: reads only. What the platform's chain says was removed from a shop's chain, as far as we signed it.
import { z } from "zod";
import { removalStatement, type Link, type Removal } from "#app/features/audit/chain.ts";
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

/**
 * Up to where a shop's chain was removed; null where it never was. A forged checkpoint is passed over: it may not stop the chain from
 * going on. Places are counted, not read: an entry that somebody put at the last place there can be would leave none after it.
 */
export async function removedUpTo(tx: Tx, shopId: string): Promise<Link | null> {
  const told = await tx.platformAuditEvent.findMany({
    where: { subject: shopId, action: { in: [...REMOVALS] } },
    orderBy: { seq: "asc" },
    select: { after: true },
  });
  const signer = await openSigner();
  let end: Link | null = null;
  for (const { after } of told) {
    const removal = readRemoval(after, shopId, signer);
    const seq: number = end?.seq ?? 0;
    if (removal?.first.seq === seq + 1) end = { seq: seq + removal.count, hash: removal.last.hash };
  }
  return end;
}
