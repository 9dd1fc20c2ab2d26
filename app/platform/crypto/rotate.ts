// Guarantee: rotation re-wraps keys, never rows: whatever was sealed stays as it is, and opens all the while. Killed at any moment it goes
// on where it was; of several at once one works and the others wait; a retired id holds nothing, and never will again.
import type { PoolClient } from "pg";
import { KEY_TABLES, idForNewKeys, openedKeyStore } from "#app/platform/crypto/keystore.ts";
import { AppError } from "#app/platform/errors.ts";

/** Told what is going on, in words for the operator. */
export type Tell = (facts: object, message: string) => void;

export type KeyReport = {
  ids: {
    id: string;
    /** How many keys lie under it. */
    keys: number;
    /** How many of them do not open: the id is missing from the keyring, or its bytes are others. */
    closed: number;
    inKeyring: boolean;
    newest: boolean;
    /** For good: it may leave the keyring. */
    retired: boolean;
  }[];
  /** Every key opens. */
  sound: boolean;
};

const ROTATION_LOCK = 72707371;
const BATCH = 500;

type Table = (typeof KEY_TABLES)[number];
type Row = { id: string; wrapped: Buffer; keyring_id: string };

export type Rotation = { newest: string; rewrapped: number; retired: string[] };

/** Brings every key under the newest id, and retires those under which none is left. Returns what this run did of it. */
export async function rotateKeys(tell: Tell): Promise<Rotation> {
  const done: Rotation = { newest: "", rewrapped: 0, retired: [] };
  const client = await openedKeyStore().pool.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>("SELECT pg_try_advisory_lock($1) AS free", [
      ROTATION_LOCK,
    ]);
    if (!rows[0]?.free) {
      tell({}, "another rotation is under way; waiting for its end");
      await client.query("SELECT pg_advisory_lock($1)", [ROTATION_LOCK]);
    }
    // Processes that still have another newest id go on making keys under it: again and again, until it holds none and is retired.
    for (let over = false; !over;) {
      const newest = (done.newest = await idForNewKeys(client));
      let moved = 0;
      let closed = 0;
      for (const table of KEY_TABLES) {
        const pass = await rewrap(client, table, newest, tell);
        moved += pass.moved;
        closed += pass.closed;
      }
      done.rewrapped += moved;
      if (moved > 0) continue;
      const { retired, left } = await retireAllBut(client, newest, tell);
      done.retired.push(...retired);
      over = left <= closed;
    }
    return done;
  } finally {
    client.release(true); // and with the connection goes the lock
  }
}

/** One walk over a table, in short transactions. Keys that do not open are left as they are: the check names them. */
async function rewrap(client: PoolClient, table: Table, newest: string, tell: Tell) {
  const { keyring } = openedKeyStore();
  const done = { moved: 0, closed: 0 };
  for (let after: string = table.lowest; ;) {
    await client.query("BEGIN");
    const { rows } = await client.query<Row>(
      `SELECT ${table.column} AS id, wrapped, keyring_id FROM ${table.table}
       WHERE ${table.column} > $1 AND keyring_id <> $2 ORDER BY ${table.column} LIMIT ${BATCH} FOR UPDATE`,
      [after, newest],
    );
    const fresh: { id: string; wrapped: Buffer }[] = [];
    for (const row of rows) {
      const key = await tryUnwrap(table, row);
      if (key) fresh.push({ id: row.id, wrapped: await keyring.wrap(newest, table.place(row.id), key) });
      else done.closed += 1;
    }
    await client.query(
      `UPDATE ${table.table} SET wrapped = fresh.wrapped, keyring_id = $3
       FROM unnest($1::${table.type}[], $2::bytea[]) AS fresh (id, wrapped) WHERE ${table.table}.${table.column} = fresh.id`,
      [fresh.map(({ id }) => id), fresh.map(({ wrapped }) => wrapped), newest],
    );
    await client.query("COMMIT");
    const last = rows.at(-1);
    if (!last) return done;
    after = last.id;
    done.moved += fresh.length;
    tell({ table: table.table, newest, rewrapped: done.moved, notOpened: done.closed }, "keys re-wrapped");
  }
}

