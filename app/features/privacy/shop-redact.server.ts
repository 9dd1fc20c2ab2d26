// Guarantee: `shop/redact` ends in a receipt whether it comes first, twice, late, or for a shop we never knew, and it never erases
// what a shop that has the app has set up.
import { sources } from "#app/connectors/registry.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { stopMessages } from "#app/features/messages/erase.server.ts";
import { happenedAt, recordRequest } from "#app/features/privacy/requests.server.ts";
import { HOUR_MS } from "#app/features/shops/purges.ts";
import { lockShop, OPEN_PURGES, schedulePurge, schedulePurgeOf } from "#app/features/shops/purges.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { NO_TOKEN, withAccess } from "#app/features/shops/tokens.server.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import type { Purge, Shop as ShopRow } from "#app/platform/db/generated/client.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";

/** Shopify could not be asked whether a shop has the app: it is asked again after this. */
const LOOK_AGAIN_MS = HOUR_MS;

/** `shop/redact`: what it asks for is done by a purge. @returns why nothing new was begun, if so */
export async function takeInShopRedact(webhook: Webhook, known: Shop | null): Promise<string | void> {
  return forPlatform("webhooks", async (tx) => {
    const shop = known && (await lockShop(tx, known.id));
    const requestId = await recordRequest(tx, webhook, known?.id ?? null);
    if (!requestId) return "known already";
    // Begun since it was looked up: then nobody's domain is this shop's any more.
    if (!shop || shop.state === "erasing") return eraseAgain(tx, webhook, requestId);
    return shop.state === "installed"
      ? ofInstalled(tx, webhook, shop, requestId)
      : ofUninstalled(tx, webhook, shop, requestId);
  });
}

/** A second pass over every shop that was purged under this domain; of one we never knew, an empty receipt. */
async function eraseAgain(tx: Tx, webhook: Webhook, requestId: string): Promise<string | void> {
  const { shopDomain, receivedAt: since } = webhook;
  const before = await tx.purge.findMany({
    where: { shopDomain, scope: "shop", shopId: { not: null }, state: { in: ["done", ...OPEN_PURGES] } },
    orderBy: { generation: "desc" },
    distinct: ["shopId"],
  });
  const pass = {
    shopDomain,
    scope: "shop",
    reason: "shop_redact",
    requestId,
    since,
    startsAt: since,
  } as const;
  if (before.length === 0) {
    await schedulePurge(tx, { ...pass, shopId: null, generation: 1 });
    return "unknown shop";
  }
  for (const { shopId, generation } of before) await schedulePurge(tx, { ...pass, shopId, generation });
}

/** Its own purge waits for the grace to end: Shopify's word ends it now, unless that word is about an earlier install. */
async function ofUninstalled(
  tx: Tx,
  webhook: Webhook,
  shop: ShopRow,
  requestId: string,
): Promise<string | void> {
  const left = shop.uninstalledAt ?? webhook.receivedAt;
  const waiting = await schedulePurgeOf(tx, shop, left, "shop_redact", requestId);
  if (happenedAt(webhook) < left) return "the shop's purge is under way";
  await tx.purge.update({ where: { id: waiting.id }, data: { startsAt: webhook.receivedAt } });
}

/** Asked for before the present install: that was about those before. Else it must be found out whether the shop is gone. */
async function ofInstalled(tx: Tx, webhook: Webhook, shop: ShopRow, requestId: string): Promise<void> {
  const earlier = happenedAt(webhook) < shop.installedAt;
  await schedulePurge(tx, {
    shopId: shop.id,
    shopDomain: shop.domain,
    scope: earlier ? "generation" : "shop",
    generation: shop.generation,
    reason: "shop_redact",
    requestId,
    state: earlier ? "waiting" : "held",
    since: webhook.receivedAt,
    startsAt: webhook.receivedAt,
  });
}

/**
 * Asks Shopify about a shop that it wants redacted though we never heard that it left. A token that works: it has installed again, and
 * only earlier installs are erased. A token that is refused: the second of two signals, and all of it goes. Neither: asked again later.
 */
export async function lookAtRedacted(purge: Purge, now: Date): Promise<void> {
  const shop = await forPlatform("purge", (tx) => getShop(tx, purge.shopId ?? ""));
  const found = shop.state === "installed" ? await findAccess(shop, now) : "refused";
  await forPlatform("purge", async (tx) => {
    const row = await lockShop(tx, shop.id);
    const open = await tx.purge.findFirst({ where: { id: purge.id, state: "held" } });
    if (!row || !open) return;
    if (found === "refused") return beginAtOnce(tx, row, open, now);
    if (found === "works") return eraseEarlier(tx, row, open);
    await tx.purge.update({
      where: { id: open.id },
      data: { startsAt: new Date(now.getTime() + LOOK_AGAIN_MS) },
    });
  });
}

/** The question is answered: what is to be done is a purge of its own, or one that waits already. */
async function eraseEarlier(tx: Tx, shop: ShopRow, asked: Purge): Promise<void> {
  await tx.purge.delete({ where: { id: asked.id } });
  await schedulePurge(tx, {
    shopId: shop.id,
    shopDomain: shop.domain,
    scope: "generation",
    generation: shop.generation,
    reason: "shop_redact",
    requestId: asked.requestId,
    since: asked.since,
    startsAt: asked.since,
  });
}

async function beginAtOnce(tx: Tx, shop: ShopRow, purge: Purge, now: Date): Promise<void> {
  const left = await uninstallShop(tx, shop.id, now, { actor: "system", reason: "shop_redact" });
  if (left === "left") await stopMessages(tx, shop.id, now);
  const { since, deadlineAt } = purge;
  await tx.purge.update({
    where: { id: purge.id },
    data: { state: "waiting", startsAt: now, since, deadlineAt },
  });
}

async function findAccess(shop: Shop, now: Date): Promise<"works" | "refused" | "unknown"> {
  try {
    await withAccess(shop, now, (access) => sources.shopify.readStore(access));
    return "works";
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof AppError)) throw error;
    const connection = await forShop(shop.id, (tx) =>
      tx.connection.findFirst({ where: { shopId: shop.id, source: "shopify" } }),
    );
    // Without a token there was nothing that Shopify could have refused; and what we revoked ourselves says nothing.
    return connection?.state === "refused" && connection.stateReason !== NO_TOKEN ? "refused" : "unknown";
  }
}
