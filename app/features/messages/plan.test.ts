import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  plan,
  SKIP_REASONS,
  type Decision,
  type PlanHistory,
  type PlanRelease,
  type PlanSettings,
} from "#app/features/messages/plan.ts";
import type { Order, PlanLine } from "#app/features/orders/orders.ts";
import {
  RULE_KINDS,
  triggerDefinitionSchema,
  type TriggerDefinition,
} from "#app/features/triggers/triggers.ts";
import * as make from "#tests/factories/orders.ts";

const settings: PlanSettings = {
  timeZone: "Europe/Berlin",
  quietHours: null,
  quietZone: "shop",
  frequencyCap: null,
  lateAfterDays: 14,
  mergeWindowMinutes: 15,
};
const nothing: PlanHistory = { suppression: null, done: [], buyer: [], buyerSends: [] };
const now = new Date("2026-11-02T09:00:00.000Z");

function decide(over: {
  order?: Partial<Order>;
  definition?: Partial<TriggerDefinition>;
  release?: Partial<PlanRelease>;
  settings?: Partial<PlanSettings>;
  history?: Partial<PlanHistory>;
  now?: Date;
}): Decision {
  const [decision] = plan({
    order: make.order(over.order),
    releases: [make.release({ definition: make.definition(over.definition), ...over.release })],
    settings: { ...settings, ...over.settings },
    history: { ...nothing, ...over.history },
    now: over.now ?? now,
  });
  return decision!;
}

const sendAt = (decision: Decision) => (decision.kind === "send" ? decision.at : decision);
const reason = (decision: Decision) => (decision.kind === "skip" ? decision.reason : decision);

describe("when the clock starts", () => {
  test("paid: at the payment, else it waits", () => {
    expect(sendAt(decide({}))).toBe("2026-11-02T09:00:00.000Z");
    expect(decide({ order: { header: make.header({ paidAt: null }) } })).toMatchObject({
      kind: "wait",
      for: "paid",
    });
  });

  test("fulfilled: with the fulfilment that carries the matching line, not another one", () => {
    const lines = [
      make.planLine(),
      make.planLine({ id: "2", productId: "200", product: make.facts({ productId: "200" }) }),
    ];
    const other = make.fulfillment({
      id: "1",
      fulfilledAt: "2026-11-03T08:00:00.000Z",
      lines: [{ lineId: "2", quantity: 1 }],
    });
    const start = { event: "fulfilled" as const, fallbackDays: null };
    expect(decide({ definition: { start }, order: { lines, fulfillments: [other] } }).kind).toBe("wait");
    const mine = make.fulfillment({ id: "2", fulfilledAt: "2026-11-05T08:00:00.000Z" });
    expect(sendAt(decide({ definition: { start }, order: { lines, fulfillments: [other, mine] } }))).toBe(
      "2026-11-05T08:00:00.000Z",
    );
  });

  test("a cancelled fulfilment does not count, its repetition does", () => {
    const start = { event: "fulfilled" as const, fallbackDays: null };
    const cancelled = make.fulfillment({ status: "cancelled" });
    expect(decide({ definition: { start }, order: { fulfillments: [cancelled] } }).kind).toBe("wait");
    const again = make.fulfillment({ id: "901", fulfilledAt: "2026-11-09T08:00:00.000Z" });
    expect(sendAt(decide({ definition: { start }, order: { fulfillments: [cancelled, again] } }))).toBe(
      "2026-11-09T08:00:00.000Z",
    );
  });

  test("delivered: at the delivery; without one, the fallback counts from the line's own fulfilment", () => {
    const start = { event: "delivered" as const, fallbackDays: 7 };
    const sent = make.fulfillment();
    expect(sendAt(decide({ definition: { start }, order: { fulfillments: [sent] } }))).toBe(
      "2026-11-10T10:00:00.000Z",
    );
    const delivered = { ...sent, deliveredAt: "2026-11-05T15:00:00.000Z" };
    expect(sendAt(decide({ definition: { start }, order: { fulfillments: [delivered] } }))).toBe(
      "2026-11-05T15:00:00.000Z",
    );
    const patient = { event: "delivered" as const, fallbackDays: null };
    expect(decide({ definition: { start: patient }, order: { fulfillments: [sent] } })).toMatchObject({
      kind: "wait",
      for: "delivered",
    });
  });
});

