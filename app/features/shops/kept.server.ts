// Guarantee: reads only.
import type { Tx } from "#app/platform/db/db.ts";

/** What a merchant who comes back finds. */
export type Kept = { triggers: number; templates: number; orders: number };

/** Counts what was set up and done before. */
export async function countKept(tx: Tx, shopId: string): Promise<Kept> {
  return {
    triggers: await tx.trigger.count({ where: { shopId, deletedAt: null } }),
    templates: await tx.template.count({ where: { shopId, currentVersionId: { not: null } } }),
    orders: await tx.order.count({ where: { shopId } }),
  };
}
