// Guarantee: invents and never stores: rows of a shop that nobody has, one for each table, so that a table that is added later is among them.
import { randomUUID } from "node:crypto";
import type { Table } from "#app/platform/db/catalogue.ts";

export type Row = Record<string, unknown>;

/** Whose rows they are, what stands in every text of them, and when they were written. */
export type Invention = { shopId: string; mark: string; at: Date };

/**
 * One row of each of these tables, which all name a shop; each points at the others where it must.
 * @param kinds values without which a row would be no row of that kind
 */
export function inventRows(
  tables: Table[],
  { shopId, mark, at }: Invention,
  kinds: Record<string, Row>,
): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const table of tables) {
    const row: Row = {};
    for (const { name, type, required } of table.columns)
      if (required || /^(text|bytea)$/.test(type) || name === "id")
        row[name] = invent(type, `${mark} ${table.name} ${name}`, at);
    Object.assign(row, kinds[table.name]);
    for (const { table: target, columns, to } of table.references)
      columns.forEach((column, index) => (row[column] = rows.get(target)?.[to[index]!]));
    row[table.shop!] = shopId;
    rows.set(table.name, row);
  }
  return rows;
}

function invent(type: string, text: string, at: Date): unknown {
  if (type.endsWith("[]")) return [];
  if (type === "uuid") return randomUUID();
  if (type === "jsonb") return { text };
  if (type === "bytea") return writtenBytes(Buffer.from(text));
  if (type === "boolean") return false;
  if (/^(integer|bigint|smallint|double precision|numeric)$/.test(type)) return 1;
  if (/^timestamp|^date/.test(type)) return at.toISOString();
  return text;
}

/** Bytes as PostgreSQL reads and writes them. */
export const writtenBytes = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

/** The statement that stores such a row as it is; its only parameter is the row as JSON. */
export function insertion(table: string, row: Row): string {
  const list = Object.keys(row)
    .map((name) => `"${name}"`)
    .join(", ");
  return `INSERT INTO "${table}" (${list}) SELECT ${list} FROM jsonb_populate_record(NULL::"${table}", $1::jsonb)`;
}