describe("when it is due", () => {
  test("a day is the shop's calendar day, also when the clocks change", () => {
    // Berlin leaves summer time on 25 October 2026 at 3:00.
    const header = make.header({ placedAt: "2026-10-24T07:00:00.000Z", paidAt: "2026-10-24T07:00:00.000Z" });
    const decision = decide({
      order: { header },
      definition: { delay: { amount: 1, unit: "days" } },
      release: { servesFrom: "2026-10-01T00:00:00.000Z" },
      now: new Date("2026-10-24T07:00:00Z"),
    });
    expect(sendAt(decision)).toBe("2026-10-25T08:00:00.000Z");
  });

  test("the time of day is the first one after the delay, in the shop's zone", () => {
    expect(sendAt(decide({ definition: { timeOfDay: "09:30" } }))).toBe("2026-11-03T08:30:00.000Z");
    expect(sendAt(decide({ definition: { timeOfDay: "10:30" } }))).toBe("2026-11-02T09:30:00.000Z");
  });

  test("quiet hours move it to their end, over midnight too, and also what is late already", () => {
    const quietHours = { from: "22:00", to: "07:00" };
    const late = decide({ settings: { quietHours }, definition: { delay: { amount: 13, unit: "hours" } } });
    expect(sendAt(late)).toBe("2026-11-03T06:00:00.000Z");
    const overdue = decide({ settings: { quietHours }, now: new Date("2026-11-05T22:00:00Z") });
    expect(sendAt(overdue)).toBe("2026-11-06T06:00:00.000Z");
    expect(sendAt(decide({ settings: { quietHours }, now: new Date("2026-11-05T12:00:00Z") }))).toBe(
      "2026-11-02T09:00:00.000Z",
    );
  });
});

