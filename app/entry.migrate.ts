// `npm run db:migrate`: brings DATABASE_URL, or else the embedded database, up to date. Needs no other variable.
import { resolve } from "node:path";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations } from "#app/platform/db/migrate.ts";
import { databaseEnv } from "#app/platform/env.ts";
import { log } from "#app/platform/log.ts";

const { DATABASE_URL, DATA_DIR } = databaseEnv();
const embedded = DATABASE_URL
  ? undefined
  : await startEmbedded({ dataDir: resolve(DATA_DIR, "postgres"), log: (line) => log.info(line) });
try {
  const applied = await applyMigrations(DATABASE_URL ?? embedded?.url ?? "");
  log.info({ applied }, applied.length ? "migrations applied" : "the database is up to date");
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await embedded?.stop();
}
