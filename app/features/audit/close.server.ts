// Guarantee: entries are removed only together with a signed checkpoint of exactly these entries in the platform's chain. The database
// refuses any other removal, and verification finds it.
import { flushAudit, recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { holdHeads } from "#app/features/audit/append.server.ts";
import { removalStatement, type Removal } from "#app/features/audit/chain.ts";
import type { REMOVALS } from "#app/features/audit/removals.server.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** Closes a shop's chain for good: what it held is vouched for in the platform's chain, and gone. @returns how many entries */
export async function closeAuditChain(tx: Tx, shopId: string, now: Date): Promise<number> {
  await flushAudit(tx);
  await holdHeads(tx, [shopId]);
  const removed = await remove(tx, shopId, "audit.closed", {}, now);
  await tx.auditHead.delete({ where: { shopId } });
  return removed;
}

/** Removes a shop's entries from before `until`; the chain goes on. @returns how many entries */
export async function pruneAuditChain(tx: Tx, shopId: string, until: Date, now: Date): Promise<number> {
  await flushAudit(tx);
  await holdHeads(tx, [shopId]);
  const [kept] = await tx.auditEvent.findMany({
    where: { shopId, at: { gte: until } },
    orderBy: { seq: "asc" },
    take: 1,
    select: { seq: true },
  });
  return remove(tx, shopId, "audit.pruned", kept ? { lt: kept.seq } : {}, now);
}

async function remove(
  tx: Tx,
  shopId: string,
  action: (typeof REMOVALS)[number],
  seq: { lt?: number },
  now: Date,
): Promise<number> {
  const where = { shopId, seq };
  const one = { where, select: { seq: true, hash: true } } as const;
  const first = await tx.auditEvent.findFirst({ ...one, orderBy: { seq: "asc" } });
  const last = await tx.auditEvent.findFirst({ ...one, orderBy: { seq: "desc" } });
  if (!first || !last) return 0;
  await tell(tx, shopId, action, { count: await tx.auditEvent.count({ where }), first, last }, now);
  const { count } = await tx.auditEvent.deleteMany({ where });
  return count;
}

async function tell(
  tx: Tx,
  shopId: string,
  action: (typeof REMOVALS)[number],
  removal: Removal,
  now: Date,
): Promise<void> {
  const signer = await openSigner();
  await recordPlatformAudit(tx, {
    actor: "system",
    action,
    shopId,
    after: { ...removal, closedAt: now.toISOString(), ...signer.sign(removalStatement(shopId, removal)) },
  });
  // The database looks for it when the entries go.
  await flushAudit(tx);
}
