// Guarantee: reads only. Whether the database still refuses what it must refuse, and still makes the readable columns itself, in exactly
// the words of the migrations: a guard that only looks like ours is none.
import { forPlatform } from "#app/platform/db/db.ts";

/** As PostgreSQL writes them out. */
const COLUMNS = {
  entry: "",
  hash: "",
  seq: "(((entry)::jsonb ->> 'seq'::text))::integer",
  id: "(((entry)::jsonb ->> 'id'::text))::uuid",
  at: "audit_instant(((entry)::jsonb ->> 'at'::text))",
  actor: "((entry)::jsonb ->> 'actor'::text)",
  action: "((entry)::jsonb ->> 'action'::text)",
  subject: "((entry)::jsonb ->> 'subject'::text)",
  request: "((entry)::jsonb ->> 'request'::text)",
  before: "((entry)::jsonb -> 'before'::text)",
  after: "((entry)::jsonb -> 'after'::text)",
};
const TRIGGERS = {
  audit_events: {
    unchanged: "BEFORE UPDATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    untruncated: "BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    removed:
      "AFTER DELETE ON audit_events REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audit_removal()",
  },
  platform_audit_events: {
    unchanged:
      "BEFORE DELETE OR UPDATE ON platform_audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    untruncated:
      "BEFORE TRUNCATE ON platform_audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
  },
};
/** SHA-256 of what stands between the dollar signs. A migration that changes one changes it here. */
const FUNCTIONS = {
  audit_instant: "f5cac7de823ce863873df8c5ff9a7a1946adc46c7c3f3403a490e278e3fa6393",
  audit_refuse: "42857029df4589b5f54502bc43664f66eb9144e98c0d50d30c412e4285127a5d",
  audit_removal: "d06e046788c137df6a45f543f69d7301d3af8ec8c473ecc6f3cb617d96f0b13f",
};

/** Every guard by its name, and how it reads. */
const GUARDS = new Map<string, string>([
  ...Object.entries(TRIGGERS).flatMap(([table, triggers]) => [
    ...Object.entries(triggers).map(
      ([name, text]) => [`${table}: ${name}`, `CREATE TRIGGER ${name} ${text}`] as const,
    ),
    ...Object.entries(COLUMNS).map(([column, expression]) => [`${table}.${column}`, expression] as const),
  ]),
  ...Object.entries(FUNCTIONS).map(([name, source]) => [`${name}()`, source] as const),
]);

/** What is missing of the audit log's guards or is another, by name; empty when all is as the migrations left it. */
export async function missingGuards(): Promise<string[]> {
  const there = await forPlatform(
    "audit",
    (tx) => tx.$queryRaw<{ name: string; reads: string }[]>`
    SELECT c.relname || ': ' || t.tgname AS name, pg_get_triggerdef(t.oid, true) AS reads
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.oid IN ('audit_events'::regclass, 'platform_audit_events'::regclass) AND t.tgenabled = 'A'
    UNION ALL
    SELECT c.relname || '.' || a.attname, COALESCE(pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.oid IN ('audit_events'::regclass, 'platform_audit_events'::regclass) AND c.relkind = 'r'
       AND (a.attgenerated <> '' OR a.attname IN ('entry', 'hash'))
    UNION ALL
    SELECT proname || '()', encode(sha256(convert_to(prosrc, 'UTF8')), 'hex')
      FROM pg_proc
     WHERE oid IN (to_regprocedure('audit_instant(text)'), to_regprocedure('audit_refuse()'), to_regprocedure('audit_removal()'))
       AND proconfig IS NULL`,
  );
  const reads = new Map(there.map((guard) => [guard.name, guard.reads]));
  return [...GUARDS].filter(([name, text]) => reads.get(name) !== text).map(([name]) => name);
}
