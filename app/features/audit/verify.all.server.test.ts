import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { recordAudit, recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { copyHeads } from "#app/features/audit/checkpoint.server.ts";
import { closeAuditChain, pruneAuditChain } from "#app/features/audit/close.server.ts";
import { foundAuditChains } from "#app/features/audit/found.server.ts";
import { readAuditHealth } from "#app/features/audit/health.server.ts";
import { verifyAll, verifyAndKeep } from "#app/features/audit/verify.all.server.ts";
import { verifyChain } from "#app/features/audit/verify.server.ts";
import { listCheckpoints } from "#app/platform/crypto/checkpoints.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { overTheWall } from "#tests/setup/wall.ts";

let database: TestDatabase;
/** As the owner of every table, beyond the wall between shops. */
let owner: Client;

beforeAll(() => setLogLevel("silent"));
beforeEach(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url, pool: 25 });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  owner = new Client({ connectionString: overTheWall(database.url) });
  await owner.connect();
});
afterEach(async () => {
  await owner.end();
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});
afterAll(() => setLogLevel("info"));

const now = new Date();
async function makeShop(entries: number): Promise<string> {
  const id = newId();
  await forPlatform("install", (tx) =>
    tx.shop.create({ data: { id, domain: `${id}.myshopify.com`, name: "A shop", settings: {} } }),
  );
  await record(id, entries);
  return id;
}
async function record(shopId: string, entries: number): Promise<void> {
  for (let place = 1; place <= entries; place += 1)
    await forShop(shopId, (tx) => recordAudit(tx, shopId, { actor: "user:7", action: "sending.on" }));
}
const withoutGuards = async (sql: string, values: unknown[]) => {
  await owner.query("ALTER TABLE audit_events DISABLE TRIGGER USER");
  await owner.query(sql, values);
  await owner.query(
    "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER unchanged, ENABLE ALWAYS TRIGGER untruncated, ENABLE ALWAYS TRIGGER removed",
  );
};
const brokenChains = async () =>
  (await verifyAll()).broken.map(({ chain, broken }) => ({ chain, ...broken }));

test("50 writers in one shop leave one unbroken chain", async () => {
  const shopId = await makeShop(0);
  await Promise.all(
    Array.from({ length: 50 }, () =>
      forShop(shopId, (tx) => recordAudit(tx, shopId, { actor: "user:7", action: "sending.on" })),
    ),
  );
  expect(await verifyChain(shopId)).toEqual({ chain: shopId, entries: 50, seq: 50, broken: null });
});

test("20 shops at once, and transactions across all of them in any order, leave unbroken chains", async () => {
  const shops = await Promise.all(Array.from({ length: 20 }, () => makeShop(1)));
  const event = { actor: "system", action: "sending.off" } as const;
  await Promise.all([
    ...shops.flatMap((shopId) =>
      Array.from({ length: 5 }, () => forShop(shopId, (tx) => recordAudit(tx, shopId, event))),
    ),
    ...[shops, shops.toReversed()].flatMap((order) =>
      Array.from({ length: 5 }, () =>
        forPlatform("dispatch", async (tx) => {
          await recordPlatformAudit(tx, event);
          for (const shopId of order) await recordAudit(tx, shopId, event);
        }),
      ),
    ),
  ]);
  expect(await verifyAll()).toEqual({
    chains: 21,
    entries: 20 * 16 + 10,
    broken: [],
    guards: [],
    failed: [],
  });
});

test("a shop's writers do not wait for another shop's", async () => {
  const [first, second] = [await makeShop(1), await makeShop(1)];
  await owner.query("BEGIN");
  await owner.query("SELECT 1 FROM audit_heads WHERE shop_id = $1 FOR UPDATE", [first]);
  await record(second, 1);
  await owner.query("ROLLBACK");
  expect((await verifyChain(second)).entries).toBe(2);
});

