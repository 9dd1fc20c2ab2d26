// Guarantee: reads only; what it says of an order is what plan() concludes now, and what has left or was stopped already.
import { z } from "zod";
import { isDone } from "#app/features/messages/changes.ts";
import type { OrderFilter } from "#app/features/messages/explain.ts";
import { findOrders, PAGE_SIZE, readPlace, writePlace } from "#app/features/messages/list.server.ts";
import type { MessageReason, MessageState } from "#app/features/messages/messages.ts";
import { plan, type Decision } from "#app/features/messages/plan.ts";
import { keyOf } from "#app/features/messages/plan.time.ts";
import { readHistories, toPlanRelease, type PlannedShop } from "#app/features/messages/schedule.server.ts";
import { documentOf, loadOrders } from "#app/features/orders/orders.server.ts";
import { listReleasesById, listServingReleases } from "#app/features/releases/releases.server.ts";
import type { Tx } from "#app/platform/db/db.ts";
import type { Prisma } from "#app/platform/db/generated/client.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

/** States of messages that reached a buyer, may have, or are about to leave. */
const GOT: MessageState[] = ["sending", "sent", "delivered", "complained", "unknown"];

type Named = { triggerId: string; triggerName: string; channel: string; releaseId: string };

/** What became of one release for one order. `sent` holds the message; else what the planner concluded, or why it was stopped. */
export type Explained = Named &
  (
    | { outcome: "sent"; message: { id: string; state: MessageState; at: string | null } }
    | { outcome: "waiting"; messageId: string | null; decision: Extract<Decision, { kind: "send" | "wait" }> }
    | { outcome: "skipped"; messageId: string | null; reason: MessageReason }
  );

export type ExplainedOrder = {
  id: string;
  name: string;
  externalId: string;
  placedAt: string | null;
  products: string[];
  /** The buyer was erased: nothing is planned any more. */
  erased: boolean;
  explained: Explained[];
};

/** For every release that answers anything: sent, waiting or skipped, and why. @throws AppError not_found */
export async function explainOrder(
  tx: Tx,
  shop: PlannedShop,
  orderId: string,
  now: Date,
): Promise<ExplainedOrder> {
  const row = isId(orderId)
    ? await tx.order.findUnique({ where: { shopId_id: { shopId: shop.id, id: orderId } } })
    : null;
  if (!row)
    throw new AppError("not_found", "no such order", {
      forPerson: "We hold no such order, or it was erased.",
    });
  const releases = await listServingReleases(tx, shop.id);
  const loaded = await loadOrders(tx, shop.id, [row]);
  const histories = await readHistories(tx, shop.id, loaded);
  const decisions = loaded.flatMap(({ order }) =>
    plan({
      order,
      releases: releases.map((release) => toPlanRelease(release, shop.installedAt)),
      settings: shop.settings,
      history: histories.get(order.id)!,
      now,
    }),
  );
  const sections = await tx.section.findMany({
    where: { shopId: shop.id, orderId: row.id },
    include: { message: { select: { id: true, state: true, reason: true, sentAt: true } } },
  });
  const stored = new Map(
    sections.map((section) => [keyOf({ ...section, channel: section.channel as "email" }), section]),
  );
  // What was sent by a release that answers nothing any more is told all the same.
  const decided = new Set(decisions.map(keyOf));
  const ended = [...stored].flatMap(([key, section]) => (decided.has(key) ? [] : [section]));
  const past = await listReleasesById(tx, shop.id, [
    ...new Set([...stored.values()].map(({ releaseId }) => releaseId)),
  ]);
  const names = new Map([...releases, ...past].map(({ id, content }) => [id, content.trigger.name]));
  const named = <About extends Omit<Named, "triggerName">>(about: About): Named => ({
    triggerId: about.triggerId,
    triggerName: names.get(about.releaseId) ?? "",
    channel: about.channel,
    releaseId: about.releaseId,
  });

  return {
    id: row.id,
    name: row.name,
    externalId: row.externalId,
    placedAt: row.placedAt?.toISOString() ?? null,
    products: titlesOf(row),
    erased: row.erasedAt !== null,
    explained: [
      ...decisions.map((decision): Explained => {
        const section = stored.get(keyOf(decision));
        if (section && isDone(section)) return { ...named(section), ...outcomeOf(section) };
        const messageId = section?.message.id ?? null;
        if (decision.kind === "skip")
          return { ...named(decision), outcome: "skipped", messageId, reason: decision.reason };
        return { ...named(decision), outcome: "waiting", messageId, decision };
      }),
      ...ended.map((section): Explained => ({ ...named(section), ...outcomeOf(section) })),
    ],
  };
}

