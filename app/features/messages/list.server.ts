// Guarantee: reads only, and only of the one shop; a page of the list stays what it was when messages are added meanwhile.
import { z } from "zod";
import type { Mail } from "#app/connectors/channels.ts";
import type { MessageFilter } from "#app/features/messages/list.ts";
import type { MessageReason, MessageState, Timeline } from "#app/features/messages/messages.ts";
import { timelineSchema } from "#app/features/messages/messages.ts";
import type { Decision } from "#app/features/messages/plan.ts";
import { documentOf } from "#app/features/orders/orders.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { spanOf } from "#app/platform/days.ts";
import type { Tx } from "#app/platform/db/db.ts";
import type { Prisma } from "#app/platform/db/generated/client.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

export const PAGE_SIZE = 50;

/** What one trigger adds to a message, with the names it had when it was released. */
export type MessagePart = {
  triggerId: string;
  triggerName: string;
  templateId: string | null;
  templateName: string;
  templateVersion: number | null;
  products: string[];
  state: string;
  reason: MessageReason | null;
};

/** A message as lists show it; times are ISO. */
export type MessageRow = {
  id: string;
  state: MessageState;
  reason: MessageReason | null;
  channel: string;
  orderName: string;
  parts: MessagePart[];
  dueAt: string;
  sentAt: string | null;
  deliveredAt: string | null;
  /** The provider's last answer. */
  answer: { outcome: string; code: string | null } | null;
};

export type MessagePage = { rows: MessageRow[]; newer: string | null; older: string | null };

const withParts = {
  order: { select: { name: true, document: true } },
  sections: { orderBy: { dueAt: "asc" } },
} as const satisfies Prisma.MessageInclude;
type LoadedMessage = Prisma.MessageGetPayload<{ include: typeof withParts }>;

/** One page, newest first. `timeZone` says what the filter's days are. */
export async function listMessages(
  tx: Tx,
  shopId: string,
  filter: MessageFilter,
  timeZone: string,
  limit = PAGE_SIZE,
): Promise<MessagePage> {
  const upwards = filter.before !== null;
  const place = readPlace(filter.before ?? filter.after);
  const direction = upwards ? "asc" : "desc";
  const found = await tx.message.findMany({
    where: { AND: [await whereOf(tx, shopId, filter, timeZone), place ? beyond(place, upwards) : {}] },
    include: withParts,
    orderBy: [{ createdAt: direction }, { id: direction }],
    take: limit + 1,
  });
  const more = found.length > limit;
  const page = found.slice(0, limit);
  if (upwards) page.reverse();
  const first = page[0];
  const last = page.at(-1);
  return {
    rows: await toRows(tx, shopId, page),
    newer: first && (upwards ? more : place !== null) ? writePlace(first) : null,
    older: last && (upwards || more) ? writePlace(last) : null,
  };
}

/** A row of a list that is ordered by time. */
export type ListPlace = { createdAt: Date; id: string };

/** A row's place in the list, for the address of the page after it. */
export function writePlace(row: ListPlace): string {
  return `${row.createdAt.getTime()}.${row.id}`;
}

/** A place that can't be read is the top of the list. */
export function readPlace(text: string | null): ListPlace | null {
  const [time = "", id] = text?.split(".") ?? [];
  return /^\d{1,13}$/.test(time) && isId(id) ? { createdAt: new Date(Number(time)), id } : null;
}

