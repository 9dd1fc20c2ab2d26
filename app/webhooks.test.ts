import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Session } from "@shopify/shopify-api";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { ensureShop, findShopByDomain, setSending } from "#app/features/shops/shops.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { jobs } from "#app/jobs.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";
import { startQueue, type Queue } from "#app/platform/queue/queue.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { handleWebhook as handle, topics } from "#app/webhooks.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { bareEnvironment } from "#tests/setup/environment.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

let database: TestDatabase;
let folder: string;
let queue: Queue;
let domain: string;

beforeAll(async () => {
  setLogLevel("silent");
  folder = await makeScratch();
  Object.assign(process.env, bareEnvironment(folder));
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  queue = await startQueue({ jobs, work: false });
});

afterAll(async () => {
  await queue.stop();
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
  await removeScratch(folder);
});

beforeEach(() => {
  domain = `shop-${randomUUID()}.myshopify.com`;
});

const minutes = (count: number) => new Date(Date.now() + count * 60_000);

function webhook(topic: string, more: Partial<Webhook> = {}): Webhook {
  return {
    inboxId: randomUUID(),
    source: "shopify",
    topic,
    shopDomain: domain,
    webhookId: randomUUID(),
    eventId: null,
    apiVersion: "2026-10",
    triggeredAt: new Date(),
    receivedAt: more.triggeredAt ?? new Date(),
    ...more,
  };
}

const handleWebhook = (each: Webhook, body: Buffer) => handle(each, body, new Date());

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const requests = () =>
  forPlatform("webhooks", (tx) => tx.privacyRequest.findMany({ where: { shopDomain: domain } }));

async function install() {
  const shop = await ensureShop(domain, new Date());
  await storeToken();
  await forShop(shop.id, (tx) => setSending(tx, shop.id, true, "user:1"));
  return shop;
}

function storeToken() {
  const session = {
    id: `offline_${domain}`,
    shop: domain,
    state: "",
    isOnline: false,
    accessToken: "shpat_1",
    scope: "read_orders",
  };
  return sessionStorage.storeSession(new Session(session));
}

async function planMessage(shopId: string): Promise<void> {
  await forShop(shopId, async (tx) => {
    const connection = await tx.connection.findFirstOrThrow({ where: { shopId } });
    const order = await tx.order.create({
      data: {
        shopId,
        connectionId: connection.id,
        source: "shopify",
        externalId: randomUUID(),
        document: {},
      },
    });
    const planned = { shopId, orderId: order.id, channel: "email", state: "planned", dueAt: minutes(60) };
    await tx.message.create({ data: planned });
    await tx.message.create({ data: { ...planned, state: "sent" } });
  });
}

const shopNow = () => forPlatform("webhooks", (tx) => findShopByDomain(tx, domain));

