// Guarantee: no key leaves this file unwrapped but to the caller; at rest each is sealed under the keyring.
import { readFile } from "node:fs/promises";
import pg from "pg";
import { newKey, seal, sealedUnder, unseal, type Key } from "#app/platform/crypto/crypto.ts";
import { AppError } from "#app/platform/errors.ts";

type Store = { pool: pg.Pool; keyring: Key[] };
let store: Store | undefined;

/** Opens the store of wrapped keys. `keyring`: newest first; older ones only open. */
export async function connectKeyStore(options: { url: string; keyring: Key[] }): Promise<void> {
  if (store) throw new AppError("internal", "the key store is already connected");
  const pool = new pg.Pool({ connectionString: options.url, max: 2 });
  pool.on("error", () => {});
  const schema = await readFile(new URL("../../../prisma/keys.sql", import.meta.url), "utf8");
  // Two processes that start at once would trip over each other's CREATE TABLE.
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(72707370); ${schema}; COMMIT`);
  store = { pool, keyring: options.keyring };
}

export async function disconnectKeyStore(): Promise<void> {
  const open = store;
  store = undefined;
  await open?.pool.end();
}

function opened(): Store {
  if (!store) throw new AppError("unavailable", "the key store is not connected");
  return store;
}

/** Stands for the store that is open now, for what is derived from its keys and held in memory. */
export function keyStoreInUse(): object {
  return opened();
}

function wrap(key: Key, place: string): { wrapped: Buffer; keyringId: string } {
  const [current] = opened().keyring;
  if (!current) throw new AppError("internal", "the keyring is empty");
  return { wrapped: seal(current, place, key.key), keyringId: current.id };
}

function unwrap(id: string, place: string, wrapped: Buffer): Key {
  const under = sealedUnder(wrapped);
  const key = opened().keyring.find((candidate) => candidate.id === under);
  if (!key) throw new AppError("internal", `keyring key ${under} is not configured`);
  return { id, key: unseal(key, place, wrapped) };
}

const shopPlace = (shopId: string) => `data_keys|wrapped|${shopId}`;
const platformPlace = (id: string) => `platform_keys|wrapped|${id}`;

/** The shop's data key, or null when there is none (never made, or destroyed). */
export async function findShopKey(shopId: string): Promise<Key | null> {
  const { rows } = await opened().pool.query<{ key_id: string; wrapped: Buffer }>(
    "SELECT key_id, wrapped FROM data_keys WHERE shop_id = $1",
    [shopId],
  );
  return rows[0] ? unwrap(rows[0].key_id, shopPlace(shopId), rows[0].wrapped) : null;
}

/** Makes the shop's data key unless it has one. */
export async function ensureShopKey(shopId: string): Promise<Key> {
  const found = await findShopKey(shopId);
  if (found) return found;
  const fresh = newKey(crypto.randomUUID().slice(0, 8));
  const { wrapped, keyringId } = wrap(fresh, shopPlace(shopId));
  await opened().pool.query(
    "INSERT INTO data_keys (shop_id, key_id, wrapped, keyring_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [shopId, fresh.id, wrapped, keyringId],
  );
  const kept = await findShopKey(shopId);
  if (!kept) throw new AppError("internal", "the data key was not kept");
  return kept;
}

export async function destroyShopKey(shopId: string): Promise<boolean> {
  const { rowCount } = await opened().pool.query("DELETE FROM data_keys WHERE shop_id = $1", [shopId]);
  return rowCount === 1;
}

/** A platform key by id, such as one day's inbox key. `make` creates it when it is not there. */
export async function findPlatformKey(id: string, make: boolean): Promise<Key | null> {
  const read = async () => {
    const { rows } = await opened().pool.query<{ wrapped: Buffer }>(
      "SELECT wrapped FROM platform_keys WHERE id = $1",
      [id],
    );
    return rows[0] ? unwrap(id, platformPlace(id), rows[0].wrapped) : null;
  };
  const found = await read();
  if (found || !make) return found;
  const { wrapped, keyringId } = wrap(newKey(id), platformPlace(id));
  await opened().pool.query(
    "INSERT INTO platform_keys (id, wrapped, keyring_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [id, wrapped, keyringId],
  );
  return read();
}
