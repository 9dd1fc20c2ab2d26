// Guarantee: whatever order parts arrive in, how often and from where, the order ends up the same and is planned with all that is known.
import { sources } from "#app/connectors/registry.ts";
import type { OrderParts } from "#app/connectors/orders.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { isAnyLive, listServingReleases } from "#app/features/releases/releases.server.ts";
import { needsCustomerAccess } from "#app/features/triggers/triggers.ts";
import { planOrder } from "#app/features/messages/schedule.server.ts";
import {
  listUnreadProducts,
  holdsVersion,
  markProductStale,
  mergeIn,
  productIdsOf,
  saveProducts,
} from "#app/features/orders/orders.server.ts";
import { getConnection, markReconciled } from "#app/features/shops/connections.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import type { OrderDocument } from "#app/features/orders/orders.ts";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import type { Connection } from "#app/platform/db/generated/client.ts";
import { log } from "#app/platform/log.ts";
import { describeFailure } from "#app/platform/errors.ts";

type UpdatedOrders = Awaited<ReturnType<typeof sources.shopify.listUpdatedOrders>>;

/** Facts of a product older than this are read again when an order needs them. */
const FACTS_LAST_MS = 24 * 3_600_000;

/**
 * The door for orders: webhooks and reconciliation come through here.
 * Merges the parts, asks the source for what is missing, plans. Safe to repeat.
 * @throws SourceError when the source has to be asked and does not answer; what has arrived is stored by then
 */
export async function takeInOrder(shop: Shop, parts: OrderParts, now: Date): Promise<void> {
  let lacking = await mergeAndPlan(shop, parts, now);
  if (lacking.order) {
    const source = sources[parts.source as keyof typeof sources];
    const whole = await withAccess(shop, now, (access) => source.readOrder(access, parts.externalId));
    if (whole) lacking = await mergeAndPlan(shop, whole, now, true);
  }
  if (lacking.orderId === null) return planOthers(shop, lacking.stoodBack, now);
  const { orderId, products } = lacking;
  if (products.length > 0) {
    const facts = await withAccess(shop, now, (access) => sources.shopify.readProducts(access, products));
    await forShop(shop.id, (tx) => saveProducts(tx, shop.id, products, facts, now));
  }
  // The settings may have changed while the source was asked.
  await planOthers(shop, [orderId], now);
}

/** Plans orders one by one, and those that this sets free. */
async function planOthers(shop: Shop, orderIds: string[], now: Date): Promise<void> {
  const seen = new Set(orderIds);
  for (const orderId of seen) {
    const freed = await forShop(shop.id, async (tx) =>
      planOrder(tx, await getShop(tx, shop.id), orderId, now),
    );
    for (const id of freed) seen.add(id);
  }
}

/** What has to be asked for before an order can be planned; without `orderId` it has been planned, or is none of ours any more. */
type Lacking =
  | { orderId: string; order: boolean; products: string[] }
  | { orderId: null; order: false; stoodBack: string[] };

/** Merges, and plans at once where nothing has to be asked for first; else says what. `asked`: the source's own answer. */
async function mergeAndPlan(shop: Shop, parts: OrderParts, now: Date, asked = false): Promise<Lacking> {
  return forShop(shop.id, async (tx) => {
    const connection = await getConnection(tx, shop.id, parts.source);
    const merged = await mergeIn(tx, shop.id, connection.id, await asFarAsNeeded(tx, shop.id, parts), now);
    if (!merged) return { orderId: null, order: false, stoodBack: [] };
    const { orderId, document, disputed } = merged;
    const order =
      !asked &&
      !document.deleted &&
      (disputed || document.header === null || (await lacksCustomer(tx, shop.id, connection, document)));
    const oldest = new Date(now.getTime() - FACTS_LAST_MS);
    const products = await listUnreadProducts(tx, shop.id, productIdsOf(document), oldest);
    if (order || products.length > 0) return { orderId, order, products };
    const stoodBack = await planOrder(tx, await getShop(tx, shop.id), orderId, now);
    return { orderId: null, order: false, stoodBack };
  });
}

/** Who bought is nobody's business while nothing is switched on: what goes live later leaves earlier orders alone. */
async function asFarAsNeeded(tx: Tx, shopId: string, parts: OrderParts): Promise<OrderParts> {
  if (!parts.person || (await isAnyLive(tx, shopId))) return parts;
  const { person: _, ...rest } = parts;
  return rest;
}

/** Webhooks carry no customer tags. Where a live trigger asks for them and the shop lets us see them, the order is read whole. */
async function lacksCustomer(
  tx: Tx,
  shopId: string,
  connection: Connection,
  { header }: OrderDocument,
): Promise<boolean> {
  if (header?.customerTags !== null || !connection.scopes.includes("read_customers")) return false;
  const releases = await listServingReleases(tx, shopId);
  return releases.some((release) => needsCustomerAccess(release.content.trigger.definition));
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
    for (const parts of page.orders) await takeInOrNote(shop, parts, now);
    count += page.orders.length;
    next = page.next;
  } while (next);
  await forShop(shop.id, (tx) => markReconciled(tx, shop.id, connection.id, now));
  return count;
}

/** One order that cannot be taken in holds up no other; a source that does not answer holds up all. */
async function takeInOrNote(shop: Shop, parts: OrderParts, now: Date): Promise<void> {
  try {
    await takeInOrder(shop, parts, now);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    log.error({ shop: shop.id, error: describeFailure(error) }, "an order could not be taken in");
  }
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
      log[level]({ shop: shop.id, error: describeFailure(error) }, "orders not reconciled");
    }
  }
}