describe("what keeps a message away", () => {
  test.each([
    ["order_cancelled", { order: { header: make.header({ cancelledAt: "2026-11-02T10:00:00.000Z" }) } }],
    ["order_deleted", { order: { deleted: true } }],
    ["test_order", { order: { header: make.header({ test: true }) } }],
    [
      "pos_order",
      {
        order: { header: make.header({ sourceName: "pos" }) },
        definition: { exclusions: { ...make.definition().exclusions, pos: true } },
      },
    ],
    [
      "b2b_unknown",
      {
        order: { header: make.header({ b2b: null }) },
        definition: { exclusions: { ...make.definition().exclusions, b2b: true } },
      },
    ],
    [
      "b2b_order",
      {
        order: { header: make.header({ b2b: true }) },
        definition: { exclusions: { ...make.definition().exclusions, b2b: true } },
      },
    ],
    ["imported_order", { order: { header: make.header({ importedFrom: "amazon" }) } }],
    [
      "order_tag",
      {
        order: { header: make.header({ tags: ["No-Mail"] }) },
        definition: { exclusions: { ...make.definition().exclusions, orderTags: ["no-mail"] } },
      },
    ],
    [
      "customer_tags_unknown",
      { definition: { exclusions: { ...make.definition().exclusions, customerTags: ["vip"] } } },
    ],
    [
      "customer_tag",
      {
        order: { header: make.header({ customerTags: ["VIP"] }) },
        definition: { exclusions: { ...make.definition().exclusions, customerTags: ["vip"] } },
      },
    ],
    [
      "minimum_quantity",
      { definition: { exclusions: { ...make.definition().exclusions, minimumQuantity: 2 } } },
    ],
    ["line_refunded", { order: { refunds: [make.refund()] } }],
    ["line_refunded", { order: { lines: [make.planLine({ currentQuantity: 0 })] } }],
    ["not_matched", { order: { lines: [make.planLine({ productId: "999" })] } }],
    ["not_matched", { order: { lines: [make.planLine({ giftCard: true })] } }],
    ["not_matched", { order: { lines: [make.planLine({ subscriptionRenewal: true })] } }],
    ["not_matched", { order: { lines: [make.planLine({ price: "0.00" })] } }],
    ["placed_before", { release: { servesFrom: "2026-11-02T09:00:01.000Z" } }],
    ["no_email", { order: { recipient: "missing" as const } }],
    ["malformed_address", { order: { recipient: "malformed" as const } }],
    ["marketplace_address", { order: { recipient: "proxy" as const } }],
    ["suppressed", { history: { suppression: "undeliverable" as const } }],
    ["opted_out", { history: { suppression: "opted_out" as const } }],
    ["too_late", { now: new Date("2026-11-16T09:00:01Z") }],
    ["too_late", { settings: { lateAfterDays: 1 }, now: new Date("2026-11-03T09:00:01Z") }],
    [
      "placed_before",
      {
        release: { servesFrom: "2026-11-01T00:00:00.000Z", servesUntil: "2026-11-02T09:00:00.000Z" },
      },
    ],
    ["wrong_channel", { order: { source: "amazon" as const } }],
    [
      "already_sent",
      { history: { done: [{ triggerId: make.release().triggerId, channel: "email" as const }] } },
    ],
  ])("%s", (expected, over) => {
    expect(reason(decide(over))).toBe(expected);
  });

  test("a warning goes also to who opted out, but to nobody whose mail bounced", () => {
    const release = { purpose: "warning" as const };
    expect(decide({ release, history: { suppression: "opted_out" } }).kind).toBe("send");
    expect(reason(decide({ release, history: { suppression: "undeliverable" } }))).toBe("suppressed");
  });

  test("an order of the second in which the release went live is not earlier than it", () => {
    expect(decide({ release: { servesFrom: "2026-11-02T09:00:00.900Z" } }).kind).toBe("send");
  });

  test("a bundle answers for its components", () => {
    const lines = [
      make.planLine({
        productId: "7",
        product: null,
        bundle: { id: "1", productId: "100", variantId: null, title: "Kit" },
      }),
    ];
    expect(decide({ order: { lines } }).kind).toBe("send");
  });

  test("all: one line must fit every rule", () => {
    const include = {
      mode: "all" as const,
      rules: [
        { kind: "vendor" as const, values: [{ id: "voltwerk", label: "" }] },
        { kind: "tag" as const, values: [{ id: "HAZMAT", label: "" }] },
      ],
    };
    expect(decide({ definition: { include } }).kind).toBe("send");
    expect(
      reason(
        decide({
          definition: { include },
          order: { lines: [make.planLine({ product: make.facts({ tags: [] }) })] },
        }),
      ),
    ).toBe("not_matched");
  });

  test("once for a buyer and product: sent ones count, of two waiting orders the earlier one gets it", () => {
    const other = {
      triggerId: make.release().triggerId,
      orderId: "0190a000-0000-7000-8000-000000000000",
      productIds: ["100"],
    };
    const earlier = { ...other, placedAt: "2026-11-01T09:00:00.000Z", settled: false };
    const later = { ...other, placedAt: "2026-11-03T09:00:00.000Z", settled: false };
    expect(reason(decide({ history: { buyer: [earlier] } }))).toBe("already_sent_to_buyer");
    expect(decide({ history: { buyer: [later] } }).kind).toBe("send");
    expect(reason(decide({ history: { buyer: [{ ...later, settled: true }] } }))).toBe(
      "already_sent_to_buyer",
    );
    expect(decide({ history: { buyer: [earlier] }, definition: { frequency: "order" } }).kind).toBe("send");
    expect(decide({ history: { buyer: [{ ...earlier, productIds: ["101"] }] } }).kind).toBe("send");
  });
});

