// Guarantee: reads only. How a shop's chain was found when it was last verified.
import { FAULTS, type Broken, type Fault } from "#app/features/audit/broken.ts";
import type { Tx } from "#app/platform/db/db.ts";

export type AuditHealth = {
  /** Entries that are kept. */
  entries: number;
  /** Null until the first verification, which runs every night. */
  verifiedAt: Date | null;
  broken: Broken | null;
};

export async function readAuditHealth(tx: Tx, shopId: string): Promise<AuditHealth> {
  const head = await tx.auditHead.findUnique({ where: { shopId } });
  const entries = await tx.auditEvent.count({ where: { shopId } });
  const broken =
    head && head.brokenSeq !== null ? { seq: head.brokenSeq, fault: faultOf(head.brokenWhy) } : null;
  return { entries, verifiedAt: head?.verifiedAt ?? null, broken };
}

function faultOf(text: string | null): Fault {
  return text !== null && Object.hasOwn(FAULTS, text) ? (text as Fault) : "altered";
}
