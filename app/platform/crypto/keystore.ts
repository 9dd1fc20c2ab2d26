// Guarantee: no key leaves this file unwrapped but to the caller; at rest each is sealed under the keyring.
import { readFile } from "node:fs/promises";
import pg from "pg";
import { z } from "zod";
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

/** Destroys platform keys for good. @returns how many there were */
export async function destroyPlatformKeys(ids: string[]): Promise<number> {
  const { rowCount } = await opened().pool.query("DELETE FROM platform_keys WHERE id = ANY ($1)", [ids]);
  return rowCount ?? 0;
}

/** The ids of platform keys that begin so, in their order. */
export async function listPlatformKeys(prefix: string): Promise<string[]> {
  const { rows } = await opened().pool.query<{ id: string }>(
    "SELECT id FROM platform_keys WHERE starts_with(id, $1) ORDER BY id",
    [prefix],
  );
  return rows.map(({ id }) => id);
}

export const backupPlace = (id: string) => `backup|key|${id}`;

/** Wraps a key that lies elsewhere, beside what it seals. */
export async function wrapOutside(key: Key, place: string): Promise<Buffer> {
  return wrap(key, place).wrapped;
}

/** @throws AppError internal when the keyring lacks the key it is wrapped under, or has another of that name */
export async function unwrapOutside(wrapped: Buffer, id: string, place: string): Promise<Key> {
  return unwrap(id, place, wrapped);
}

const row = { wrapped: z.base64(), keyring_id: z.string(), created_at: z.string() };
export const storedKeysSchema = z.object({
  data_keys: z.array(z.object({ shop_id: z.uuid(), key_id: z.string(), ...row })),
  platform_keys: z.array(z.object({ id: z.string(), ...row })),
});
export type StoredKeys = z.infer<typeof storedKeysSchema>;

/** Every key, wrapped as it lies here, for a backup. */
export async function exportKeys(): Promise<StoredKeys> {
  const all = async (table: string) => {
    const { rows } = await opened().pool.query(
      `SELECT *, encode(wrapped, 'base64') AS wrapped FROM ${table}`,
    );
    return rows as object[];
  };
  const text = JSON.stringify({
    data_keys: await all("data_keys"),
    platform_keys: await all("platform_keys"),
  });
  return storedKeysSchema.parse(JSON.parse(text.replaceAll("\\n", "")));
}

/** Puts the keys of a backup beside those that are here, which stay where both have one. @returns how many came back */
export async function importKeys({ data_keys, platform_keys }: StoredKeys): Promise<number> {
  const client = await opened().pool.connect();
  try {
    await client.query("BEGIN");
    const data = await client.query(
      `INSERT INTO data_keys (shop_id, key_id, wrapped, keyring_id, created_at)
       SELECT shop_id, key_id, decode(wrapped, 'base64'), keyring_id, created_at
         FROM json_to_recordset($1) AS k(shop_id uuid, key_id text, wrapped text, keyring_id text, created_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(data_keys)],
    );
    const platform = await client.query(
      `INSERT INTO platform_keys (id, wrapped, keyring_id, created_at)
       SELECT id, decode(wrapped, 'base64'), keyring_id, created_at
         FROM json_to_recordset($1) AS k(id text, wrapped text, keyring_id text, created_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(platform_keys)],
    );
    await client.query("COMMIT");
    return (data.rowCount ?? 0) + (platform.rowCount ?? 0);
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