test("a chain that was closed is sound; one that was removed without closing is found", async () => {
  const [closed, removed] = [await makeShop(3), await makeShop(3)];
  await copyHeads();
  await forPlatform("purge", async (tx) => {
    await closeAuditChain(tx, closed, now);
    await tx.shop.delete({ where: { id: closed } });
  });
  expect(await brokenChains()).toEqual([]);
  await withoutGuards("DELETE FROM audit_events WHERE shop_id = $1", [removed]);
  await owner.query("DELETE FROM audit_heads WHERE shop_id = $1", [removed]);
  await owner.query("DELETE FROM shops WHERE id = $1", [removed]);
  expect(await brokenChains()).toEqual([{ chain: removed, seq: 1, fault: "checkpoint" }]);
});

test("a closing that nobody signed is no closing", async () => {
  const shopId = await makeShop(3);
  const places = await forShop(shopId, (tx) =>
    tx.auditEvent.findMany({ where: { shopId }, orderBy: { seq: "asc" }, select: { seq: true, hash: true } }),
  );
  const forged = { count: 3, first: places[0], last: places[2], keyId: "signing-1", signature: "AAAA" };
  await forPlatform("audit", (tx) =>
    recordPlatformAudit(tx, { actor: "system", action: "audit.closed", shopId, after: forged as object }),
  );
  await owner.query("DELETE FROM audit_events WHERE shop_id = $1", [shopId]);
  await owner.query("DELETE FROM audit_heads WHERE shop_id = $1", [shopId]);
  expect(await brokenChains()).toEqual([{ chain: shopId, seq: 1, fault: "removal" }]);
});

test("a pruned chain is sound before and after its checkpoint is copied", async () => {
  const shopId = await makeShop(4);
  await copyHeads();
  await forPlatform("retention", (tx) => pruneAuditChain(tx, shopId, new Date(Date.now() + 1_000), now));
  await record(shopId, 2);
  expect(await verifyChain(shopId)).toEqual({ chain: shopId, entries: 2, seq: 6, broken: null });
  expect(await copyHeads()).toBe(2);
  expect(await verifyChain(shopId)).toMatchObject({ broken: null });
});

test("a tail that was cut off and written over is not covered by a later checkpoint", async () => {
  const shopId = await makeShop(2);
  const before = await forShop(shopId, (tx) => tx.auditHead.findUniqueOrThrow({ where: { shopId } }));
  await record(shopId, 2);
  await copyHeads();
  await withoutGuards("DELETE FROM audit_events WHERE shop_id = $1 AND seq > 2", [shopId]);
  await forPlatform("audit", (tx) => tx.auditHead.update({ where: { shopId }, data: before }));
  expect(await brokenChains()).toEqual([{ chain: shopId, seq: 3, fault: "checkpoint" }]);
  await record(shopId, 5);
  await copyHeads();
  expect((await listCheckpoints()).find(({ chain }) => chain === shopId)?.seq).toBe(4);
  expect(await brokenChains()).toEqual([{ chain: shopId, seq: 4, fault: "checkpoint" }]);
});

test("the platform's own chain is verified like the others", async () => {
  await makeShop(1);
  for (let place = 0; place < 3; place += 1)
    await forPlatform("audit", (tx) =>
      recordPlatformAudit(tx, { actor: "staff:ada", action: "audit.exported" }),
    );
  await owner.query("ALTER TABLE platform_audit_events DISABLE TRIGGER USER");
  await owner.query(
    `UPDATE platform_audit_events SET entry = replace(entry, 'staff:ada', 'staff:bob') WHERE seq = 2`,
  );
  const report = await verifyAll();
  expect(report.broken).toMatchObject([{ chain: "platform", broken: { seq: 2, fault: "altered" } }]);
  expect(report.guards).toEqual(["platform_audit_events: unchanged", "platform_audit_events: untruncated"]);
});

const forge = (seq: number, subject: string) =>
  owner.query("INSERT INTO platform_audit_events (entry, hash) VALUES ($1, 'f')", [
    JSON.stringify({
      seq,
      id: newId(),
      at: now.toISOString(),
      actor: "system",
      action: "audit.closed",
      subject,
      after: {},
    }),
  ]);

