// Guarantee: an uninstall that is older than the install we hold takes nothing away; one that counts brings its purge with it.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import type { PurgeReason } from "#app/features/shops/purges.ts";
import { lockShop, schedulePurgeOf } from "#app/features/shops/purges.server.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { appendJournal } from "#app/platform/journal.ts";

/** Clocks of Shopify and ours may differ by this much, in milliseconds. */
const SKEW_MS = 10_000;

/**
 * What an uninstall came to: `left` it is, `returned` since (the install before the present one has just become known), or `stale`:
 * installed again after that, or uninstalled already.
 */
export type Leaving = "left" | "returned" | "stale";

/**
 * The shop's part of an uninstall: state, sending, tokens, and the purge that follows.
 * @param at when Shopify says it happened
 */
export async function uninstallShop(
  tx: Tx,
  shopId: string,
  at: Date,
  by: { actor: Actor; reason: PurgeReason } = { actor: "shopify", reason: "uninstalled" },
): Promise<Leaving> {
  const shop = await lockShop(tx, shopId);
  if (!shop || shop.state !== "installed" || shop.installedAt > at) return "stale";
  const since = new Date(at.getTime() + SKEW_MS);
  if (await gotTokenSince(tx, shopId, since)) {
    // Told again, it is older than this install.
    await tx.shop.update({
      where: { id: shopId },
      data: { generation: { increment: 1 }, installedAt: since },
    });
    const after = { generation: shop.generation + 1 };
    await recordAudit(tx, shopId, { actor: "system", action: "shop.returned", after });
    return "returned";
  }
  await tx.shop.update({
    where: { id: shopId },
    data: {
      state: "uninstalled",
      uninstalledAt: at,
      returnedAt: null,
      sending: false,
      pauseReason: "uninstalled",
    },
  });
  await appendJournal({ kind: "uninstalled", at: at.toISOString(), shopId });
  await tx.session.deleteMany({ where: { shopId } });
  await tx.connection.updateMany({
    where: { shopId, source: "shopify" },
    data: { state: "removed", stateReason: "uninstalled", stateSince: at },
  });
  const purge = await schedulePurgeOf(tx, shop, at, by.reason);
  await recordAudit(tx, shopId, {
    actor: by.actor,
    action: "shop.uninstalled",
    before: { sending: shop.sending },
    after: {
      uninstalledAt: at.toISOString(),
      purgeStartsAt: purge.startsAt.toISOString(),
      purgeDeadlineAt: purge.deadlineAt.toISOString(),
    },
  });
  return "left";
}

/**
 * A shop that comes back before we heard that it left looks as if it had never gone. But Shopify gives no token to a shop without
 * the app, so a token from after the uninstall proves a new install.
 */
async function gotTokenSince(tx: Tx, shopId: string, since: Date): Promise<boolean> {
  const session = await tx.session.findFirst({
    where: { shopId, online: false, updatedAt: { gt: since } },
    select: { id: true },
  });
  return session !== null;
}
