import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { closeRenderer } from "#app/features/templates/render.server.ts";
import {
  deleteTemplate,
  draftHash,
  duplicateTemplate,
  findTemplate,
  getTemplate,
  listTemplates,
  saveTemplate,
  TemplateProblemsError,
} from "#app/features/templates/templates.server.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

let database: TestDatabase;
let shop: string;
const now = new Date("2026-11-21T10:00:00Z");
const actor = "user:7";

beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
});
afterAll(async () => {
  await closeRenderer();
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});

async function newShop(): Promise<string> {
  const settings = defaultSettings({ name: "Hearth", email: null, timeZone: "UTC", locale: "en" });
  const data = { domain: `shop-${randomUUID()}.myshopify.com`, name: "Hearth", settings };
  return (await forPlatform("install", (tx) => tx.shop.create({ data }))).id;
}
beforeEach(async () => {
  shop = await newShop();
});

const inShop = <T>(work: (tx: Tx) => Promise<T>) => forShop(shop, work);
const draft = (name: string, body = "Hello {{ customer.first_name }}"): TemplateDraft => ({
  name,
  purpose: "care",
  fallbackLocale: "en",
  locales: { en: { subject: "Care", body } },
});
const save = (id: string | null, content: TemplateDraft) =>
  inShop((tx) => saveTemplate(tx, shop, id, content, actor, now));
const audit = () =>
  inShop((tx) => tx.auditEvent.findMany({ where: { shopId: shop }, orderBy: { id: "asc" } }));

test("a template is created, read, listed and changed; each change is a version that stays", async () => {
  const first = await save(null, draft("Orchids"));
  expect(first).toMatchObject({ name: "Orchids", purpose: "care", draft: draft("Orchids") });
  expect(first.version).toMatchObject({ number: 1, hash: draftHash(draft("Orchids")), createdBy: actor });
  const second = await save(first.id, { ...draft("Orchids", "Water it"), purpose: "usage" });
  expect(second).toMatchObject({ id: first.id, purpose: "usage", version: { number: 2 } });
  await save(null, draft("Cast iron"));
  expect((await inShop((tx) => listTemplates(tx, shop))).map(({ name }) => name)).toEqual([
    "Cast iron",
    "Orchids",
  ]);
  expect(await inShop((tx) => getTemplate(tx, shop, first.id))).toEqual(second);
  const versions = await inShop((tx) =>
    tx.templateVersion.findMany({
      where: { shopId: shop, templateId: first.id },
      orderBy: { number: "asc" },
    }),
  );
  expect(versions.map(({ content }) => content)).toEqual([draft("Orchids"), second.draft]);
  expect((await audit())[1]).toMatchObject({
    actor,
    action: "template.saved",
    subject: first.id,
    before: { number: 1, hash: first.version.hash, locales: ["en"] },
    after: { number: 2, purpose: "usage" },
  });
});

test("the same words again change nothing", async () => {
  const first = await save(null, {
    ...draft("Orchids"),
    locales: { en: { subject: "a", body: "b" }, de: { subject: "c", body: "d" } },
  });
  const same = {
    ...draft("Orchids"),
    locales: { de: { subject: "c", body: "d" }, en: { subject: "a", body: "b" } },
  };
  expect(await save(first.id, same)).toEqual(first);
  expect(await audit()).toHaveLength(1);
});

test("a template that doesn't compile is refused with its problems, and nothing is kept", async () => {
  const error = await save(null, draft("Broken", "a\n{{ nope }}")).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TemplateProblemsError);
  expect(error).toMatchObject({
    code: "invalid",
    problems: [{ locale: "en", field: "body", line: 2, column: 4 }],
  });
  expect(await inShop((tx) => listTemplates(tx, shop))).toEqual([]);
  expect(await audit()).toEqual([]);
});

test("a name is given once", async () => {
  const first = await save(null, draft("Orchids"));
  const other = await save(null, draft("Cast iron"));
  await expect(save(null, draft("Orchids"))).rejects.toMatchObject({
    code: "conflict",
    forPerson: "Another template has this name.",
  });
  await expect(save(other.id, draft("Orchids"))).rejects.toMatchObject({ code: "conflict" });
  expect((await save(first.id, draft("Orchids", "New"))).version.number).toBe(2);
});

test("ten saves of one name at once make one template; ten of one template make ten versions", async () => {
  const twins = await Promise.allSettled(Array.from({ length: 10 }, () => save(null, draft("Twin"))));
  expect(twins.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const twin of twins)
    if (twin.status === "rejected") expect(twin.reason).toMatchObject({ code: "conflict" });
  const { id } = await save(null, draft("One"));
  await Promise.all(Array.from({ length: 10 }, (_, index) => save(id, draft("One", `Text ${index}`))));
  const versions = await inShop((tx) =>
    tx.templateVersion.findMany({ where: { shopId: shop, templateId: id } }),
  );
  expect(versions.map(({ number }) => number).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
});

test("a copy has a name of its own, however often and however long", async () => {
  const { id } = await save(null, draft("Orchids"));
  const copy = () => inShop((tx) => duplicateTemplate(tx, shop, id, actor, now));
  expect([(await copy()).name, (await copy()).name]).toEqual(["Orchids (copy)", "Orchids (copy 2)"]);
  const long = await save(null, draft("x".repeat(120)));
  const { name } = await inShop((tx) => duplicateTemplate(tx, shop, long.id, actor, now));
  expect(name).toBe(`${"x".repeat(113)} (copy)`);
});

test("a used template stays; an unused one goes, its versions don't, and its name is free", async () => {
  const { id } = await save(null, draft("Orchids"));
  const remove = (usedBy: string[]) => inShop((tx) => deleteTemplate(tx, shop, id, usedBy, actor, now));
  await expect(remove(["A", "B", "C", "D"])).rejects.toMatchObject({
    code: "conflict",
    forPerson: "This template is used by “A”, “B”, and “C” and 1 more. Choose another template there first.",
  });
  await remove([]);
  expect(await inShop((tx) => findTemplate(tx, shop, id))).toBeNull();
  expect(await inShop((tx) => listTemplates(tx, shop))).toEqual([]);
  await expect(save(id, draft("Orchids"))).rejects.toMatchObject({ code: "not_found" });
  await expect(remove([])).rejects.toMatchObject({ code: "not_found" });
  expect(await inShop((tx) => tx.templateVersion.count({ where: { shopId: shop, templateId: id } }))).toBe(1);
  expect((await save(null, draft("Orchids"))).id).not.toBe(id);
  expect((await audit()).map(({ action }) => action)).toEqual([
    "template.saved",
    "template.deleted",
    "template.saved",
  ]);
});

test("a shop sees and changes only its own", async () => {
  const { id } = await save(null, draft("Orchids"));
  const other = await newShop();
  expect(await forShop(other, (tx) => findTemplate(tx, other, id))).toBeNull();
  await expect(
    forShop(other, (tx) => saveTemplate(tx, other, id, draft("Mine now"), actor, now)),
  ).rejects.toMatchObject({ code: "not_found" });
  await expect(forShop(other, (tx) => getTemplate(tx, other, "not-an-id"))).rejects.toMatchObject({
    code: "not_found",
  });
  expect(
    (await forShop(other, (tx) => saveTemplate(tx, other, null, draft("Orchids"), actor, now))).name,
  ).toBe("Orchids");
});
