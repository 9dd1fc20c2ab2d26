// For tests that change their databases under way: a folder and an environment without any vendor, and databases made as they are needed.
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { plainEnvironment } from "#tests/factories/held.ts";

/** Call it once, at the top of a test file; everything is gone when its tests are over. */
export function useDatabases() {
  const folder = mkdtempSync(join(tmpdir(), "aftercare-"));
  const databases: TestDatabase[] = [];
  Object.assign(process.env, plainEnvironment(folder));
  setLogLevel("silent");

  async function disconnect(): Promise<void> {
    await disconnectDatabase();
    await disconnectKeyStore();
  }
  /** A new, empty pair of databases, and the process connected to it; with `keysOf`, the key store lives on. */
  async function connectNew(keysOf?: TestDatabase): Promise<TestDatabase> {
    await disconnect();
    const database = await createTestDatabase();
    databases.push(database);
    await connectDatabase({ url: database.url });
    await connectKeyStore({ url: (keysOf ?? database).keysUrl, keyring: env().KEYRING! });
    return database;
  }
  afterAll(async () => {
    await disconnect();
    for (const database of databases) await database.drop();
    await rm(folder, { recursive: true });
  });
  return { folder, connectNew };
}