const PLACES: [string, number][] = [
  ["in the next place", 3],
  ["far away", 2_147_483_647],
  ["before the first", -2_147_483_648],
];

test.each(PLACES)(
  "a row that is forged into the platform's chain %s is named, and stops nothing",
  async (_, seq) => {
    const [first, second] = [await makeShop(2), await makeShop(2)];
    const other = { actor: "staff:ada", action: "audit.exported" } as const;
    for (let place = 0; place < 2; place += 1)
      await forPlatform("audit", (tx) => recordPlatformAudit(tx, other));
    await copyHeads();
    await forge(seq, "zzz");
    await forge(seq, second);
    await withoutGuards("UPDATE audit_events SET hash = 'x' WHERE shop_id = $1 AND seq = 2", [first]);
    const found = [
      { chain: "platform", seq: seq < 0 ? 1 : 3 },
      { chain: first, seq: 2, fault: "altered" },
      { chain: second, seq: 1, fault: "removal" },
    ];
    expect(await brokenChains()).toMatchObject(found);
    // A purge goes on: what it tells has its place, and the chain that the forged row tells of can be closed and begun again.
    await forPlatform("purge", async (tx) => {
      await recordPlatformAudit(tx, { ...other, action: "purge.begun" });
      await closeAuditChain(tx, second, now);
    });
    await record(second, 1);
    await copyHeads();
    const report = await verifyAndKeep(now);
    expect(report.failed).toEqual([]);
    expect(report.broken.map(({ chain }) => chain)).toEqual(["platform", first, second]);
  },
);

test.each(PLACES)(
  "a row that is forged into a shop's chain %s is named, and stops nothing",
  async (_, seq) => {
    const shopId = await makeShop(2);
    const forged = JSON.stringify({
      seq,
      id: newId(),
      at: now.toISOString(),
      actor: "user:8",
      action: "sending.on",
    });
    await owner.query("INSERT INTO audit_events (shop_id, entry, hash) VALUES ($1, $2, 'f')", [
      shopId,
      forged,
    ]);
    await record(shopId, 1);
    expect(await brokenChains()).toMatchObject([{ chain: shopId }]);
    const close = () => forPlatform("purge", (tx) => closeAuditChain(tx, shopId, now));
    await close();
    // A shop that a backup brings back goes on, is verified, and can be closed again.
    await record(shopId, 2);
    expect(await brokenChains()).toMatchObject([{ chain: shopId, fault: "removal" }]);
    await close();
    expect((await owner.query("DELETE FROM shops WHERE id = $1", [shopId])).rowCount).toBe(1);
  },
);

test("a column that says something else than its entry is found", async () => {
  await makeShop(1);
  await owner.query("ALTER TABLE audit_events DISABLE TRIGGER USER, ALTER COLUMN actor DROP EXPRESSION");
  await owner.query("UPDATE audit_events SET actor = 'user:8'");
  expect((await verifyAll()).guards).toContain("audit_events.actor");
});

test.each([
  [
    "audit_events.actor",
    `ALTER TABLE audit_events ALTER COLUMN actor SET EXPRESSION AS (COALESCE('user:1'::text, entry::jsonb ->> 'actor'::text))`,
  ],
  [
    "audit_events.after",
    `ALTER TABLE audit_events ALTER COLUMN after SET EXPRESSION AS (COALESCE('{}'::jsonb, entry::jsonb -> 'after'::text))`,
  ],
  [
    "audit_refuse()",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
  ],
  [
    "audit_instant()",
    "CREATE OR REPLACE FUNCTION audit_instant(written text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT now() $$",
  ],
  [
    "audit_events: removed",
    "DROP TRIGGER removed ON audit_events; CREATE TRIGGER removed AFTER INSERT ON audit_events EXECUTE FUNCTION audit_refuse(); ALTER TABLE audit_events ENABLE ALWAYS TRIGGER removed",
  ],
  ["audit_removal()", "DROP FUNCTION audit_removal CASCADE"],
])("a guard that only looks like ours is found: %s", async (guard, sql) => {
  expect((await verifyAll()).guards).toEqual([]);
  await owner.query(sql);
  expect((await verifyAll()).guards).toContain(guard);
});

