import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordAudit, recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { entryHash, genesis } from "#app/features/audit/chain.ts";
import { closeAuditChain, pruneAuditChain } from "#app/features/audit/close.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { withLogContext } from "#app/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { overTheWall } from "#tests/setup/wall.ts";

let database: TestDatabase;
/** As the owner of every table, beyond the wall between shops. */
let owner: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url, pool: 30 });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  owner = new Client({ connectionString: overTheWall(database.url) });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});

async function makeShop(): Promise<string> {
  const id = newId();
  await forPlatform("install", (tx) =>
    tx.shop.create({ data: { id, domain: `${id}.myshopify.com`, name: "A shop", settings: {} } }),
  );
  return id;
}
const record = (shopId: string, count = 1) =>
  forShop(shopId, async (tx) => {
    for (let index = 0; index < count; index += 1)
      await recordAudit(tx, shopId, { actor: "user:7", action: "sending.on", after: { index } });
  });
const entriesOf = (shopId: string) =>
  forShop(shopId, (tx) => tx.auditEvent.findMany({ where: { shopId }, orderBy: { seq: "asc" } }));

describe("an entry", () => {
  test("is one text whose columns the database reads out of it", async () => {
    const shopId = await makeShop();
    const event = {
      actor: "user:7",
      action: "trigger.saved",
      subject: "some trigger",
      before: { name: "Old", nested: { z: 1, a: [null, "é"] } },
      after: { name: 'New "quoted"\n', odd: "nul \0 and half \ud800" },
    } as const;
    await withLogContext({ request: "request-1" }, () =>
      forShop(shopId, (tx) => recordAudit(tx, shopId, event)),
    );
    const [entry] = await entriesOf(shopId);
    expect(entry).toMatchObject({
      seq: 1,
      actor: "user:7",
      action: "trigger.saved",
      subject: "some trigger",
      request: "request-1",
      before: event.before,
      after: { name: event.after.name, odd: "nul \uFFFD and half \uFFFD" },
      hash: entryHash(genesis(shopId).hash, entry!.entry),
    });
    expect(entry?.at.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(JSON.parse(entry!.entry)).toMatchObject({ id: entry?.id, at: entry?.at.toISOString() });
  });

  test("is there exactly if the change is", async () => {
    const shopId = await makeShop();
    const failing = forShop(shopId, async (tx) => {
      await recordAudit(tx, shopId, { actor: "system", action: "sending.on" });
      throw new Error("changed its mind");
    });
    await expect(failing).rejects.toThrow("changed its mind");
    expect(await entriesOf(shopId)).toEqual([]);
  });
});

describe("the database refuses, also its owner,", () => {
  const refused = /is refused/;
  const tables = ["audit_events", "platform_audit_events"];
  const changes = tables.flatMap((table) => [
    `UPDATE ${table} SET hash = 'x'`,
    `UPDATE ${table} SET entry = entry WHERE false`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table}`,
    `TRUNCATE ${table} CASCADE`,
  ]);
  let shopId: string;
  beforeAll(async () => {
    shopId = await makeShop();
    await record(shopId, 3);
    await forPlatform("setup", (tx) =>
      recordPlatformAudit(tx, { actor: "system", action: "audit.verified" }),
    );
  });

  test.each(changes)("%s", (sql) => expect(owner.query(sql)).rejects.toThrow(refused));

  test("writing what is generated", () =>
    expect(
      owner.query("INSERT INTO audit_events (shop_id, entry, hash, actor) VALUES ($1, '{}', '', 'me')", [
        shopId,
      ]),
    ).rejects.toThrow("actor"));

  test("removing a shop with its chain", () =>
    expect(owner.query("DELETE FROM shops WHERE id = $1", [shopId])).rejects.toThrow("audit_events"));

  test("removing entries that a checkpoint does not name exactly", async () => {
    await forShop(shopId, async (tx) => {
      await recordPlatformAudit(tx, {
        actor: "system",
        action: "audit.pruned",
        shopId,
        after: {
          count: 2,
          first: { seq: 1, hash: (await tx.auditEvent.findFirstOrThrow({ where: { shopId, seq: 1 } })).hash },
          last: { seq: 2, hash: (await tx.auditEvent.findFirstOrThrow({ where: { shopId, seq: 2 } })).hash },
        },
      });
    });
    const remove = (which: string) =>
      owner.query(`DELETE FROM audit_events WHERE shop_id = $1 AND ${which}`, [shopId]);
    await expect(remove("seq = 1")).rejects.toThrow(refused);
    await expect(remove("seq <= 3")).rejects.toThrow(refused);
    await expect(remove("seq = 3")).rejects.toThrow(refused);
    expect((await remove("seq <= 2")).rowCount).toBe(2);
  });
});

describe("closing and pruning", () => {
  test("a closed chain is gone, and the platform's chain tells what it was", async () => {
    const shopId = await makeShop();
    await record(shopId, 5);
    const before = await entriesOf(shopId);
    expect(await forPlatform("purge", (tx) => closeAuditChain(tx, shopId, new Date()))).toBe(5);
    expect(await entriesOf(shopId)).toEqual([]);
    const [told] = await forPlatform("audit", (tx) =>
      tx.platformAuditEvent.findMany({ where: { subject: shopId } }),
    );
    const place = (index: number) => ({ seq: before[index]?.seq, hash: before[index]?.hash });
    expect(told).toMatchObject({
      action: "audit.closed",
      after: { count: 5, first: place(0), last: place(4) },
    });
    expect((await owner.query("DELETE FROM shops WHERE id = $1", [shopId])).rowCount).toBe(1);
  });

  test("what is noted in the closing transaction is closed with the rest", async () => {
    const shopId = await makeShop();
    await record(shopId, 2);
    const closed = await forPlatform("purge", async (tx) => {
      await recordAudit(tx, shopId, { actor: "system", action: "sending.off" });
      return closeAuditChain(tx, shopId, new Date());
    });
    expect(closed).toBe(3);
  });

  test("a pruned chain goes on, and so does one that is opened again", async () => {
    const shopId = await makeShop();
    await record(shopId, 3);
    await record(shopId, 2);
    const before = await entriesOf(shopId);
    await forPlatform("retention", (tx) => pruneAuditChain(tx, shopId, before[3]!.at, new Date()));
    expect((await entriesOf(shopId)).map(({ seq }) => seq)).toEqual([4, 5]);
    await forPlatform("purge", (tx) => closeAuditChain(tx, shopId, new Date()));
    await record(shopId);
    const [next] = await entriesOf(shopId);
    expect(next).toMatchObject({ seq: 6, hash: entryHash(before[4]!.hash, next!.entry) });
  });

  test("an empty chain closes without a word", async () => {
    const shopId = await makeShop();
    expect(await forPlatform("purge", (tx) => closeAuditChain(tx, shopId, new Date()))).toBe(0);
  });
});
