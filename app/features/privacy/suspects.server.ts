// Guarantee: a dead token is a suspicion and never an uninstall: it stops nothing that is not stopped, tells people, and erases nothing.
import { recordAudit, recordPlatformAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { stopMessages } from "#app/features/messages/erase.server.ts";
import { HOUR_MS } from "#app/features/shops/purges.ts";
import { lockShop, schedulePurge } from "#app/features/shops/purges.server.ts";
import { findShopByDomain, setSending } from "#app/features/shops/shops.server.ts";
import { NO_TOKEN } from "#app/features/shops/tokens.server.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** A token must have been refused for so long before anybody suspects that the shop has left. */
const REFUSED_MS = 24 * HOUR_MS;
/** More suspects than this within an hour are no merchants who leave, but something that is wrong on our side or on Shopify's. */
const MOST_SUSPECTS = 3;

/** Looks for shops that may have left without our hearing of it, and drops the suspicion of those whose token works again. */
export async function suspectUninstalls(now: Date): Promise<void> {
  await forPlatform("purge", async (tx) => {
    // One worker at a time counts the suspects of an hour.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('suspects', 0))`;
    await clear(tx, now);
    const suspects = await listSuspects(tx, now);
    if (suspects.length === 0) return;
    const known = await tx.purge.count({
      where: { reason: "suspected", createdAt: { gt: new Date(now.getTime() - HOUR_MS) } },
    });
    const many = known + suspects.length > MOST_SUSPECTS;
    if (many) await holdPurging(tx, known + suspects.length, now);
    for (const { shopId, stateSince } of suspects) await suspect(tx, shopId, stateSince, !many, now);
  });
}

/** Refused by Shopify itself: shops that are frozen or closed, outages, a wrong secret of ours and our own revocations never get there. */
function listSuspects(tx: Tx, now: Date) {
  return tx.$queryRaw<{ shopId: string; stateSince: Date }[]>`
    SELECT c.shop_id AS "shopId", c.state_since AS "stateSince" FROM connections c JOIN shops s ON s.id = c.shop_id
    WHERE c.source = 'shopify' AND c.state = 'refused' AND c.state_reason <> ${NO_TOKEN}
      AND c.state_since <= ${new Date(now.getTime() - REFUSED_MS)} AND s.state = 'installed'
      AND NOT EXISTS (SELECT 1 FROM purges p WHERE p.shop_id = s.id AND p.scope = 'shop' AND p.state IN ('waiting', 'running', 'held'))
    ORDER BY c.state_since LIMIT 500`;
}

/** @param tell whether the merchant is told: not of what is probably a mistake about many at once */
async function suspect(tx: Tx, shopId: string, since: Date, tell: boolean, now: Date): Promise<void> {
  const shop = await lockShop(tx, shopId);
  if (shop?.state !== "installed") return;
  await schedulePurge(tx, {
    shopId,
    shopDomain: shop.domain,
    scope: "shop",
    generation: shop.generation,
    reason: "suspected",
    state: "held",
    since,
    startsAt: now,
  });
  await setSending(tx, shopId, false, "system", "suspected");
  await recordAudit(tx, shopId, {
    actor: "system",
    action: "purge.suspected",
    after: { refusedSince: since.toISOString() },
  });
  log.warn(
    { shop: shopId, refusedSince: since },
    "the shop may have left: its token has been refused for a day",
  );
  if (!tell) return;
  const facts = { shop: shop.domain, since: since.toISOString() };
  const key = `uninstall_suspected ${shopId} ${facts.since}`;
  await enqueueNotice(tx, { shopId, kind: "uninstall_suspected", facts, key, now });
  await enqueueNotice(tx, { shopId: null, kind: "shop_unreachable", facts, key, now });
}

async function clear(tx: Tx, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE purges p SET state = 'cancelled', finished_at = ${now}
    WHERE p.reason = 'suspected' AND p.state = 'held'
      AND EXISTS (SELECT 1 FROM connections c WHERE c.shop_id = p.shop_id AND c.source = 'shopify' AND c.state = 'ok')`;
}

/** Stops all purging that no person asked for, until a person lifts it. */
async function holdPurging(tx: Tx, shops: number, now: Date): Promise<void> {
  const reason = `${shops} shops refused our token at once`;
  const { count } = await tx.purgeHold.createMany({ data: [{ reason, since: now }], skipDuplicates: true });
  if (count === 0) return;
  await recordPlatformAudit(tx, { actor: "system", action: "purge.held", after: { reason } });
  await enqueueNotice(tx, {
    shopId: null,
    kind: "purges_stopped",
    facts: { shops },
    key: `purges_stopped ${now.toISOString()}`,
    now,
  });
  log.error({ reason }, "purging is held: look why, then lift it with npm run purge:lift");
}

/** @returns whether purging was held */
export async function liftHold(actor: Actor, now: Date): Promise<boolean> {
  return forPlatform("purge", async (tx) => {
    const { count } = await tx.purgeHold.updateMany({
      where: { liftedAt: null },
      data: { liftedAt: now, liftedBy: actor },
    });
    if (count > 0) await recordPlatformAudit(tx, { actor, action: "purge.hold_lifted" });
    return count > 0;
  });
}

/**
 * A person vouches that a shop has left: it is uninstalled from now on, and purged after the grace.
 * @returns when the purge begins. @throws AppError not_found, conflict when it is being purged or has left already
 */
export async function confirmUninstall(shopDomain: string, actor: Actor, now: Date): Promise<Date> {
  return forPlatform("purge", async (tx) => {
    const shop = await findShopByDomain(tx, shopDomain);
    if (!shop) throw new AppError("not_found", "no shop has this domain");
    const leaving = await uninstallShop(tx, shop.id, now, { actor, reason: "confirmed" });
    if (leaving !== "left")
      throw new AppError("conflict", "the shop has left already, or has just come back");
    await stopMessages(tx, shop.id, now);
    await recordPlatformAudit(tx, { actor, action: "purge.confirmed", shopId: shop.id });
    const purge = await tx.purge.findFirstOrThrow({
      where: { shopId: shop.id, scope: "shop", state: "waiting" },
    });
    return purge.startsAt;
  });
}