test("what was found is kept for the pages, told in the platform's chain, and raises the alarm", async () => {
  const [sound, broken] = [await makeShop(3), await makeShop(3)];
  await withoutGuards("UPDATE audit_events SET hash = 'x' WHERE shop_id = $1 AND seq = 2", [broken]);
  const alarms = async () =>
    Number(/^aftercare_audit_broken_total (\d+)/m.exec(await metrics.metrics())?.[1] ?? 0);
  const before = await alarms();
  await verifyAndKeep(now);
  expect(await forShop(sound, (tx) => readAuditHealth(tx, sound))).toEqual({
    entries: 3,
    verifiedAt: now,
    broken: null,
  });
  expect(await forShop(broken, (tx) => readAuditHealth(tx, broken))).toMatchObject({
    broken: { seq: 2, fault: "altered" },
  });
  expect((await alarms()) - before).toBe(1);
  const told = await forPlatform("audit", (tx) =>
    tx.platformAuditEvent.findFirst({ orderBy: { seq: "desc" } }),
  );
  expect(told).toMatchObject({
    action: "audit.verified",
    after: { chains: 3, broken: 1, worst: [{ chain: broken }] },
  });
});

test("an older log is carried over, and its ends are signed once", async () => {
  const shopId = await makeShop(0);
  const other = await makeShop(0);
  await owner.query("DROP TABLE audit_events, audit_heads, platform_audit_events, platform_audit_heads");
  await owner.query("DROP FUNCTION audit_instant, audit_refuse, audit_removal");
  await owner.query(beforeTheChains);
  await owner.query(
    `INSERT INTO audit_events (shop_id, id, at, actor, action, subject, before, after) VALUES
     ($1, uuidv7(), '2026-11-20 10:00:00.123Z', 'user:7', 'settings.saved', NULL, '{"name": "Old \\"one\\""}', '{"z": 1, "a": [null, "é"]}'),
     ($2, uuidv7(), '2026-11-20 11:00Z', 'shopify', 'shop.installed', NULL, NULL, NULL),
     ($1, uuidv7(), '2026-11-21 10:00Z', 'system', 'trigger.on', 'some trigger', NULL, NULL)`,
    [shopId, other],
  );
  const migration = "prisma/migrations/20261127000200_audit_chain/migration.sql";
  const login = new Client({ connectionString: database.url });
  await login.connect();
  await login.query(await readFile(migration, "utf8"));
  await login.end();

  expect(await brokenChains()).toHaveLength(2);
  await foundAuditChains();
  expect(await brokenChains()).toEqual([]);
  const rows = await forShop(shopId, (tx) =>
    tx.auditEvent.findMany({ where: { shopId }, orderBy: { seq: "asc" } }),
  );
  expect(rows).toMatchObject([
    {
      at: new Date("2026-11-20T10:00:00.123Z"),
      actor: "user:7",
      subject: null,
      before: { name: 'Old "one"' },
      after: { z: 1, a: [null, "é"] },
    },
    { action: "trigger.on", subject: "some trigger", before: null, after: null },
  ]);
  await record(shopId, 1);
  await owner.query("UPDATE audit_heads SET signature = NULL WHERE shop_id = $1", [other]);
  await foundAuditChains();
  expect(await brokenChains()).toEqual([{ chain: other, seq: 1, fault: "signature" }]);
});

const beforeTheChains = `
  CREATE TABLE "audit_events" ("shop_id" UUID NOT NULL, "id" UUID NOT NULL DEFAULT uuidv7(), "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL, "action" TEXT NOT NULL, "subject" TEXT, "before" JSONB, "after" JSONB,
    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("shop_id","id"));
  CREATE INDEX "audit_events_shop_id_at_idx" ON "audit_events"("shop_id", "at");
  ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;
  SELECT wall_in('audit_events', 'shop_id');`;
