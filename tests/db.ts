// One embedded PostgreSQL for a whole vitest run, and for every test file that asks a clone of the migrated template.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { inject } from "vitest";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

declare module "vitest" {
  interface ProvidedContext {
    databases: { superuserUrl: string; url: string; keysUrl: string };
  }
}

export type TestDatabase = {
  /** The app's database, as its plain owner. */
  url: string;
  /** The store of wrapped keys, as the same role. */
  keysUrl: string;
  /** Drops both; whoever is still connected is cut off. */
  drop: () => Promise<void>;
};

/** vitest's global set-up: starts the server, migrates the templates; returns the tear-down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeScratch();
  const embedded = await startEmbedded({
    dataDir: join(folder, "postgres"),
    durable: false,
    log: () => undefined,
  });
  const stop = async () => {
    await embedded.stop();
    await removeScratch(folder);
  };
  try {
    await applyMigrations(embedded.url);
    await applyMigrations(embedded.keysUrl, keyMigrationsFolder);
    const { superuserUrl, url, keysUrl } = embedded;
    project.provide("databases", { superuserUrl, url, keysUrl });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

let furnish: ((url: string) => Promise<void>) | undefined;

/** What every database has in it that this test file makes from now on. */
export function furnishDatabases(work: (url: string) => Promise<void>): void {
  furnish = work;
}

/** A migrated, empty pair of databases of its own. Call `drop` when done. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const templates = inject("databases");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const names = { aftercare: name, aftercare_keys: `${name}_keys` };
  for (const [template, copy] of Object.entries(names)) {
    await asSuperuser(`CREATE DATABASE ${copy} TEMPLATE ${template} OWNER aftercare STRATEGY FILE_COPY`);
  }
  const url = withDatabase(templates.url, names.aftercare);
  await furnish?.(url);
  return {
    url,
    keysUrl: withDatabase(templates.keysUrl, names.aftercare_keys),
    drop: async () => {
      for (const copy of Object.values(names)) await asSuperuser(`DROP DATABASE ${copy} WITH (FORCE)`);
    },
  };
}

/** Runs one statement with all rights, to arrange what the app's own login may not. */
export async function asSuperuser(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject("databases").superuserUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
