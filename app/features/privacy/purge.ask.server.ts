// Guarantee: what is asked for here is a purge like any other: it survives a crash, and leaves a receipt.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { beginPurge, runPurge } from "#app/features/privacy/purge.server.ts";
import type { PurgeReason } from "#app/features/shops/purges.ts";
import { lockShop, schedulePurge } from "#app/features/shops/purges.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import type { Receipt } from "#app/platform/db/generated/client.ts";
import { AppError } from "#app/platform/errors.ts";

/**
 * Erases a connection whose authorisation ended, and all that it brought in.
 * @returns its receipt, or null when there is no such connection (any more)
 */
export async function eraseConnection(
  shopId: string,
  connectionId: string,
  clock: Clock,
  reason: PurgeReason = "revoked",
): Promise<Receipt | null> {
  const id = await forPlatform("purge", async (tx) => {
    const shop = await lockShop(tx, shopId);
    const { count } = await tx.connection.updateMany({
      where: { shopId, id: connectionId },
      data: { state: "revoked", stateReason: "erasing", stateSince: clock() },
    });
    if (!shop || count === 0) return null;
    return scheduleNow(tx, shop, { scope: "connection", reason, connectionId, at: clock() });
  });
  return id ? runToReceipt(id, clock) : null;
}

async function scheduleNow(
  tx: Tx,
  shop: { id: string; domain: string; generation: number },
  what: { scope: "shop" | "connection"; reason: PurgeReason; connectionId?: string; at: Date },
): Promise<string> {
  const { at, ...rest } = what;
  const purge = await schedulePurge(tx, {
    ...rest,
    shopId: shop.id,
    shopDomain: shop.domain,
    generation: shop.generation,
    since: at,
    startsAt: at,
  });
  // One that waited for something else to happen is this one's from now on.
  const { reason } = rest;
  if (purge.state !== "running" && purge.reason !== reason)
    await tx.purge.update({ where: { id: purge.id }, data: { reason } });
  return purge.id;
}

async function runToReceipt(purgeId: string, clock: Clock): Promise<Receipt> {
  await runPurge(purgeId, clock);
  return forPlatform("purge", async (tx) => {
    const { receiptId } = await tx.purge.findUniqueOrThrow({ where: { id: purgeId } });
    if (!receiptId) throw new AppError("internal", "the purge did not come to its end");
    return tx.receipt.findUniqueOrThrow({ where: { id: receiptId } });
  });
}

/**
 * The merchant who came back wants nothing of what was there: it is purged from this moment on, and the next request finds a shop that
 * is new. @throws AppError conflict when the shop has not just come back, or the question was answered
 */
export async function startFresh(shopId: string, actor: Actor, now: Date): Promise<void> {
  await forPlatform("purge", async (tx) => {
    const shop = await lockShop(tx, shopId);
    if (shop?.state !== "installed" || !shop.returnedAt)
      throw new AppError("conflict", "the shop has not just come back");
    await recordAudit(tx, shopId, { actor, action: "shop.fresh" });
    const id = await scheduleNow(tx, shop, { scope: "shop", reason: "start_fresh", at: now });
    await beginPurge(tx, id, now);
  });
}
