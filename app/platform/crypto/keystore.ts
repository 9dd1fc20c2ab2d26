// Guarantee: no key leaves this file unwrapped but to the caller; at rest each is wrapped by the keyring.
import pg from "pg";
import { newKey, type Key } from "#app/platform/crypto/crypto.ts";
import { localKeyring, type KeyWrapper } from "#app/platform/crypto/keyring.ts";
import { AppError, ConfigurationError } from "#app/platform/errors.ts";

type Store = { pool: pg.Pool; keyring: KeyWrapper };
let store: Store | undefined;

/** Opens the store of wrapped keys, which `npm run db:migrate` has set up. A plain list of keys: newest first; older ones only open. */
export async function connectKeyStore(options: {
  url: string;
  keyring: KeyWrapper | readonly Key[];
}): Promise<void> {
  if (store) throw new AppError("internal", "the key store is already connected");
  const { url, keyring } = options;
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => {});
  await pool.query("SELECT 1").catch(async (cause: unknown) => {
    await pool.end();
    throw new AppError("unavailable", "the key store does not answer", { cause });
  });
  store = { pool, keyring: "wrap" in keyring ? keyring : localKeyring(keyring) };
}

export async function disconnectKeyStore(): Promise<void> {
  const open = store;
  store = undefined;
  await open?.pool.end();
}

/** The store that is open: for platform code, and to hold in memory what is derived from its keys. */
export function openedKeyStore(): Store {
  if (!store) throw new AppError("unavailable", "the key store is not connected");
  return store;
}

/** Every table of wrapped keys, and where in it a key lies. */
export const KEY_TABLES = [
  {
    table: "data_keys",
    column: "shop_id",
    type: "uuid",
    lowest: "00000000-0000-0000-0000-000000000000",
    place: (id: string) => `data_keys|wrapped|${id}`,
  },
  {
    table: "platform_keys",
    column: "id",
    type: "text",
    lowest: "",
    place: (id: string) => `platform_keys|wrapped|${id}`,
  },
] as const;
const [SHOPS, PLATFORM] = KEY_TABLES;

type Wrapped = { id: string; wrapped: Buffer; keyring_id: string };

async function unwrap(place: string, { id, wrapped, keyring_id }: Wrapped): Promise<Key> {
  return { id, key: await openedKeyStore().keyring.unwrap(keyring_id, place, wrapped) };
}

/** PostgreSQL's code for a key that would lie under a retired id (prisma/keys). */
const RETIRED = "KR001";

/** The ids of the keyring under which no key may lie any more. */
export async function retiredIds(client: pg.Pool | pg.PoolClient): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT id FROM keyring_ids WHERE retired_at IS NOT NULL",
  );
  return new Set(rows.map(({ id }) => id));
}

/** The first id of the keyring that is not retired: a process that was started before a rotation has a retired one first. */
export async function idForNewKeys(client: pg.Pool | pg.PoolClient = openedKeyStore().pool): Promise<string> {
  const { keyring } = openedKeyStore();
  const retired = await retiredIds(client);
  const living = (await keyring.ids()).find((id) => !retired.has(id));
  if (living === undefined)
    throw new ConfigurationError("Every key of the keyring is retired: add a new one.");
  return living;
}

/** Wraps a new key and hands it to `insert`. */
async function wrapNew(
  key: Key,
  place: string,
  insert: (wrapped: Buffer, under: string) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const under = await idForNewKeys();
    try {
      await insert(await openedKeyStore().keyring.wrap(under, place, key.key), under);
      return;
    } catch (error) {
      // Retired between the question and the insert: the next round knows.
      if ((error as { code?: unknown }).code !== RETIRED) throw error;
    }
  }
}

/** The shop's data key, or null when there is none (never made, or destroyed). */
export async function findShopKey(shopId: string): Promise<Key | null> {
  const { rows } = await openedKeyStore().pool.query<Wrapped>(
    "SELECT key_id AS id, wrapped, keyring_id FROM data_keys WHERE shop_id = $1",
    [shopId],
  );
  return rows[0] ? unwrap(SHOPS.place(shopId), rows[0]) : null;
}

/** Makes the shop's data key unless it has one. */
export async function ensureShopKey(shopId: string): Promise<Key> {
  const found = await findShopKey(shopId);
  if (found) return found;
  const fresh = newKey(crypto.randomUUID().slice(0, 8));
  await wrapNew(fresh, SHOPS.place(shopId), (wrapped, under) =>
    openedKeyStore().pool.query(
      "INSERT INTO data_keys (shop_id, key_id, wrapped, keyring_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      [shopId, fresh.id, wrapped, under],
    ),
  );
  const kept = await findShopKey(shopId);
  if (!kept) throw new AppError("internal", "the data key was not kept");
  return kept;
}

export async function destroyShopKey(shopId: string): Promise<boolean> {
  const { rowCount } = await openedKeyStore().pool.query("DELETE FROM data_keys WHERE shop_id = $1", [
    shopId,
  ]);
  return rowCount === 1;
}

/** A platform key by id, such as one day's inbox key. `make` creates it when it is not there. */
export async function findPlatformKey(id: string, make: boolean): Promise<Key | null> {
  const read = async () => {
    const { rows } = await openedKeyStore().pool.query<Wrapped>(
      "SELECT id, wrapped, keyring_id FROM platform_keys WHERE id = $1",
      [id],
    );
    return rows[0] ? unwrap(PLATFORM.place(id), rows[0]) : null;
  };
  const found = await read();
  if (found || !make) return found;
  await wrapNew(newKey(id), PLATFORM.place(id), (wrapped, under) =>
    openedKeyStore().pool.query(
      "INSERT INTO platform_keys (id, wrapped, keyring_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      [id, wrapped, under],
    ),
  );
  return read();
}

/** Opens one key of every id in use. @throws ConfigurationError when the keyring cannot */
export async function refuseUnfitKeyring(): Promise<void> {
  const { pool, keyring } = openedKeyStore();
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM keyring_ids WHERE retired_at IS NULL");
  const ring = await keyring.ids();
  for (const { id: under } of rows)
    for (const { table, column, place } of KEY_TABLES) {
      const { rows: found } = await pool.query<Wrapped>(
        `SELECT ${column} AS id, wrapped, keyring_id FROM ${table} WHERE keyring_id = $1 LIMIT 1`,
        [under],
      );
      if (!found[0]) continue;
      if (!ring.includes(under))
        throw new ConfigurationError(
          `The keyring lacks the key ${under}, under which keys of the key store lie: without it merchants' data stays closed.`,
        );
      await unwrap(place(found[0].id), found[0]).catch((cause: unknown) => {
        if (!(cause instanceof AppError) || cause.code !== "internal") throw cause;
        throw new ConfigurationError(
          `The keyring's key ${under} is not the one that keys of the key store lie under: it has the same id and other bytes.`,
          { cause },
        );
      });
    }
  await idForNewKeys();
}
