// A database, a key store and what purging needs of the environment, without any vendor.
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { bareEnvironment } from "#tests/setup/environment.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

export type Purging = { folder: string; database: TestDatabase; stop(): Promise<void> };

export async function startPurging(): Promise<Purging> {
  setLogLevel("silent");
  const folder = await makeScratch();
  Object.assign(process.env, bareEnvironment(folder));
  const database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: await openKeyring(env()) });
  return {
    folder,
    database,
    async stop() {
      await disconnectDatabase();
      await disconnectKeyStore();
      await database.drop();
      await removeScratch(folder);
    },
  };
}

export const hours = (count: number) => count * 3_600_000;
export const at = (time: Date) => () => time;
