// Guarantee: what a redaction has committed stays gone: from every table the register names, from waiting mails and webhooks, and for
// whatever arrives of these orders again. That mails were sent, and when, is kept without the person.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { listOrdersOf } from "#app/features/orders/buyer.server.ts";
import { lockArrival, orderIndex, plantTombstones } from "#app/features/orders/erase.server.ts";
import { openPerson } from "#app/features/orders/orders.server.ts";
import { dropConcerned, findConcerned } from "#app/features/privacy/buyers.inbox.server.ts";
import type { Asked } from "#app/features/privacy/buyers.jobs.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { countsSchema, type Counts } from "#app/features/privacy/receipts.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import { withoutSubject } from "#app/features/privacy/requests.server.ts";
import { BUYER_REQUEST_KINDS, REQUEST_KINDS, type RequestState } from "#app/features/privacy/requests.ts";
import { lockRequest } from "#app/features/privacy/rows.server.ts";
import { getConnection } from "#app/features/shops/connections.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { appendJournal } from "#app/platform/journal.ts";

/** Orders erased in one transaction. */
const AT_ONCE = 100;

/** Erases a buyer. Resumable: what an earlier run has erased it no longer finds. */
export async function eraseBuyer(asked: Asked, clock: Clock): Promise<void> {
  const { request, shop, subject } = asked;
  const startedAt = clock();
  const vault = await openVault(shop.id);
  const { orders, connectionId } = await forPlatform("privacy", async (tx) => ({
    orders: await listOrdersOf(tx, shop.id, subject.buyer),
    connectionId: (await getConnection(tx, shop.id, "shopify")).id,
  }));
  const emails = orders.flatMap((row) => openPerson(vault, row).email ?? []);
  if (subject.buyer.email) emails.push(subject.buyer.email);
  const concerned = await findConcerned(shop, {
    orders: [...subject.buyer.orders, ...orders.map(({ externalId }) => externalId)],
    customerId: subject.buyer.customerId,
    emails,
    orderIds: orders.map(({ id }) => id),
    until: request.receivedAt,
  });

  // Shopify's: those named, those held, and those of this buyer that were still waiting to be taken in.
  const here = orders.filter((row) => row.connectionId === connectionId);
  const elsewhere = orders.filter((row) => row.connectionId !== connectionId);
  const named = [
    ...new Set([...subject.buyer.orders, ...here.map(({ externalId }) => externalId), ...concerned.orders]),
  ].sort();
  for (const some of chunks(named, AT_ONCE)) {
    await step(asked, async (tx) => {
      for (const externalId of some) await lockArrival(tx, shop.id, connectionId, externalId);
      const indexes = some.map((externalId) => orderIndex(vault, { source: "shopify", externalId }));
      // What arrived between our look and the lock.
      const held = await tx.order.findMany({
        where: { shopId: shop.id, connectionId, externalId: { in: some }, erasedAt: null },
        select: { id: true },
      });
      const orderIds = held.map(({ id }) => id);
      await journal(asked, { orderIds, orderIndexes: indexes }, clock());
      const order_tombstones = await plantTombstones(tx, shop.id, indexes, clock());
      return add({ order_tombstones }, await redactOrders(tx, shop.id, orderIds, clock()));
    });
  }
  for (const some of chunks(elsewhere, AT_ONCE)) {
    await step(asked, async (tx) => {
      const orderIds = some.map(({ id }) => id);
      await journal(asked, { orderIds }, clock());
      return redactOrders(tx, shop.id, orderIds, clock());
    });
  }
  await step(asked, async (tx) => {
    if (concerned.inboxIds.length > 0) await journal(asked, { inboxIds: concerned.inboxIds }, clock());
    return { inbox: await dropConcerned(tx, concerned) };
  });
  await finish(asked, startedAt, clock);
}

/** Ids and keyed hashes alone: a backup from before this is redacted again when it is restored. */
const journal = (
  { shop, request }: Asked,
  erased: { orderIds?: string[]; orderIndexes?: string[]; inboxIds?: string[] },
  now: Date,
) =>
  appendJournal({
    kind: "buyer",
    at: now.toISOString(),
    shopId: shop.id,
    requestId: request.id,
    orderIds: [],
    orderIndexes: [],
    ...erased,
  });

/** One transaction of an erasure, with what it came to noted in the request. */
async function step({ request }: Asked, work: (tx: Tx) => Promise<Counts>): Promise<void> {
  await forPlatform("privacy", async (tx) => {
    if (!(await lockRequest(tx, request.id))) return;
    const counts = await work(tx);
    const { counts: before } = await tx.privacyRequest.findUniqueOrThrow({ where: { id: request.id } });
    await tx.privacyRequest.update({
      where: { id: request.id },
      data: { counts: add(countsSchema.parse(before), counts) },
    });
  });
}

async function finish({ request, shop, subject }: Asked, startedAt: Date, clock: Clock): Promise<void> {
  await forPlatform("privacy", async (tx) => {
    if (!(await lockRequest(tx, request.id))) return;
    const now = clock();
    const row = await tx.privacyRequest.findUniqueOrThrow({ where: { id: request.id } });
    const counts = countsSchema.parse(row.counts);
    // What was asked before about the same person, and not answered yet, has no answer any more.
    const mine = subject.buyer.customerId ? row.subjectIndexes.slice(0, 1) : row.subjectIndexes;
    await tx.privacyRequest.updateMany({
      where: {
        shopId: shop.id,
        id: { not: request.id },
        state: { in: ["recorded", "failed"] },
        // Another erasure may name other orders or another address, and does its own work.
        kind: { in: BUYER_REQUEST_KINDS.filter((kind) => REQUEST_KINDS[kind].does !== "erase") },
        subjectIndexes: { hasSome: mine },
      },
      data: { state: "nothing_held", completedAt: now, ...withoutSubject },
    });
    const receiptId = await issueReceipt(tx, {
      kind: "buyer_redaction",
      shopId: shop.id,
      shopDomain: shop.domain,
      requestId: request.id,
      startedAt,
      finishedAt: now,
      counts,
      details: { request: request.kind, receivedAt: request.receivedAt.toISOString() },
    });
    const orders = counts.orders ?? 0;
    const state: RequestState = orders + (counts.inbox ?? 0) > 0 ? "done" : "nothing_held";
    await tx.privacyRequest.update({
      where: { id: request.id },
      data: { state, reason: null, completedAt: now, receiptId, ...withoutSubject },
    });
    await recordAudit(tx, shop.id, {
      actor: request.actor as Actor,
      action: "privacy.erased",
      subject: request.id,
      after: { state, orders },
    });
    if (request.actor === "shopify" && state === "done")
      await enqueueNotice(tx, {
        shopId: shop.id,
        kind: "erasure_done",
        facts: { requestId: request.id, orders },
        key: `erasure-done-${request.id}`,
        now,
      });
  });
}

function add(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const [table, count] of Object.entries(b)) sum[table] = (sum[table] ?? 0) + count;
  return sum;
}

function chunks<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
