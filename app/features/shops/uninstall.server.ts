// Guarantee: an uninstall that is older than the install we hold changes nothing.
import { recordAudit } from "#app/features/audit/audit.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** Clocks of Shopify and ours may differ by this much, in milliseconds. */
const SKEW_MS = 10_000;

/**
 * The shop's part of an uninstall: state, sending and tokens.
 * @param at when Shopify says it happened
 * @returns false, and nothing changed, when the shop was installed again after that or is uninstalled already
 */
export async function uninstallShop(tx: Tx, shopId: string, at: Date): Promise<boolean> {
  // Waits for an install under way, and makes one that comes later wait for us.
  await tx.$queryRaw`SELECT 1 FROM shops WHERE id = ${shopId}::uuid FOR UPDATE`;
  const shop = await tx.shop.findUnique({ where: { id: shopId } });
  if (!shop || shop.state !== "installed" || shop.installedAt > at) return false;
  if (await gotTokenSince(tx, shopId, at)) return false;
  await tx.shop.update({
    where: { id: shopId },
    data: { state: "uninstalled", uninstalledAt: at, sending: false, pauseReason: "uninstalled" },
  });
  await tx.session.deleteMany({ where: { shopId } });
  await tx.connection.updateMany({
    where: { shopId, source: "shopify" },
    data: { state: "removed", stateReason: "uninstalled", stateSince: at },
  });
  await recordAudit(tx, shopId, {
    actor: "shopify",
    action: "shop.uninstalled",
    before: { sending: shop.sending },
    after: { uninstalledAt: at.toISOString() },
  });
  return true;
}

/**
 * A shop that comes back before we heard that it left looks as if it had never gone. But Shopify gives no token to a shop without
 * the app, so a token from after the uninstall proves a new install.
 */
async function gotTokenSince(tx: Tx, shopId: string, at: Date): Promise<boolean> {
  const since = new Date(at.getTime() + SKEW_MS);
  const session = await tx.session.findFirst({
    where: { shopId, online: false, updatedAt: { gt: since } },
    select: { id: true },
  });
  return session !== null;
}
