// Guarantee: whatever order parts arrive in, how often and from where, the order ends up the same and is planned with all that is known.
import { sources } from "#app/connectors/registry.ts";
import type { OrderParts } from "#app/connectors/orders.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { planOrder } from "#app/features/messages/schedule.server.ts";
import {
  documentOf,
  getConnection,
  listUnreadProducts,
  mergeIn,
  productIdsOf,
  saveProducts,
} from "#app/features/orders/orders.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import { forShop } from "#app/platform/db/db.ts";
import { log } from "#app/platform/log.ts";
import { describeError } from "#app/platform/errors.ts";

/** Facts of a product older than this are read again when an order needs them. */
const FACTS_LAST_MS = 24 * 3_600_000;

/**
 * The door for orders: webhooks and reconciliation come through here.
 * Merges the parts, asks the source for what is missing, plans. Safe to repeat.
 * @throws SourceError when the source has to be asked and does not answer; what has arrived is stored by then
 */
export async function takeInOrder(shop: Shop, parts: OrderParts, now: Date): Promise<void> {
  const merged = await merge(shop, parts);
  const orderId = merged.mustRead ? await readAgain(shop, parts, merged.orderId, now) : merged.orderId;
  await readMissingProducts(shop, orderId, now);
  // The settings may have changed while the source was asked.
  await forShop(shop.id, async (tx) => planOrder(tx, await getShop(tx, shop.id), orderId, now));
}

function merge(shop: Shop, parts: OrderParts) {
  return forShop(shop.id, async (tx) =>
    mergeIn(tx, shop.id, (await getConnection(tx, shop.id, parts.source)).id, parts),
  );
}

async function readAgain(shop: Shop, parts: OrderParts, orderId: string, now: Date): Promise<string> {
  const source = sources[parts.source as keyof typeof sources];
  const whole = await withAccess(shop, now, (access) => source.readOrder(access, parts.externalId));
  return whole ? (await merge(shop, whole)).orderId : orderId;
}

async function readMissingProducts(shop: Shop, orderId: string, now: Date): Promise<void> {
  const missing = await forShop(shop.id, async (tx) => {
    const row = await tx.order.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id: orderId } } });
    return listUnreadProducts(
      tx,
      shop.id,
      productIdsOf(documentOf(row)),
      new Date(now.getTime() - FACTS_LAST_MS),
    );
  });
  if (missing.length === 0) return;
  const facts = await withAccess(shop, now, (access) => sources.shopify.readProducts(access, missing));
  await forShop(shop.id, (tx) => saveProducts(tx, shop.id, missing, facts, now));
}

/** Reads orders changed since the last time, a little overlapping, through the same door. Returns how many there were. */
export async function reconcileOrders(shop: Shop, now: Date): Promise<number> {
  const connection = await forShop(shop.id, (tx) => getConnection(tx, shop.id, "shopify"));
  const from = connection.reconciledUntil ?? shop.installedAt;
  const since = new Date(from.getTime() - OVERLAP_MS).toISOString();
  let cursor: string | null = null;
  let count = 0;
  do {
    const after: string | null = cursor;
    const page = await withAccess(shop, now, (access) =>
      sources.shopify.listUpdatedOrders(access, since, after),
    );
    for (const parts of page.orders) await takeInOrder(shop, parts, now);
    count += page.orders.length;
    cursor = page.next;
  } while (cursor);
  await forShop(shop.id, (tx) =>
    tx.connection.update({
      where: { shopId_id: { shopId: shop.id, id: connection.id } },
      data: { reconciledUntil: now },
    }),
  );
  return count;
}

/** Shopify's index of orders lags behind; what changed within this time before the last read is looked at again. */
const OVERLAP_MS = 10 * 60_000;

/** Reconciles every shop that is installed; one that does not answer holds up no other. */
export async function reconcileAll(shops: Shop[], now: Date): Promise<void> {
  for (const shop of shops) {
    try {
      const count = await reconcileOrders(shop, now);
      log.info({ shop: shop.id, orders: count }, "orders reconciled");
    } catch (error) {
      const level = error instanceof SourceError ? "warn" : "error";
      log[level]({ shop: shop.id, error: describeError(error) }, "orders not reconciled");
    }
  }
}