describe("topics", () => {
  it("that nobody knows become dead letters, also those named like an object's own parts", async () => {
    for (const topic of ["no/such", "constructor", "__proto__", "toString"]) {
      await expect(handleWebhook(webhook(topic), json({}))).rejects.toMatchObject({ code: "invalid" });
    }
    await expect(handleWebhook(webhook("orders/paid", { source: "ebay" }), json({}))).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("of shops are noted and dropped when the shop is unknown or gone, without a look at the body", async () => {
    const body = Buffer.from("{broken");
    expect(await handleWebhook(webhook("app/scopes_update"), body)).toMatchObject({ reason: "unknown shop" });
    await install();
    await handleWebhook(webhook("app/uninstalled", { triggeredAt: minutes(1) }), json({}));
    expect(await handleWebhook(webhook("app/scopes_update"), body)).toMatchObject({
      reason: "uninstalled shop",
    });
  });

  it("of shops reject a body that is not as expected, saying where", async () => {
    await install();
    await expect(handleWebhook(webhook("app/scopes_update"), Buffer.from("{broken"))).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(handleWebhook(webhook("app/scopes_update"), json({ current: "all" }))).rejects.toMatchObject(
      {
        issues: expect.arrayContaining([expect.objectContaining({ path: ["current"] })]),
      },
    );
  });

  it("keep their body only where it is needed later", () => {
    const kept = Object.entries(topics).filter(([, topic]) => topic.keepBody);
    expect(kept.map(([name]) => name)).toEqual([]);
  });
});

describe("app/uninstalled", () => {
  it("takes tokens, sending and what waited away at once, and records the request", async () => {
    const shop = await install();
    await planMessage(shop.id);
    const at = minutes(1);
    const left = webhook("app/uninstalled", { triggeredAt: at });
    expect(await handleWebhook(left, json({ id: 1 }))).toEqual({ reason: undefined, keepBody: false });

    expect(await shopNow()).toMatchObject({
      state: "uninstalled",
      uninstalledAt: at,
      sending: false,
      pauseReason: "uninstalled",
    });
    const rest = await forShop(shop.id, async (tx) => ({
      sessions: await tx.session.count({ where: { shopId: shop.id } }),
      messages: await tx.message.findMany({ where: { shopId: shop.id }, orderBy: { id: "asc" } }),
      connection: await tx.connection.findFirst({ where: { shopId: shop.id } }),
      audit: await tx.auditEvent.findMany({ where: { shopId: shop.id }, orderBy: { id: "asc" } }),
    }));
    expect(rest.sessions).toBe(0);
    expect(rest.messages).toMatchObject([{ state: "cancelled", reason: "uninstalled" }, { state: "sent" }]);
    expect(rest.connection).toMatchObject({ state: "removed" });
    expect(rest.audit.map(({ action }) => action)).toEqual([
      "shop.installed",
      "sending.on",
      "shop.uninstalled",
      "privacy.recorded",
    ]);
    expect(await requests()).toMatchObject([
      { kind: "app/uninstalled", shopId: shop.id, inboxId: left.inboxId, state: "recorded" },
    ]);
    await handleWebhook(left, json({ id: 1 }));
    expect(await requests()).toHaveLength(1);
  });

  it("counts however its body looks, and then asks for a person", async () => {
    await install();
    const left = webhook("app/uninstalled", { triggeredAt: minutes(1) });
    await expect(handleWebhook(left, Buffer.from("\0"))).rejects.toMatchObject({ code: "invalid" });
    expect(await shopNow()).toMatchObject({ state: "uninstalled" });
  });

  it("is recorded for a shop nobody knows", async () => {
    expect(await handleWebhook(webhook("app/uninstalled"), json({}))).toMatchObject({
      reason: "unknown shop",
    });
    expect(await requests()).toMatchObject([{ kind: "app/uninstalled", shopId: null }]);
  });

  it("changes nothing when the shop was installed again after it", async () => {
    await install();
    await handleWebhook(webhook("app/uninstalled", { triggeredAt: minutes(1) }), json({}));
    await install();
    const late = webhook("app/uninstalled", { triggeredAt: minutes(-5) });
    expect(await handleWebhook(late, json({}))).toMatchObject({ reason: "installed again since" });
    expect(await shopNow()).toMatchObject({ state: "installed", sending: true });
    expect(await requests()).toHaveLength(1);
  });

  it("changes nothing when the shop came back before we heard that it had gone", async () => {
    const shop = await install();
    await forShop(shop.id, (tx) =>
      tx.shop.update({ where: { id: shop.id }, data: { installedAt: minutes(-60) } }),
    );
    const late = webhook("app/uninstalled", { triggeredAt: minutes(-5) });
    await storeToken();
    expect(await handleWebhook(late, json({}))).toMatchObject({ reason: "installed again since" });
    expect(await shopNow()).toMatchObject({ state: "installed", sending: true });
  });
});

describe("products/update", () => {
  const id = "9007199254740993001";
  const change = () => handleWebhook(webhook("products/update"), Buffer.from(`{"id":${id}}`));

  it("is no matter when the product is not held", async () => {
    await install();
    expect(await change()).toMatchObject({ reason: undefined });
  });

  it("marks what is held as outdated, even while Shopify cannot be asked", async () => {
    const shop = await ensureShop(domain, new Date()); // no token
    const facts = { shopId: shop.id, externalId: id, readAt: new Date() };
    await forShop(shop.id, (tx) => tx.product.create({ data: facts }));
    await expect(change()).rejects.toMatchObject({ kind: "refused" });
    const product = await forShop(shop.id, (tx) => tx.product.findFirst({ where: { shopId: shop.id } }));
    expect(product).toMatchObject({ stale: true });
  });
});

describe("orders/paid", () => {
  it("with a body that is no order says where it is none", async () => {
    await install();
    await expect(handleWebhook(webhook("orders/paid"), json({ id: 1, name: "#1" }))).rejects.toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining({ path: ["line_items"] })]),
    });
  });
});

