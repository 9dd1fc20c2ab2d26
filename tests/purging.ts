// A database, a key store and what purging needs of the environment, without any vendor.
import { Session } from "@shopify/shopify-api";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { ensureShop, setSending, type Shop } from "#app/features/shops/shops.server.ts";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forShop } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import type { Engine } from "#tests/engine.ts";
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

/** Installs the app in a shop of the sandbox, which is made when it is not there, and lets it send. */
export async function installShop({ sandbox }: Engine, domain: string): Promise<Shop> {
  sandbox.state.shops[domain] ??= { ...structuredClone(Object.values(sandbox.shops)[0]!), domain };
  await sandbox.control("install", { shop: domain });
  const { token, refreshToken, expiresAt, scopes } = sandbox.tokens.issue(sandbox.shops[domain]!);
  await sessionStorage.storeSession(
    new Session({
      id: `offline_${domain}`,
      shop: domain,
      state: "",
      isOnline: false,
      accessToken: token,
      refreshToken: refreshToken ?? undefined,
      expires: new Date(expiresAt),
      scope: scopes.join(","),
    }),
  );
  const shop = await ensureShop(domain, new Date());
  await forShop(shop.id, (tx) => setSending(tx, shop.id, true, "user:1"));
  return shop;
}

export const hours = (count: number) => count * 3_600_000;
export const at = (time: Date) => () => time;