// Anything the schema lets through, in any mixture.
const ids = fc.constantFrom("100", "200", "300");
const time = fc
  .date({ min: new Date("2026-01-01"), max: new Date("2027-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham");
const rules = (minLength: number) =>
  fc.record({
    mode: fc.constantFrom("any" as const, "all" as const),
    rules: fc.array(
      fc.record({
        kind: fc.constantFrom(...RULE_KINDS),
        values: fc.array(fc.record({ id: ids, label: fc.constant("") }), { minLength: 1, maxLength: 3 }),
      }),
      { minLength, maxLength: 3 },
    ),
  });
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
const definitions: fc.Arbitrary<TriggerDefinition> = fc.record({
  include: rules(1),
  exclude: rules(0),
  start: fc.record({
    event: fc.constantFrom("paid" as const, "fulfilled" as const, "delivered" as const),
    fallbackDays: maybe(fc.integer({ min: 1, max: 90 })),
  }),
  delay: fc.record({
    amount: fc.integer({ min: 0, max: 300 }),
    unit: fc.constantFrom("minutes" as const, "hours" as const, "days" as const),
  }),
  timeOfDay: maybe(clock),
  exclusions: fc.record({
    orderTags: fc.array(ids, { maxLength: 2 }),
    customerTags: fc.array(ids, { maxLength: 2 }),
    testOrders: fc.boolean(),
    pos: fc.boolean(),
    b2b: fc.boolean(),
    giftCards: fc.boolean(),
    subscriptionRenewals: fc.boolean(),
    replacements: fc.boolean(),
    importedOrders: fc.boolean(),
    minimumQuantity: fc.integer({ min: 1, max: 3 }),
  }),
  frequency: fc.constantFrom("buyer_product" as const, "order" as const),
});
const lines: fc.Arbitrary<PlanLine[]> = fc.uniqueArray(
  fc
    .record({
      id: fc.constantFrom("1", "2", "3"),
      productId: maybe(ids),
      quantity: fc.integer({ min: 1, max: 3 }),
      currentQuantity: fc.integer({ min: 0, max: 3 }),
      price: fc.constantFrom("0.00", "5.00"),
      giftCard: fc.boolean(),
    })
    .map((over) =>
      make.planLine({
        ...over,
        product: over.productId ? make.facts({ productId: over.productId, tags: [over.productId] }) : null,
      }),
    ),
  { selector: (line) => line.id, maxLength: 3 },
);
const orders: fc.Arbitrary<Order> = fc
  .record({
    lines,
    cancelledAt: maybe(time),
    paidAt: maybe(time),
    placedAt: time,
    test: fc.boolean(),
    zone: maybe(zones),
    recipient: fc.constantFrom("ok" as const, "ok" as const, "missing" as const, "proxy" as const),
    fulfillments: fc.array(
      fc.record({
        id: fc.uuid(),
        fulfilledAt: time,
        deliveredAt: maybe(time),
        status: fc.constantFrom("success" as const, "cancelled" as const),
        lines: fc.array(
          fc.record({ lineId: fc.constantFrom("1", "2", "3"), quantity: fc.integer({ min: 0, max: 2 }) }),
          { maxLength: 3 },
        ),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ lines, recipient, fulfillments, ...header }) =>
    make.order({
      lines,
      recipient,
      header: make.header(header),
      fulfillments: fulfillments.map((over) => make.fulfillment(over)),
    }),
  );
const releases = fc.array(
  fc
    .record({
      id: fc.uuid(),
      triggerId: fc.constantFrom("t1", "t2", "t3"),
      priority: fc.integer({ min: -2, max: 2 }),
      purpose: fc.constantFrom("usage" as const, "warning" as const),
      servesFrom: time,
      servesUntil: maybe(time),
      includedFrom: maybe(time),
      definition: definitions,
    })
    .map((over) => make.release(over)),
  { maxLength: 6 },
);
const inputs = fc.record({
  order: orders,
  releases,
  settings: fc.record({
    timeZone: zones,
    quietHours: maybe(fc.record({ from: clock, to: clock })),
    quietZone: fc.constantFrom("shop" as const, "recipient" as const),
    frequencyCap: maybe(
      fc.record({ messages: fc.integer({ min: 1, max: 3 }), days: fc.integer({ min: 1, max: 30 }) }),
    ),
    lateAfterDays: fc.integer({ min: 1, max: 400 }),
    mergeWindowMinutes: fc.constantFrom(0, 15, 1440),
  }),
  history: fc.record({
    suppression: fc.constantFrom(null, null, "opted_out" as const, "undeliverable" as const),
    buyerSends: fc.array(fc.record({ at: time, orderId: fc.uuid(), settled: fc.boolean() }), {
      maxLength: 5,
    }),
    done: fc.array(
      fc.record({ triggerId: fc.constantFrom("t1", "t2"), channel: fc.constant("email" as const) }),
      { maxLength: 1 },
    ),
    buyer: fc.array(
      fc.record({
        triggerId: fc.constantFrom("t1", "t2"),
        orderId: fc.uuid(),
        placedAt: time,
        productIds: fc.array(ids, { maxLength: 2 }),
        settled: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  }),
  now: fc.date({ min: new Date("2026-01-01"), max: new Date("2027-06-01"), noInvalidDate: true }),
});

describe("for any input", () => {
  test("the generator stays within what the editor can save", () => {
    fc.assert(
      fc.property(
        definitions.filter((d) => d.delay.unit !== "days" || d.delay.amount <= 365),
        (definition) => triggerDefinitionSchema.safeParse(definition).success,
      ),
    );
  });

  test("plan is total and deterministic, and says why it skips", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const decisions = plan(input);
        expect(plan(structuredClone(input))).toEqual(decisions);
        for (const decision of decisions) {
          if (decision.kind === "send") expect(new Date(decision.at).toISOString()).toBe(decision.at);
          if (decision.kind === "skip") expect(SKIP_REASONS).toContain(decision.reason);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("the order of its input makes no difference", () => {
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), (input, noise) => {
        const shuffle = <T>(items: T[]) =>
          items
            .map((item) => [noise.next().value, item] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, item]) => item);
        const { order, releases, history } = input;
        const shuffled = {
          ...input,
          releases: shuffle(releases),
          order: {
            ...order,
            lines: shuffle(order.lines),
            fulfillments: shuffle(order.fulfillments),
            refunds: shuffle(order.refunds),
          },
          history: {
            ...history,
            done: shuffle(history.done),
            buyer: shuffle(history.buyer),
            buyerSends: shuffle(history.buyerSends),
          },
        };
        expect(plan(shuffled)).toEqual(plan(input));
      }),
      { numRuns: 1_000 },
    );
  });

  test("never two decisions for one trigger and channel, and nothing a hard stop forbids", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const decisions = plan(input);
        const keys = decisions.map((decision) => `${decision.triggerId}|${decision.channel}`);
        expect(new Set(keys).size).toBe(keys.length);
        const sends = decisions.filter((decision) => decision.kind === "send");
        const { history, order } = input;
        if (order.header.cancelledAt || order.recipient !== "ok" || history.suppression === "undeliverable")
          expect(sends).toEqual([]);
        if (history.suppression === "opted_out")
          for (const send of sends)
            expect(input.releases.find(({ id }) => id === send.releaseId)?.purpose).toBe("warning");
        for (const send of sends)
          expect(input.history.done.map((done) => done.triggerId)).not.toContain(send.triggerId);
      }),
      { numRuns: 1_000 },
    );
  });
});
