// Guarantee: whether a platform still trusts us is written down with its reason, and in the audit log.
import type { Source } from "#app/connectors/orders.ts";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import type { Connection } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

/** One source of a shop's orders. @throws AppError not_found */
export async function getConnection(tx: Tx, shopId: string, source: Source): Promise<Connection> {
  const connection = await tx.connection.findFirst({ where: { shopId, source } });
  if (!connection) throw new AppError("not_found", `no ${source} connection`);
  return connection;
}

/** What we know of the platform's trust in us. While it is not `ok` nothing of the shop is sent. */
export async function markConnection(
  tx: Tx,
  shopId: string,
  state: "ok" | "refused",
  reason: string | null,
): Promise<void> {
  const changed = await tx.connection.updateMany({
    where: { shopId, source: "shopify", state: { not: state } },
    data: { state, stateReason: reason, stateSince: new Date() },
  });
  if (changed.count === 0) return;
  const action = state === "ok" ? "connection.restored" : "connection.refused";
  await recordAudit(tx, shopId, { actor: "shopify", action, after: { reason } });
}

/** The platform's own word on what we may read. */
export async function saveScopes(tx: Tx, shopId: string, scopes: string[]): Promise<void> {
  await tx.connection.updateMany({ where: { shopId, source: "shopify" }, data: { scopes } });
}

/** Every order updated before `until` has been read. */
export async function markReconciled(
  tx: Tx,
  shopId: string,
  connectionId: string,
  until: Date,
): Promise<void> {
  await tx.connection.update({
    where: { shopId_id: { shopId, id: connectionId } },
    data: { reconciledUntil: until },
  });
}