describe("what the mail provider tells", () => {
  const event = (more: object) => ({ created_at: "2026-11-21T10:00:00Z", data: { email_id: "e1", ...more } });

  it("moves the message it is about, and is noted when it is about none", async () => {
    const shop = await install();
    await planMessage(shop.id);
    const find = () =>
      forShop(shop.id, (tx) =>
        tx.message.findFirstOrThrow({ where: { shopId: shop.id }, orderBy: { id: "desc" } }),
      );
    const resend = (body: object) =>
      handleWebhook(webhook("email.delivered", { source: "resend", shopDomain: "" }), json(body));
    const tags = { message_id: (await find()).id };
    expect(await resend({ type: "email.delivered", ...event({ tags }) })).toEqual({});
    expect(await find()).toMatchObject({ state: "delivered", deliveredAt: new Date("2026-11-21T10:00:00Z") });
    expect(await resend({ type: "email.delivered", ...event({}) })).toEqual({ reason: "no message of ours" });
    expect(await resend({ type: "domain.updated" })).toEqual({ reason: "not about a delivery" });
    await expect(resend({ type: "email.delivered" })).rejects.toHaveProperty("issues");
  });
});

describe("app/scopes_update", () => {
  it("notes what is granted; older news that comes later is ignored", async () => {
    const shop = await install();
    const update = (current: string[], updated_at: string) =>
      handleWebhook(
        webhook("app/scopes_update"),
        json({ id: "gid://shopify/App/1", previous: [], current, updated_at }),
      );
    await update(["read_products", "read_customers"], "2026-11-21T10:00:00+01:00");
    expect(await update(["read_products"], "2026-11-21T08:59:59Z")).toMatchObject({
      reason: "newer scopes are known",
    });
    const { connection, audit } = await forShop(shop.id, async (tx) => ({
      connection: await tx.connection.findFirst({ where: { shopId: shop.id } }),
      audit: await tx.auditEvent.findMany({ where: { shopId: shop.id, action: "shop.scopes_changed" } }),
    }));
    expect(connection?.scopes).toEqual(["read_customers", "read_products"]);
    expect(audit).toMatchObject([{ actor: "shopify", before: { scopes: ["read_orders"] } }]);
    await update([], "2026-11-21T10:00:00Z");
    expect(
      (await forShop(shop.id, (tx) => tx.connection.findFirst({ where: { shopId: shop.id } })))?.scopes,
    ).toEqual([]);
  });
});

describe("compliance topics", () => {
  const customer = { id: "9007199254740993000", email: "ada@example.com", phone: null };
  const bodies = {
    "customers/data_request": `{"shop_id":1,"customer":{"id":9007199254740993000},"orders_requested":[1,9007199254740993001],"data_request":{"id":9}}`,
    "customers/redact": JSON.stringify({ shop_id: 1, customer, orders_to_redact: [] }),
    "shop/redact": JSON.stringify({ shop_id: 1, shop_domain: "lumen.myshopify.com" }),
  };

  it.each(Object.entries(bodies))(
    "%s is recorded once, with its deadline, for any shop",
    async (topic, body) => {
      const receivedAt = new Date("2026-11-21T10:00:00Z");
      const request = webhook(topic, { receivedAt });
      for (let time = 0; time < 2; time += 1) {
        await handleWebhook(request, Buffer.from(body));
      }
      const dueAt = new Date("2026-12-21T10:00:00Z");
      expect(await requests()).toMatchObject([
        { kind: topic, shopId: null, dueAt, inboxId: request.inboxId },
      ]);
    },
  );

  it.each(Object.keys(bodies))("%s with a body that is none is recorded all the same", async (topic) => {
    await expect(handleWebhook(webhook(topic), Buffer.from(""))).rejects.toMatchObject({ code: "invalid" });
    await expect(handleWebhook(webhook(topic), json([1]))).rejects.toHaveProperty("issues");
    expect(await requests()).toHaveLength(2);
  });

  it("leave a line in the shop's audit log, without the person", async () => {
    const shop = await install();
    await Promise.all(
      Array.from({ length: 10 }, () => webhook("customers/redact")).map((each) =>
        handleWebhook(each, Buffer.from(bodies["customers/redact"])),
      ),
    );
    const audit = await forShop(shop.id, (tx) =>
      tx.auditEvent.findMany({ where: { shopId: shop.id, action: "privacy.recorded" } }),
    );
    expect(audit).toHaveLength(10);
    expect(JSON.stringify(audit)).not.toContain("ada@");
  });
});
