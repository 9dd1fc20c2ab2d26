import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newKey, type Key } from "#app/platform/crypto/crypto.ts";
import {
  connectKeyStore,
  disconnectKeyStore,
  ensureShopKey,
  findPlatformKey,
  findShopKey,
  refuseUnfitKeyring,
} from "#app/platform/crypto/keystore.ts";
import { checkKeys, describeId, rotateKeys } from "#app/platform/crypto/rotate.ts";
import { newId } from "#app/platform/db/ids.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

let database: TestDatabase;
let sql: pg.Client;
const [k1, k2, k3] = [newKey("k1"), newKey("k2"), newKey("k3")];
beforeEach(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.keysUrl });
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  await disconnectKeyStore();
  await database.drop();
});

async function use(...keyring: Key[]): Promise<void> {
  await disconnectKeyStore();
  await connectKeyStore({ url: database.keysUrl, keyring });
}
const quiet = () => {};
const standing = async () =>
  Object.fromEntries((await checkKeys()).ids.map((id) => [id.id, [id.keys, describeId(id)]]));

/** So many shops' keys, made under the newest of the keyring in use. */
async function fill(shops: number): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  for (let index = 0; index < shops; index += 1) {
    const shopId = newId();
    made.set(shopId, (await ensureShopKey(shopId)).key.toString("hex"));
  }
  return made;
}

describe("rotating", () => {
  test("brings every key under the newest, keeps each as it is, and retires the old id for good", async () => {
    await use(k1);
    const made = await fill(20);
    const signing = await findPlatformKey("signing-1", true);
    await use(k2, k1);
    expect(await standing()).toEqual({
      k1: [21, "keys still lie under this id: npm run keys:rotate"],
      k2: [0, "new keys lie under this id"],
    });
    await rotateKeys(quiet);
    expect(await standing()).toEqual({
      k1: [0, "retired: take it out of the keyring"],
      k2: [21, "new keys lie under this id"],
    });
    await use(k2);
    await refuseUnfitKeyring();
    for (const [shopId, key] of made) expect((await findShopKey(shopId))?.key.toString("hex")).toBe(key);
    expect(await findPlatformKey("signing-1", false)).toEqual(signing);
  });

  test("twice, or in several processes at once, does no harm", async () => {
    await use(k1);
    const made = await fill(10);
    await use(k2, k1);
    await rotateKeys(quiet);
    await Promise.all([rotateKeys(quiet), rotateKeys(quiet)]);
    for (const [shopId, key] of made) expect((await findShopKey(shopId))?.key.toString("hex")).toBe(key);
    expect((await checkKeys()).sound).toBe(true);
  });

  test("a process that still has the retired id first puts new keys under the next one", async () => {
    await use(k1);
    await fill(1);
    await use(k2, k1);
    await rotateKeys(quiet);
    await use(k1, k2);
    await fill(3);
    expect(await standing()).toMatchObject({ k1: [0, expect.anything()], k2: [4, expect.anything()] });
    await use(k1);
    await expect(ensureShopKey(newId())).rejects.toThrow("Every key of the keyring is retired");
  });

  test("an id that was never used is not retired by a rotation", async () => {
    await use(k1);
    await fill(2);
    await use(k1, k3);
    await rotateKeys(quiet);
    expect(await standing()).toMatchObject({ k3: [0, "no key lies under this id; it is not retired"] });
    await use(k3, k1);
    await rotateKeys(quiet);
    expect(await standing()).toMatchObject({
      k1: [0, "retired: take it out of the keyring"],
      k3: [2, expect.anything()],
    });
  });

  test("leaves keys that do not open as they are, brings the others over, and the check says so", async () => {
    await use(k1);
    await fill(4);
    await use(k3);
    await fill(2);
    const { rows } = await sql.query(
      "SELECT wrapped FROM data_keys WHERE keyring_id = 'k3' ORDER BY shop_id",
    );
    await use(k2, k1, { id: "k3", key: randomBytes(32) });
    await rotateKeys(quiet);
    expect(await standing()).toMatchObject({
      k1: [0, "retired: take it out of the keyring"],
      k2: [4, expect.anything()],
      k3: [2, "keys lie under this id that the keyring's key does not open: its bytes are others"],
    });
    expect((await checkKeys()).sound).toBe(false);
    await use(k2);
    expect(await standing()).toMatchObject({ k3: [2, "keys lie under this id, and the keyring lacks it"] });
    const kept = await sql.query("SELECT wrapped FROM data_keys WHERE keyring_id = 'k3' ORDER BY shop_id");
    expect(kept.rows).toEqual(rows);
  });

  test("a key moved to another shop's row does not open", async () => {
    await use(k1);
    await fill(2);
    await sql.query(
      "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys AS b WHERE b.shop_id <> data_keys.shop_id)",
    );
    expect(await standing()).toMatchObject({ k1: [2, expect.stringContaining("does not open")] });
  });
});

describe("a retired id", () => {
  test("takes no key, whoever brings it", async () => {
    await use(k1);
    await fill(1);
    await use(k2, k1);
    await rotateKeys(quiet);
    await expect(sql.query("UPDATE data_keys SET keyring_id = 'k1'")).rejects.toThrow(
      "the keyring id k1 is retired",
    );
    await expect(
      sql.query("INSERT INTO platform_keys (id, wrapped, keyring_id) VALUES ('x', '', 'k1')"),
    ).rejects.toMatchObject({ code: "KR001" });
  });

  test("is retired only after who is about to put a key there has done so", async () => {
    await use(k1);
    await fill(1);
    await sql.query("BEGIN");
    await sql.query("INSERT INTO platform_keys (id, wrapped, keyring_id) VALUES ('late', '\\x00', 'k1')");
    await use(k2, k1);
    let over = false;
    const rotating = rotateKeys(quiet).then(() => (over = true));
    const other = new pg.Client({ connectionString: database.keysUrl });
    await other.connect();
    const waits =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while ((await other.query(waits)).rowCount === 0) expect(over).toBe(false);
    await other.end();
    await sql.query("COMMIT");
    await rotating;
    const { rows } = await sql.query("SELECT retired_at FROM keyring_ids WHERE id = 'k1'");
    expect(rows).toEqual([{ retired_at: null }]);
    expect((await checkKeys()).ids).toContainEqual(expect.objectContaining({ id: "k1", keys: 1, closed: 1 }));
  });
});

describe("a start", () => {
  test("is refused with a keyring that lacks an id in use, or has other bytes for it, in a sentence without a key", async () => {
    await use(k1);
    await fill(2);
    await use(k2);
    await expect(refuseUnfitKeyring()).rejects.toThrow("The keyring lacks the key k1");
    const stranger = { id: "k1", key: randomBytes(32) };
    await use(k2, stranger);
    const refusal = await refuseUnfitKeyring().catch((error: Error) => error.message);
    expect(refusal).toContain("the same id and other bytes");
    expect(refusal).not.toContain(stranger.key.toString("base64").slice(0, 6));
    await use(k2, k1);
    await refuseUnfitKeyring();
  });
});
