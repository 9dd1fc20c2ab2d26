// Guarantee: a shop's times are always within the bounds of today, whatever was stored; a change is in the audit log with what it was.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { retentionOf, type Retention } from "#app/features/privacy/retention.ts";
import { getShop } from "#app/features/shops/shops.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** How long a shop keeps what it may decide about. @throws AppError not_found */
export async function readRetention(tx: Tx, shopId: string): Promise<Retention> {
  return retentionOf((await getShop(tx, shopId)).retention);
}

/** Keeps the merchant's choice; the next sweep goes by it. */
export async function saveRetention(tx: Tx, shopId: string, choice: Retention, actor: Actor): Promise<void> {
  const before = await readRetention(tx, shopId);
  await tx.shop.update({ where: { id: shopId }, data: { retention: choice } });
  await recordAudit(tx, shopId, { actor, action: "retention.saved", before, after: choice });
}
