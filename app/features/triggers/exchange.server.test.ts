import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { closeRenderer } from "#app/features/templates/render.server.ts";
import { listTemplates, saveTemplate } from "#app/features/templates/templates.server.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import {
  applyAssignments,
  assignedIds,
  exportAssignments,
  namesOf,
  planAssignments,
  type Catalogue,
} from "#app/features/triggers/exchange.assign.server.ts";
import { applyImport, exportConfiguration, planImport } from "#app/features/triggers/exchange.server.ts";
import {
  parseExchange,
  type AssignmentMode,
  type AssignmentRow,
  type Exchange,
} from "#app/features/triggers/exchange.ts";
import { listTriggers, saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { emptyDefinition, type Rule, type TriggerDraft } from "#app/features/triggers/triggers.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

type Shop = { id: string; domain: string };
let database: TestDatabase;
let shop: Shop;
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
async function newShop(): Promise<Shop> {
  const settings = defaultSettings({ name: "Hearth", email: null, timeZone: "UTC", locale: "en" });
  const data = { domain: `shop-${randomUUID()}.myshopify.com`, name: "Hearth", settings };
  return forPlatform("install", (tx) => tx.shop.create({ data, select: { id: true, domain: true } }));
}
beforeEach(async () => {
  shop = await newShop();
});

const inShop = <T>(work: (tx: Tx) => Promise<T>, where = shop) => forShop(where.id, work);
const templateDraft = (name: string, body = "Hello"): TemplateDraft => ({
  name,
  purpose: "care",
  fallbackLocale: "en",
  locales: { en: { subject: "Care", body } },
});
const addTemplate = (name: string, body?: string, where = shop) =>
  inShop((tx) => saveTemplate(tx, where.id, null, templateDraft(name, body), actor, now), where);
const triggerDraft = (
  name: string,
  templateId: string,
  rules: Rule[],
  more: Partial<TriggerDraft> = {},
): TriggerDraft => ({
  name,
  templateId,
  priority: 0,
  definition: { ...emptyDefinition, include: { mode: "any", rules } },
  ...more,
});
const products = (...ids: string[]): Rule => ({
  kind: "product",
  values: ids.map((id) => ({ id, label: `Product ${id}` })),
});
const byTag: Rule = { kind: "tag", values: [{ id: "plant", label: "" }] };
const addTrigger = (draft: TriggerDraft, where = shop) =>
  inShop((tx) => saveTrigger(tx, where.id, null, draft, actor, now), where);
const exported = (where = shop) => inShop((tx) => exportConfiguration(tx, where, now), where);
const plan = (file: Exchange, where = shop) => inShop((tx) => planImport(tx, where, file), where);
const apply = async (file: Exchange, conflicts: "replace" | "keep" = "replace", where = shop) => {
  const { fingerprint } = await plan(file, where);
  return inShop((tx) => applyImport(tx, where, file, { fingerprint, conflicts }, actor, now), where);
};
const changes = async (file: Exchange, where = shop) =>
  (await plan(file, where)).items.map(({ name, change }) => [name, change]);

async function setUp(): Promise<void> {
  const care = await addTemplate("Orchid care");
  await addTemplate("Spare");
  await addTrigger(triggerDraft("Orchids", care.id, [products("1", "2")]));
  await addTrigger(triggerDraft("Plants", care.id, [byTag], { priority: 5 }));
}

test("what was exported is unchanged when it comes back, and nothing is written", async () => {
  await setUp();
  const file = parseExchange(JSON.stringify(await exported())).file as Exchange;
  expect(await changes(file)).toEqual([
    ["Orchid care", "unchanged"],
    ["Spare", "unchanged"],
    ["Plants", "unchanged"],
    ["Orchids", "unchanged"],
  ]);
  expect(await apply(file)).toBe(0);
});

test("everything arrives in an empty shop; what names another shop's products is marked", async () => {
  await setUp();
  const file = await exported();
  const other = await newShop();
  expect((await plan(file, other)).items).toEqual([
    { kind: "template", name: "Orchid care", change: "new", note: null },
    { kind: "template", name: "Spare", change: "new", note: null },
    { kind: "trigger", name: "Plants", change: "new", note: null },
    { kind: "trigger", name: "Orchids", change: "new", note: "elsewhere" },
  ]);
  expect(await apply(file, "keep", other)).toBe(4);
  const again = await exported(other);
  expect(again.templates.map(({ base: _, ...draft }) => draft)).toEqual(
    file.templates.map(({ base: _, ...draft }) => draft),
  );
  expect(again.triggers.map(({ name, template }) => [name, template])).toEqual([
    ["Plants", "Orchid care"],
    ["Orchids", "Orchid care"],
  ]);
});

test("an edit in the file is a change; an edit in the shop as well is a conflict, which a person settles", async () => {
  await setUp();
  const file = await exported();
  file.templates[0]!.locales.en!.body = "From the file";
  file.triggers[0]!.priority = 9;
  expect(await changes(file)).toEqual([
    ["Orchid care", "changed"],
    ["Spare", "unchanged"],
    ["Plants", "changed"],
    ["Orchids", "unchanged"],
  ]);
  const [care] = await inShop((tx) => listTemplates(tx, shop.id));
  await inShop((tx) =>
    saveTemplate(tx, shop.id, care!.id, templateDraft("Orchid care", "From the shop"), actor, now),
  );
  expect((await changes(file))[0]).toEqual(["Orchid care", "conflict"]);
  const body = async () => (await inShop((tx) => listTemplates(tx, shop.id)))[0]?.draft.locales.en?.body;
  expect(await apply(file, "keep")).toBe(1);
  expect(await body()).toBe("From the shop");
  expect(await apply(file, "replace")).toBe(1);
  expect(await body()).toBe("From the file");
  expect((await inShop((tx) => listTriggers(tx, shop.id)))[0]).toMatchObject({
    name: "Plants",
    priority: 9,
  });
});

test("a file with any mistake changes nothing at all", async () => {
  await setUp();
  const before = await exported();
  const file = structuredClone(before);
  file.templates.push({ ...templateDraft("Broken", "fine\n{{ nope }}") });
  file.triggers.push({ ...file.triggers[0]!, name: "Lost", template: "Nowhere" });
  const { problems, fingerprint } = await plan(file);
  expect(problems).toEqual([
    {
      where: "Template 3 “Broken” › en › Message › line 2, column 4",
      message: "There is no variable “nope”.",
    },
    {
      where: "Trigger 3 “Lost” › Template",
      message: "There is no template “Nowhere”, neither in the file nor in the shop.",
    },
  ]);
  const attempt = inShop((tx) =>
    applyImport(tx, shop, file, { fingerprint, conflicts: "replace" }, actor, now),
  );
  await expect(attempt).rejects.toMatchObject({ code: "invalid" });
  expect(await exported()).toEqual(before);
});

test("an import that fails half way leaves nothing behind", async () => {
  await setUp();
  const file = await exported();
  const other = await newShop();
  file.triggers.push(file.triggers[0]!);
  const { fingerprint } = await plan(file, other);
  const attempt = inShop(
    (tx) => applyImport(tx, other, file, { fingerprint, conflicts: "keep" }, actor, now),
    other,
  );
  await expect(attempt).rejects.toMatchObject({ code: "conflict" });
  expect(await exported(other)).toMatchObject({ templates: [], triggers: [] });
});

test("what changed since the preview is not overwritten unseen", async () => {
  await setUp();
  const file = await exported();
  file.templates[0]!.locales.en!.body = "New";
  const { fingerprint } = await plan(file);
  const [care] = await inShop((tx) => listTemplates(tx, shop.id));
  await inShop((tx) =>
    saveTemplate(tx, shop.id, care!.id, templateDraft("Orchid care", "Meanwhile"), actor, now),
  );
  const attempt = inShop((tx) =>
    applyImport(tx, shop, file, { fingerprint, conflicts: "replace" }, actor, now),
  );
  await expect(attempt).rejects.toMatchObject({ code: "conflict" });
});

test("a trigger may use a template that only the shop has", async () => {
  await addTemplate("Only here");
  const file = await exported();
  file.templates = [];
  const definition = { ...emptyDefinition, include: { mode: "any" as const, rules: [byTag] } };
  file.triggers = [{ name: "New", priority: 0, template: "Only here", definition }];
  expect(await apply(file)).toBe(1);
  const [trigger] = await inShop((tx) => listTriggers(tx, shop.id));
  expect(trigger).toMatchObject({ name: "New", updatedBy: actor });
});

const orchid = { productId: "1", title: "Orchid", handle: "orchid" };
const pot = { productId: "2", title: "Pot", handle: "pot" };
const variant = (variantId: string, sku: string, of = pot) => ({
  ...of,
  variantId,
  variantTitle: `No. ${variantId}`,
  sku,
});
const catalogue: Catalogue = {
  products: new Map([orchid, pot].map((product) => [product.handle, product])),
  variants: new Map([
    ["POT-S", [variant("21", "POT-S")]],
    ["DUP", [variant("22", "DUP"), variant("11", "DUP", orchid)]],
  ]),
};
const row = (line: number, more: Partial<AssignmentRow>): AssignmentRow => ({
  line,
  product_handle: "",
  variant_sku: "",
  template: "Orchid care",
  event: "",
  delay: "",
  ...more,
});
const assign = (rows: AssignmentRow[], mode: AssignmentMode = "add") =>
  inShop((tx) => planAssignments(tx, shop.id, rows, catalogue, mode));
const assigned = async (rows: AssignmentRow[], mode: AssignmentMode = "add") => {
  const { fingerprint } = await assign(rows, mode);
  return inShop((tx) => applyAssignments(tx, shop.id, rows, catalogue, { mode, fingerprint }, actor, now));
};
const triggers = async () =>
  (await inShop((tx) => listTriggers(tx, shop.id))).map(({ name, definition }) => ({
    name,
    rules: definition.include.rules.map(({ kind, values }) => [kind, values.map(({ id }) => id)]),
  }));

test("rows become one trigger per template, event and delay; those with errors are told by line and column", async () => {
  await addTemplate("Orchid care");
  const rows = [
    row(2, { product_handle: "orchid" }),
    row(3, { product_handle: "https://shop.example/products/Pot?variant=1", template: "orchid CARE" }),
    row(4, { variant_sku: "POT-S", event: "Fulfilled", delay: "2 days" }),
    row(5, { product_handle: "orchid", variant_sku: "DUP", event: "fulfilled", delay: "48h" }),
    row(6, { product_handle: "nothing" }),
    row(7, { product_handle: "orchid", variant_sku: "POT-S" }),
    row(8, { product_handle: "orchid", template: "Unknown", event: "shipped", delay: "soon" }),
    row(9, {}),
    row(10, { product_handle: "orchid" }),
    row(11, { product_handle: "orchid", template: "", delay: "400 days" }),
  ];
  expect(namesOf(rows)).toEqual({ handles: ["orchid", "pot", "nothing"], skus: ["POT-S", "DUP"] });
  const planned = await assign(rows);
  expect(planned.errors.map(({ line, column }) => [line, column])).toEqual([
    [6, "product_handle"],
    [7, "variant_sku"],
    [8, "event"],
    [8, "template"],
    [9, "product_handle"],
    [10, null],
    [11, "delay"],
    [11, "template"],
  ]);
  expect(planned.rows).toBe(4);
  expect(await assigned(rows)).toBe(2);
  expect(await triggers()).toEqual([
    { name: "Orchid care (1 day after delivered)", rules: [["product", ["1", "2"]]] },
    { name: "Orchid care (2 days after fulfilled)", rules: [["variant", ["21", "11"]]] },
  ]);
});

test("adding keeps what is there, replacing makes it exactly the table, and both say so before", async () => {
  await addTemplate("Orchid care");
  await assigned([row(2, { product_handle: "orchid" })]);
  const [first] = (await assign([row(2, { product_handle: "pot" })])).groups;
  expect(first).toMatchObject({
    name: "Orchid care (1 day after delivered)",
    added: 1,
    removed: 0,
    trigger: { name: "Orchid care (1 day after delivered)" },
  });
  expect(await assigned([row(2, { product_handle: "pot" })])).toBe(1);
  expect((await triggers())[0]?.rules).toEqual([["product", ["1", "2"]]]);
  const [second] = (await assign([row(2, { product_handle: "pot" })], "replace")).groups;
  expect(second).toMatchObject({ added: 0, removed: 1 });
  expect(await assigned([row(2, { product_handle: "pot" })], "replace")).toBe(1);
  expect((await triggers())[0]?.rules).toEqual([["product", ["2"]]]);
  expect(await assigned([row(2, { product_handle: "pot" })], "replace")).toBe(0);
});

test("a trigger that asks for more than a list of products is left alone", async () => {
  const care = await addTemplate("Orchid care");
  await addTrigger(triggerDraft("By tag", care.id, [byTag]));
  await assigned([row(2, { product_handle: "orchid" })]);
  expect((await triggers()).map(({ name, rules }) => [name, rules])).toEqual([
    ["By tag", [["tag", ["plant"]]]],
    ["Orchid care (1 day after delivered)", [["product", ["1"]]]],
  ]);
});

test("thousands of products fit, split over rules", async () => {
  await addTemplate("Orchid care");
  const many = Array.from({ length: 4_500 }, (_, index) => ({
    productId: `${index}`,
    title: `P ${index}`,
    handle: `p-${index}`,
  }));
  const big: Catalogue = {
    products: new Map(many.map((product) => [product.handle, product])),
    variants: new Map(),
  };
  const rows = many.map(({ handle }, index) => row(index + 2, { product_handle: handle }));
  const { fingerprint } = await inShop((tx) => planAssignments(tx, shop.id, rows, big, "add"));
  await inShop((tx) => applyAssignments(tx, shop.id, rows, big, { mode: "add", fingerprint }, actor, now));
  const [trigger] = await triggers();
  expect(trigger?.rules.map(([, ids]) => ids?.length)).toEqual([2_000, 2_000, 500]);
});

test("nothing is assigned that the preview didn't show", async () => {
  await addTemplate("Orchid care");
  const rows = [row(2, { product_handle: "orchid" })];
  const { fingerprint } = await assign(rows);
  await assigned([row(2, { product_handle: "pot" })]);
  const attempt = inShop((tx) =>
    applyAssignments(tx, shop.id, rows, catalogue, { mode: "add", fingerprint }, actor, now),
  );
  await expect(attempt).rejects.toMatchObject({ code: "conflict" });
  await expect(assigned([row(2, { product_handle: "nothing" })])).rejects.toMatchObject({ code: "invalid" });
});

test("what is assigned can be written out and read back without a change", async () => {
  await addTemplate("Orchid care");
  const rows = [
    row(2, { product_handle: "orchid" }),
    row(3, { product_handle: "pot", variant_sku: "POT-S", event: "paid", delay: "30 minutes" }),
  ];
  await assigned(rows);
  expect(await inShop((tx) => assignedIds(tx, shop.id))).toEqual({ productIds: ["1"], variantIds: ["21"] });
  const names = {
    products: new Map([["1", { handle: "orchid" }]]),
    variants: new Map([["21", { handle: "pot", sku: "POT-S" }]]),
  };
  const written = await inShop((tx) => exportAssignments(tx, shop.id, names));
  expect(written.left).toBe(0);
  expect(
    await assigned(
      written.rows.map((cells, index) => ({ line: index + 2, ...cells })),
      "replace",
    ),
  ).toBe(0);
  const without = await inShop((tx) =>
    exportAssignments(tx, shop.id, { products: new Map(), variants: new Map() }),
  );
  expect(without).toEqual({ rows: [], left: 2 });
});

test("a trigger that grew too large is refused, and those that are stored stay readable", async () => {
  const draft: TemplateDraft = {
    name: "Care",
    purpose: "care",
    fallbackLocale: "en",
    locales: { en: { subject: "Care", body: "Wash it by hand." } },
  };
  const values = Array.from({ length: 2_001 }, (_, index) => ({ id: String(index), label: "" }));
  const include = { mode: "any" as const, rules: [{ kind: "product" as const, values }] };
  await forShop(shop.id, async (tx) => {
    const { id } = await saveTemplate(tx, shop.id, null, draft, actor, now);
    const large: TriggerDraft = {
      name: "Care",
      priority: 0,
      templateId: id,
      definition: { ...emptyDefinition, include },
    };
    await expect(saveTrigger(tx, shop.id, null, large, actor, now)).rejects.toMatchObject({
      code: "invalid",
      forPerson: "Choose at most 2,000; a tag or a collection holds more.",
    });
    expect(await listTriggers(tx, shop.id)).toEqual([]);
  });
});
