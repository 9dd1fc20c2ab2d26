// Guarantee: reads only, and never outside the shop; a buyer's data is opened for the buyer's own page alone.
import type { Order as OrderRow } from "#app/platform/db/generated/client.ts";
import { findBuyerOf, listOrdersOf } from "#app/features/orders/buyer.server.ts";
import { openPerson } from "#app/features/orders/orders.server.ts";
import { exportPage } from "#app/features/privacy/buyers.page.ts";
import { readExport } from "#app/features/privacy/buyers.export.server.ts";
import { isGenuine } from "#app/features/privacy/receipts.server.ts";
import { countsSchema } from "#app/features/privacy/receipts.ts";
import {
  LISTED_KINDS,
  OPEN_STATES,
  REQUEST_KINDS,
  type ListedKind,
  type RequestFilter,
  type RequestState,
} from "#app/features/privacy/requests.ts";
import { openSubject } from "#app/features/privacy/requests.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import type { PrivacyRequest } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

const PAGE_SIZE = 25;

async function lineOf(row: PrivacyRequest) {
  const { id, state, actor, receivedAt, dueAt, completedAt } = row;
  const kind = row.kind as ListedKind;
  return {
    id,
    kind,
    state: state as RequestState,
    actor,
    receivedAt,
    dueAt,
    completedAt,
    about: await aboutOf(row),
  };
}

/** Whom it concerns, for as long as something is to be done about it. */
async function aboutOf(row: PrivacyRequest): Promise<string | null> {
  if (!OPEN_STATES.includes(row.state as RequestState)) return null;
  const subject = await openSubject(row).catch((error: unknown) => {
    // The shop's key is gone, and with it whom it was about.
    if (error instanceof AppError && error.code === "unavailable") return null;
    throw error;
  });
  return subject && (subject.buyer.email ?? subject.buyer.customerId ?? subject.buyer.orders[0] ?? null);
}

/** What was asked of a shop, newest first. */
export async function listRequests(tx: Tx, shopId: string, filter: RequestFilter) {
  const kinds = LISTED_KINDS.filter((kind) => !filter.does || REQUEST_KINDS[kind].does === filter.does);
  const open = [...OPEN_STATES];
  const rows = await tx.privacyRequest.findMany({
    where: {
      shopId,
      kind: { in: kinds },
      ...(filter.show === "open" ? { state: { in: open } } : {}),
      ...(filter.show === "closed" ? { state: { notIn: open } } : {}),
      ...(filter.before && isId(filter.before) ? { id: { lt: filter.before } } : {}),
    },
    orderBy: { id: "desc" },
    take: PAGE_SIZE + 1,
  });
  const page = rows.slice(0, PAGE_SIZE);
  return {
    rows: await Promise.all(page.map(lineOf)),
    older: rows.length > PAGE_SIZE ? (page.at(-1)?.id ?? null) : null,
  };
}

export async function hasRequests(tx: Tx, shopId: string): Promise<boolean> {
  const where = { shopId, kind: { in: LISTED_KINDS } };
  return (await tx.privacyRequest.findFirst({ where, select: { id: true } })) !== null;
}

/** One request with all there is to it. @throws AppError not_found */
export async function getRequest(tx: Tx, shopId: string, id: string) {
  const row = isId(id)
    ? await tx.privacyRequest.findFirst({ where: { id, shopId, kind: { in: LISTED_KINDS } } })
    : null;
  if (!row) throw new AppError("not_found", "no such request");
  const { receiptId } = row;
  const receipt = receiptId ? await tx.receipt.findFirst({ where: { shopId, id: receiptId } }) : null;
  const found = await readExport(tx, shopId, id);
  const { deliveredAt, deliveredBy, deliveredHow, reason } = row;
  const line = await lineOf(row);
  // A purge counts for its receipt alone: it may be the answer to several requests.
  const counts = REQUEST_KINDS[line.kind].does === "clear" ? (receipt?.counts ?? {}) : row.counts;
  return {
    ...line,
    counts: countsSchema.parse(counts),
    unreadable: reason === "unreadable",
    erasedSince: reason === "erased",
    delivered: deliveredAt && {
      at: deliveredAt,
      by: deliveredBy,
      how: deliveredHow as "downloaded" | "handed_over",
    },
    export: found && { page: exportPage(found.content), expiresAt: found.expiresAt },
    receipt: receipt && {
      id: receipt.id,
      hash: receipt.hash,
      keyId: receipt.keyId,
      finishedAt: receipt.finishedAt,
      genuine: await isGenuine(receipt),
    },
  };
}

/** The buyer of one order that is held, with all of theirs. @throws AppError not_found */
export async function getBuyer(tx: Tx, shopId: string, orderId: string) {
  const buyer = isId(orderId) ? await findBuyerOf(tx, shopId, orderId) : null;
  if (!buyer) throw new AppError("not_found", "no such order, or its buyer was erased");
  const orders = await listOrdersOf(tx, shopId, buyer);
  const vault = await openVault(shopId);
  const row = orders.find(({ id }) => id === orderId);
  if (!row) throw new AppError("not_found", "no such order");
  const messages = await tx.message.groupBy({
    by: ["orderId", "state"],
    where: { shopId, orderId: { in: orders.map(({ id }) => id) } },
    _count: true,
  });
  const count = (of: OrderRow, waiting: boolean) =>
    messages
      .filter(({ orderId: id, state }) => id === of.id && (state === "planned") === waiting)
      .reduce((sum, each) => sum + each._count, 0);
  return {
    buyer,
    person: openPerson(vault, row),
    orders: [...orders].reverse().map((each) => ({
      id: each.id,
      name: each.name,
      placedAt: each.placedAt,
      waiting: count(each, true),
      messages: count(each, false),
    })),
  };
}
