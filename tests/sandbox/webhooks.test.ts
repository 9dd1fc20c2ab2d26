import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ACME, API_SECRET, startPair } from "#tests/sandbox/receiver.ts";
import { SHOPIFY_RETRIES } from "#tests/sandbox/shopify/webhooks.ts";

let pair: Awaited<ReturnType<typeof startPair>>;
beforeEach(async () => {
  pair = await startPair({ webhookRetries: Array.from({ length: 8 }, () => 1) });
});
afterEach(() => pair.stop());

const order = (more = {}) =>
  pair.sandbox.placeOrder({
    email: "lukas.weber@example.com",
    lines: [{ product: "Riverclear Epoxy Resin Kit 1.5 kg" }, { product: "Merino Base Layer", quantity: 2 }],
    ...more,
  });

test("a webhook is signed over its raw bytes and carries Shopify's headers", async () => {
  order();
  const [paid] = await pair.app.until(1, "orders/paid");
  const digest = createHmac("sha256", API_SECRET).update(paid!.body).digest("base64");
  expect(paid!.headers["x-shopify-hmac-sha256"]).toBe(digest);
  expect(paid!.headers).toMatchObject({
    "x-shopify-shop-domain": ACME,
    "x-shopify-api-version": "2026-10",
    "content-type": "application/json",
    "x-shopify-webhook-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-shopify-event-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-shopify-triggered-at": expect.stringMatching(/^\d{4}-/),
  });
});

test("an order's body has Shopify's size, shape and ids that a number cannot hold", async () => {
  const placed = order({ bigId: true });
  const [paid] = await pair.app.until(1, "orders/paid");
  expect(paid!.body.length).toBeGreaterThan(7_000);
  expect(paid!.body).toContain(`"id":${placed.id},`);
  expect(String(Number(placed.id))).not.toBe(placed.id);
  expect(JSON.parse(paid!.body)).toMatchObject({
    name: placed.name,
    financial_status: "paid",
    line_items: [{ title: "Riverclear Epoxy Resin Kit 1.5 kg" }, { quantity: 2 }],
    shipping_address: { country_code: "DE", first_name: "Emma" },
  });
});

test("what the app isn't approved to see is not in the body", async () => {
  order({ phone: "+49 30 1234" });
  const [before] = await pair.app.until(1, "orders/paid");
  expect(before!.body).not.toContain("+49 30 1234");
  expect(JSON.parse(before!.body).shipping_address).not.toHaveProperty("address1");
  await pair.sandbox.control("set-shop", { protectedData: ["customer"] });
  order();
  const [, after] = await pair.app.until(2, "orders/paid");
  expect(after!.body).not.toContain("lukas.weber@example.com");
  expect(JSON.parse(after!.body).shipping_address).toMatchObject({ country_code: "DE" });
});

test("a subscription's filter and fields are honoured", async () => {
  await pair.sandbox.control("update-product", { product: "Gift Card", tags: ["x"] });
  await pair.sandbox.control("update-product", { product: "Merino Base Layer", tags: ["x"] });
  await pair.sandbox.webhooks.settled();
  const bodies = pair.app.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(bodies).toHaveLength(1);
  expect(Object.keys(bodies[0]!)).toEqual(["id", "title", "variants"]);
  expect(bodies[0]!.variants).toEqual([
    { id: expect.any(Number), price: "50.00" },
    { id: expect.any(Number), price: "100.00" },
  ]);
});

test("a topic nobody subscribed is not sent", async () => {
  await pair.sandbox.control("delete-product", { product: "Gift Card" });
  await pair.sandbox.webhooks.settled();
  expect(pair.app.received).toEqual([]);
});

