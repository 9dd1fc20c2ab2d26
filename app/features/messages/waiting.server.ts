import type { Tx } from "#app/platform/db/db.ts";

/** Messages that wait to be sent with something from one of these triggers. */
export function countWaiting(tx: Tx, shopId: string, triggerIds: string[]): Promise<number> {
  return tx.message.count({
    where: {
      shopId,
      state: "planned",
      sections: { some: { shopId, state: "planned", triggerId: { in: triggerIds } } },
    },
  });
}
