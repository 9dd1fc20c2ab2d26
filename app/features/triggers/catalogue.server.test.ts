import { afterAll, beforeAll, expect, test } from "vitest";
import type { SourceAccess } from "#app/connectors/sources.ts";
import {
  findNamed,
  listMetafieldDefinitions,
  listRuleNames,
  listRuleValues,
  readAssigned,
  withSeenMetafields,
} from "#app/features/triggers/catalogue.server.ts";
import { mayReadCustomers } from "#app/features/triggers/access.server.ts";
import { emptyDefinition, type Rule, type TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { forShop } from "#app/platform/db/db.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
let access: SourceAccess;
beforeAll(async () => {
  engine = await startEngine();
  const shop = engine.sandbox.shops["acme-outdoor.myshopify.com"];
  if (!shop) throw new Error("no shop");
  access = { shop: shop.domain, accessToken: engine.sandbox.tokens.issue(shop).token };
});
afterAll(() => engine.stop());

const definition = (...rules: Rule[]): TriggerDefinition => ({
  ...emptyDefinition,
  include: { mode: "any", rules },
});
const rule = (kind: Rule["kind"], ...ids: string[]): Rule => ({
  kind,
  values: ids.map((id) => ({ id, label: "kept" })),
});

test("names are today's, and what was deleted in Shopify is told from what is there", async () => {
  const id = engine.productId(BATTERY);
  const names = await listRuleNames(access, [
    definition(rule("product", id, "999999999"), rule("tag", "lithium")),
  ]);
  expect(names).toEqual({ [`product:${id}`]: BATTERY, "product:999999999": null });
});

test("nothing is asked where there is nothing to ask for", async () => {
  expect(
    await listRuleNames({ ...access, accessToken: "dead" }, [definition(rule("vendor", "Acme"))]),
  ).toEqual({});
});

test("more names than one question takes are asked in several", async () => {
  const id = engine.productId(BATTERY);
  const many = Array.from({ length: 300 }, (_, index) => String(900_000_000 + index));
  const names = await listRuleNames(access, [definition(rule("product", ...many, id))]);
  expect(Object.keys(names ?? {})).toHaveLength(301);
  expect(names?.[`product:${id}`]).toBe(BATTERY);
});

test("an editor opens without Shopify", async () => {
  const dead = { ...access, accessToken: "dead" };
  expect(await listRuleNames(dead, [definition(rule("product", "1"))])).toBeNull();
  expect(await listRuleValues(dead)).toEqual({ productType: [], vendor: [], tag: [] });
  expect(await listMetafieldDefinitions(dead)).toEqual([]);
});

test("types, vendors and tags in use are suggested", async () => {
  const { productType, vendor, tag } = await listRuleValues(access);
  expect(productType).toContain("Batteries");
  expect(vendor.length).toBeGreaterThan(0);
  expect(tag.length).toBeGreaterThan(0);
});

test("metafields seen on products are offered beside the defined ones, each once", async () => {
  const { shop } = engine;
  const defined = [{ owner: "product" as const, namespace: "custom", key: "care_text", name: "Care" }];
  const facts = { metafields: { "custom.care_text": "…", "custom.seen_only": "…", "no-namespace": "…" } };
  await forShop(shop.id, (tx) =>
    tx.product.create({ data: { shopId: shop.id, externalId: "77", readAt: new Date(), facts } }),
  );
  const listed = await forShop(shop.id, (tx) => withSeenMetafields(tx, shop.id, defined));
  expect(listed.filter(({ namespace }) => namespace === "custom").map(({ key }) => key)).toEqual([
    "care_text",
    "seen_only",
  ]);
});

test("a table's handles and SKUs are found, and written back", async () => {
  const id = engine.productId(BATTERY);
  const product = engine.sandbox.shops[access.shop]?.products.find((each) => each.id === id);
  const [variant] = product?.variants ?? [];
  const handle = product?.handle ?? "";
  const sku = variant?.sku ?? "";
  const { products, variants } = await findNamed(access, { handles: [handle, "nope"], skus: [sku] });
  expect([...products.keys()]).toEqual([handle]);
  expect(variants.get(sku)).toMatchObject([{ productId: id, variantId: variant?.id }]);
  const names = await readAssigned(access, { productIds: [id, "999"], variantIds: [variant?.id ?? ""] });
  expect([...names.products]).toEqual([[id, { handle, sku: "" }]]);
  expect([...names.variants]).toEqual([[variant?.id, { handle, sku }]]);
});

test("whether customers may be read is what Shopify says, else what we recorded", async () => {
  const says = (granted: string[]) => ({ query: () => Promise.resolve({ granted }) });
  const silent = { query: () => Promise.reject(new Error("no answer")) };
  const again = { query: () => Promise.reject(new Response(null, { status: 401 })) };
  expect(await mayReadCustomers(says(["read_customers"]), [])).toBe(true);
  expect(await mayReadCustomers(says([]), ["read_customers"])).toBe(false);
  expect(await mayReadCustomers(silent, ["read_customers"])).toBe(true);
  await expect(mayReadCustomers(again, [])).rejects.toBeInstanceOf(Response);
});
