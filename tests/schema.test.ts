import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const schema = readFileSync("prisma/schema.prisma", "utf8");
const models = [...schema.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => ({
  name,
  body,
}));
const ofShops = models.filter((model) => /^\s+shop\s+Shop\b/m.test(model.body));

describe("every table of a shop", () => {
  test("there are some", () => expect(ofShops.length).toBeGreaterThan(10));

  test.each(ofShops.map((model) => [model.name, model.body] as const))(
    "%s begins its keys with the shop",
    (_, body) => {
      expect(body).toMatch(/@@id\(\[shopId, id\]\)/);
      for (const [, fields = ""] of body.matchAll(/@@unique\(\[([^\]]*)\]/g))
        expect(fields).toMatch(/^shopId,/);
      for (const [, fields = ""] of body.matchAll(/@relation\(fields: \[([^\]]*)\]/g))
        expect(fields).toMatch(/^shopId\b/);
      // A unique column of its own would be unique across shops.
      expect(body).not.toMatch(/\s@unique\b/);
    },
  );
});

describe("every column", () => {
  test.each(models.map((model) => [model.name, model.body] as const))(
    "%s: times have a zone, row ids are uuids",
    (_, body) => {
      for (const [line] of body.matchAll(/^\s+\w+\s+DateTime\b.*$/gm))
        expect(line).toContain("@db.Timestamptz(3)");
      for (const [line] of body.matchAll(
        /^\s+(?:id|shopId|\w+(?<!external|session|webhook|event|provider|user|key)Id)\s+String\b.*$/gim,
      )) {
        if (
          /^\s+(?:external|session|webhook|event|provider|user|key)Id/i.test(line) ||
          /ProviderAccount/.test(_)
        )
          continue;
        expect(line).toContain("@db.Uuid");
      }
    },
  );

  test("what is sealed is bytes", () => {
    for (const [line] of schema.matchAll(/^\s+\w+Sealed\s.*$/gm)) expect(line).toMatch(/\sBytes\??\s/);
  });
});

describe("the second wall", () => {
  const sql = readdirSync("prisma/migrations")
    .filter((name) => /^\d/.test(name))
    .map((name) => readFileSync(`prisma/migrations/${name}/migration.sql`, "utf8"))
    .join("\n");
  // Whatever names a shop; the inbox alone stands outside, as its webhooks may be of shops we do not know.
  const named = models.filter(({ name, body }) => name === "Shop" || /^\s+shopId\b/m.test(body));

  test.each(named.map(({ name, body }) => [name, /@@map\("(\w+)"\)/.exec(body)?.[1] ?? ""] as const))(
    "%s is behind it",
    (_, table) => expect(sql).toMatch(new RegExp(`wall_in\\('${table}', '(shop_)?id'\\)`)),
  );
});
