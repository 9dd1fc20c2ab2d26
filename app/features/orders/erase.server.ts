// Guarantee: an order whose buyer was erased is known for good by a keyed hash, and nothing that arrives of it is taken in again.
import type { Source } from "#app/connectors/orders.ts";
import type { OrderDocument } from "#app/features/orders/orders.ts";
import { openVault, type Vault } from "#app/features/vault/vault.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

export type OrderName = { source: Source; externalId: string };

/** The hash by which an erased order is known. */
export function orderIndex(vault: Vault, { source, externalId }: OrderName): string {
  return vault.blindIndex("order", `${source}|${externalId}`);
}

/** Holds an order against whatever else arrives of it, until the transaction ends. */
export async function lockArrival(
  tx: Tx,
  shopId: string,
  connectionId: string,
  externalId: string,
): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`order|${shopId}|${connectionId}|${externalId}`}, 0))`;
}

/** Whether the buyer of this order was erased. */
export async function isErased(tx: Tx, shopId: string, order: OrderName): Promise<boolean> {
  const index = orderIndex(await openVault(shopId), order);
  const stone = await tx.orderTombstone.findUnique({
    where: { shopId_orderIndex: { shopId, orderIndex: index } },
    select: { id: true },
  });
  return stone !== null;
}

/** @param indexes as `orderIndex` makes them @returns how many were new */
export async function plantTombstones(tx: Tx, shopId: string, indexes: string[], now: Date): Promise<number> {
  const { count } = await tx.orderTombstone.createMany({
    data: indexes.map((index) => ({ shopId, orderIndex: index, erasedAt: now })),
    skipDuplicates: true,
  });
  return count;
}

/**
 * The order without its buyer: what was bought and what became of it stays; who, where to, how it was tagged and under which
 * number the carrier knows the address goes.
 */
export function withoutBuyer(document: OrderDocument): OrderDocument {
  const ofBuyer = new Set(["customerId", "customerTags", "b2b", "zone"]);
  return {
    ...document,
    header: document.header && {
      ...document.header,
      tags: [],
      customerTags: null,
      b2b: null,
      locale: null,
      zone: null,
      customerId: null,
    },
    fulfillments: document.fulfillments.map((fulfillment) => ({ ...fulfillment, tracking: [] })),
    told: Object.fromEntries(Object.entries(document.told).filter(([key]) => !ofBuyer.has(key))),
  };
}
