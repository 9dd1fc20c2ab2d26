// Guarantee: whether a platform still trusts us is written down with its reason, and in the audit log.
import type { Source } from "#app/connectors/orders.ts";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import type { Connection } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

/** One source of a shop's orders. @throws AppError not_found */
export async function getConnection(tx: Tx, shopId: string, source: Source): Promise<Connection> {
  const connection = await tx.connection.findFirst({ where: { shopId, source } });
  if (!connection) throw new AppError("not_found", `no ${source} connection`);
  return connection;
}

/** A refusal tells nothing new of tokens that we gave up ourselves, or that an uninstall ended. */
const OURS = ["revoked", "removed"];

/** What we know of the platform's trust in us. While it is not `ok` nothing of the shop is sent. */
export async function markConnection(
  tx: Tx,
  shopId: string,
  state: "ok" | "refused",
  reason: string | null,
  now: Date,
): Promise<void> {
  const changed = await tx.connection.updateMany({
    where: { shopId, source: "shopify", state: { notIn: state === "ok" ? ["ok"] : ["refused", ...OURS] } },
    data: { state, stateReason: reason, stateSince: now },
  });
  if (changed.count === 0) return;
  const action = state === "ok" ? "connection.restored" : "connection.refused";
  await recordAudit(tx, shopId, { actor: "shopify", action, after: { reason } });
}

/** Gives up our own access to a shop (an incident, a suspicion): its tokens go, and it does not count as a shop that left. */
export async function revokeAccess(
  tx: Tx,
  shopId: string,
  actor: Actor,
  reason: string,
  now: Date,
): Promise<void> {
  await tx.session.deleteMany({ where: { shopId } });
  await tx.connection.updateMany({
    where: { shopId, source: "shopify", state: { notIn: OURS } },
    data: { state: "revoked", stateReason: reason, stateSince: now },
  });
  await recordAudit(tx, shopId, { actor, action: "connection.revoked", after: { reason } });
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
