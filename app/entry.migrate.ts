// `npm run db:migrate`: brings DATABASE_URL and KEYS_DATABASE_URL, or else the embedded databases, up to date. Needs no other variable.
import { resolve } from "node:path";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder, migrationsFolder } from "#app/platform/db/migrate.ts";
import { databaseEnv } from "#app/platform/env.ts";
import { migrateQueue } from "#app/platform/queue/queue.ts";
import { runCommand } from "#app/start.ts";
import { log } from "#app/platform/log.ts";

/** Where a database is, without login and password. */
const nameOf = (url: string) => {
  const { host, pathname } = new URL(url);
  return host + pathname;
};

/** Brings both up to date. */
export const run = () =>
  runCommand(databaseEnv, async (env, undo) => {
    let { DATABASE_URL: url, KEYS_DATABASE_URL: keysUrl } = env;
    if (!url || !keysUrl) {
      const dataDir = resolve(env.DATA_DIR, "postgres");
      log.info({ dataDir }, "DATABASE_URL is not set: the embedded databases are meant");
      const embedded = await startEmbedded({ dataDir, log: (line) => log.info(line) });
      undo(embedded.stop);
      ({ url, keysUrl } = embedded);
    }
    const applied = await applyMigrations(url, migrationsFolder);
    applied.push(...(await applyMigrations(keysUrl, keyMigrationsFolder)));
    await migrateQueue(url);
    const databases = [url, keysUrl].map(nameOf);
    log.info({ databases, applied }, applied.length ? "migrations applied" : "the databases are up to date");
    return 0;
  });
