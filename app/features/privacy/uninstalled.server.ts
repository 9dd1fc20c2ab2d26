// Guarantee: tokens are gone, sending is off and what waited is cancelled in one transaction, or none of it.
import { recordRequest } from "#app/features/privacy/requests.server.ts";
import { cancelWaiting } from "#app/features/messages/schedule.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";

/** `app/uninstalled`: stops everything of the shop at once. @returns why nothing was done, if so */
export async function takeInUninstall(webhook: Webhook, shop: Shop | null): Promise<string | void> {
  const at = webhook.triggeredAt ?? webhook.receivedAt;
  return forPlatform("webhooks", async (tx) => {
    const left = shop !== null && (await uninstallShop(tx, shop.id, at));
    if (shop?.state === "installed" && !left) return "installed again since";
    await recordRequest(tx, webhook, shop?.id ?? null);
    if (left) await cancelWaiting(tx, shop.id, "uninstalled", webhook.receivedAt);
    return shop ? undefined : "unknown shop";
  });
}
