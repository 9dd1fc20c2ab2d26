// Guarantee: what is erased follows from the register alone; each batch is one short transaction that deletes and counts.
import { endBatches } from "#app/features/messages/erase.server.ts";
import { orderIndex, plantTombstones, type OrderName } from "#app/features/orders/erase.server.ts";
import type { Counts } from "#app/features/privacy/receipts.ts";
import { deleteExports } from "#app/features/privacy/redact.server.ts";
import { RULES, type TableRule } from "#app/features/privacy/register.ts";
import { REQUEST_KINDS } from "#app/features/privacy/requests.ts";
import { deleteRowsOf } from "#app/features/privacy/rows.server.ts";
import { columnOf } from "#app/features/privacy/sql.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { Prisma } from "#app/platform/db/generated/client.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { BEFORE_ALL } from "#app/platform/db/ids.ts";
import { forgetWebhooks } from "#app/platform/inbox/forget.ts";

type Rule = (typeof RULES)[number];

/** What the engine needs of a purge: where it counts, and whose rows it erases. */
export type Erasing = { id: string; shopId: string };

/** Which orders of a shop go, with all that hangs on them. */
export type OrdersOf = { generationBefore: number } | { connectionId: string };

/** Rows a transaction deletes: few enough that nobody waits for its locks, enough that commits do not count. */
const ROWS = 4_000;
/** Orders a transaction deletes, each with its messages, their sections and their attempts. */
const ORDERS = 250;

/** The audit chain and the shop itself go last, in one transaction (purge.server.ts). */
const LAST: string[] = ["AuditEvent", "AuditHead", "Shop"];
const OF_SHOP = RULES.filter((rule) => rule.shop === "delete" && !LAST.includes(rule.model));

const table = (rule: Rule) => Prisma.raw(`"${rule.table}"`);
const column = (name: string) => Prisma.raw(columnOf(name));

/** Adds to what a purge has erased, in the transaction that erases. */
export async function count(tx: Tx, purgeId: string, erased: Counts): Promise<void> {
  for (const [name, rows] of Object.entries(erased)) {
    if (rows === 0) continue;
    await tx.$executeRaw`
      UPDATE purges SET counts = counts || jsonb_build_object(${name}::text, coalesce((counts->>${name})::int, 0) + ${rows}::int)
      WHERE id = ${purgeId}::uuid`;
  }
}

/** Everything of the shop but its audit chain and itself, table by table in erasing order. */
export async function eraseTables(purge: Erasing, signal?: AbortSignal): Promise<void> {
  for (const rule of OF_SHOP) await eraseTable(purge, rule, null, signal);
}

async function eraseTable(
  purge: Erasing,
  rule: Rule,
  only: Prisma.Sql | null,
  signal?: AbortSignal,
): Promise<void> {
  let after: string | null = BEFORE_ALL;
  while (after) {
    signal?.throwIfAborted();
    const from: string = after;
    after = await forShop(purge.shopId, async (tx) => {
      const batch = await deleteRows(tx, purge.shopId, rule, { only, after: from });
      await count(tx, purge.id, { [rule.table]: batch.rows });
      return batch.rows < ROWS ? null : batch.last;
    });
  }
}

/** Deletes rows in the order of their ids, so that no batch looks again at what those before it left dead in the index. */
async function deleteRows(
  tx: Tx,
  shopId: string,
  rule: Rule,
  { only, after }: { only: Prisma.Sql | null; after: string },
): Promise<{ rows: number; last: string | null }> {
  const [batch] = await tx.$queryRaw<{ rows: number; last: string | null }[]>`
    WITH chosen AS MATERIALIZED (
      SELECT id FROM ${table(rule)} WHERE shop_id = ${shopId}::uuid AND id > ${after}::uuid ${only ?? Prisma.empty}
      ORDER BY id LIMIT ${ROWS}
    ), gone AS (
      DELETE FROM ${table(rule)} WHERE shop_id = ${shopId}::uuid AND id = ANY (ARRAY(SELECT id FROM chosen))
      RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM gone) AS rows, (SELECT id FROM chosen ORDER BY id DESC LIMIT 1) AS last`;
  return batch ?? { rows: 0, last: null };
}