test("a refused webhook is repeated eight times with the same bytes and headers", async () => {
  expect(SHOPIFY_RETRIES).toHaveLength(8);
  expect(SHOPIFY_RETRIES.reduce((sum, wait) => sum + wait, 0)).toBe(4 * 3_600_000);
  pair.app.answer.status = 503;
  await pair.sandbox.control("redact-shop");
  const tries = await pair.app.until(9);
  expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
  expect(new Set(tries.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  expect(new Set(tries.map(({ headers }) => headers["x-shopify-triggered-at"])).size).toBe(1);
  await pair.sandbox.webhooks.settled();
  expect(pair.sandbox.state.deliveries.map(({ state, attempts }) => [state, attempts.length])).toEqual([
    ["failed", 9],
  ]);
});

test("held webhooks leave shuffled and doubled, the same way for the same seed", async () => {
  await pair.sandbox.control("webhook-weather", { hold: true });
  for (let i = 0; i < 5; i += 1) order();
  expect(pair.app.received).toEqual([]);
  expect(await pair.sandbox.control("release-webhooks", { shuffle: true, seed: 7, duplicates: 1 })).toEqual({
    released: 30,
  });
  await pair.app.until(30);
  const ids = pair.app.received.map(({ headers }) => headers["x-shopify-webhook-id"]);
  expect(new Set(ids).size).toBe(15);
});

test("a lost webhook is never sent, and the log says so", async () => {
  await pair.sandbox.control("fault", { api: "webhooks", kind: "lose", match: "orders/paid" });
  order();
  await pair.sandbox.webhooks.settled();
  expect(pair.app.received.map(({ headers }) => headers["x-shopify-topic"])).toEqual([
    "orders/create",
    "orders/updated",
  ]);
  expect(pair.sandbox.state.deliveries.find(({ topic }) => topic === "orders/paid")?.state).toBe("lost");
});

test("after uninstalling, only the farewell and compliance topics arrive", async () => {
  pair.sandbox.uninstall();
  order();
  pair.sandbox.redactShop();
  await pair.sandbox.webhooks.settled();
  expect(pair.app.received.map(({ headers }) => headers["x-shopify-topic"])).toEqual([
    "app/uninstalled",
    "shop/redact",
  ]);
});

test("fulfilment, delivery, refund and cancellation tell their stories", async () => {
  const placed = order();
  pair.sandbox.fulfil({ order: placed.id, lines: [{ line: placed.lines[1]!.id, quantity: 2 }] });
  const updated = placed.updatedAt;
  pair.sandbox.markShipment({ order: placed.id });
  expect(placed.updatedAt).toBe(updated);
  pair.sandbox.cancelFulfillment({ order: placed.id });
  pair.sandbox.refundOrder({ order: placed.id, lines: [{ line: placed.lines[0]!.id, quantity: 1 }] });
  pair.sandbox.cancelOrder({ order: placed.id });
  await pair.sandbox.webhooks.settled();
  const bodies = (topic: string) =>
    pair.app.received
      .filter(({ headers }) => headers["x-shopify-topic"] === topic)
      .map(({ body }) => JSON.parse(body));
  expect(bodies("fulfillments/create")).toMatchObject([
    { status: "success", shipment_status: null, line_items: [{ quantity: 2 }] },
  ]);
  expect(
    bodies("fulfillments/update").map(({ status, shipment_status }) => [status, shipment_status]),
  ).toEqual([
    ["success", "delivered"],
    ["cancelled", "delivered"],
  ]);
  expect(bodies("refunds/create")).toHaveLength(2);
  expect(bodies("orders/cancelled")).toMatchObject([
    { cancel_reason: "customer", line_items: [{ current_quantity: 0 }, { current_quantity: 0 }] },
  ]);
});

test("a bundle arrives as its parts, tied by a line item group", async () => {
  pair.sandbox.placeOrder({
    email: "a@example.com",
    lines: [{ product: "Ember Bundle: Stove & Dutch Oven" }],
  });
  const [paid] = await pair.app.until(1, "orders/paid");
  const body = JSON.parse(paid!.body);
  expect(body.line_items.map(({ title }: { title: string }) => title)).toEqual([
    "Gasfire Mini Stove",
    "Cast Iron Dutch Oven 6 qt",
  ]);
  expect(body.line_items.map((line: Record<string, unknown>) => line.sales_line_item_group_id)).toEqual([
    body.line_item_groups[0].id,
    body.line_item_groups[0].id,
  ]);
});
