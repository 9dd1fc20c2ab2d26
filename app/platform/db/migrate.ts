// Guarantee: leaves the same rows in _prisma_migrations as `prisma migrate deploy`, so that either may be used at any time. Prisma's
// own command downloads a native engine, which locked-down machines cannot get.
import { createHash, randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, type Pool } from "pg";

/** The project's migrations. */
export const migrationsFolder = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

/** Those of the key store. */
export const keyMigrationsFolder = fileURLToPath(new URL("../../../prisma/keys", import.meta.url));

/** The advisory lock that Prisma takes as well: its command and this one wait for each other. */
const PRISMA_LOCK = 72707369;

const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

type Migration = { name: string; sql: string; checksum: string };
type Row = { migration_name: string; checksum: string; finished: boolean };

/**
 * Applies the migrations that the database lacks, in order, and returns their names.
 * Throws when an applied migration's file has changed, when an earlier one failed, or when one fails now.
 */
export async function applyMigrations(url: string, folder: string = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({ connectionString: url, application_name: "aftercare migrate" });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_LOCK]);
    const applied = await readApplied(client);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of migrations) refuseUnsound(migration, applied.get(migration.name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** The names of the migrations that the database lacks, for a process that may not apply any. */
export async function missingMigrations(pool: Pool, folder: string = migrationsFolder): Promise<string[]> {
  const names = await readNames(folder);
  const found = await pool.query<{ there: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there",
  );
  const applied = found.rows[0]?.there
    ? await pool.query<Pick<Row, "migration_name">>(
        "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
      )
    : { rows: [] };
  const known = new Set(applied.rows.map((row) => row.migration_name));
  return names.filter((name) => !known.has(name));
}

async function readNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = await readNames(folder);
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name, "migration.sql"));
      return {
        name,
        sql: bytes.toString("utf8"),
        checksum: createHash("sha256").update(bytes).digest("hex"),
      };
    }),
  );
}

async function readApplied(client: Client): Promise<Map<string, Row>> {
  const found = await client.query<{ there: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there",
  );
  if (!found.rows[0]?.there) await client.query(TABLE);
  const { rows } = await client.query<Row>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

function refuseUnsound({ name, checksum }: Migration, row: Row | undefined): void {
  if (!row) return;
  if (!row.finished)
    throw new Error(
      `The migration ${name} failed earlier: mend the database, mark it with "prisma migrate resolve", and try again`,
    );
  if (row.checksum !== checksum)
    throw new Error(
      `The migration ${name} was changed after it was applied: restore its file and write a new one`,
    );
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await client.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)", [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql); // one simple query: PostgreSQL runs it as one transaction
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await client.query("ROLLBACK"); // the file may have begun a transaction of its own
    await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [id, reason]);
    throw new Error(`The migration ${name} failed: ${reason}`, { cause: error });
  }
  await client.query(
    "UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1",
    [id],
  );
}
