// placeholder of branch buyers
import { RULES } from "#app/features/privacy/register.ts";
import type { Counts } from "#app/features/privacy/receipts.ts";
import { columnOf } from "#app/features/privacy/sql.ts";
import type { Tx } from "#app/platform/db/db.ts";
export async function redactOrders(tx: Tx, shopId: string, orderIds: string[], now: Date): Promise<Counts> {
  const counts: Counts = {};
  for (const rule of RULES) {
    if (!rule.buyer || !rule.redact || rule.redact === "delete") continue;
    const set = rule.redact.clear.map((c) => `${columnOf(c)} = NULL`).join(", ");
    counts[rule.table] = await tx.$executeRawUnsafe(
      `UPDATE ${rule.table} SET ${set} WHERE shop_id = $1::uuid AND ${columnOf(rule.buyer.by)} = ANY ($2::uuid[])`,
      shopId,
      orderIds,
    );
  }
  await tx.order.updateMany({ where: { shopId, id: { in: orderIds } }, data: { erasedAt: now } });
  return counts;
}
