// Six things happen to an order, and their webhooks arrive in any order, each twice: 720 ways, one end.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrderHeader, OrderParts } from "#app/connectors/orders.ts";
import { mergeOrder } from "#app/features/orders/merge.ts";
import { emptyDocument, type OrderDocument } from "#app/features/orders/orders.ts";
import { withoutBuyer } from "#app/features/orders/erase.server.ts";
import { takeInOrder } from "#app/features/messages/intake.server.ts";
import { plan, type PlanHistory, type PlanRelease, type PlanSettings } from "#app/features/messages/plan.ts";
import { forShop } from "#app/platform/db/db.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";

const at = (hour: number) => `2026-11-02T${String(hour).padStart(2, "0")}:00:00.000Z`;
const lines = (version: string, over: object = {}) => [
  make.line({ id: "1", version, quantity: 2, currentQuantity: 2 }),
  make.line({ id: "2", version, productId: "200", ...over }),
];
const header = (version: string, over: Partial<OrderHeader> = {}) =>
  make.header({ version, placedAt: at(8), paidAt: null, ...over });

/** As their webhooks tell it: each knows what had happened by then, and a fulfilment or refund nothing else. */
const happenings = {
  paid: { header: header(at(9), { paidAt: at(9) }), lines: lines(at(9)), linesComplete: true },
  fulfilled: {
    fulfillments: [
      make.fulfillment({
        id: "f",
        version: at(10),
        fulfilledAt: at(10),
        lines: [
          { lineId: "1", quantity: 2 },
          { lineId: "2", quantity: 1 },
        ],
      }),
    ],
  },
  delivered: {
    fulfillments: [
      make.fulfillment({
        id: "f",
        version: at(12),
        fulfilledAt: at(10),
        deliveredAt: at(12),
        lines: [
          { lineId: "1", quantity: 2 },
          { lineId: "2", quantity: 1 },
        ],
      }),
    ],
  },
  refunded: {
    refunds: [
      make.refund({ id: "r", version: at(13), refundedAt: at(13), lines: [{ lineId: "2", quantity: 1 }] }),
    ],
  },
  edited: {
    header: header(at(14), { tags: ["edited"] }),
    lines: [
      ...lines(at(14), { currentQuantity: 0 }),
      make.line({ id: "3", version: at(14), productId: "300" }),
    ],
    linesComplete: true,
  },
  cancelled: {
    header: header(at(15), { tags: ["edited"], cancelledAt: at(15) }),
    lines: [
      ...lines(at(15), { currentQuantity: 0 }),
      make.line({ id: "3", version: at(15), productId: "300" }),
    ],
    linesComplete: true,
  },
} satisfies Record<string, Omit<OrderParts, "source" | "externalId">>;
type Happening = keyof typeof happenings;

const partsOf = (name: Happening, externalId = "1"): OrderParts => ({
  source: "shopify",
  externalId,
  ...happenings[name],
});

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

/** Each arrives twice: at once, and again when three others have come. */
const doubled = (names: Happening[]): Happening[] =>
  names
    .flatMap((name, index) => [name, name, ...(index >= 3 ? [names[index - 3]!] : [])])
    .concat(names.slice(3));

const all = Object.keys(happenings) as Happening[];
const orders = permutations(all);

const ruled = (product: string) => ({
  include: {
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: product, label: "" }] }],
  },
});
const releases: PlanRelease[] = [
  make.release({
    id: "a",
    triggerId: "a",
    definition: make.definition({ ...ruled("100"), delay: { amount: 3, unit: "days" } }),
  }),
  make.release({
    id: "b",
    triggerId: "b",
    definition: make.definition({
      ...ruled("200"),
      start: { event: "delivered", fallbackDays: 7 },
      delay: { amount: 3, unit: "days" },
    }),
  }),
  make.release({
    id: "c",
    triggerId: "c",
    definition: make.definition({
      ...ruled("300"),
      start: { event: "fulfilled", fallbackDays: null },
      delay: { amount: 3, unit: "days" },
    }),
  }),
];
const settings: PlanSettings = {
  timeZone: "Europe/Berlin",
  quietHours: { from: "21:00", to: "08:00" },
  quietZone: "recipient",
  frequencyCap: { messages: 2, days: 7 },
  lateAfterDays: 14,
  mergeWindowMinutes: 15,
};
const nothing: PlanHistory = { suppression: null, done: [], buyer: [], buyerSends: [] };
const now = new Date(at(16));

function decide(document: OrderDocument, history: PlanHistory = nothing, when = now) {
  const { header, ...rest } = document;
  if (!header) return [];
  const order = make.order({
    ...rest,
    header,
    lines: rest.lines.map((line) => ({ ...line, product: make.facts({ productId: line.productId! }) })),
  });
  return plan({ order, releases, settings, history, now: when });
}

