// What the catalogue says of the app's own tables: nobody keeps a list that could forget one.
import type { Client } from "pg";

export type Table = {
  name: string;
  /** In the order in which they are copied; generated columns make themselves. */
  columns: string[];
  /** Row level security binds the owner too. COPY can't fill such a table. */
  forced: boolean;
};

/** Prisma's own account of migrations is compared, not copied: a database that was restored into has one already. */
const NOT_COPIED = "_prisma_migrations";

/** Every table of the app's schema, what is pointed at before what points at it. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { targets: string[] }>(
    `SELECT c.relname AS name, c.relforcerowsecurity AS forced,
            (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
            (SELECT coalesce(array_agg(t.relname::text), '{}') FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
              WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS targets
       FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> $1
      ORDER BY c.relname`,
    [NOT_COPIED],
  );
  const sorted: Table[] = [];
  const left = new Map(rows.map((row) => [row.name, row]));
  while (left.size > 0) {
    const next = [...left.values()].find(({ targets }) => targets.every((target) => !left.has(target)));
    if (!next) throw new Error("tables point at each other in a circle");
    left.delete(next.name);
    sorted.push({ name: next.name, columns: next.columns, forced: next.forced });
  }
  return sorted;
}

/** Name of the newest migration, and a hash over the names and contents of all of them. */
export async function readSchema(client: Client): Promise<{ name: string; hash: string }> {
  const { rows } = await client.query<{ name: string; hash: string }>(
    `SELECT max(migration_name) AS name,
            encode(sha256(convert_to(string_agg(migration_name || checksum, ',' ORDER BY migration_name), 'UTF8')), 'hex') AS hash
       FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return { name: rows[0]?.name ?? "none", hash: rows[0]?.hash ?? "" };
}

/** Rows that a migration put in, as long as nobody has begun to use them: they make way for the backup's own. */
const SEEDED: Record<string, string> = { platform_audit_heads: "seq = 0" };

/** Takes out what only a migration put in. */
export async function clearSeeds(client: Client, tables: Table[]): Promise<void> {
  for (const { name } of tables)
    if (SEEDED[name]) await client.query(`DELETE FROM ${quoted(name)} WHERE ${SEEDED[name]}`);
}

/** The first table that has a row, or null. */
export async function findFilled(client: Client, tables: Table[]): Promise<string | null> {
  for (const { name } of tables) {
    const { rows } = await client.query<{ filled: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM ${quoted(name)}) AS filled`,
    );
    if (rows[0]?.filled) return name;
  }
  return null;
}

/** Numbers that the database hands out go on after those that were copied in. */
export async function forwardSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT c.relname AS table, a.attname AS column, s.oid::regclass::text AS sequence
       FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
       JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
      WHERE s.relkind = 'S' AND c.relnamespace = current_schema()::regnamespace`,
  );
  for (const { table, column, sequence } of rows) {
    await client.query(
      `SELECT setval($1, m) FROM (SELECT max(${quoted(column)}) AS m FROM ${quoted(table)}) newest WHERE m IS NOT NULL`,
      [sequence],
    );
  }
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
