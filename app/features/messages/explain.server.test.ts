// The explanation and the planner are one engine: whatever happened to an order, they say the same of it.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainOrder, listOrders } from "#app/features/messages/explain.server.ts";
import { readOrderFilter, writeOrderFilter } from "#app/features/messages/explain.ts";
import type { Decision } from "#app/features/messages/plan.ts";
import { forShop } from "#app/platform/db/db.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

const WRAP = "Beeswax Wrap Set";
const DAY_MS = 86_400_000;

const deeds = fc.record({
  products: fc.subarray([BATTERY, WRAP], { minLength: 1 }),
  quantity: fc.integer({ min: 1, max: 2 }),
  email: fc.constantFrom("often@example.com", "once@example.com", null),
  fulfilled: fc.boolean(),
  delivered: fc.boolean(),
  refunded: fc.boolean(),
  cancelled: fc.boolean(),
});

async function addTriggers(): Promise<void> {
  const ruled = (title: string) => ({
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: engine.productId(title), label: title }] }],
  });
  const delay = { amount: 2, unit: "days" as const };
  const ways = [
    {
      include: ruled(BATTERY),
      start: { event: "paid" as const, fallbackDays: null },
      frequency: "order" as const,
    },
    { include: ruled(BATTERY), start: { event: "delivered" as const, fallbackDays: null } },
    { include: ruled(WRAP), start: { event: "fulfilled" as const, fallbackDays: null } },
  ];
  for (const [index, way] of ways.entries())
    await engine.addTrigger({
      name: `Way ${index}`,
      trigger: { definition: make.definition({ ...way, delay }) },
    });
}

const held = (orderId?: string) =>
  forShop(engine.shop.id, (tx) =>
    tx.order.findMany({
      where: { shopId: engine.shop.id, id: orderId, placedAt: { not: null } },
      include: { sections: { include: { message: true } }, messages: true },
    }),
  );
const explain = (id: string) =>
  forShop(engine.shop.id, (tx) => explainOrder(tx, engine.shop, id, engine.clock()));
const list = (query: string, limit?: number) =>
  forShop(engine.shop.id, (tx) =>
    listOrders(tx, engine.shop.id, readOrderFilter(new URLSearchParams(query)), limit),
  );

test("of random orders, the explanation says what plan() decided and schedule stored; then what has left", async () => {
  const { sandbox } = engine;
  await addTriggers();
  for (const deed of fc.sample(deeds, { numRuns: 40, seed: 11 })) {
    const order = sandbox.placeOrder({
      email: deed.email ?? undefined,
      lines: deed.products.map((product) => ({ product, quantity: deed.quantity })),
    });
    if (deed.fulfilled) sandbox.fulfil({ order: order.id });
    if (deed.fulfilled && deed.delivered) sandbox.markShipment({ order: order.id, status: "delivered" });
    if (deed.refunded)
      sandbox.refundOrder({
        order: order.id,
        lines: [{ line: order.lines[0]!.id, quantity: deed.quantity }],
      });
    if (deed.cancelled) sandbox.cancelOrder({ order: order.id, refund: false });
  }
  await engine.settle();

  const seen = new Set<string>();
  for (const row of await held()) {
    const { explained } = await explain(row.id);
    const { decisions } = row.decisions as unknown as { decisions: Decision[] };
    const stored = new Map(decisions.map((decision) => [decision.triggerId, decision]));
    expect(explained.map(({ triggerId }) => triggerId).sort()).toEqual([...stored.keys()].sort());
    for (const entry of explained) {
      const decision = stored.get(entry.triggerId)!;
      seen.add(decision.kind === "skip" ? decision.reason : decision.kind);
      if (entry.outcome === "waiting") expect(entry.decision).toEqual(decision);
      else
        expect({ ...entry, kind: "skip" }).toMatchObject({
          kind: decision.kind,
          outcome: "skipped",
          reason: decision.kind === "skip" && decision.reason,
        });
    }
    const sending = explained.filter(
      (entry) => entry.outcome === "waiting" && entry.decision.kind === "send",
    );
    const planned = row.sections.filter(({ state }) => state === "planned");
    expect(sending.map(({ triggerId }) => triggerId).sort()).toEqual(
      planned.map(({ triggerId }) => triggerId).sort(),
    );
  }
  // The orders were as different as they should be.
  expect([...seen]).toEqual(
    expect.arrayContaining(["send", "wait", "not_matched", "order_cancelled", "line_refunded"]),
  );

  engine.setTime(new Date(Date.now() + 4 * DAY_MS));
  await engine.dispatch();
  let sent = 0;
  for (const row of await held()) {
    const left = row.sections.filter(({ state }) => state === "frozen");
    const told = (await explain(row.id)).explained.filter(({ outcome }) => outcome === "sent");
    expect(
      told.map((entry) => [entry.triggerId, entry.outcome === "sent" && entry.message.id]).sort(),
    ).toEqual(left.map(({ triggerId, messageId }) => [triggerId, messageId]).sort());
    sent += left.length;
  }
  expect(sent).toBeGreaterThan(0);
}, 120_000);

test("the list finds every order, page by page, and those that got nothing", async () => {
  const rows = await held();
  const pages: string[] = [];
  let page = await list("", 15);
  const first = page.rows;
  pages.push(...page.rows.map(({ id }) => id));
  while (page.older) {
    page = await list(`after=${page.older}`, 15);
    pages.push(...page.rows.map(({ id }) => id));
  }
  expect([...pages].sort()).toEqual(rows.map(({ id }) => id).sort());
  expect(new Set(pages).size).toBe(rows.length);
  const second = await list(`after=${(await list("", 15)).older}`, 15);
  expect((await list(`before=${second.newer}`, 15)).rows).toEqual(first);

  const got = ["planned", "sending", "sent", "delivered", "complained", "unknown"];
  const nothing = rows.filter(({ messages, decisions }) => {
    const waits = (decisions as { decisions: { kind: string }[] }).decisions.some(
      ({ kind }) => kind === "wait",
    );
    return !waits && !messages.some(({ state }) => got.includes(state));
  });
  expect(nothing.length).toBeGreaterThan(0);
  const listed = await list("got=nothing");
  expect(listed.rows.map(({ id }) => id).sort()).toEqual(nothing.map(({ id }) => id).sort());
  expect(listed.rows.every((row) => row.got === 0 && row.waiting === 0)).toBe(true);

  const [wanted] = nothing;
  const found = await list(writeOrderFilter({ order: wanted!.name.slice(1), nothing: true }).toString());
  expect(found.rows.map(({ id }) => id)).toEqual([wanted!.id]);
});

test("an order of another shop, and one that isn't held, is not found", async () => {
  const [row] = await held();
  const other = await engine.install("blue-kiln.myshopify.com");
  const ask = (id: string) => forShop(other.id, (tx) => explainOrder(tx, other, id, engine.clock()));
  await expect(ask(row!.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(ask("nonsense")).rejects.toMatchObject({ code: "not_found" });
});
