// Guarantee: a purge ends in one transaction: what came in meanwhile is gone, the receipt is signed, and nothing of it is open.
import { recordAudit, recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { closeAuditChain } from "#app/features/audit/close.server.ts";
import { count, eraseLateOrders, eraseRest } from "#app/features/privacy/erase.server.ts";
import {
  countsSchema,
  detailsSchema,
  type Details,
  type ReceiptKind,
} from "#app/features/privacy/receipts.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { OPEN_STATES } from "#app/features/privacy/requests.ts";
import { withoutSubject } from "#app/features/privacy/requests.server.ts";
import { KEY_BACKUP_DAYS } from "#app/features/privacy/retention.ts";
import { HOUR_MS } from "#app/features/shops/purges.ts";
import { lockShop } from "#app/features/shops/purges.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import type { Prisma, Purge } from "#app/platform/db/generated/client.ts";
import { AppError } from "#app/platform/errors.ts";

type Ending = { purge: Purge; clock: Clock };

/** The shop's chain is closed, the shop goes, and of all of it the receipt remains. */
export function endShop({ purge, clock }: Ending): Promise<void> {
  return forPlatform("purge", async (tx) => {
    const { id, shopId, shopDomain } = purge;
    // Waits for whoever is still writing something of the shop's, and nobody can begin to.
    const shop = shopId ? await lockShop(tx, shopId) : null;
    if (!(await stillRuns(tx, id))) return;
    const now = clock();
    if (shop) {
      await eraseRest(tx, { id, shopId: shop.id });
      const entries = await closeAuditChain(tx, shop.id, now);
      await tx.shop.delete({ where: { id: shop.id } });
      await count(tx, id, { audit_events: entries, audit_heads: 1, shops: 1 });
    }
    const keyBackupsGoneAt = shop
      ? new Date(now.getTime() + KEY_BACKUP_DAYS * 24 * HOUR_MS).toISOString()
      : await findKeyBackupsGoneAt(tx, shopId);
    // What was only rehearsed must not pass for a shop's purge.
    const kind = purge.reason === "drill" ? "drill" : "shop_purge";
    const receiptId = await finish(tx, purge, kind, now, keyBackupsGoneAt ? { keyBackupsGoneAt } : {});
    const ofUnknown = { shopId: null, shopDomain };
    await closeRequests(tx, shopId ? { OR: [{ shopId }, ofUnknown] } : ofUnknown, receiptId, now);
  });
}

/** As the receipt of the purge that destroyed the key said it; null where there was none. */
async function findKeyBackupsGoneAt(tx: Tx, shopId: string | null): Promise<string | null> {
  if (!shopId) return null;
  const earlier = await tx.receipt.findMany({
    where: { shopId, kind: "shop_purge" },
    orderBy: { finishedAt: "asc" },
  });
  const dates = earlier.map(({ details }) => detailsSchema.parse(details).keyBackupsGoneAt);
  return dates.find((date) => typeof date === "string") ?? null;
}

/** Of earlier installs nothing is left, and of the present one nothing is touched. */
export function endGeneration({ purge, clock }: Ending): Promise<void> {
  return forPlatform("purge", async (tx) => {
    if (!(await stillRuns(tx, purge.id))) return;
    const now = clock();
    const receiptId = await finish(tx, purge, "generation_purge", now, {
      erasedInstallsBefore: purge.generation,
    });
    await tx.privacyRequest.updateMany({
      where: {
        state: "recorded",
        shopId: purge.shopId,
        OR: [{ kind: "shop/redact" }, { kind: "app/uninstalled", receivedAt: { lt: purge.createdAt } }],
      },
      data: { state: "done", completedAt: now, receiptId },
    });
    if (purge.shopId) await tellShop(tx, purge, "purge.done");
  });
}

export function endConnection({ purge, clock }: Ending): Promise<void> {
  return forPlatform("purge", async (tx) => {
    const { id, shopId, connectionId } = purge;
    if (!shopId || !connectionId) throw new AppError("internal", "the purge of a connection names none");
    await tx.$queryRaw`
      SELECT 1 FROM connections WHERE shop_id = ${shopId}::uuid AND id = ${connectionId}::uuid FOR UPDATE`;
    if (!(await stillRuns(tx, id))) return;
    const now = clock();
    await eraseLateOrders(tx, { id, shopId }, connectionId, now);
    const { count: connections } = await tx.connection.deleteMany({ where: { shopId, id: connectionId } });
    await count(tx, id, { connections });
    await finish(tx, purge, "connection_purge", now, { connectionId });
    await tellShop(tx, purge, "connection.erased");
  });
}

/** Two runs may come here at once when a worker was taken for dead: one of them ends the purge. */
async function stillRuns(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>`
    SELECT 1 FROM purges WHERE id = ${id}::uuid AND state = 'running' FOR UPDATE`;
  return rows.length > 0;
}

/** What was still asked of a shop has its answer: nothing is held any more. Nobody is named in any request of it from here on. */
async function closeRequests(
  tx: Tx,
  of: Prisma.PrivacyRequestWhereInput,
  receiptId: string,
  now: Date,
): Promise<void> {
  const open = { AND: [of, { state: { in: [...OPEN_STATES] } }] };
  const exports = { kind: { in: ["customers/data_request", "merchant/export"] } };
  const closed = { completedAt: now, receiptId };
  await tx.privacyRequest.updateMany({
    where: { ...open, ...exports },
    data: { ...closed, state: "nothing_held" },
  });
  await tx.privacyRequest.updateMany({ where: open, data: { ...closed, state: "done" } });
  await tx.privacyRequest.updateMany({ where: of, data: withoutSubject });
}

/** @returns the receipt's id */
async function finish(tx: Tx, purge: Purge, kind: ReceiptKind, now: Date, more: Details): Promise<string> {
  const { counts, providerDomains } = await tx.purge.findUniqueOrThrow({ where: { id: purge.id } });
  const startedAt = purge.startedAt ?? now;
  const receiptId = await issueReceipt(tx, {
    kind,
    shopId: purge.shopId,
    shopDomain: purge.shopDomain,
    requestId: purge.requestId,
    startedAt,
    finishedAt: now,
    counts: countsSchema.parse(counts),
    details: {
      reason: purge.reason,
      generation: purge.generation,
      since: purge.since.toISOString(),
      deadlineAt: purge.deadlineAt.toISOString(),
      inTime: now <= purge.deadlineAt,
      sendingDomainsLeftAtProvider: providerDomains.length,
      ...more,
    },
  });
  await tx.purge.update({
    where: { id: purge.id },
    data: { state: "done", step: null, finishedAt: now, receiptId },
  });
  await recordPlatformAudit(tx, {
    actor: "system",
    action: "purge.done",
    subject: purge.id,
    shopId: purge.shopId,
    after: { kind, receiptId, inTime: now <= purge.deadlineAt },
  });
  return receiptId;
}

async function tellShop(tx: Tx, purge: Purge, action: "purge.done" | "connection.erased"): Promise<void> {
  if (!purge.shopId || !(await tx.shop.findUnique({ where: { id: purge.shopId }, select: { id: true } })))
    return;
  const { receiptId } = await tx.purge.findUniqueOrThrow({ where: { id: purge.id } });
  await recordAudit(tx, purge.shopId, {
    actor: purge.reason === "shop_redact" ? "shopify" : "system",
    action,
    subject: purge.id,
    after: { reason: purge.reason, generation: purge.generation, receiptId },
  });
}