function beyond({ createdAt, id }: ListPlace, upwards: boolean): Prisma.MessageWhereInput {
  return upwards
    ? { OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }] }
    : { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

async function whereOf(
  tx: Tx,
  shopId: string,
  filter: MessageFilter,
  timeZone: string,
): Promise<Prisma.MessageWhereInput> {
  return {
    shopId,
    state: filter.states.length ? { in: filter.states } : undefined,
    channel: filter.channel ?? undefined,
    sections: filter.triggerId ? { some: { shopId, triggerId: filter.triggerId } } : undefined,
    dueAt: spanOf(filter.from, filter.to, timeZone),
    orderId: filter.order ? { in: await findOrders(tx, shopId, filter.order) } : undefined,
  };
}

/** Orders of that name; else the newest ones whose name begins so. "1042" also means "#1042". */
export async function findOrders(tx: Tx, shopId: string, text: string): Promise<string[]> {
  const names = text.startsWith("#") ? [text] : [text, `#${text}`];
  const exact = await tx.order.findMany({ where: { shopId, name: { in: names } }, select: { id: true } });
  if (exact.length > 0) return exact.map((order) => order.id);
  const alike = await tx.order.findMany({
    where: {
      shopId,
      OR: names.map((name) => ({ name: { startsWith: literally(name), mode: "insensitive" } })),
    },
    orderBy: { placedAt: "desc" },
    select: { id: true },
    take: 500,
  });
  return alike.map((order) => order.id);
}

// Prisma hands the text to LIKE as it is.
const literally = (text: string) => text.replace(/[\\%_]/g, "\\$&");

async function toRows(tx: Tx, shopId: string, messages: LoadedMessage[]): Promise<MessageRow[]> {
  if (messages.length === 0) return [];
  const releases = await readReleaseNames(
    tx,
    shopId,
    messages.flatMap((message) => message.sections.map((section) => section.releaseId)),
  );
  const attempts = await tx.attempt.findMany({
    where: { shopId, messageId: { in: messages.map((message) => message.id) } },
    orderBy: [{ messageId: "asc" }, { startedAt: "desc" }],
    distinct: ["messageId"],
    select: { messageId: true, outcome: true, code: true },
  });
  const answers = new Map(attempts.map(({ messageId, outcome, code }) => [messageId, { outcome, code }]));
  return messages.map((message) => toRow(message, releases, answers.get(message.id) ?? null));
}

function toRow(message: LoadedMessage, releases: ReleaseNames, answer: MessageRow["answer"]): MessageRow {
  const lines = new Map(documentOf(message.order).lines.map((line) => [line.id, line]));
  const parts = message.sections.map((section) => {
    const wanted = section.lineIds.length
      ? section.lineIds.map((id) => lines.get(id))
      : [...lines.values()].filter(
          (line) => line.productId !== null && section.productIds.includes(line.productId),
        );
    const titles = wanted.flatMap((line) =>
      line ? [line.variantTitle ? `${line.title} (${line.variantTitle})` : line.title] : [],
    );
    const names = releases.get(section.releaseId);
    return {
      triggerId: section.triggerId,
      triggerName: names?.triggerName ?? "",
      templateId: names?.templateId ?? null,
      templateName: names?.templateName ?? "",
      templateVersion: names?.templateVersion ?? null,
      products: [...new Set(titles)],
      state: section.state,
      reason: section.reason as MessageReason | null,
    };
  });
  return {
    id: message.id,
    state: message.state as MessageState,
    reason: message.reason as MessageReason | null,
    channel: message.channel,
    orderName: message.order.name,
    parts,
    dueAt: message.dueAt.toISOString(),
    sentAt: message.sentAt?.toISOString() ?? null,
    deliveredAt: message.deliveredAt?.toISOString() ?? null,
    answer,
  };
}

type ReleaseName = { triggerName: string; templateId: string; templateName: string; templateVersion: number };
type ReleaseNames = Map<string, ReleaseName>;

/** Only the names: a release's whole text is large. */
async function readReleaseNames(tx: Tx, shopId: string, ids: string[]): Promise<ReleaseNames> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<(ReleaseName & { id: string })[]>`
    SELECT id,
           content->'trigger'->>'name' AS "triggerName",
           content->'template'->>'id' AS "templateId",
           content->'template'->'draft'->>'name' AS "templateName",
           (content->'template'->>'number')::int AS "templateVersion"
    FROM releases WHERE shop_id = ${shopId}::uuid AND id = ANY(${[...new Set(ids)]}::uuid[])`;
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

/** Triggers to choose from when narrowing the list, deleted ones last. */
export async function listTriggerChoices(
  tx: Tx,
  shopId: string,
): Promise<{ id: string; name: string; deleted: boolean }[]> {
  const rows = await tx.trigger.findMany({
    where: { shopId, OR: [{ deletedAt: null }, { releases: { some: { shopId } } }] },
    select: { id: true, name: true, deletedAt: true },
    orderBy: [{ deletedAt: { sort: "desc", nulls: "first" } }, { name: "asc" }],
    take: 500,
  });
  return rows.map(({ id, name, deletedAt }) => ({ id, name, deleted: deletedAt !== null }));
}

/** Whether the shop has any message at all: an empty list means something else then. */
export async function hasMessages(tx: Tx, shopId: string): Promise<boolean> {
  return (await tx.message.findFirst({ where: { shopId }, select: { id: true } })) !== null;
}

export type MessageAttempt = {
  number: number;
  outcome: string;
  code: string | null;
  detail: string | null;
  httpStatus: number | null;
  providerId: string | null;
  startedAt: string;
  finishedAt: string;
};

/** Why the planner did what it did for one trigger, with the trigger's name. */
export type ExplainedDecision = Decision & { triggerName: string };

export type MessageDetail = MessageRow & {
  orderId: string;
  /** Shopify's id of the order, for a link into the admin. */
  orderExternalId: string;
  sharedDomain: boolean;
  providerId: string | null;
  timeline: Timeline;
  attempts: MessageAttempt[];
  /** The mail exactly as it was handed over; null before that. */
  mail: Mail | null;
  plannedAt: string | null;
  decisions: ExplainedDecision[];
};

const mailSchema: z.ZodType<Mail> = z.object({
  messageId: z.string(),
  from: z.string(),
  to: z.string(),
  replyTo: z.string().nullable(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  unsubscribeUrl: z.string().optional(),
});

const decisionsSchema = z.object({ decisions: z.array(z.custom<Decision>()) });

/** One message with all there is to know of it. @throws AppError not_found */
export async function getMessageDetail(tx: Tx, shopId: string, id: string): Promise<MessageDetail> {
  const message = isId(id)
    ? await tx.message.findUnique({
        where: { shopId_id: { shopId, id } },
        include: {
          ...withParts,
          order: true,
          attempts: { orderBy: [{ startedAt: "asc" }, { number: "asc" }] },
        },
      })
    : null;
  if (!message)
    throw new AppError("not_found", "no such message", {
      forPerson: "This message doesn't exist, or its order was erased.",
    });
  const [row] = await toRows(tx, shopId, [message]);
  const decisions = decisionsSchema.catch({ decisions: [] }).parse(message.order.decisions).decisions;
  const names = await readReleaseNames(
    tx,
    shopId,
    decisions.map((decision) => decision.releaseId),
  );
  return {
    ...row!,
    orderId: message.orderId,
    orderExternalId: message.order.externalId,
    sharedDomain: message.sharedDomain,
    providerId: message.providerId,
    timeline: timelineSchema.parse(message.timeline),
    attempts: message.attempts.map(
      ({ number, outcome, code, detail, httpStatus, providerId, startedAt, finishedAt }) => ({
        number,
        outcome,
        code,
        detail,
        httpStatus,
        providerId,
        startedAt: startedAt.toISOString(),
        finishedAt: finishedAt.toISOString(),
      }),
    ),
    mail: await openMail(shopId, message),
    plannedAt: message.order.plannedAt?.toISOString() ?? null,
    decisions: decisions.map((decision) => ({
      ...decision,
      triggerName: names.get(decision.releaseId)?.triggerName ?? "",
    })),
  };
}

async function openMail(
  shopId: string,
  message: { id: string; frozenSealed: Uint8Array | null },
): Promise<Mail | null> {
  if (!message.frozenSealed) return null;
  const vault = await openVault(shopId);
  return mailSchema.parse(
    JSON.parse(
      vault.open({ table: "messages", column: "frozen_sealed", row: message.id }, message.frozenSealed),
    ),
  );
}
