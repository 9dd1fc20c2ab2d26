// Guarantee: reads only. Whether the database still refuses what it must refuse, and still makes the readable columns itself.
import { forPlatform } from "#app/platform/db/db.ts";

const COLUMNS = ["seq", "id", "at", "actor", "action", "subject", "request", "before", "after"];
const TABLES = {
  audit_events: ["unchanged", "untruncated", "removed"],
  platform_audit_events: ["unchanged", "untruncated"],
};

/** What is missing of the audit log's guards, by name; empty when all is as the migration left it. */
export async function missingGuards(): Promise<string[]> {
  const there = await forPlatform(
    "audit",
    (tx) => tx.$queryRaw<{ name: string }[]>`
    SELECT c.relname || ': ' || t.tgname AS name
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.oid IN ('audit_events'::regclass, 'platform_audit_events'::regclass) AND t.tgenabled = 'A'
    UNION ALL
    SELECT c.relname || '.' || a.attname
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.oid IN ('audit_events'::regclass, 'platform_audit_events'::regclass) AND a.attgenerated IN ('s', 'v')
       AND strpos(pg_get_expr(d.adbin, d.adrelid), quote_literal(a.attname) || '::text') > 0`,
  );
  const names = new Set(there.map(({ name }) => name));
  return Object.entries(TABLES)
    .flatMap(([table, triggers]) => [
      ...triggers.map((trigger) => `${table}: ${trigger}`),
      ...COLUMNS.map((column) => `${table}.${column}`),
    ])
    .filter((name) => !names.has(name));
}