type Told = {
  state: string;
  reason: string | null;
  message: { id: string; state: string; reason: string | null; sentAt: Date | null };
};

/** Of a section that is not the planner's any more. One that is handed over or came back counts as sent: its state says the rest. */
function outcomeOf({ state, reason, message }: Told) {
  if (state === "frozen" && message.state !== "failed")
    return {
      outcome: "sent" as const,
      message: {
        id: message.id,
        state: message.state as MessageState,
        at: message.sentAt?.toISOString() ?? null,
      },
    };
  const why = reason ?? message.reason ?? (state === "stopped" ? "merchant_cancelled" : "trigger_off");
  return { outcome: "skipped" as const, messageId: message.id, reason: why as MessageReason };
}

export type OrderLine = {
  id: string;
  name: string;
  placedAt: string;
  products: string[];
  got: number;
  waiting: number;
};
export type OrderPage = { rows: OrderLine[]; newer: string | null; older: string | null };

const waits = { path: ["decisions"], array_contains: [{ kind: "wait" }] };

/** One page of the orders we hold, newest first. */
export async function listOrders(
  tx: Tx,
  shopId: string,
  filter: OrderFilter,
  limit = PAGE_SIZE,
): Promise<OrderPage> {
  const upwards = filter.before !== null;
  const place = readPlace(filter.before ?? filter.after);
  const direction = upwards ? "asc" : "desc";
  const found = await tx.order.findMany({
    where: {
      shopId,
      erasedAt: null,
      id: filter.order ? { in: await findOrders(tx, shopId, filter.order) } : undefined,
      AND: [{ placedAt: { not: null } }, filter.nothing ? gotNothing(shopId) : {}, beyond(place, upwards)],
    },
    select: {
      id: true,
      name: true,
      placedAt: true,
      document: true,
      decisions: true,
      messages: { select: { state: true } },
    },
    orderBy: [{ placedAt: direction }, { id: direction }],
    take: limit + 1,
  });
  const more = found.length > limit;
  const page = found.slice(0, limit);
  if (upwards) page.reverse();
  const [first, last] = [page[0], page.at(-1)];
  const at = (row: (typeof page)[number]) => writePlace({ createdAt: row.placedAt!, id: row.id });
  return {
    rows: page.map((row) => ({
      id: row.id,
      name: row.name,
      placedAt: row.placedAt!.toISOString(),
      products: titlesOf(row),
      got: row.messages.filter(({ state }) => GOT.includes(state as MessageState)).length,
      waiting:
        row.messages.filter(({ state }) => state === "planned").length +
        decisionsSchema.parse(row.decisions).decisions.filter(({ kind }) => kind === "wait").length,
    })),
    newer: first && (upwards ? more : place !== null) ? at(first) : null,
    older: last && (upwards || more) ? at(last) : null,
  };
}

const decisionsSchema = z
  .object({ decisions: z.array(z.object({ kind: z.string() })) })
  .catch({ decisions: [] });

function gotNothing(shopId: string): Prisma.OrderWhereInput {
  return {
    messages: { none: { shopId, state: { in: [...GOT, "planned"] } } },
    // An order that was never planned has no decisions, which is not the same to SQL as having none that waits.
    OR: [{ plannedAt: null }, { NOT: { decisions: waits } }],
  };
}

function beyond(place: ReturnType<typeof readPlace>, upwards: boolean): Prisma.OrderWhereInput {
  if (!place) return {};
  const { createdAt: placedAt, id } = place;
  return upwards
    ? { OR: [{ placedAt: { gt: placedAt } }, { placedAt, id: { gt: id } }] }
    : { OR: [{ placedAt: { lt: placedAt } }, { placedAt, id: { lt: id } }] };
}

function titlesOf(row: Parameters<typeof documentOf>[0]): string[] {
  return [...new Set(documentOf(row).lines.map(({ title }) => title))];
}
