import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { entryHash, genesis } from "#app/features/audit/chain.ts";
import { exportJson } from "#app/features/audit/export.server.ts";
import { readFilter } from "#app/features/audit/list.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
});
afterAll(async () => {
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});

type Told = { filter: unknown; entries: { before: string; hash: string; entry: string }[] };

test("each entry of an export can be verified by itself, and a narrowed export says what it is", async () => {
  const id = newId();
  await forPlatform("install", (tx) =>
    tx.shop.create({ data: { id, domain: "acme.myshopify.com", name: "Acme", settings: {} } }),
  );
  for (const action of ["sending.on", "trigger.on", "sending.off", "trigger.off"] as const)
    await forShop(id, (tx) => recordAudit(tx, id, { actor: "user:7", action }));
  const told = async (query: string) => {
    let text = "";
    for await (const piece of exportJson(id, readFilter(new URLSearchParams(query)), "UTC")) text += piece;
    return JSON.parse(text) as Told;
  };
  const whole = await told("");
  expect(whole.filter).toBeNull();
  expect(whole.entries).toHaveLength(4);
  expect(whole.entries[0]?.before).toBe(genesis(id).hash);
  const some = await told("area=trigger&who=team&from=2026-01-01");
  expect(some.filter).toEqual({ areas: ["trigger"], who: "team", from: "2026-01-01" });
  expect(some.entries).toHaveLength(2);
  for (const { before, hash, entry } of [...whole.entries, ...some.entries])
    expect(entryHash(before, entry)).toBe(hash);
});
