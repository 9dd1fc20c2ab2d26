import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { applyMigrations, migrationsFolder } from "#app/platform/db/migrate.ts";

let database: TestDatabase;
let client: Client;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  folder = await mkdtemp(join(tmpdir(), "aftercare-migrations-"));
  await cp(migrationsFolder, folder, { recursive: true });
});

afterEach(async () => {
  await client.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), sql);
}

async function rowsOf(name: string) {
  const { rows } = await client.query("SELECT * FROM _prisma_migrations WHERE migration_name = $1", [name]);
  return rows;
}

test("every migration of the project has the row Prisma would have written", async () => {
  const names = (await readdir(migrationsFolder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  expect(names.length).toBeGreaterThan(0);
  const { rows } = await client.query("SELECT * FROM _prisma_migrations ORDER BY migration_name");
  expect(rows.map((row) => row.migration_name)).toEqual(names);
  for (const row of rows) {
    const bytes = await readFile(join(migrationsFolder, row.migration_name, "migration.sql"));
    expect(row).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: createHash("sha256").update(bytes).digest("hex"),
      finished_at: expect.any(Date),
      logs: null,
      rolled_back_at: null,
      started_at: expect.any(Date),
      applied_steps_count: 1,
    });
    expect(row.finished_at.getTime()).toBeGreaterThanOrEqual(row.started_at.getTime());
  }
});

test("the table is the one Prisma makes", async () => {
  const { rows } = await client.query(
    `SELECT column_name, data_type, character_maximum_length AS length, is_nullable, column_default
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
  );
  const varchar = { data_type: "character varying", column_default: null };
  const moment = { data_type: "timestamp with time zone", length: null };
  expect(rows).toEqual([
    { column_name: "id", ...varchar, length: 36, is_nullable: "NO" },
    { column_name: "checksum", ...varchar, length: 64, is_nullable: "NO" },
    { column_name: "finished_at", ...moment, is_nullable: "YES", column_default: null },
    { column_name: "migration_name", ...varchar, length: 255, is_nullable: "NO" },
    { column_name: "logs", data_type: "text", length: null, is_nullable: "YES", column_default: null },
    { column_name: "rolled_back_at", ...moment, is_nullable: "YES", column_default: null },
    { column_name: "started_at", ...moment, is_nullable: "NO", column_default: "now()" },
    {
      column_name: "applied_steps_count",
      data_type: "integer",
      length: null,
      is_nullable: "NO",
      column_default: "0",
    },
  ]);
});

test("only what is missing is applied, in order, once, also by several at a time", async () => {
  await addMigration("99990102_second", "INSERT INTO extra VALUES (2);");
  await addMigration("99990101_first", "CREATE TABLE extra (n int); INSERT INTO extra VALUES (1);");
  const all = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url, folder)));
  expect(all.flat()).toEqual(["99990101_first", "99990102_second"]);
  expect(await applyMigrations(database.url, folder)).toEqual([]);
  expect((await client.query("SELECT n FROM extra")).rows).toEqual([{ n: 1 }, { n: 2 }]);
});

test("a failing migration changes nothing, says why, and blocks the next run", async () => {
  await addMigration("99990101_broken", "CREATE TABLE half (n int); SELECT nonsense;");
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(
    /99990101_broken failed: column "nonsense" does not exist/,
  );
  expect((await client.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
  expect(await rowsOf("99990101_broken")).toMatchObject([
    { finished_at: null, logs: 'column "nonsense" does not exist', applied_steps_count: 0 },
  ]);
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(/failed earlier/);

  await client.query(
    "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '99990101_broken'",
  );
  await addMigration("99990101_broken", "CREATE TABLE half (n int);");
  expect(await applyMigrations(database.url, folder)).toEqual(["99990101_broken"]);
  expect(await rowsOf("99990101_broken")).toHaveLength(2);
});

test("a migration that fails inside its own transaction is recorded too", async () => {
  await addMigration("99990101_own", "BEGIN; CREATE TABLE half (n int); SELECT nonsense; COMMIT;");
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(/nonsense/);
  expect(await rowsOf("99990101_own")).toMatchObject([{ finished_at: null, applied_steps_count: 0 }]);
});

test("a changed file is refused before anything is applied", async () => {
  await addMigration("99990101_first", "CREATE TABLE extra (n int);");
  await applyMigrations(database.url, folder);
  await addMigration("99990101_first", "CREATE TABLE extra (n bigint);");
  await addMigration("99990102_second", "CREATE TABLE more (n int);");
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(/99990101_first was changed/);
  expect(await rowsOf("99990102_second")).toEqual([]);
});
