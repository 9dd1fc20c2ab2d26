// What PostgreSQL itself says of the tables: which there are, which name a shop, and how the wall stands around them.
import type { Client } from "pg";
import { defaultSettings } from "#app/features/shops/settings.ts";

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
export async function readTables(client: Client): Promise<Table[]> {
  const { rows: columns } = await client.query<Column & { table: string }>(`
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
           a.attnotnull AND a.atthasdef IS FALSE AND a.attidentity = '' AS required
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'
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
    FROM pg_constraint f WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace`);
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

export type Row = Record<string, unknown>;

/** Values without which a row would be no row of that kind. */
const kinds: Record<string, Row> = {
  shops: {
    state: "installed",
    sending: false,
    settings: defaultSettings({ name: "Neighbour", email: null, timeZone: "UTC", locale: "en" }),
  },
  connections: { source: "shopify", state: "ok" },
  orders: { source: "shopify", document: {}, decisions: null },
  messages: { channel: "email", state: "planned", timeline: [] },
  sections: { channel: "email", state: "planned" },
  releases: { state: "live", number: 1 },
  privacy_requests: { kind: "customers/redact", state: "recorded" },
  suppressions: { channel: "email" },
};

/** The audit log's entry is one text that its columns are read from. */
const auditEntry = (text: string) =>
  JSON.stringify({
    seq: 1,
    id: crypto.randomUUID(),
    at: "2026-11-20T10:00:00.000Z",
    actor: "system",
    action: text,
  });

/** One invented row of every table with a shop, `mark` wherever a text fits; each points at the others where it must. */
export function rowsOf(tables: Table[], shopId: string, mark: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const table of tables.filter(({ shop }) => shop !== null)) {
    const row: Row = {};
    for (const { name, type, required } of table.columns) {
      const value = invent(type, `${mark} ${table.name} ${name}`);
      if (required || /^(text|bytea)$/.test(type) || name === "id") row[name] = value;
    }
    Object.assign(row, kinds[table.name]);
    if ("entry" in row) row.entry = auditEntry(mark);
    for (const { table: target, columns, to } of table.references)
      columns.forEach((column, index) => (row[column] = rows.get(target)?.[to[index]!]));
    row[table.shop!] = shopId;
    rows.set(table.name, row);
  }
  return rows;
}

function invent(type: string, text: string): unknown {
  if (type.endsWith("[]")) return [];
  if (type === "uuid") return crypto.randomUUID();
  if (type === "jsonb") return { text };
  if (type === "bytea") return `\\x${Buffer.from(text).toString("hex")}`;
  if (type === "boolean") return false;
  if (/^(integer|bigint|smallint|double precision|numeric)$/.test(type)) return 1;
  if (/^timestamp|^date/.test(type)) return "2026-11-20T10:00:00.000Z";
  return text;
}

/** Inserts rows as they are. */
export async function insertRows(client: Client, rows: Map<string, Row>): Promise<void> {
  for (const [table, row] of rows) await insertRow(client, table, row);
}

export async function insertRow(client: Client, table: string, row: Row): Promise<void> {
  const names = Object.keys(row);
  const list = names.map((name) => `"${name}"`).join(", ");
  await client.query(
    `INSERT INTO "${table}" (${list}) SELECT ${list} FROM jsonb_populate_record(NULL::"${table}", $1)`,
    [JSON.stringify(row)],
  );
}
