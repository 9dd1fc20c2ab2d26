// Guarantee: what is stored for an order is what plan() concluded, in the caller's transaction; what has left is never touched.
import { listServingReleases, type Release } from "#app/features/releases/releases.server.ts";
import {
  loadOrders,
  lockOrder,
  saveDecisions,
  type LoadedOrder,
} from "#app/features/orders/orders.server.ts";
import { changesOf, isDone, type Changes, type StoredSection } from "#app/features/messages/changes.ts";
import { readSuppressed } from "#app/features/messages/suppress.server.ts";
import type { MessageReason, Timeline, TimelineEntry } from "#app/features/messages/messages.ts";
import {
  plan,
  type Decision,
  type PlanHistory,
  type PlanRelease,
  type SkipReason,
} from "#app/features/messages/plan.ts";
import type { Service } from "#app/features/releases/releases.ts";
import { saveMessages, saveSections } from "#app/features/messages/store.server.ts";
import type { ShopSettings } from "#app/features/shops/settings.ts";
import { canonicalJson } from "#app/platform/crypto/crypto.ts";
import type { Message } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export const DUE_CHANNEL = "messages_due";

export type PlannedShop = { id: string; settings: ShopSettings; installedAt: Date };

/**
 * Plans one order anew with what is live now. Does nothing while the order's header has not arrived.
 * @returns other orders of the buyer that stood back for a message which is not coming now: plan them too, in transactions of
 * their own (two orders locked at once could wait for each other)
 */
export async function planOrder(tx: Tx, shop: PlannedShop, orderId: string, now: Date): Promise<string[]> {
  const row = await lockOrder(tx, shop.id, orderId);
  const [loaded] = await loadOrders(tx, shop.id, [row]);
  if (!loaded) return [];
  const before = await countPlanned(tx, shop.id, orderId);
  await planLoaded(tx, shop, [loaded], await listServingReleases(tx, shop.id), now);
  const fewer = (await countPlanned(tx, shop.id, orderId)) < before;
  return fewer ? listStoodBack(tx, shop.id, loaded.order) : [];
}

function countPlanned(tx: Tx, shopId: string, orderId: string): Promise<number> {
  return tx.section.count({ where: { shopId, orderId, state: "planned" } });
}

