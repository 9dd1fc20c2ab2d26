// A database of one's own outside vitest, durable as in production, for purging.
import { join } from "node:path";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { env } from "#app/platform/env.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { bareEnvironment } from "#tests/setup/environment.ts";

export type Urls = { database: string; keys: string; superuser: string };

/** Starts PostgreSQL in `folder`, opens it for this process, runs `work` and ends it all. */
export async function withPurging<T>(folder: string, work: (urls: Urls) => Promise<T>): Promise<T> {
  Object.assign(process.env, bareEnvironment(folder));
  setLogLevel("error");
  const embedded = await startEmbedded({
    dataDir: join(folder, "postgres"),
    durable: true,
    log: () => undefined,
  });
  try {
    await applyMigrations(embedded.url);
    await applyMigrations(embedded.keysUrl, keyMigrationsFolder);
    await connectDatabase({ url: embedded.url });
    await connectKeyStore({ url: embedded.keysUrl, keyring: await openKeyring(env()) });
    const superuser = new URL(embedded.superuserUrl);
    superuser.pathname = new URL(embedded.url).pathname;
    return await work({ database: embedded.url, keys: embedded.keysUrl, superuser: superuser.href });
  } finally {
    await disconnectDatabase();
    await disconnectKeyStore();
    await embedded.stop();
  }
}
