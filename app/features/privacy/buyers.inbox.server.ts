// Guarantee: a stored webhook about an erased buyer keeps no body, whether it waits, was given up or was kept.
import type { Source } from "#app/connectors/orders.ts";
import { webhookSubject } from "#app/connectors/registry.ts";
import type { WebhookSubject } from "#app/connectors/subjects.ts";
import { isErased } from "#app/features/orders/erase.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { dropBodies, keptBodies } from "#app/platform/inbox/erase.ts";

export type Wanted = {
  /** The platform's ids of the orders. */
  orders: string[];
  customerId: string | null;
  emails: string[];
  /** Rows of the orders that are held: events of the mail provider name our messages. */
  orderIds: string[];
  /** What came later is about a later order, unless it is about one of these. */
  until: Date;
};

export type Concerned = {
  inboxIds: string[];
  /** Orders of this buyer that waited to be taken in. */
  orders: string[];
};

/** The mail provider's webhooks name no shop. */
const NO_SHOP = "";

/** Opens every body there is, and looks whom it is about. */
export async function findConcerned(
  shop: { id: string; domain: string },
  wanted: Wanted,
): Promise<Concerned> {
  const orders = new Set(wanted.orders);
  const emails = new Set(wanted.emails.map(plain));
  const messages = await messagesOf(shop.id, wanted.orderIds);
  const found: Concerned = { inboxIds: [], orders: [] };
  for (const domain of [shop.domain, NO_SHOP]) {
    for await (const { id, source, topic, receivedAt, body } of keptBodies(domain)) {
      const subject = webhookSubject(source, topic, body);
      const named =
        (subject.orderId !== null && orders.has(subject.orderId)) ||
        (subject.messageId !== null && messages.has(subject.messageId));
      // What the provider tells of a message is found by the message: another shop's buyer may have this address. What tells of none
      // is good for nobody.
      const theirs =
        (domain !== NO_SHOP || subject.messageId === null) &&
        receivedAt <= wanted.until &&
        isTheirs(subject, body, wanted.customerId, emails);
      if (!named && !theirs) continue;
      found.inboxIds.push(id);
      if (theirs && subject.orderId) found.orders.push(subject.orderId);
    }
  }
  return found;
}

/**
 * Drops what the mail provider told that names no message there is. After a purge nobody can tell any more whether it was about a
 * buyer of that shop; an event that belongs to no message is good for nobody.
 */
export async function dropUnclaimed(signal?: AbortSignal): Promise<void> {
  const unclaimed: string[] = [];
  for await (const { id, source, topic, body } of keptBodies(NO_SHOP)) {
    signal?.throwIfAborted();
    const { messageId } = webhookSubject(source, topic, body);
    if (!messageId || !(await isHeld(messageId))) unclaimed.push(id);
  }
  await forPlatform("purge", (tx) => dropBodies(tx, unclaimed, "erased"));
}

async function isHeld(messageId: string): Promise<boolean> {
  if (!isId(messageId)) return false;
  const found = await forPlatform("purge", (tx) =>
    tx.message.findFirst({ where: { id: messageId }, select: { id: true } }),
  );
  return found !== null;
}

/**
 * Drops what a restore brought back of erased orders: what Shopify tells of them, and what the mail provider tells of their messages.
 * Most of it was handled, and gone, before the erasure came: no erasure knew of it.
 */
export async function dropErased(shop: { id: string; domain: string }): Promise<void> {
  const found: string[] = [];
  for (const domain of [shop.domain, NO_SHOP]) {
    for await (const { id, source, topic, body } of keptBodies(domain)) {
      const { orderId, messageId } = webhookSubject(source, topic, body);
      const erased = await forPlatform("restore", async (tx) =>
        domain === NO_SHOP
          ? messageId !== null && isId(messageId) && isOfErased(tx, shop.id, messageId)
          : orderId !== null && isErased(tx, shop.id, { source: source as Source, externalId: orderId }),
      );
      if (erased) found.push(id);
    }
  }
  await forPlatform("restore", (tx) => dropBodies(tx, found, "erased"));
}

async function isOfErased(tx: Tx, shopId: string, messageId: string): Promise<boolean> {
  const where = { shopId, id: messageId, order: { erasedAt: { not: null } } };
  return (await tx.message.findFirst({ where, select: { id: true } })) !== null;
}

export const dropConcerned = (tx: Tx, { inboxIds }: Concerned) => dropBodies(tx, inboxIds, "erased");

const plain = (email: string) => email.trim().toLowerCase();

function isTheirs(
  subject: WebhookSubject,
  body: Buffer,
  customerId: string | null,
  emails: Set<string>,
): boolean {
  // Two customers may share an address.
  if (subject.customerId !== null && customerId !== null) return subject.customerId === customerId;
  if (subject.emails.length > 0) return subject.emails.some((email) => emails.has(plain(email)));
  if (subject.orderId !== null) return false;
  // Nobody can tell whose it is: then it is theirs if it holds their address anywhere.
  const text = body.toString("utf8").toLowerCase();
  return [...emails].some((email) => text.includes(email));
}

async function messagesOf(shopId: string, orderIds: string[]): Promise<Set<string>> {
  const rows = await forPlatform("privacy", (tx) =>
    tx.message.findMany({ where: { shopId, orderId: { in: orderIds } }, select: { id: true } }),
  );
  return new Set(rows.map(({ id }) => id));
}