async function listStoodBack(tx: Tx, shopId: string, { id, buyer }: LoadedOrder["order"]): Promise<string[]> {
  if (!buyer) return [];
  const stoodBack = [{ kind: "skip", reason: "already_sent_to_buyer" satisfies SkipReason }];
  const madeRoom = [{ kind: "send", deferred: "frequency_cap" }];
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM orders
    WHERE shop_id = ${shopId}::uuid AND buyer_index = ${buyer} AND id <> ${id}::uuid
      AND (decisions -> 'decisions' @> ${JSON.stringify(stoodBack)}::jsonb OR decisions -> 'decisions' @> ${JSON.stringify(madeRoom)}::jsonb)
    ORDER BY placed_at LIMIT 20`;
  return rows.map((row) => row.id);
}

/** Plans orders whose rows the caller has locked, and stores what changed, of all of them together. */
export async function planLoaded(
  tx: Tx,
  shop: PlannedShop,
  loaded: LoadedOrder[],
  releases: Release[],
  now: Date,
): Promise<void> {
  const stored = await readStored(tx, shop.id, loaded);
  const histories = await readHistories(tx, shop.id, loaded, stored);
  const candidates = releases.map((release) => toPlanRelease(release, shop.installedAt));
  const { settings } = shop;
  const documents: { orderId: string; decisions: object }[] = [];
  const changes: Changes[] = [];
  for (const { order, row } of loaded) {
    const history = histories.get(order.id) ?? nothing;
    const decisions = plan({ order, releases: candidates, settings, history, now });
    if (settings.frequencyCap) tellBuyersOthers(histories, loaded, order, decisions, now);
    const document = { version: 1, decisions };
    if (row.decisions !== null && canonicalJson(row.decisions) === canonicalJson(document)) continue;
    documents.push({ orderId: order.id, decisions: document });
    changes.push(changesOf(order, stored.get(order.id) ?? [], decisions, settings.mergeWindowMinutes, now));
  }
  await saveMessages(
    tx,
    shop.id,
    changes.flatMap(({ messages }) => messages),
    now,
  );
  await saveSections(
    tx,
    shop.id,
    changes.flatMap(({ sections }) => sections),
  );
  const gone = changes.flatMap((change) => change.gone);
  if (gone.length > 0) await tx.message.deleteMany({ where: { shopId: shop.id, id: { in: gone } } });
  if (changes.some(({ planned }) => planned)) await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
  await saveDecisions(tx, shop.id, documents, now);
}

/** @param installedAt a shop that comes back finds its triggers on; what was bought while it was away is left alone */
export function toPlanRelease(
  release: Pick<Release, "id" | "triggerId" | "content"> & Service,
  installedAt: Date,
): PlanRelease {
  const { channel, trigger, template } = release.content;
  const { servesFrom, servesUntil, includedFrom } = release;
  if (!servesFrom) throw new AppError("internal", "a release that never served");
  const sinceInstalled = (date: Date) => (date > installedAt ? date : installedAt).toISOString();
  return {
    id: release.id,
    triggerId: release.triggerId,
    channel,
    purpose: template.draft.purpose,
    priority: trigger.priority,
    servesFrom: sinceInstalled(servesFrom),
    servesUntil: servesUntil && servesUntil.toISOString(),
    includedFrom: includedFrom && sinceInstalled(includedFrom),
    definition: trigger.definition,
  };
}

const nothing: PlanHistory = { suppression: null, done: [], buyer: [], buyerSends: [] };

/** As much of a message as the planner reads: not its sealed mail. */
const envelope = {
  id: true,
  orderId: true,
  channel: true,
  state: true,
  reason: true,
  dueAt: true,
  sentAt: true,
  timeline: true,
} as const;

type Stored = Map<string, StoredSection[]>;

async function readStored(tx: Tx, shopId: string, loaded: LoadedOrder[]): Promise<Stored> {
  const sections = await tx.section.findMany({
    where: { shopId, orderId: { in: loaded.map(({ order }) => order.id) } },
    include: { message: { select: envelope } },
  });
  const stored = sections.map(({ message, ...section }): StoredSection => {
    return { ...section, message: { ...message, timeline: message.timeline as Timeline } };
  });
  return Map.groupBy(stored, ({ orderId }) => orderId);
}

/** What happened before to each of these orders, by id. */
export async function readHistories(
  tx: Tx,
  shopId: string,
  loaded: LoadedOrder[],
  stored?: Stored,
): Promise<Map<string, PlanHistory>> {
  const own = stored ?? (await readStored(tx, shopId, loaded));
  const buyers = [...new Set(loaded.map((item) => item.order.buyer).filter((buyer) => buyer !== null))];
  const suppressed = await readSuppressed(tx, shopId, buyers);
  const sections = await tx.section.findMany({
    where: {
      shopId,
      buyerIndex: { in: buyers },
      state: { in: ["planned", "frozen"] },
      // A message that failed reached nobody.
      message: { state: { not: "failed" } },
    },
    include: { order: { select: { placedAt: true } }, message: { select: envelope } },
  });
  const ofBuyer = Map.groupBy(sections, ({ buyerIndex }) => buyerIndex);
  return new Map(
    loaded.map(({ order }) => {
      const known = ofBuyer.get(order.buyer) ?? [];
      const left = known.filter(({ state, orderId }) => state === "frozen" || orderId !== order.id);
      const sends = new Map(
        left.map(({ state, message }) => [
          message.id,
          { at: timeOf(message), orderId: message.orderId, settled: state === "frozen" },
        ]),
      );
      return [
        order.id,
        {
          suppression: (order.buyer !== null && suppressed.get(order.buyer)) || null,
          done: (own.get(order.id) ?? [])
            .filter(isDone)
            .map(({ triggerId, channel }) => ({ triggerId, channel: channel as "email" })),
          buyer: known
            .filter((section) => section.orderId !== order.id)
            .map((section) => ({
              triggerId: section.triggerId,
              orderId: section.orderId,
              placedAt: section.order.placedAt?.toISOString() ?? "",
              productIds: section.productIds,
              settled: section.state === "frozen",
            })),
          buyerSends: [...sends.values()],
        },
      ];
    }),
  );
}

/** When a message left; of one that waits, or is with the provider, when it is due or was frozen. */
function timeOf({ sentAt, timeline, dueAt }: Pick<Message, "sentAt" | "timeline" | "dueAt">): string {
  const frozen = (timeline as Timeline).findLast(({ kind }) => kind === "frozen");
  return sentAt?.toISOString() ?? frozen?.at ?? dueAt.toISOString();
}

/** Orders of one buyer that are planned together see what was just decided for each other, not what stood before. */
function tellBuyersOthers(
  histories: Map<string, PlanHistory>,
  loaded: LoadedOrder[],
  { id, buyer }: LoadedOrder["order"],
  decisions: Decision[],
  now: Date,
): void {
  const sends = decisions.flatMap((decision) =>
    decision.kind === "send"
      ? [{ at: decision.at, orderId: id, settled: Date.parse(decision.at) <= now.getTime() }]
      : [],
  );
  const times = new Map(
    sends.map((send) => [send.at, send.settled ? { ...send, at: now.toISOString() } : send]),
  );
  for (const { order } of loaded) {
    const history = histories.get(order.id);
    if (!history || order.id === id || buyer === null || order.buyer !== buyer) continue;
    history.buyerSends = [
      ...history.buyerSends.filter((send) => send.settled || send.orderId !== id),
      ...times.values(),
    ];
  }
}

/** Changes a message's state with the line of its timeline that tells why. */
export async function setState(
  tx: Tx,
  shopId: string,
  message: Pick<Message, "id" | "timeline">,
  state: string,
  reason: MessageReason | null,
  entry: TimelineEntry,
): Promise<void> {
  await tx.message.update({
    where: { shopId_id: { shopId, id: message.id } },
    data: { state, reason, timeline: [...(message.timeline as TimelineEntry[]), entry] },
  });
}

/** Hard stop for a whole shop: what waits is cancelled. Returns how many messages that were. */
export async function cancelWaiting(
  tx: Tx,
  shopId: string,
  reason: MessageReason,
  now: Date,
): Promise<number> {
  const entry: TimelineEntry = { at: now.toISOString(), kind: "cancelled", detail: reason };
  await tx.section.updateMany({ where: { shopId, state: "planned" }, data: { state: "skipped", reason } });
  return tx.$executeRaw`
    UPDATE messages SET state = 'cancelled', reason = ${reason}, updated_at = now(), timeline = timeline || ${JSON.stringify([entry])}::jsonb
    WHERE shop_id = ${shopId}::uuid AND state = 'planned'`;
}
