import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectKeyStore, disconnectKeyStore, ensureShopKey } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { claimInstallation, claimJournal, refuseUnmigrated } from "#app/platform/installation.ts";
import { hasJournal, journalFolder, markJournal } from "#app/platform/journal.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { plainEnvironment } from "#tests/factories/held.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { overTheWall } from "#tests/setup/wall.ts";

let here: TestDatabase;
const made: TestDatabase[] = [];
async function another(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  made.push(database);
  return database;
}
beforeEach(async () => {
  here = await another();
});
afterEach(async () => {
  await disconnect();
  for (const database of made.splice(0)) await database.drop();
});

async function disconnect(): Promise<void> {
  await disconnectKeyStore();
  await disconnectDatabase();
}
async function connect(main: TestDatabase, keys: TestDatabase): Promise<void> {
  await disconnect();
  await connectDatabase({ url: main.url });
  await connectKeyStore({ url: keys.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
}
async function run(url: string, statement: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: overTheWall(url) });
  await client.connect();
  return client.query(statement, values).finally(() => client.end());
}
const addShop = (database: TestDatabase, id: string, state = "installed") =>
  run(
    database.url,
    "INSERT INTO shops (id, domain, name, settings, state) VALUES ($1::uuid, $1::text, 'x', '{}', $2)",
    [id, state],
  );
const markOf = async (url: string) =>
  (await run(url, "SELECT installation_id AS id, environment FROM installation")).rows;

describe("the first start", () => {
  test("marks both databases alike, and every start after it finds the mark", async () => {
    await connect(here, here);
    const id = await claimInstallation("production");
    expect([await markOf(here.url), await markOf(here.keysUrl)]).toEqual([
      [{ id, environment: "production" }],
      [{ id, environment: "production" }],
    ]);
    expect(await claimInstallation("production")).toBe(id);
  });

  test("of several processes at once ends with one mark", async () => {
    await connect(here, here);
    const ids = await Promise.all(Array.from({ length: 8 }, () => claimInstallation("production")));
    expect(new Set(ids).size).toBe(1);
  });

  test("that was cut short between the two is finished by the next", async () => {
    await connect(here, here);
    const id = await claimInstallation("production");
    await run(here.url, "DELETE FROM installation");
    expect(await claimInstallation("production")).toBe(id);
    expect(await markOf(here.url)).toEqual([{ id, environment: "production" }]);
  });

  test("of an installation older than the mark marks it", async () => {
    await connect(here, here);
    const shopId = newId();
    await addShop(here, shopId);
    await addShop(here, newId(), "uninstalled");
    await ensureShopKey(shopId);
    await expect(claimInstallation("production")).resolves.toEqual(expect.any(String));
  });

  test.each([
    ["an empty key store", true, false, "the key of none"],
    ["the key store of other shops", true, true, "shops that the database does not know"],
    ["a key store that has lost its database", false, true, "shops that the database does not know"],
  ])("with %s is refused, and marks nothing", async (_, shop, key, why) => {
    const there = await another();
    await connect(here, there);
    if (shop) await addShop(here, newId());
    if (key) await ensureShopKey(newId());
    await expect(claimInstallation("production")).rejects.toThrow(why);
    expect([await markOf(here.url), await markOf(there.keysUrl)]).toEqual([[], []]);
  });
});

describe("a marked database is refused", () => {
  test.each([
    ["production", "development"],
    ["development", "production"],
    ["production", "staging"],
  ])("when it is %s's, by %s", async (theirs, ours) => {
    await connect(here, here);
    await claimInstallation(theirs);
    await expect(claimInstallation(ours)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: `The database belongs to the environment "${theirs}", this process to "${ours}" (ENVIRONMENT, or else NODE_ENV).`,
    });
  });

  test("together with the key store of another installation", async () => {
    await connect(here, here);
    await claimInstallation("production");
    const there = await another();
    await connect(there, there);
    await claimInstallation("production");
    await connect(here, there);
    await expect(claimInstallation("production")).rejects.toThrow("belong to different installations");
  });

  test("as the key store of a fresh database of another environment, which stays unmarked", async () => {
    await connect(here, here);
    await claimInstallation("production");
    const there = await another();
    await connect(there, here);
    await expect(claimInstallation("development")).rejects.toThrow(
      'key store belongs to the environment "production"',
    );
    expect(await markOf(there.url)).toEqual([]);
  });
});

test("a key store that lacks a migration is named", async () => {
  await connect(here, here);
  await refuseUnmigrated();
  await run(here.keysUrl, "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_installation'");
  await expect(refuseUnmigrated()).rejects.toThrow(/db:migrate.*20261127000100_installation \(key store\)$/);
});

describe("the folder of the erasure journal", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await makeScratch();
    Object.assign(process.env, plainEnvironment(folder));
  });
  beforeEach(() => connect(here, here));
  afterEach(() => rm(journalFolder(), { recursive: true, force: true }));
  afterAll(() => removeScratch(folder));

  test("is taken at the first start, by several processes at once too, and known from then on", async () => {
    const id = await claimInstallation("production");
    await Promise.all(Array.from({ length: 4 }, () => claimJournal(id)));
    expect(await hasJournal(id)).toBe(true);
    await claimJournal(id);
  });

  test("is refused when it is another than before, empty or another installation's, and not marked", async () => {
    const id = await claimInstallation("production");
    await claimJournal(id);
    await rm(journalFolder(), { recursive: true });
    const refused = {
      name: "ConfigurationError",
      message: expect.stringContaining(
        `${journalFolder()} does not hold the erasure journal of this installation`,
      ) as string,
    };
    await expect(claimJournal(id)).rejects.toMatchObject(refused);
    await markJournal(newId());
    await expect(claimJournal(id)).rejects.toMatchObject(refused);
    expect(await hasJournal(id)).toBe(false);
  });

  test("that cannot be written to is refused, and another may be taken", async () => {
    const id = await claimInstallation("production");
    await writeFile(journalFolder(), "");
    await expect(claimJournal(id)).rejects.toThrow("cannot be written to");
    await rm(journalFolder());
    await claimJournal(id);
  });
});
