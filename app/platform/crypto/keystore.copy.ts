// What backups and the retention sweep do with the key store. Guarantee: no key leaves unwrapped; one that is destroyed is gone for good.
import type { PoolClient } from "pg";
import { z } from "zod";
import type { Key } from "#app/platform/crypto/crypto.ts";
import { idForNewKeys, KEY_TABLES, openedKeyStore, retiredIds } from "#app/platform/crypto/keystore.ts";

/** Destroys platform keys for good. @returns how many there were */
export async function destroyPlatformKeys(ids: string[]): Promise<number> {
  const { rowCount } = await openedKeyStore().pool.query("DELETE FROM platform_keys WHERE id = ANY ($1)", [
    ids,
  ]);
  return rowCount ?? 0;
}

/** The ids of platform keys that begin so, in their order. */
export async function listPlatformKeys(prefix: string): Promise<string[]> {
  const { rows } = await openedKeyStore().pool.query<{ id: string }>(
    "SELECT id FROM platform_keys WHERE starts_with(id, $1) ORDER BY id",
    [prefix],
  );
  return rows.map(({ id }) => id);
}

/** A key that lies outside the store, beside what it seals. */
export type Outside = { under: string; wrapped: Buffer };
const place = (id: string) => `backup|key|${id}`;

/** Wraps a backup's key under the keyring. */
export async function wrapBackupKey(backupId: string, key: Key): Promise<Outside> {
  const under = await idForNewKeys();
  return { under, wrapped: await openedKeyStore().keyring.wrap(under, place(backupId), key.key) };
}

/** @throws AppError internal when the keyring lacks the key it is wrapped under, or has another of that name */
export function unwrapBackupKey(backupId: string, { under, wrapped }: Outside): Promise<Buffer> {
  return openedKeyStore().keyring.unwrap(under, place(backupId), wrapped);
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
    const { rows } = await openedKeyStore().pool.query<object>(
      `SELECT *, translate(encode(wrapped, 'base64'), E'\\n', '') AS wrapped FROM ${table}`,
    );
    return rows;
  };
  const tables = { data_keys: await all("data_keys"), platform_keys: await all("platform_keys") };
  return storedKeysSchema.parse(JSON.parse(JSON.stringify(tables)));
}

/**
 * Puts the keys of a backup beside those that are here, which stay where both have one. A key whose id of the keyring has been retired
 * since is wrapped anew, for which the keyring must still hold the retired one.
 * @returns how many came back
 */
export async function importKeys({ data_keys, platform_keys }: StoredKeys): Promise<number> {
  const client = await openedKeyStore().pool.connect();
  try {
    await client.query("BEGIN");
    const data = await client.query(
      `INSERT INTO data_keys (shop_id, key_id, wrapped, keyring_id, created_at)
       SELECT shop_id, key_id, decode(wrapped, 'base64'), keyring_id, created_at
         FROM json_to_recordset($1) AS k(shop_id uuid, key_id text, wrapped text, keyring_id text, created_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(await lacking(client, SHOPS, data_keys, (key) => key.shop_id))],
    );
    const platform = await client.query(
      `INSERT INTO platform_keys (id, wrapped, keyring_id, created_at)
       SELECT id, decode(wrapped, 'base64'), keyring_id, created_at
         FROM json_to_recordset($1) AS k(id text, wrapped text, keyring_id text, created_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(await lacking(client, PLATFORM, platform_keys, (key) => key.id))],
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

const [SHOPS, PLATFORM] = KEY_TABLES;
type Lying = { wrapped: string; keyring_id: string };

/** Those that are not here, each under an id that lives: PostgreSQL's guard judges a row before it looks whether the key is there. */
async function lacking<Row extends Lying>(
  client: PoolClient,
  { table, column, place }: (typeof KEY_TABLES)[number],
  keys: Row[],
  idOf: (key: Row) => string,
): Promise<Row[]> {
  const { keyring } = openedKeyStore();
  const { rows } = await client.query<{ id: string }>(`SELECT ${column} AS id FROM ${table}`);
  const here = new Set(rows.map(({ id }) => id));
  const retired = await retiredIds(client);
  const living = await idForNewKeys(client);
  return Promise.all(
    keys
      .filter((key) => !here.has(idOf(key)))
      .map(async (key) => {
        if (!retired.has(key.keyring_id)) return key;
        const at = place(idOf(key));
        const open = await keyring.unwrap(key.keyring_id, at, Buffer.from(key.wrapped, "base64"));
        const wrapped = (await keyring.wrap(living, at, open)).toString("base64");
        return { ...key, wrapped, keyring_id: living };
      }),
  );
}