test.each([
  ["the cancellation among them", all],
  ["and the buyer erased instead of the cancellation", all.filter((name) => name !== "cancelled")],
])("every way of arriving ends alike, %s", (_, names) => {
  expect(orders).toHaveLength(720);
  const ends = new Set<string>();
  // Where nobody cancels, the erasure takes its place among the six.
  for (const way of orders) {
    let document = emptyDocument;
    for (const name of doubled(way)) {
      if (names.includes(name)) document = mergeOrder(document, partsOf(name)).document;
      else if (document.header) document = withoutBuyer(document);
    }
    if (!names.includes("cancelled")) document = withoutBuyer(document);
    ends.add(JSON.stringify({ document, decisions: decide(document) }));
  }
  expect(ends.size).toBe(1);
});

test("with the send in between, nothing is sent after a stop was seen, and nothing twice", () => {
  for (const way of orders) {
    for (let sendAfter = 0; sendAfter < way.length; sendAfter += 1) {
      let document = emptyDocument;
      const sent: string[] = [];
      const seen = new Set<Happening>();
      for (const [index, name] of doubled(way).entries()) {
        document = mergeOrder(document, partsOf(name)).document;
        seen.add(name);
        // The worker looks when all that has been planned is due; what leaves is told to it as done from then on.
        if (index !== sendAfter * 3 && index !== sendAfter * 3 + 4) continue;
        const due = new Date("2026-11-08T12:00:00.000Z");
        const done = sent.map((triggerId) => ({ triggerId, channel: "email" as const }));
        for (const decision of decide(document, { ...nothing, done }, due)) {
          if (decision.kind !== "send" || Date.parse(decision.at) > due.getTime()) continue;
          expect(sent).not.toContain(decision.triggerId);
          expect(seen.has("cancelled")).toBe(false);
          if (decision.triggerId === "b") expect(seen.has("refunded")).toBe(false);
          if (decision.triggerId === "b") expect(seen.has("edited")).toBe(false);
          sent.push(decision.triggerId);
        }
      }
    }
  }
});

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

test("through the database too: whatever came last, the rows say the same, and one mail has left or none", async () => {
  const { shop } = engine;
  engine.setTime(now);
  const product = engine.productId(BATTERY);
  const { triggerId } = await engine.addTrigger({
    name: "Through the database",
    trigger: {
      definition: make.definition({
        ...ruled(product),
        frequency: "order",
        delay: { amount: 3, unit: "days" },
      }),
    },
  });
  // A release answers what was placed since it is live.
  await forShop(
    shop.id,
    (tx) =>
      tx.$executeRaw`UPDATE releases SET serves_from = ${new Date(at(1))} WHERE shop_id = ${shop.id}::uuid AND trigger_id = ${triggerId}::uuid`,
  );
  await forShop(
    shop.id,
    (tx) => tx.$executeRaw`UPDATE shops SET installed_at = ${new Date(at(1))} WHERE id = ${shop.id}::uuid`,
  );
  await forShop(shop.id, (tx) =>
    tx.product.createMany({
      data: [product, "200", "300"].map((externalId) => ({
        ...{ shopId: shop.id, externalId, readAt: now },
        facts: make.facts({ productId: externalId }),
      })),
      skipDuplicates: true,
    }),
  );
  const swap = (parts: OrderParts): OrderParts => ({
    ...parts,
    ...(parts.lines && {
      lines: parts.lines.map((line) => (line.id === "1" ? { ...line, productId: product } : line)),
    }),
    ...(parts.header && {
      person: { email: `buyer-${parts.externalId}@example.com`, firstName: null, lastName: null },
    }),
  });
  // Some of the ways: each happening comes first, and last, at least once.
  const ways = orders.filter((_, index) => index % 71 === 0);
  const ends = new Set<string>();
  for (const [index, way] of ways.entries()) {
    const externalId = String(9_000_000 + index);
    for (const name of doubled(way)) await takeIn(swap(partsOf(name, externalId)));
    const order = await forShop(shop.id, (tx) =>
      tx.order.findFirstOrThrow({
        where: { shopId: shop.id, externalId },
        include: { sections: true, messages: { where: { state: "planned" } } },
      }),
    );
    expect(order.messages).toEqual([]);
    expect(order.sections.map(({ state }) => state)).not.toContain("planned");
    ends.add(JSON.stringify([order.document, order.decisions]));
  }
  expect(ends.size).toBe(1);

  // And with the send in between: the first half arrives, the worker sends what is due, the second half arrives.
  const between = orders.filter((_, index) => index % 71 === 5);
  for (const [index, way] of between.entries()) {
    const externalId = String(9_500_000 + index);
    engine.setTime(now);
    for (const name of doubled(way.slice(0, 3))) await takeIn(swap(partsOf(name, externalId)));
    engine.setTime(new Date("2026-11-08T12:00:00.000Z"));
    await engine.dispatch();
    for (const name of doubled(way)) await takeIn(swap(partsOf(name, externalId)));
    await engine.dispatch();
    const mails = engine.sandbox.mails().filter((mail) => mail.to[0] === `buyer-${externalId}@example.com`);
    const seen = way.slice(0, 3);
    const wanted = seen.includes("paid") && !seen.includes("cancelled") ? 1 : 0;
    expect(mails, way.join()).toHaveLength(wanted);
  }

  async function takeIn(parts: OrderParts): Promise<void> {
    await takeInOrder(shop, parts, engine.clock());
  }
}, 60_000);
