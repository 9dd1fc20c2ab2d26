// Guarantee: the rows of a buyer's orders are found as the register says, in any table, and never outside the shop.
import type { RULES } from "#app/features/privacy/register.ts";
import type { Tx } from "#app/platform/db/db.ts";

type Rule = (typeof RULES)[number];
type Row = Record<string, unknown> & { id: string };

/** As much of Prisma's delegates as is the same for every table. */
type Table = {
  findMany(args: object): Promise<Row[]>;
  update(args: object): Promise<unknown>;
  updateMany(args: object): Promise<{ count: number }>;
  deleteMany(args: object): Promise<{ count: number }>;
};

/** A table by the register's name for its model. */
export function tableOf(tx: Tx, rule: Rule): Table {
  const name = rule.model[0]!.toLowerCase() + rule.model.slice(1);
  return tx[name as keyof Tx] as unknown as Table;
}

/** Which rows of a table belong to these orders; null where none do. */
export async function whereOf(
  tx: Tx,
  shopId: string,
  rule: Rule,
  orderIds: string[],
): Promise<object | null> {
  if (!rule.buyer) return null;
  const { by, of } = rule.buyer;
  const keys = of === "orders" ? orderIds : await messagesOf(tx, shopId, orderIds);
  return { shopId, [by]: { in: keys } };
}

async function messagesOf(tx: Tx, shopId: string, orderIds: string[]): Promise<string[]> {
  const rows = await tx.message.findMany({
    where: { shopId, orderId: { in: orderIds } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Deletes those rows. @returns how many */
export async function deleteRowsOf(tx: Tx, shopId: string, rule: Rule, orderIds: string[]): Promise<number> {
  const where = await whereOf(tx, shopId, rule, orderIds);
  return where ? (await tableOf(tx, rule).deleteMany({ where })).count : 0;
}

/** Those rows, with the columns asked for and their ids. */
export async function rowsOf(
  tx: Tx,
  shopId: string,
  rule: Rule,
  orderIds: string[],
  columns: readonly string[],
): Promise<Row[]> {
  const where = await whereOf(tx, shopId, rule, orderIds);
  if (!where) return [];
  const select = Object.fromEntries(["id", ...columns].map((column) => [column, true]));
  return tableOf(tx, rule).findMany({ where, select, orderBy: { id: "asc" } });
}
