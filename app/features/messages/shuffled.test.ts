import { afterAll, beforeAll, expect, test } from "vitest";
import { forShop } from "#app/platform/db/db.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

/**
 * What every order ended up as, and what will leave for it. Left out is history: whether a message was planned before the
 * cancellation was heard of, or never, does depend on what came first.
 */
async function endState(): Promise<object[]> {
  const shopId = engine.shop.id;
  const orders = await forShop(shopId, (tx) =>
    tx.order.findMany({
      where: { shopId },
      orderBy: { name: "asc" },
      include: {
        messages: {
          where: { state: "planned" },
          orderBy: { dueAt: "asc" },
          include: { sections: { where: { state: "planned" }, orderBy: { triggerId: "asc" } } },
        },
      },
    }),
  );
  return orders.map(({ name, document, decisions, messages }) => ({
    name,
    document,
    decisions,
    messages: messages.map(({ dueAt, sections }) => ({
      dueAt,
      sections: sections.map(({ triggerId, lineIds }) => ({ triggerId, lineIds })),
    })),
  }));
}

async function forget(): Promise<void> {
  const shopId = engine.shop.id;
  await forShop(shopId, async (tx) => {
    await tx.$executeRaw`DELETE FROM orders WHERE shop_id = ${shopId}::uuid`;
    await tx.$executeRaw`DELETE FROM inbox`;
  });
}

test("1,000 webhooks of orders, shuffled and doubled, end as they do in order", async () => {
  const { sandbox } = engine;
  const include = {
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: engine.productId(BATTERY), label: BATTERY }] }],
  };
  const later = { amount: 3, unit: "days" as const };
  for (const event of ["paid", "fulfilled", "delivered"] as const) {
    await engine.addTrigger({
      name: event,
      trigger: {
        definition: make.definition({
          include,
          start: { event, fallbackDays: 7 },
          delay: later,
          frequency: "order",
        }),
      },
    });
  }
  sandbox.webhooks.weather.hold = true;
  const held = () => sandbox.state.deliveries.filter((delivery) => delivery.state === "held");
  for (let index = 0; held().length < 1_000; index += 1) {
    const email = `buyer${index}@example.com`;
    const order = sandbox.placeOrder({
      email,
      lines: [{ product: BATTERY, quantity: 2 }, { product: "Beeswax Wrap Set" }],
    });
    if (index % 2 === 0) sandbox.fulfil({ order: order.id });
    if (index % 4 === 0) sandbox.markShipment({ order: order.id, status: "delivered" });
    if (index % 5 === 0)
      sandbox.refundOrder({
        order: order.id,
        lines: [{ line: order.lines[0]!.id, quantity: 1 + (index % 2) }],
      });
    if (index % 7 === 0) sandbox.editOrder({ order: order.id, tags: [`edit-${index}`] });
    if (index % 9 === 0) sandbox.cancelOrder({ order: order.id, refund: false });
  }
  const deliveries = held().map((delivery) => delivery.id);

  sandbox.webhooks.release({ shuffle: true, seed: 7, duplicates: 1 });
  await engine.settle();
  const shuffled = await endState();

  await forget();
  for (const id of deliveries) {
    sandbox.webhooks.redeliver(id);
    // One after the other: this is what "in order" means.
    await sandbox.webhooks.settled();
  }
  await engine.settle();
  const inOrder = await endState();

  expect(deliveries.length).toBeGreaterThanOrEqual(1_000);
  expect(shuffled.length).toBe(inOrder.length);
  // One by one, so that a difference can be read.
  for (const [index, order] of inOrder.entries()) expect(shuffled[index]).toEqual(order);
}, 240_000);
