// Guarantee: whatever order parts arrive in, how often and from where, the order ends up the same and is planned with all that is known.
import { sources } from "#app/connectors/registry.ts";
import type { OrderParts } from "#app/connectors/orders.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { listLiveReleases } from "#app/features/releases/releases.server.ts";
import { needsCustomerAccess } from "#app/features/triggers/triggers.ts";
import { planOrder } from "#app/features/messages/schedule.server.ts";
import {
  documentOf,
  listUnreadProducts,
  holdsVersion,
  markProductStale,
  mergeIn,
  productIdsOf,
  saveProducts,
} from "#app/features/orders/orders.server.ts";
import { getConnection, markReconciled } from "#app/features/shops/connections.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import { forShop } from "#app/platform/db/db.ts";
import { log } from "#app/platform/log.ts";
import { describeError } from "#app/platform/errors.ts";

type UpdatedOrders = Awaited<ReturnType<typeof sources.shopify.listUpdatedOrders>>;

/** Facts of a product older than this are read again when an order needs them. */
const FACTS_LAST_MS = 24 * 3_600_000;

/**
 * The door for orders: webhooks and reconciliation come through here.
 * Merges the parts, asks the source for what is missing, plans. Safe to repeat.
 * @throws SourceError when the source has to be asked and does not answer; what has arrived is stored by then
 */
export async function takeInOrder(shop: Shop, parts: OrderParts, now: Date): Promise<void> {
  const merged = await merge(shop, parts);
  const mustRead = merged.mustRead || (await lacksCustomer(shop, merged.orderId));
  const orderId = mustRead ? await readAgain(shop, parts, merged.orderId, now) : merged.orderId;
  await readMissingProducts(shop, orderId, now);
  // The settings may have changed while the source was asked.
  await forShop(shop.id, async (tx) => planOrder(tx, await getShop(tx, shop.id), orderId, now));
}

function merge(shop: Shop, parts: OrderParts) {
  return forShop(shop.id, async (tx) =>
    mergeIn(tx, shop.id, (await getConnection(tx, shop.id, parts.source)).id, parts),
  );
}

/** Webhooks carry no customer tags. Where a live trigger asks for them and the shop lets us see them, the order is read whole. */
async function lacksCustomer(shop: Shop, orderId: string): Promise<boolean> {
  return forShop(shop.id, async (tx) => {
    const row = await tx.order.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id: orderId } } });
    const { header, deleted } = documentOf(row);
    if (deleted || !header || header.customerTags !== null) return false;
    const { scopes } = await getConnection(tx, shop.id, "shopify");
    if (!scopes.includes("read_customers")) return false;
    const releases = await listLiveReleases(tx, shop.id);
    return releases.some((release) => needsCustomerAccess(release.content.trigger.definition));
  });
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

/**
 * Finds what webhooks lost: orders changed since the last time, a little overlapping, whose version we do not hold. They come
 * in through the same door. @returns how many those were
 */
export async function reconcileOrders(shop: Shop, now: Date): Promise<number> {
  const connection = await forShop(shop.id, (tx) => getConnection(tx, shop.id, "shopify"));
  const from = connection.reconciledUntil ?? shop.installedAt;
  const since = new Date(from.getTime() - OVERLAP_MS).toISOString();
  const isKnown = (externalId: string, version: string) =>
    forShop(shop.id, (tx) => holdsVersion(tx, shop.id, connection.id, externalId, version));
  let next: string | null = null;
  let count = 0;
  do {
    const cursor: string | null = next;
    const page: UpdatedOrders = await withAccess(shop, now, (access) =>
      sources.shopify.listUpdatedOrders(access, since, cursor, isKnown),
    );
    for (const parts of page.orders) await takeInOrder(shop, parts, now);
    count += page.orders.length;
    next = page.next;
  } while (next);
  await forShop(shop.id, (tx) => markReconciled(tx, shop.id, connection.id, now));
  return count;
}

/** A product changed or went: what we hold of it is read anew, so that waiting messages show today's facts. */
export async function refreshProduct(shop: Shop, productId: string, now: Date): Promise<void> {
  const held = await forShop(shop.id, (tx) => markProductStale(tx, shop.id, productId));
  if (!held) return;
  const facts = await withAccess(shop, now, (access) => sources.shopify.readProducts(access, [productId]));
  await forShop(shop.id, (tx) => saveProducts(tx, shop.id, [productId], facts, now));
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