/** What came in while the tables were emptied, if anything. Call it while the shop's row is locked, so that nothing more can. */
export async function eraseRest(tx: Tx, purge: Erasing): Promise<void> {
  for (const rule of OF_SHOP) {
    const rows = await tx.$executeRaw`DELETE FROM ${table(rule)} WHERE shop_id = ${purge.shopId}::uuid`;
    await count(tx, purge.id, { [rule.table]: rows });
  }
}

/** Orders with all that hangs on them; an order goes whole, so that none is ever planned again without its past. */
export async function eraseOrders(
  purge: Erasing,
  of: OrdersOf,
  now: Date,
  signal?: AbortSignal,
): Promise<void> {
  let after: string | null = BEFORE_ALL;
  while (after) {
    signal?.throwIfAborted();
    const from: string = after;
    // A frozen batch may hold other shops' messages beside those that go, so this looks over the wall.
    after = await forPlatform("purge", (tx) => eraseSomeOrders(tx, purge, of, from, now));
  }
}

/** The orders of a connection that came in while it was emptied. Call it while the connection's row is locked. */
export async function eraseLateOrders(
  tx: Tx,
  purge: Erasing,
  connectionId: string,
  now: Date,
): Promise<void> {
  let after: string | null = BEFORE_ALL;
  while (after) after = await eraseSomeOrders(tx, purge, { connectionId }, after, now);
}

/** @returns the last order's id, or null when there are no more */
async function eraseSomeOrders(
  tx: Tx,
  purge: Erasing,
  of: OrdersOf,
  after: string,
  now: Date,
): Promise<string | null> {
  const { shopId } = purge;
  const which =
    "connectionId" in of
      ? Prisma.sql`connection_id = ${of.connectionId}::uuid`
      : Prisma.sql`generation < ${of.generationBefore}`;
  const orders = await tx.$queryRaw<(OrderName & { id: string })[]>`
    SELECT id, source, external_id AS "externalId" FROM orders WHERE shop_id = ${shopId}::uuid AND ${which} AND id > ${after}::uuid
    ORDER BY id LIMIT ${ORDERS} FOR UPDATE`;
  const ids = orders.map(({ id }) => id);
  if (ids.length === 0) return null;
  // Of a shop that lives on: its sections, which kept a message from being sent twice, go with the order, so the order must not return.
  if ("generationBefore" in of) {
    const vault = await openVault(shopId);
    const stones = orders.map((order) => orderIndex(vault, order));
    await plantTombstones(tx, shopId, stones, now);
  }
  await endBatches(tx, shopId, ids, now);
  await count(tx, purge.id, { privacy_exports: await deleteExports(tx, shopId, { orderIds: ids }, now) });
  for (const rule of RULES) {
    const rows = await deleteRowsOf(tx, shopId, rule, ids);
    await count(tx, purge.id, { [rule.table]: rows });
  }
  return ids.length < ORDERS ? null : ids.at(-1)!;
}

/** What a connection brought in beside its orders. */
export async function eraseConnected(
  purge: Erasing,
  connectionId: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const rule of RULES) {
    const { connection }: TableRule = rule;
    if (connection?.of !== "connections" || rule.model === "Order" || rule.model === "Connection") continue;
    const only = Prisma.sql`AND ${column(connection.by)} = ${connectionId}::uuid`;
    await eraseTable(purge, rule, only, signal);
  }
}

/** What the webhooks of a domain said, up to the present install of a shop with that domain, or up to now. */
export async function eraseWebhooks(
  purgeId: string,
  shopDomain: string,
  now: Date,
  signal?: AbortSignal,
): Promise<void> {
  const limit = ROWS;
  for (let forgotten = limit; forgotten === limit;) {
    signal?.throwIfAborted();
    forgotten = await forPlatform("purge", async (tx) => {
      const present = await tx.shop.findUnique({
        where: { domain: shopDomain },
        select: { installedAt: true, state: true },
      });
      const before = present?.state === "installed" ? present.installedAt : now;
      const rows = await forgetWebhooks(tx, { shopDomain, before, keep: Object.keys(REQUEST_KINDS), limit });
      await count(tx, purgeId, { inbox: rows });
      return rows;
    });
  }
}
