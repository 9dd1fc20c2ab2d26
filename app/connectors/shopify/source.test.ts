// Against the sandbox's Shopify over HTTP: what we ask is checked there against the real schema, scopes and costs.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrderParts } from "#app/connectors/orders.ts";
import { parseBody } from "#app/connectors/shopify/json.ts";
import { listRecentOrders, readOrder } from "#app/connectors/shopify/orders.ts";
import { partsFromWebhook, type OrderWebhookTopic } from "#app/connectors/shopify/parts.webhooks.ts";
import { findProductsByHandle, findVariantsBySku } from "#app/connectors/shopify/products.ts";
import { shopifySource } from "#app/connectors/shopify/source.ts";
import { startSandbox, type Sandbox } from "#tests/sandbox/sandbox.ts";

const SHOP = "acme-outdoor.myshopify.com";
let sandbox: Sandbox;
let inbox: Server;
const deliveries: { topic: OrderWebhookTopic; body: Buffer }[] = [];
const source = shopifySource(() => ({ apiKey: "test-key", apiSecret: "test-secret" }));

beforeAll(async () => {
  inbox = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => {
      const topic = String(req.headers["x-shopify-topic"]) as OrderWebhookTopic;
      deliveries.push({ topic, body: Buffer.concat(parts) });
      res.end();
    });
  });
  await new Promise<void>((done) => inbox.listen(0, "127.0.0.1", done));
  sandbox = await startSandbox({
    apiKey: "test-key",
    apiSecret: "test-secret",
    appUrl: `http://127.0.0.1:${(inbox.address() as AddressInfo).port}`,
    resendApiKey: "re_test",
    resendWebhookSecret: "whsec_dGVzdA==",
  });
  process.env.SANDBOX_SHOPIFY_URL = sandbox.shopifyUrl;
  await import("#tests/sandbox/redirect.mjs");
});

afterAll(async () => {
  await sandbox.stop();
  inbox.closeAllConnections();
  await new Promise((done) => inbox.close(done));
});

async function access() {
  const { token, scopes } = sandbox.tokens.issue(shop());
  return { shop: SHOP, accessToken: token, scopes };
}

function shop() {
  const found = sandbox.shops[SHOP];
  if (!found) throw new Error(`the sandbox has no ${SHOP}`);
  return found;
}

function variantIds(): string[] {
  return shop().products.flatMap(({ variants, bundle }) =>
    bundle.length > 0 ? [] : variants.map(({ id }) => id),
  );
}

/** The newest delivery of a topic, read. */
async function webhook(topic: OrderWebhookTopic): Promise<OrderParts> {
  await sandbox.webhooks.settled();
  const last = deliveries.findLast((each) => each.topic === topic);
  if (!last) throw new Error(`no ${topic} was delivered`);
  return partsFromWebhook(topic, parseBody(last.body));
}

