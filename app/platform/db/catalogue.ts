// What PostgreSQL itself says of the tables: which there are, which name a shop, and what they point at.
import type { ClientBase } from "pg";

export type Column = { name: string; type: string; required: boolean };
export type Reference = { table: string; columns: string[]; to: string[] };
export type Table = {
  name: string;
  columns: Column[];
  /** The column that names the shop; null where there is none. */
  shop: string | null;
  references: Reference[];
};

/** Every table of the app's own schema, those that others point at first. */
export async function readTables(client: Pick<ClientBase, "query">): Promise<Table[]> {
  const { rows: columns } = await client.query<Column & { table: string }>(`
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
           a.attnotnull AND a.atthasdef IS FALSE AND a.attidentity = '' AS required
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'
      AND a.attgenerated = ''
    ORDER BY c.relname, a.attnum`);
  const { rows: references } = await client.query<{
    from: string;
    table: string;
    columns: string[];
    to: string[];
  }>(`
    SELECT f.conrelid::regclass::text AS from, f.confrelid::regclass::text AS table,
           (SELECT array_agg(attname::text ORDER BY place) FROM unnest(f.conkey) WITH ORDINALITY k(num, place)
            JOIN pg_attribute ON attrelid = f.conrelid AND attnum = num) AS columns,
           (SELECT array_agg(attname::text ORDER BY place) FROM unnest(f.confkey) WITH ORDINALITY k(num, place)
            JOIN pg_attribute ON attrelid = f.confrelid AND attnum = num) AS to
    FROM pg_constraint f WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace`);
  const tables = [...Map.groupBy(columns, (column) => column.table)].map(([name, own]): Table => ({
    name,
    columns: own,
    shop: name === "shops" ? "id" : own.some((column) => column.name === "shop_id") ? "shop_id" : null,
    references: references
      .filter(({ from }) => from === name)
      .map(({ table, columns, to }) => ({ table, columns, to })),
  }));
  return ordered(tables);
}

function ordered(tables: Table[]): Table[] {
  const placed: Table[] = [];
  const place = (table: Table) => {
    if (placed.includes(table)) return;
    for (const { table: name } of table.references) {
      const before = tables.find((each) => each.name === name);
      if (before && before !== table) place(before);
    }
    placed.push(table);
  };
  tables.forEach(place);
  return placed;
}