async function tryUnwrap(table: Table, { id, wrapped, keyring_id }: Row): Promise<Buffer | null> {
  try {
    return await openedKeyStore().keyring.unwrap(keyring_id, table.place(id), wrapped);
  } catch (error) {
    // Anything else, such as a key service that does not answer, says nothing about the key.
    if (error instanceof AppError && error.code === "internal") return null;
    throw error;
  }
}

const HELD = KEY_TABLES.map(({ table }) => `(SELECT count(*) FROM ${table} WHERE keyring_id = $1)`).join(
  " + ",
);

/** Retires every id in use but the newest that holds nothing. `left`: how many keys the others hold. */
async function retireAllBut(client: PoolClient, newest: string, tell: Tell) {
  const { rows } = await client.query<{ id: string }>(
    "SELECT id FROM keyring_ids WHERE retired_at IS NULL AND id <> $1",
    [newest],
  );
  const retired: string[] = [];
  let left = 0;
  for (const { id } of rows) {
    await client.query("BEGIN");
    // Who is about to put a key there is waited for (prisma/keys); only then is counted.
    await client.query("SELECT 1 FROM keyring_ids WHERE id = $1 FOR UPDATE", [id]);
    const { rows: counted } = await client.query<{ held: number }>(`SELECT (${HELD})::int AS held`, [id]);
    const held = counted[0]?.held ?? 0;
    if (held === 0) await client.query("UPDATE keyring_ids SET retired_at = now() WHERE id = $1", [id]);
    await client.query("COMMIT");
    left += held;
    if (held > 0) continue;
    tell({ id }, "no key lies under this id any more: it is retired");
    retired.push(id);
  }
  return { retired, left };
}

/** Opens every key there is, and counts them by the id they lie under. */
export async function checkKeys(): Promise<KeyReport> {
  const { pool, keyring } = openedKeyStore();
  const found = new Map<string, { keys: number; closed: number }>();
  const of = (id: string) => found.get(id) ?? found.set(id, { keys: 0, closed: 0 }).get(id)!;
  for (const table of KEY_TABLES)
    for (let after: string | undefined = table.lowest; after !== undefined;) {
      const page: { rows: Row[] } = await pool.query<Row>(
        `SELECT ${table.column} AS id, wrapped, keyring_id FROM ${table.table}
         WHERE ${table.column} > $1 ORDER BY ${table.column} LIMIT ${BATCH}`,
        [after],
      );
      for (const row of page.rows) {
        const count = of(row.keyring_id);
        count.keys += 1;
        if (!(await tryUnwrap(table, row))) count.closed += 1;
      }
      after = page.rows.at(-1)?.id;
    }
  const ring = await keyring.ids();
  const newest = await idForNewKeys();
  const { rows } = await pool.query<{ id: string; retired: boolean }>(
    "SELECT id, retired_at IS NOT NULL AS retired FROM keyring_ids ORDER BY first_used_at",
  );
  const retired = new Set(rows.filter((row) => row.retired).map(({ id }) => id));
  const known = new Set([...ring, ...rows.map(({ id }) => id), ...found.keys()]);
  const ids = [...known].map((id) => ({
    id,
    ...of(id),
    inKeyring: ring.includes(id),
    newest: id === newest,
    retired: retired.has(id),
  }));
  return { ids, sound: ids.every(({ closed }) => closed === 0) };
}

/** What the report says of each id. */
export function describeId({ keys, closed, inKeyring, newest, retired }: KeyReport["ids"][number]): string {
  if (closed > 0 && !inKeyring) return "keys lie under this id, and the keyring lacks it";
  if (closed > 0) return "keys lie under this id that the keyring's key does not open: its bytes are others";
  if (retired) return inKeyring ? "retired: take it out of the keyring" : "retired, and out of the keyring";
  if (newest) return "new keys lie under this id";
  if (keys > 0) return "keys still lie under this id: npm run keys:rotate";
  return "no key lies under this id; it is not retired";
}