describe("Shopify as a source of orders", () => {
  it("tells what the shop says of itself", async () => {
    expect(await source.readStore(await access())).toMatchObject({
      name: shop().name,
      email: expect.stringContaining("@"),
      timeZone: shop().timezone,
      locale: shop().locales.find(({ primary }) => primary)?.locale,
      address: expect.stringContaining(shop().address.city),
    });
  });

  it("reads an order as its webhooks tell it", async () => {
    const [first, second] = variantIds();
    const placed = sandbox.placeOrder({
      email: "emma@example.com",
      tags: ["vip", "gift"],
      attributes: [{ name: "Amazon Order Id", value: "1" }],
      bigId: true,
      lines: [
        { variantId: first, quantity: 2 },
        { variantId: second, price: "0.00" },
      ],
    });
    sandbox.fulfil({ order: placed.id });
    sandbox.markShipment({ order: placed.id, status: "delivered" });
    const told = await webhook("orders/updated");
    const asked = await source.readOrder(await access(), placed.id);
    expect(asked?.externalId).toBe(placed.id);
    expect(asked?.lines).toEqual(told.lines);
    // A shipment's progress does not touch the order: only its own webhook tells of it.
    expect(asked?.fulfillments).toEqual((await webhook("fulfillments/update")).fulfillments);
    expect(asked?.refunds).toEqual(told.refunds);
    expect(asked?.person).toEqual(told.person);
    // orders/paid alone knows when that was; customers and companies show in one of the two, as scopes allow.
    const open = { paidAt: null, b2b: null, customerId: null, customerTags: null };
    expect({ ...asked?.header, ...open }).toEqual({ ...told.header, ...open });
    expect(asked?.header?.paidAt).toBe((await webhook("orders/paid")).header?.paidAt);
  });

  it("finds what changed since, and reads only what is not known", async () => {
    const placed = sandbox.placeOrder({ lines: [{ variantId: variantIds()[0] }] });
    const since = placed.updatedAt;
    const all = await source.listUpdatedOrders(await access(), since, null);
    expect(all.orders.map(({ externalId }) => externalId)).toContain(placed.id);
    const versions: string[] = [];
    const none = await source.listUpdatedOrders(await access(), since, null, async (id, version) => {
      versions.push(`${id} ${version}`);
      return true;
    });
    expect(none.orders).toEqual([]);
    expect(versions).toContain(`${placed.id} ${new Date(placed.updatedAt).toISOString()}`);
  });

  it("reads a large order to its end", async () => {
    const ids = variantIds();
    const lines = Array.from({ length: 80 }, (_, index) => ({ variantId: ids[index % ids.length] }));
    const placed = sandbox.placeOrder({ lines });
    const parcels = placed.lines.filter(({ requiresShipping }) => requiresShipping).slice(0, 8);
    for (const { id } of parcels) sandbox.fulfil({ order: placed.id, lines: [{ line: id, quantity: 1 }] });
    const order = await source.readOrder(await access(), placed.id);
    expect(order?.lines?.map(({ id }) => id)).toEqual(placed.lines.map(({ id }) => id));
    expect(order?.fulfillments).toHaveLength(8);
    expect(order?.fulfillments?.flatMap(({ lines }) => lines.map(({ lineId }) => lineId)).sort()).toEqual(
      parcels.map(({ id }) => id).sort(),
    );
  });

  it("has no order that the shop has not", async () => {
    expect(await source.readOrder(await access(), "404")).toBeNull();
  });

  it("does without customers where they are not granted, and says so", async () => {
    const { id } = sandbox.placeOrder({ lines: [{ variantId: variantIds()[0] }] });
    const asked = await readOrder(await access(), id, { withCustomer: true });
    const granted = shop().scopes.includes("read_customers");
    expect(asked?.header?.customerTags === null).toBe(!granted);
    sandbox.grantScopes({ shop: SHOP, scopes: ["read_customers"] });
    const withCustomers = await readOrder(await access(), id, { withCustomer: true });
    expect(withCustomers?.header?.customerTags).toBeInstanceOf(Array);
    expect(withCustomers?.header?.b2b).toBe(false);
    sandbox.revokeScopes({ shop: SHOP, scopes: ["read_customers"] });
  });

  it("leaves the person out where protected data is not approved", async () => {
    const before = shop().protectedData;
    shop().protectedData = ["customer"];
    const { id } = sandbox.placeOrder({ email: "emma@example.com", lines: [{ variantId: variantIds()[0] }] });
    const told = await webhook("orders/paid");
    const asked = await source.readOrder(await access(), id);
    shop().protectedData = before;
    expect(told.person).toBeUndefined();
    expect(asked?.person).toBeUndefined();
    expect(asked?.lines).toEqual(told.lines);
  });

  it("reads products with their variants, collections and metafields", async () => {
    const ids = shop().products.map(({ id }) => id);
    const facts = await source.readProducts(await access(), [...ids, "404"]);
    expect(facts.map(({ productId }) => productId).sort()).toEqual([...ids].sort());
    for (const product of shop().products) {
      const fact = facts.find(({ productId }) => productId === product.id);
      expect(fact).toMatchObject({ title: product.title, handle: product.handle, vendor: product.vendor });
      expect(Object.keys(fact?.variants ?? {}).sort()).toEqual(product.variants.map(({ id }) => id).sort());
      expect(fact?.collectionIds.sort()).toEqual(
        shop()
          .collections.filter(({ productIds }) => productIds.includes(product.id))
          .map(({ id }) => id)
          .sort(),
      );
    }
    expect(JSON.stringify(facts)).not.toContain("gid://");
  });

  it("finds products by handle and variants by SKU", async () => {
    const [product] = shop().products;
    const variant = product?.variants[0];
    if (!product || !variant) throw new Error("the sandbox sells something");
    const byHandle = await findProductsByHandle(await access(), [
      product.handle.toUpperCase(),
      "nothing-like-it",
      'a"b\\c',
    ]);
    expect([...byHandle]).toEqual([
      [product.handle, { productId: product.id, title: product.title, handle: product.handle }],
    ]);
    const bySku = await findVariantsBySku(await access(), [
      variant.sku,
      variant.sku.toLowerCase(),
      "nothing",
    ]);
    expect(bySku.get(variant.sku)).toEqual([
      expect.objectContaining({ variantId: variant.id, productId: product.id }),
    ]);
    expect([...bySku.keys()].every((sku) => sku === variant.sku)).toBe(true);
  });

  it("offers the newest orders without anybody's name", async () => {
    const placed = sandbox.placeOrder({ lines: [{ variantId: variantIds()[0] }] });
    const choices = await listRecentOrders(await access());
    // Several orders of one second have no order among themselves.
    const times = choices.map(({ placedAt }) => placedAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(choices).toContainEqual({
      id: placed.id,
      name: placed.name,
      placedAt: new Date(placed.processedAt).toISOString(),
      titles: [shop().products[0]?.title],
      quantity: 1,
    });
    expect((await listRecentOrders(await access(), placed.name))[0]?.id).toBe(placed.id);
    expect(await listRecentOrders(await access(), "#999999")).toEqual([]);
  });

  it("waits out throttling and short outages", async () => {
    await sandbox.control("fault", { api: "shopify", kind: "throttle", times: 1 });
    await sandbox.control("fault", { api: "shopify", kind: "status", status: 503, times: 1 });
    expect((await source.readStore(await access())).name).toBe(shop().name);
  });

  it("tells a dead token, a frozen shop and a closed door apart", async () => {
    const dead = { ...(await access()), accessToken: "shpat_nobody" };
    await expect(source.readStore(dead)).rejects.toMatchObject({ kind: "refused" });
    await sandbox.control("set-shop", { shop: SHOP, status: "frozen" });
    await expect(source.readStore(await access())).rejects.toMatchObject({ kind: "closed" });
    await sandbox.control("set-shop", { shop: SHOP, status: "active" });
  });

  it("refreshes a token once", async () => {
    const issued = sandbox.tokens.issue(shop());
    const outcome = await source.refreshToken(SHOP, issued.refreshToken ?? "");
    if (outcome.kind !== "ok") throw new Error(`not refreshed: ${outcome.kind}`);
    expect((await source.readStore({ shop: SHOP, accessToken: outcome.token.accessToken })).name).toBe(
      shop().name,
    );
    expect(await source.refreshToken(SHOP, issued.refreshToken ?? "")).toMatchObject({ kind: "refused" });
  });
});
