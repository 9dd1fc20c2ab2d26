// Guarantee: what is stored for an order is what plan() concluded, in the caller's transaction; what has left is never touched.
import { listServingReleases, type Release } from "#app/features/releases/releases.server.ts";
import {
  loadOrders,
  lockOrder,
  saveDecisions,
  type LoadedOrder,
} from "#app/features/orders/orders.server.ts";
import { group, type PlannedSection } from "#app/features/messages/envelopes.ts";
import type { MessageReason, TimelineEntry } from "#app/features/messages/messages.ts";
import {
  plan,
  type Decision,
  type PlanHistory,
  type PlanRelease,
  type SkipReason,
} from "#app/features/messages/plan.ts";
import type { Service } from "#app/features/releases/releases.ts";
import type { ShopSettings } from "#app/features/shops/settings.ts";
import { canonicalJson } from "#app/platform/crypto/crypto.ts";
import type { Message, Section } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

export const DUE_CHANNEL = "messages_due";

/** Skips that leave a message record: the merchant expects a mail there and should see why there is none. */
const recorded: ReadonlySet<SkipReason> = new Set([
  "no_email",
  "malformed_address",
  "marketplace_address",
  "suppressed",
]);

/** States from which a message of the planner's may be planned again: its trigger's reason to stay away can pass. */
const reopens: ReadonlySet<string> = new Set(["planned", "skipped", "cancelled"]);

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
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM orders
    WHERE shop_id = ${shopId}::uuid AND buyer_index = ${buyer} AND id <> ${id}::uuid
      AND decisions -> 'decisions' @> ${JSON.stringify(stoodBack)}::jsonb
    ORDER BY placed_at LIMIT 20`;
  return rows.map((row) => row.id);
}

/** Plans orders whose rows the caller has locked, and stores what changed. */
export async function planLoaded(
  tx: Tx,
  shop: PlannedShop,
  loaded: LoadedOrder[],
  releases: Release[],
  now: Date,
): Promise<void> {
  const histories = await readHistories(tx, shop.id, loaded);
  const candidates = releases.map((release) => toPlanRelease(release, shop.installedAt));
  for (const item of loaded) {
    const history = histories.get(item.order.id) ?? { suppressed: false, done: [], buyer: [] };
    const decisions = plan({
      order: item.order,
      releases: candidates,
      settings: shop.settings,
      history,
      now,
    });
    const document = { version: 1, decisions };
    if (item.row.decisions !== null && canonicalJson(item.row.decisions) === canonicalJson(document))
      continue;
    await store(tx, shop, item, decisions, now);
    await saveDecisions(tx, shop.id, item.order.id, document, now);
  }
}

/** @param installedAt a shop that comes back finds its triggers on; what was bought while it was away is left alone */
export function toPlanRelease(
  release: Pick<Release, "id" | "triggerId" | "content"> & Service,
  installedAt: Date,
): PlanRelease {
  const { channel, trigger } = release.content;
  const { servesFrom, servesUntil, includedFrom } = release;
  if (!servesFrom) throw new AppError("internal", "a release that never served");
  const sinceInstalled = (date: Date) => (date > installedAt ? date : installedAt).toISOString();
  return {
    id: release.id,
    triggerId: release.triggerId,
    channel,
    priority: trigger.priority,
    servesFrom: sinceInstalled(servesFrom),
    servesUntil: servesUntil && servesUntil.toISOString(),
    includedFrom: includedFrom && sinceInstalled(includedFrom),
    definition: trigger.definition,
  };
}

/** What happened before to each of these orders, by id. */
export async function readHistories(
  tx: Tx,
  shopId: string,
  loaded: LoadedOrder[],
): Promise<Map<string, PlanHistory>> {
  const buyers = [...new Set(loaded.map((item) => item.order.buyer).filter((buyer) => buyer !== null))];
  const suppressions = await tx.suppression.findMany({
    where: { shopId, recipientIndex: { in: buyers } },
    select: { recipientIndex: true },
  });
  const own = await tx.section.findMany({
    where: {
      shopId,
      orderId: { in: loaded.map((item) => item.order.id) },
      state: { in: ["frozen", "stopped"] },
    },
  });
  const others = await tx.section.findMany({
    where: {
      shopId,
      buyerIndex: { in: buyers },
      state: { in: ["planned", "frozen"] },
      // A message that failed reached nobody.
      message: { state: { not: "failed" } },
    },
    include: { order: { select: { placedAt: true } } },
  });
  const suppressed = new Set(suppressions.map((row) => row.recipientIndex));
  return new Map(
    loaded.map(({ order }) => [
      order.id,
      {
        suppressed: order.buyer !== null && suppressed.has(order.buyer),
        done: own
          .filter((section) => section.orderId === order.id)
          .map(({ triggerId, channel }) => ({ triggerId, channel: channel as "email" })),
        buyer: others
          .filter((section) => section.buyerIndex === order.buyer && section.orderId !== order.id)
          .map((section) => ({
            triggerId: section.triggerId,
            orderId: section.orderId,
            placedAt: section.order.placedAt?.toISOString() ?? "",
            productIds: section.productIds,
            settled: section.state === "frozen",
          })),
      },
    ]),
  );
}

type Stored = Section & { message: Message };

async function store(
  tx: Tx,
  shop: PlannedShop,
  item: LoadedOrder,
  decisions: Decision[],
  now: Date,
): Promise<void> {
  const shopId = shop.id;
  const { order } = item;
  const stored: Stored[] = await tx.section.findMany({
    where: { shopId, orderId: order.id },
    include: { message: true },
  });
  const open = stored.filter((section) => section.state !== "frozen" && section.state !== "stopped");
  const find = (triggerId: string, channel: string) =>
    open.find((section) => section.triggerId === triggerId && section.channel === channel);

  const sending: PlannedSection[] = [];
  const ended: { section: Stored; reason: MessageReason }[] = [];
  const refused: { decision: Decision; reason: SkipReason; section: Stored | undefined }[] = [];
  for (const decision of decisions) {
    const section = find(decision.triggerId, decision.channel);
    if (decision.kind === "send")
      sending.push({ ...decision, due: decision.at, held: section?.messageId ?? null });
    else if (decision.kind === "wait") {
      if (section?.state === "planned") ended.push({ section, reason: "start_undone" });
    }
    if (decision.kind !== "skip") continue;
    if (recorded.has(decision.reason)) refused.push({ decision, reason: decision.reason, section });
    else if (section?.state === "planned") ended.push({ section, reason: decision.reason });
  }
  const decided = new Set(decisions.map((decision) => `${decision.triggerId}|${decision.channel}`));
  for (const section of open) {
    if (section.state === "planned" && !decided.has(`${section.triggerId}|${section.channel}`))
      ended.push({ section, reason: "trigger_off" });
  }

  const known = new Map(
    open
      .filter((section) => reopens.has(section.message.state))
      .map((section) => [section.messageId, section.message]),
  );
  const used = new Set<string>();
  for (const envelope of group(sending, shop.settings.mergeWindowMinutes)) {
    const held = envelope.sections
      .map((section) => section.held)
      .find((id) => id !== null && known.has(id) && !used.has(id));
    const messageId = held ?? newId();
    used.add(messageId);
    await saveEnvelope(tx, shopId, order.id, messageId, known.get(messageId), envelope, now);
    for (const section of envelope.sections) {
      await saveSection(tx, shopId, item, section, messageId, {
        state: "planned",
        reason: null,
        dueAt: new Date(section.due),
      });
    }
  }

  if (refused.length > 0) await recordRefusal(tx, shopId, item, refused, used, now);
  for (const { section, reason } of ended) {
    await tx.section.update({
      where: { shopId_id: { shopId, id: section.id } },
      data: { state: "skipped", reason },
    });
  }
  for (const [messageId, message] of known) {
    if (used.has(messageId) || message.state !== "planned") continue;
    const reason = ended.find((end) => end.section.messageId === messageId)?.reason;
    // Without a reason its sections have moved into another envelope, and nothing is left to tell.
    if (reason)
      await setState(tx, shopId, message, "cancelled", reason, {
        at: now.toISOString(),
        kind: "cancelled",
        detail: reason,
      });
    else await tx.message.delete({ where: { shopId_id: { shopId, id: messageId } } });
  }
}

async function saveEnvelope(
  tx: Tx,
  shopId: string,
  orderId: string,
  id: string,
  before: Message | undefined,
  envelope: { channel: string; due: string },
  now: Date,
): Promise<void> {
  const dueAt = new Date(envelope.due);
  const moved = before?.state === "planned";
  if (moved && before.dueAt.getTime() === dueAt.getTime()) return;
  const entry: TimelineEntry = {
    at: now.toISOString(),
    kind: moved ? "rescheduled" : "planned",
    detail: envelope.due,
  };
  const timeline = [...((before?.timeline as TimelineEntry[] | undefined) ?? []), entry];
  await tx.message.upsert({
    where: { shopId_id: { shopId, id } },
    create: {
      shopId,
      id,
      orderId,
      channel: envelope.channel,
      state: "planned",
      dueAt,
      timeline,
      createdAt: now,
    },
    update: { state: "planned", dueAt, timeline, reason: null },
  });
  await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
}

/** One record for all triggers of the order that could not be answered, in the message that already tells of it if there is one. */
async function recordRefusal(
  tx: Tx,
  shopId: string,
  item: LoadedOrder,
  refused: { decision: Decision; reason: SkipReason; section: Stored | undefined }[],
  used: Set<string>,
  now: Date,
): Promise<void> {
  const { decision, reason } = refused[0]!;
  const entry: TimelineEntry = { at: now.toISOString(), kind: "skipped", detail: reason };
  const known = refused
    .map(({ section }) => section?.message)
    .find((message) => message?.state === "skipped" || message?.state === "planned");
  const id = known && !used.has(known.id) ? known.id : newId();
  used.add(id);
  if (known?.id === id && known.state === "skipped" && known.reason === reason) return;
  const timeline = [...(known?.id === id ? (known.timeline as TimelineEntry[]) : []), entry];
  await tx.message.upsert({
    where: { shopId_id: { shopId, id } },
    create: {
      shopId,
      id,
      orderId: item.order.id,
      channel: decision.channel,
      state: "skipped",
      reason,
      dueAt: now,
      timeline,
      createdAt: now,
    },
    update: { state: "skipped", reason, timeline },
  });
  for (const { decision: about, reason: why } of refused) {
    await saveSection(tx, shopId, item, { ...about, lineIds: [] }, id, {
      state: "skipped",
      reason: why,
      dueAt: now,
    });
  }
}

async function saveSection(
  tx: Tx,
  shopId: string,
  item: LoadedOrder,
  section: { triggerId: string; channel: string; releaseId: string; lineIds: string[]; productIds: string[] },
  messageId: string,
  state: { state: string; reason: string | null; dueAt: Date },
): Promise<void> {
  const { triggerId, channel, releaseId, lineIds, productIds } = section;
  const data = { messageId, releaseId, lineIds, productIds, buyerIndex: item.order.buyer, ...state };
  await tx.section.upsert({
    where: { shopId_orderId_triggerId_channel: { shopId, orderId: item.order.id, triggerId, channel } },
    create: { shopId, orderId: item.order.id, triggerId, channel, ...data },
    update: data,
  });
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
