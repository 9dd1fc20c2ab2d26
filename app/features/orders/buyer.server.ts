// Guarantee: a buyer's orders are theirs: those named, those of their customer number, and those to their address that no other customer has.
import { z } from "zod";
import type { Buyer, Correction } from "#app/features/orders/buyer.ts";
import { documentOf, openPerson, resealPerson } from "#app/features/orders/orders.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import type { Order as OrderRow } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** Rows of one buyer's orders, oldest first; those erased before are left out. */
export async function listOrdersOf(tx: Tx, shopId: string, buyer: Buyer): Promise<OrderRow[]> {
  const vault = await openVault(shopId);
  const found = new Map<string, OrderRow>();
  const keep = (rows: OrderRow[]) => rows.forEach((row) => found.set(row.id, row));
  keep(
    await tx.order.findMany({
      where: { shopId, source: "shopify", externalId: { in: buyer.orders }, erasedAt: null },
    }),
  );
  const { customerId } = buyer;
  const theirs = customerId === null ? [] : await listOfCustomer(tx, shopId, customerId);
  keep(theirs);
  const addresses = new Set(theirs.flatMap(({ buyerIndex }) => buyerIndex ?? []));
  if (buyer.email) addresses.add(vault.blindIndex("email", buyer.email));
  const alike = await tx.order.findMany({
    where: { shopId, buyerIndex: { in: [...addresses] }, erasedAt: null },
  });
  // Two customers may share an address; an order without a number was placed as a guest.
  keep(
    alike.filter((row) => {
      const other = documentOf(row).header?.customerId ?? null;
      return customerId === null || other === null || other === customerId;
    }),
  );
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function listOfCustomer(tx: Tx, shopId: string, customerId: string): Promise<OrderRow[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM orders WHERE shop_id = ${shopId}::uuid AND document -> 'header' ->> 'customerId' = ${customerId}`;
  return tx.order.findMany({ where: { shopId, id: { in: rows.map(({ id }) => id) }, erasedAt: null } });
}

/** The buyer of an order that is held; null when the order is not, or its buyer was erased. */
export async function findBuyerOf(tx: Tx, shopId: string, orderId: string): Promise<Buyer | null> {
  const row = await tx.order.findUnique({ where: { shopId_id: { shopId, id: orderId } } });
  if (!row || row.erasedAt) return null;
  const { email } = openPerson(await openVault(shopId), row);
  const customerId = documentOf(row).header?.customerId ?? null;
  // Only the platform whose customers have numbers names orders by its own ids.
  return { customerId, email, phone: null, orders: row.source === "shopify" ? [row.externalId] : [] };
}

/** The newest order that a merchant means by its name ("#1001", "1001") or by its buyer's address. */
export async function findOrderByWords(tx: Tx, shopId: string, words: string): Promise<string | null> {
  const text = words.trim();
  const email = z.email().safeParse(text);
  const where = email.success
    ? { buyerIndex: (await openVault(shopId)).blindIndex("email", email.data) }
    : { name: { in: [text, `#${text}`] } };
  const row = await tx.order.findFirst({
    where: { shopId, erasedAt: null, ...where },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  return row?.id ?? null;
}

/** Puts a buyer's name or address right on one order; plan it again afterwards. @returns whether anything changed */
export async function correctOrder(
  tx: Tx,
  shopId: string,
  orderId: string,
  correction: Correction,
): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM orders WHERE shop_id = ${shopId}::uuid AND id = ${orderId}::uuid FOR UPDATE`;
  const row = await tx.order.findUnique({ where: { shopId_id: { shopId, id: orderId } } });
  if (!row || row.erasedAt) return false;
  const sealed = resealPerson(await openVault(shopId), row, correction);
  if (!sealed) return false;
  await tx.order.update({ where: { shopId_id: { shopId, id: orderId } }, data: sealed });
  return true;
}
