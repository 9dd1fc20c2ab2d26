import type { SendingDomain } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** The shop's own sending domain, or null while it has none. */
export async function findSendingDomain(tx: Tx, shopId: string): Promise<SendingDomain | null> {
  return tx.sendingDomain.findFirst({ where: { shopId }, orderBy: { createdAt: "asc" } });
}
