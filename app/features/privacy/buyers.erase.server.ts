// Guarantee: what a redaction has committed stays gone: from every table the register names, from waiting mails and webhooks, and for
// whatever arrives of these orders again. That mails were sent, and when, is kept without the person.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { forgetAddresses } from "#app/features/messages/suppress.server.ts";
import { listOrdersOf } from "#app/features/orders/buyer.server.ts";
import { lockArrival, orderIndex, plantTombstones } from "#app/features/orders/erase.server.ts";
import { openPerson } from "#app/features/orders/orders.server.ts";
import { dropConcerned, findConcerned } from "#app/features/privacy/buyers.inbox.server.ts";
import type { Asked } from "#app/features/privacy/buyers.jobs.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { countsSchema, type Counts } from "#app/features/privacy/receipts.ts";
import { closeRequests, redactOrders } from "#app/features/privacy/redact.server.ts";
import { lockRequest, withoutSubject } from "#app/features/privacy/requests.server.ts";
import { LISTED_KINDS, REQUEST_KINDS, type RequestState } from "#app/features/privacy/requests.ts";
import { getConnection } from "#app/features/shops/connections.server.ts";
import { openVault, type Vault } from "#app/features/vault/vault.server.ts";
import type { Order, PrivacyRequest } from "#app/platform/db/generated/client.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { appendJournal, type JournalEntry } from "#app/platform/journal.ts";

/** Orders erased in one transaction. */
const AT_ONCE = 100;

/** Erases a buyer. Resumable: what an earlier run has erased it no longer finds. */
export async function eraseBuyer(asked: Asked, clock: Clock): Promise<void> {
  const { shop, subject } = asked;
  const startedAt = clock();
  const vault = await openVault(shop.id);
  const look = () => forPlatform("privacy", (tx) => listOrdersOf(tx, shop.id, subject.buyer));
  const known: Known = { orders: new Set(subject.buyer.orders), orderIds: new Set(), emails: new Set() };
  if (subject.buyer.email) known.emails.add(subject.buyer.email);
  let orders = await look();
  do {
    for (const row of orders) {
      known.orders.add(row.externalId);
      known.orderIds.add(row.id);
      const { email } = openPerson(vault, row);
      if (email) known.emails.add(email);
    }
    if (!(await eraseKnown(asked, known, orders, clock))) return;
    // What had left the inbox before we looked there, but was no order yet when we looked here.
    orders = await look();
  } while (orders.length > 0);
  await finish(asked, startedAt, clock);
}

/** What a run has learnt of the buyer: once erased, it can't be looked up again. */
type Known = {
  /** The platform's ids. */
  orders: Set<string>;
  /** Row ids. */
  orderIds: Set<string>;
  emails: Set<string>;
};

/** @returns whether the request was still to be done */
async function eraseKnown(asked: Asked, known: Known, orders: Order[], clock: Clock): Promise<boolean> {
  const { request, shop, subject } = asked;
  const vault = await openVault(shop.id);
  const { id: connectionId } = await forPlatform("privacy", (tx) => getConnection(tx, shop.id, "shopify"));
  const concerned = await findConcerned(shop, {
    orders: [...known.orders],
    customerId: subject.buyer.customerId,
    emails: [...known.emails],
    orderIds: [...known.orderIds],
    until: request.receivedAt,
  });

  // First: once the orders are erased, nobody can tell any more which addresses were theirs.
  const recipientIndexes = await indexesOf(shop.id, vault, known);
  const forgotten = await step(asked, async (tx) => {
    await journal(asked, { recipientIndexes }, clock());
    return { suppressions: await forgetAddresses(tx, shop.id, recipientIndexes) };
  });
  if (!forgotten) return false;

  // Shopify's: those named, those held, and those of this buyer that were still waiting to be taken in.
  const here = orders.filter((row) => row.connectionId === connectionId);
  const elsewhere = orders.filter((row) => row.connectionId !== connectionId);
  const named = [
    ...new Set([...subject.buyer.orders, ...here.map(({ externalId }) => externalId), ...concerned.orders]),
  ].sort();
  for (const some of chunks(named, AT_ONCE)) {
    const open = await step(asked, async (tx) => {
      for (const externalId of some) await lockArrival(tx, shop.id, connectionId, externalId);
      const orderIndexes = some.map((externalId) => orderIndex(vault, { source: "shopify", externalId }));
      // What arrived between our look and the lock.
      const held = await tx.order.findMany({
        where: { shopId: shop.id, connectionId, externalId: { in: some }, erasedAt: null },
        select: { id: true },
      });
      const orderIds = held.map(({ id }) => id);
      await journal(asked, { orderIds, orderIndexes }, clock());
      const order_tombstones = await plantTombstones(tx, shop.id, orderIndexes, clock());
      return add({ order_tombstones }, await redactOrders(tx, shop.id, orderIds, clock()));
    });
    if (!open) return false;
  }
  for (const some of chunks(elsewhere, AT_ONCE)) {
    const open = await step(asked, async (tx) => {
      const orderIds = some.map(({ id }) => id);
      await journal(asked, { orderIds }, clock());
      return redactOrders(tx, shop.id, orderIds, clock());
    });
    if (!open) return false;
  }
  return step(asked, async (tx) => {
    if (concerned.inboxIds.length > 0) await journal(asked, { inboxIds: concerned.inboxIds }, clock());
    return { inbox: await dropConcerned(tx, concerned) };
  });
}

