import { composeMail } from "#app/features/messages/compose.server.ts";
import { readSender } from "#app/features/messages/sender.server.ts";
import { readSuppressed } from "#app/features/messages/suppress.server.ts";
import { loadOrders } from "#app/features/orders/orders.server.ts";
import { listReleasesById } from "#app/features/releases/releases.server.ts";
import { getShop } from "#app/features/shops/shops.server.ts";
import type { Mail } from "#app/connectors/channels.ts";
import { forShop } from "#app/platform/db/db.ts";

/**
 * A waiting message as it would leave now; null when it has no order to speak of or nothing planned in it.
 * @throws AppError conflict or invalid as `composeMail` does
 */
export async function previewMessage(shopId: string, messageId: string): Promise<Mail | null> {
  const parts = await forShop(shopId, async (tx) => {
    const message = await tx.message.findUnique({
      where: { shopId_id: { shopId, id: messageId } },
      include: { order: true, sections: { where: { state: "planned" } } },
    });
    if (!message || message.sections.length === 0) return null;
    const shop = await getShop(tx, shopId);
    const [loaded] = await loadOrders(tx, shopId, [message.order]);
    const releases = await listReleasesById(
      tx,
      shopId,
      message.sections.map((section) => section.releaseId),
    );
    if (!loaded) return null;
    const suppressed = await readSuppressed(tx, shopId, loaded.order.buyer ? [loaded.order.buyer] : []);
    const draft = { message, sections: message.sections, pastOptOut: suppressed.size > 0 };
    return { draft, shop, loaded, releases, sender: await readSender(tx, shop) };
  });
  if (!parts) return null;
  const { draft, shop, sender, loaded, releases } = parts;
  const byId = new Map(releases.map((release) => [release.id, release]));
  return composeMail(shop, sender, loaded, draft, byId);
}
