// Guarantee: tokens are gone, sending is off, what waited is cancelled and the purge is on its way, in one transaction or none of it.
import { happenedAt, recordRequest } from "#app/features/privacy/requests.server.ts";
import { stopMessages } from "#app/features/messages/erase.server.ts";
import { raiseGeneration } from "#app/features/orders/orders.server.ts";
import { schedulePurge } from "#app/features/shops/purges.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";

/** `app/uninstalled`: stops everything of the shop at once. @returns why nothing was done, if so */
export async function takeInUninstall(webhook: Webhook, shop: Shop | null): Promise<string | void> {
  const at = happenedAt(webhook);
  return forPlatform("webhooks", async (tx) => {
    const leaving = shop ? await uninstallShop(tx, shop.id, at) : "stale";
    if (shop && leaving === "returned") await partInstalls(tx, shop.id, at);
    if (shop?.state === "installed" && leaving !== "left") return "installed again since";
    await recordRequest(tx, webhook, shop?.id ?? null);
    if (shop && leaving === "left") await stopMessages(tx, shop.id, webhook.receivedAt);
    return shop ? undefined : "unknown shop";
  });
}

/** Only now it is known where the present install begins: its orders are told apart, and an erasure asked for meanwhile can be done. */
async function partInstalls(tx: Tx, shopId: string, at: Date): Promise<void> {
  const { generation, domain } = await getShop(tx, shopId);
  await raiseGeneration(tx, shopId, at, generation);
  const request = await tx.privacyRequest.findFirst({
    where: { shopDomain: domain, kind: "shop/redact", receivedAt: { gt: at } },
    orderBy: { receivedAt: "asc" },
  });
  if (!request) return;
  await schedulePurge(tx, {
    shopId,
    shopDomain: domain,
    scope: "generation",
    generation,
    reason: "shop_redact",
    requestId: request.id,
    since: request.receivedAt,
    startsAt: request.receivedAt,
  });
}