/** Keyed hashes of the addresses that are theirs or were written to. */
async function indexesOf(shopId: string, vault: Vault, { emails, orderIds }: Known): Promise<string[]> {
  const ofOrders = { shopId, orderId: { in: [...orderIds] }, recipientIndex: { not: null } };
  const written = await forPlatform("privacy", (tx) =>
    tx.message.findMany({ where: ofOrders, select: { recipientIndex: true }, distinct: ["recipientIndex"] }),
  );
  const named = [...emails].map((email) => vault.blindIndex("email", email));
  return [...new Set([...named, ...written.flatMap(({ recipientIndex }) => recipientIndex ?? [])])].sort();
}

type BuyerEntry = Extract<JournalEntry, { kind: "buyer" }>;

/** Ids and keyed hashes alone: a backup from before this is redacted again when it is restored. */
const journal = (
  { shop, request }: Asked,
  erased: Partial<Omit<BuyerEntry, "kind" | "at" | "shopId" | "requestId">>,
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

/** One transaction of an erasure, with what it came to noted in the request. @returns whether it was still to be done */
async function step({ request }: Asked, work: (tx: Tx) => Promise<Counts>): Promise<boolean> {
  return forPlatform("privacy", async (tx) => {
    if (!(await lockRequest(tx, request.id))) return false;
    const counts = await work(tx);
    const { counts: before } = await tx.privacyRequest.findUniqueOrThrow({ where: { id: request.id } });
    await tx.privacyRequest.update({
      where: { id: request.id },
      data: { counts: add(countsSchema.parse(before), counts) },
    });
    return true;
  });
}

async function finish(asked: Asked, startedAt: Date, clock: Clock): Promise<void> {
  const { request, shop, subject } = asked;
  await forPlatform("privacy", async (tx) => {
    if (!(await lockRequest(tx, request.id))) return;
    const now = clock();
    const row = await tx.privacyRequest.findUniqueOrThrow({ where: { id: request.id } });
    const before = await requestsOf(tx, row, subject.buyer.customerId !== null);
    if (before.length > 0) await journal(asked, { requestIds: before }, now);
    const counts = add(countsSchema.parse(row.counts), {
      privacy_exports: await closeRequests(tx, shop.id, before, now),
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
    const found = orders + (counts.inbox ?? 0) + (counts.privacy_exports ?? 0) > 0;
    const state: RequestState = found ? "done" : "nothing_held";
    await tx.privacyRequest.update({
      where: { id: request.id },
      data: { state, reason: null, counts, completedAt: now, receiptId, ...withoutSubject },
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

/** What was asked before about the same person, and is not answered yet or lies here as a copy. @returns ids */
async function requestsOf(tx: Tx, erasure: PrivacyRequest, hasNumber: boolean): Promise<string[]> {
  const { shopId, id, subjectIndexes: all } = erasure;
  const asked = await tx.privacyRequest.findMany({
    where: {
      shopId,
      id: { not: id },
      state: { in: ["recorded", "failed", ...COPY_STATES] },
      // Another erasure may name other orders or another address, and does its own work.
      kind: { in: LISTED_KINDS.filter((kind) => REQUEST_KINDS[kind].does !== "erase") },
      subjectIndexes: { hasSome: all },
    },
    select: { id: true, state: true, subjectIndexes: true },
  });
  // Two customers may share an address: then only the number tells them apart. A copy that names no number is about the address.
  const mine = hasNumber ? all.slice(0, 1) : all;
  return asked
    .filter(
      ({ state, subjectIndexes }) =>
        subjectIndexes.some((index) => mine.includes(index)) ||
        (COPY_STATES.includes(state) && subjectIndexes.length === 1),
    )
    .map((each) => each.id);
}

/** States in which a copy may lie here. */
const COPY_STATES = ["ready", "delivered"] satisfies RequestState[] as string[];

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
