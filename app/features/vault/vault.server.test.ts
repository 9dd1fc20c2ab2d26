import fc from "fast-check";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createVault,
  forgetVault,
  openVault,
  type Place,
  type Vault,
} from "#app/features/vault/vault.server.ts";
import { connectKeyStore, destroyShopKey, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { newId } from "#app/platform/db/ids.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

let database: TestDatabase;
let vaults: Vault[];
beforeAll(async () => {
  database = await createTestDatabase();
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  vaults = await Promise.all([newId(), newId()].map(createVault));
});
afterAll(async () => {
  await disconnectKeyStore();
  await database.drop();
});

const name = fc.stringMatching(/^[a-z_]{1,20}$/);
const place = fc.record({ table: name, column: name, row: fc.string({ maxLength: 40 }) });

describe("a sealed value", () => {
  test("opens where it was sealed", () => {
    fc.assert(
      fc.property(place, fc.string(), (where, plain) => {
        expect(vaults[0]!.open(where, vaults[0]!.seal(where, plain))).toBe(plain.toWellFormed());
      }),
    );
  });

  test("moved to another row, column, table or shop it does not", () => {
    const differ = (a: Place, b: Place) => a.table !== b.table || a.column !== b.column || a.row !== b.row;
    fc.assert(
      fc.property(place, place, fc.constantFrom("table", "column", "row", "all"), (here, there, part) => {
        const moved = part === "all" ? there : { ...here, [part]: there[part] };
        const sealed = vaults[0]!.seal(here, "Ada");
        expect(() => vaults[1]!.open(here, sealed)).toThrow();
        fc.pre(differ(here, moved));
        expect(() => vaults[0]!.open(moved, sealed)).toThrow("does not open");
      }),
      { numRuns: 1_000 },
    );
  });

  test("is found by a hash that another shop's key does not make, and that knows addresses in any spelling", () => {
    const [one, other] = vaults as [Vault, Vault];
    expect(one.blindIndex("email", " Ada@Example.com ")).toBe(one.blindIndex("email", "ada@example.com"));
    expect(one.blindIndex("email", "ada@example.com")).not.toBe(other.blindIndex("email", "ada@example.com"));
  });
});

test("with the shop's key destroyed nothing of it opens, and a new key opens nothing old", async () => {
  const shopId = newId();
  const where = { table: "orders", column: "person_sealed", row: "1" };
  const sealed = (await createVault(shopId)).seal(where, "Ada");
  expect(await destroyShopKey(shopId)).toBe(true);
  forgetVault(shopId);
  await expect(openVault(shopId)).rejects.toMatchObject({ code: "unavailable" });
  const again = await createVault(shopId);
  expect(() => again.open(where, sealed)).toThrow();
});
