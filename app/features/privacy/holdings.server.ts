// Guarantee: what is shown is counted in the database when it is asked for, by the register, which knows every column.
import {
  KINDS,
  keptOf,
  type Holding,
  type Kept,
  type MonthCount,
  type Needs,
} from "#app/features/privacy/holdings.ts";
import { RULES, type DataClass, type TableRule } from "#app/features/privacy/register.ts";
import { columnOf } from "#app/features/privacy/sql.ts";
import type { Tx } from "#app/platform/db/db.ts";

type Subject = { id: string; domain: string };
type Counted = { kind: DataClass; kept: Kept; rows: number; oldest: Date | null };

/** How much of each kind we hold of a shop, and since when. One look at each table. */
export async function readHoldings(tx: Tx, shop: Subject): Promise<Holding[]> {
  const counted = await countAll(tx, shop);
  return KINDS.map((kind) => {
    const found = counted.filter((each) => each.kind === kind.kind);
    return {
      ...kind,
      rows: sumOf(found),
      oldest: oldestOf(found)?.toISOString() ?? null,
      parts: kind.kept.map((kept) => ({ kept, rows: sumOf(found.filter((each) => each.kept === kept)) })),
    };
  });
}

/** Since when there is something that is kept so long; null: nothing of it is held. */
export async function readOldest<Time extends Kept>(
  tx: Tx,
  shop: Subject,
  times: readonly Time[],
): Promise<{ kept: Time; at: Date | null }[]> {
  const counted = await countAll(tx, shop);
  return times.map((kept) => ({ kept, at: oldestOf(counted.filter((each) => each.kept === kept)) }));
}

async function countAll(tx: Tx, shop: Subject): Promise<Counted[]> {
  const counted: Counted[] = [];
  for (const rule of RULES) counted.push(...(await countTable(tx, rule, shop)));
  return counted;
}

const sumOf = (counted: Counted[]) => counted.reduce((sum, { rows }) => sum + rows, 0);

function oldestOf(counted: Counted[]): Date | null {
  const ages = counted.flatMap(({ rows, oldest }) => (rows > 0 && oldest ? [oldest.getTime()] : []));
  return ages.length > 0 ? new Date(Math.min(...ages)) : null;
}

/** The condition that finds a shop's rows in a table, or null where none are a shop's. */
function rowsOf({ table, of, columns }: TableRule, shop: Subject): { where: string; value: string } | null {
  if (table === "shops") return { where: "id = $1::uuid", value: shop.id };
  if (of === "shop" || "shopId" in columns) return { where: "shop_id = $1::uuid", value: shop.id };
  return "shopDomain" in columns ? { where: "shop_domain = $1", value: shop.domain } : null;
}

async function countTable(tx: Tx, rule: TableRule, shop: Subject): Promise<Counted[]> {
  const rows = rowsOf(rule, shop);
  if (!rows) return [];
  const byKind = Map.groupBy(Object.keys(rule.columns), (column) => rule.columns[column]!);
  const age = rule.age ? columnOf(rule.age) : "NULL::timestamptz";
  const parts = [...byKind].flatMap(([kind, columns]) => {
    const there = columns.map((column) => `${columnOf(column)} IS NOT NULL`).join(" OR ");
    return [
      `count(*) FILTER (WHERE ${there}) AS "${kind}"`,
      `min(${age}) FILTER (WHERE ${there}) AS "${kind}_oldest"`,
    ];
  });
  const [found = {}] = await tx.$queryRawUnsafe<Record<string, bigint | Date | null>[]>(
    `SELECT ${parts.join(", ")} FROM ${rule.table} WHERE ${rows.where}`,
    rows.value,
  );
  return [...byKind.keys()].map((kind) => ({
    kind,
    kept: keptOf(kind, rule),
    rows: Number(found[kind] ?? 0),
    oldest: (found[`${kind}_oldest`] ?? null) as Date | null,
  }));
}

/** Orders held, by the month they were placed in; the first one also stands for all before it. */
export async function countOrdersByMonth(
  tx: Tx,
  shopId: string,
  timeZone: string,
  now: Date,
): Promise<MonthCount[]> {
  const rows = await tx.$queryRaw<{ month: string; buyers: bigint; orders: bigint }[]>`
    WITH months AS (
      SELECT generate_series(date_trunc('month', ${now}::timestamptz AT TIME ZONE ${timeZone}) - interval '11 months',
                             date_trunc('month', ${now}::timestamptz AT TIME ZONE ${timeZone}), interval '1 month') AS month
    ), held AS (
      SELECT greatest(date_trunc('month', placed_at AT TIME ZONE ${timeZone}), (SELECT min(month) FROM months)) AS month,
             count(person_sealed) AS buyers, count(*) AS orders
      FROM orders WHERE shop_id = ${shopId}::uuid AND placed_at IS NOT NULL GROUP BY 1
    )
    SELECT to_char(months.month, 'YYYY-MM-DD') AS month, coalesce(buyers, 0) AS buyers, coalesce(orders, 0) AS orders
    FROM months LEFT JOIN held USING (month) ORDER BY 1`;
  return rows.map(({ month, buyers, orders }) => ({
    month,
    withBuyer: Number(buyers),
    without: Number(orders - buyers),
  }));
}

/** Which features that need protected data are switched on. */
export async function readNeeds(tx: Tx, shopId: string): Promise<Needs> {
  const [messages, tags, connection] = await Promise.all([
    tx.release.count({ where: { shopId, state: "live" } }),
    tx.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM releases, LATERAL (SELECT content #> '{trigger,definition,exclusions}' AS exclusions) live
      WHERE shop_id = ${shopId}::uuid AND state = 'live'
        AND (jsonb_array_length(coalesce(exclusions -> 'customerTags', '[]')) > 0 OR exclusions -> 'b2b' = 'true')`,
    tx.connection.findFirst({ where: { shopId, source: "shopify" }, select: { scopes: true } }),
  ]);
  return {
    messages: messages > 0,
    customerTags: Number(tags[0]?.count ?? 0) > 0,
    customersAllowed: connection?.scopes.includes("read_customers") ?? false,
  };
}
