// Guarantee: what a reviewer is told before approving is worked out by plan(), the same that decides afterwards; who bought is asked
// of the source only for orders that then get a message.
import { sources } from "#app/connectors/registry.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { takeInOrder } from "#app/features/messages/intake.server.ts";
import { plan, type PlanRelease } from "#app/features/messages/plan.ts";
import { planOrder, readHistories, toPlanRelease } from "#app/features/messages/schedule.server.ts";
import { countWaiting } from "#app/features/messages/waiting.server.ts";
import { loadOrders, type LoadedOrder } from "#app/features/orders/orders.server.ts";
import { listServingReleases, type Release } from "#app/features/releases/releases.server.ts";
import { markIncluded } from "#app/features/releases/review.server.ts";
import { INCLUDED_DAYS, succeed, type Approval } from "#app/features/releases/releases.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import type { Order } from "#app/platform/db/generated/client.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

const AT_ONCE = 200;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** What an approval would do. `included`: paid orders not delivered yet that would get the message, by what becomes of what waits. */
export type ApprovalCounts = { waiting: number; included: Record<Approval["waiting"], number> };

/** Counts what would wait on, and be included in, a release in review. */
export async function countForApproval(
  tx: Tx,
  shop: Shop,
  release: Release,
  now: Date,
): Promise<ApprovalCounts> {
  const included = { stay: 0, move: 0 };
  const serving = (await listServingReleases(tx, shop.id)).filter(
    ({ triggerId }) => triggerId === release.triggerId,
  );
  const after = (waiting: Approval["waiting"]) => {
    const { before, next } = succeed(serving, { waiting, includePaid: true }, now);
    return [...before, { ...release, ...next }].map((each) => toPlanRelease(each, shop.installedAt));
  };
  const plans = { stay: after("stay"), move: after("move") };
  const from = new Date(now.getTime() - INCLUDED_DAYS * 86_400_000);
  for await (const rows of pagesOf((last) => listWindow(tx, shop.id, from, now, last))) {
    const loaded = await loadOrders(tx, shop.id, rows);
    const histories = await readHistories(tx, shop.id, loaded);
    const known = await tx.section.findMany({
      where: {
        shopId: shop.id,
        triggerId: release.triggerId,
        orderId: { in: rows.map(({ id }) => id) },
        state: { in: ["planned", "frozen", "stopped"] },
      },
      select: { orderId: true },
    });
    const held = new Set(known.map(({ orderId }) => orderId));
    for (const item of loaded.filter(({ order }) => !held.has(order.id))) {
      const history = histories.get(item.order.id);
      for (const waiting of ["stay", "move"] as const)
        if (history && answers(shop, item, plans[waiting], history, release.id, now)) included[waiting]++;
    }
  }
  return { waiting: await countWaiting(tx, shop.id, [release.triggerId]), included };
}

/** Plans the orders that approvals included, until none is left. @returns how many those were */
export async function planIncluded(now: Date): Promise<number> {
  const due = await forPlatform("dispatch", (tx) =>
    tx.release.findMany({
      where: { state: "live", includedFrom: { not: null }, includedAt: null },
      select: { shopId: true, id: true },
      orderBy: { reviewedAt: "asc" },
    }),
  );
  let count = 0;
  for (const { shopId, id } of due) {
    try {
      count += await includeInto(shopId, id, now);
    } catch (error) {
      // Another shop's are not held up; these are tried again in the next round.
      const level = error instanceof SourceError ? "warn" : "error";
      log[level]({ shop: shopId, release: id, error: describeFailure(error) }, "orders not included");
    }
  }
  return count;
}

async function includeInto(shopId: string, releaseId: string, now: Date): Promise<number> {
  const { shop, live } = await forShop(shopId, async (tx) => ({
    shop: await getShop(tx, shopId),
    live: await listServingReleases(tx, shopId),
  }));
  const release = live.find(({ id }) => id === releaseId);
  if (!release?.includedFrom || !release.reviewedAt) return 0;
  const { includedFrom, reviewedAt } = release;
  const releases = live
    .filter(({ triggerId }) => triggerId === release.triggerId)
    .map((each) => toPlanRelease(each, shop.installedAt));
  let count = 0;
  const page = (last: string) =>
    forShop(shopId, (tx) => listWindow(tx, shopId, includedFrom, reviewedAt, last));
  for await (const rows of pagesOf(page)) {
    for (const row of rows) {
      const unknown = await forShop(shopId, async (tx) => {
        if (row.personSealed || row.erasedAt) return false;
        const loaded = await loadOrders(tx, shopId, [row]);
        const history = (await readHistories(tx, shopId, loaded)).get(row.id);
        return !!loaded[0] && !!history && answers(shop, loaded[0], releases, history, releaseId, now);
      });
      const whole = unknown
        ? await withAccess(shop, now, (access) => sources.shopify.readOrder(access, row.externalId))
        : null;
      if (whole) await takeInOrder(shop, whole, now);
      else await forShop(shopId, async (tx) => planOrder(tx, await getShop(tx, shopId), row.id, now));
      count++;
    }
  }
  await forShop(shopId, (tx) => markIncluded(tx, shopId, releaseId, now));
  return count;
}

/** Whether this release would write to the order's buyer, were the buyer known. */
function answers(
  shop: Shop,
  { order, row }: LoadedOrder,
  releases: PlanRelease[],
  history: Parameters<typeof plan>[0]["history"],
  releaseId: string,
  now: Date,
): boolean {
  // Of orders from before anything was switched on nobody was kept; the source still knows them.
  const recipient = row.personSealed ? order.recipient : "ok";
  const decisions = plan({
    order: { ...order, recipient },
    releases,
    settings: shop.settings,
    history,
    now,
  });
  return decisions.some((decision) => decision.releaseId === releaseId && decision.kind !== "skip");
}

function listWindow(tx: Tx, shopId: string, from: Date, until: Date, after: string): Promise<Order[]> {
  return tx.order.findMany({
    where: { shopId, placedAt: { gte: from, lt: until }, erasedAt: null, id: { gt: after } },
    orderBy: { id: "asc" },
    take: AT_ONCE,
  });
}

async function* pagesOf(read: (last: string) => Promise<Order[]>): AsyncGenerator<Order[]> {
  for (let last = FIRST; ;) {
    const rows = await read(last);
    if (rows.length > 0) yield rows;
    if (rows.length < AT_ONCE) return;
    last = rows.at(-1)!.id;
  }
}
