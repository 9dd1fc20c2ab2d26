// Guarantee: after `redactOrders` commits, no row of these orders tells of a buyer, and nothing that arrives of them does again.
import { withdrawMessages } from "#app/features/messages/erase.server.ts";
import { lockArrival, orderIndex, plantTombstones, withoutBuyer } from "#app/features/orders/erase.server.ts";
import type { OrderDocument } from "#app/features/orders/orders.ts";
import type { Source } from "#app/connectors/orders.ts";
import type { Counts } from "#app/features/privacy/receipts.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { withoutSubject } from "#app/features/privacy/requests.server.ts";
import { rowsOf, tableOf, whereOf } from "#app/features/privacy/rows.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** How a document loses its buyer, for every column that the register rewrites (a test compares the two). */
export const REWRITES: Record<string, (value: never) => unknown> = {
  "Order.document": (document: OrderDocument) => withoutBuyer(document),
  // Which customer tag kept a message away says something about the customer.
  "Order.decisions": () => ({ version: 1, decisions: [] }),
};

/**
 * Takes the buyer out of these orders and of everything that belongs to them, as the register says. Orders erased before are passed
 * over, so it may be repeated. Some hundred at once; the transaction must be the platform's, since a batch may hold other shops' mails.
 * @returns rows changed, by table
 */
export async function redactOrders(tx: Tx, shopId: string, orderIds: string[], now: Date): Promise<Counts> {
  const orders = await lockOrders(tx, shopId, orderIds);
  if (orders.length === 0) return {};
  const ids = orders.map(({ id }) => id);
  const vault = await openVault(shopId);
  const stones = orders.map(({ source, externalId }) =>
    orderIndex(vault, { source: source as Source, externalId }),
  );
  const counts: Counts = { order_tombstones: await plantTombstones(tx, shopId, stones, now) };
  await withdrawMessages(tx, shopId, ids, now);
  for (const rule of RULES) {
    const where = await whereOf(tx, shopId, rule, ids);
    if (!where || !rule.redact) continue;
    counts[rule.table] = await redactRows(tx, shopId, rule, where, ids);
  }
  await tx.order.updateMany({ where: { shopId, id: { in: ids } }, data: { erasedAt: now } });
  counts.privacy_exports = await deleteExports(tx, shopId, { orderIds: ids }, now);
  return counts;
}

/** Arrivals first, then rows, always in the same order: nobody who holds one waits for the other. */
async function lockOrders(tx: Tx, shopId: string, orderIds: string[]) {
  const where = { shopId, id: { in: orderIds }, erasedAt: null };
  const select = { id: true, source: true, externalId: true, connectionId: true };
  const found = await tx.order.findMany({ where, select, orderBy: { externalId: "asc" } });
  for (const { connectionId, externalId } of found) await lockArrival(tx, shopId, connectionId, externalId);
  await tx.$queryRaw`
    SELECT id FROM orders WHERE shop_id = ${shopId}::uuid AND id = ANY (${orderIds}::uuid[]) ORDER BY id FOR UPDATE`;
  return tx.order.findMany({ where, select, orderBy: { id: "asc" } });
}

async function redactRows(
  tx: Tx,
  shopId: string,
  rule: (typeof RULES)[number],
  where: object,
  orderIds: string[],
): Promise<number> {
  const table = tableOf(tx, rule);
  const { redact } = rule;
  if (!redact) return 0;
  if (redact === "delete") return (await table.deleteMany({ where })).count;
  for (const column of redact.rewrite ?? []) {
    const rewrite = REWRITES[`${rule.model}.${column}`];
    if (!rewrite) throw new Error(`${rule.model}.${column} has no rewrite`);
    for (const row of await rowsOf(tx, shopId, rule, orderIds, [column])) {
      if (row[column] === null) continue;
      await table.update({
        where: { shopId_id: { shopId, id: row.id } },
        data: { [column]: rewrite(row[column] as never) },
      });
    }
  }
  const data = Object.fromEntries(redact.clear.map((column) => [column, null]));
  return (await table.updateMany({ where, data })).count;
}

/** What was put together for a buyer who asked goes with what it tells of, and the request has nothing left to hand over. */
export async function deleteExports(
  tx: Tx,
  shopId: string,
  which: { orderIds: string[] } | { requestIds: string[] },
  now: Date,
): Promise<number> {
  const where = {
    shopId,
    ...("orderIds" in which
      ? { orderIds: { hasSome: which.orderIds } }
      : { requestId: { in: which.requestIds } }),
  };
  const exports = await tx.privacyExport.findMany({ where, select: { requestId: true } });
  const of = { shopId, id: { in: exports.map(({ requestId }) => requestId) } };
  await tx.privacyRequest.updateMany({
    where: { ...of, state: "ready" },
    data: { state: "nothing_held", reason: "erased", completedAt: now },
  });
  await tx.privacyRequest.updateMany({ where: of, data: withoutSubject });
  return (await tx.privacyExport.deleteMany({ where })).count;
}

/** What was asked before about a person who is erased: copies go, and what is not answered yet has no answer any more. @returns copies deleted */
export async function closeRequests(tx: Tx, shopId: string, ids: string[], now: Date): Promise<number> {
  await tx.privacyRequest.updateMany({
    where: { shopId, id: { in: ids }, state: { in: ["recorded", "failed"] } },
    data: { state: "nothing_held", completedAt: now, ...withoutSubject },
  });
  return deleteExports(tx, shopId, { requestIds: ids }, now);
}
