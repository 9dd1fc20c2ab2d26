import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderParts } from "#app/connectors/orders.ts";
import { mergeOrder } from "#app/features/orders/merge.ts";
import { emptyDocument, type OrderDocument } from "#app/features/orders/orders.ts";
import * as make from "#tests/factories/orders.ts";

const about = { source: "shopify" as const, externalId: "1" };
const mergeAll = (parts: OrderParts[]): OrderDocument =>
  parts.reduce((document, part) => mergeOrder(document, part).document, emptyDocument);

describe("merging", () => {
  test("a newer version replaces, an older one changes nothing but what only moves forward", () => {
    const newer = { ...about, header: make.header({ version: "2026-11-03T00:00:00.000Z", tags: ["b"] }) };
    const older = {
      ...about,
      header: make.header({
        version: "2026-11-02T00:00:00.000Z",
        tags: ["a"],
        cancelledAt: "2026-11-02T00:00:00.000Z",
      }),
    };
    for (const parts of [
      [newer, older],
      [older, newer],
    ]) {
      expect(mergeAll(parts).header).toMatchObject({ tags: ["b"], cancelledAt: "2026-11-02T00:00:00.000Z" });
    }
  });

  test("a repeat is no tie; two different facts of one version are", () => {
    const part = { ...about, header: make.header() };
    const once = mergeOrder(emptyDocument, part).document;
    expect(mergeOrder(once, part).tie).toBe(false);
    // As the database gives it back: the same keys in another order.
    const reordered = JSON.parse(JSON.stringify(once), (_, value: unknown) =>
      value && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as OrderDocument;
    expect(mergeOrder(reordered, part).tie).toBe(false);
    expect(mergeOrder(once, { ...about, header: make.header({ tags: ["x"] }) }).tie).toBe(true);
  });

  test("a line that is missing from a newer complete list was removed", () => {
    const first = {
      ...about,
      header: make.header(),
      lines: [make.line(), make.line({ id: "2" })],
      linesComplete: true,
    };
    const version = "2026-11-05T00:00:00.000Z";
    const edited = {
      ...about,
      header: make.header({ version }),
      lines: [make.line({ id: "2", version })],
      linesComplete: true,
    };
    for (const parts of [
      [first, edited],
      [edited, first],
    ])
      expect(mergeAll(parts).lines.map((line) => line.id)).toEqual(["2"]);
  });

  test("null where an observation cannot tell takes nothing away and is no tie", () => {
    const api = { ...about, header: make.header({ customerTags: ["vip"], customerId: "7", b2b: null }) };
    const webhook = { ...about, header: make.header({ customerTags: null, customerId: null, b2b: true }) };
    const newer = {
      ...about,
      header: make.header({ version: "2026-11-09T00:00:00.000Z", customerTags: null, b2b: null }),
    };
    for (const parts of [
      [api, webhook, newer],
      [newer, webhook, api],
      [webhook, newer, api],
    ]) {
      expect(mergeAll(parts).header).toMatchObject({ customerTags: ["vip"], b2b: true });
    }
    expect(mergeOrder(mergeAll([api]), webhook).tie).toBe(false);
  });

  test("a bundle's product, once told, stays", () => {
    const bundle = { id: "3", productId: "100", variantId: "1", title: "Kit" };
    const told = { ...about, header: make.header(), lines: [make.line({ bundle })], linesComplete: true };
    const version = "2026-11-09T00:00:00.000Z";
    const bare = { id: "3", productId: null, variantId: null, title: null };
    const untold = {
      ...about,
      header: make.header({ version }),
      lines: [make.line({ version, bundle: bare })],
      linesComplete: true,
    };
    for (const parts of [
      [told, untold],
      [untold, told],
    ]) {
      expect(mergeAll(parts).lines[0]?.bundle).toEqual(bundle);
    }
  });

  test("a fulfilment may come before its order", () => {
    const early = { ...about, fulfillments: [make.fulfillment()] };
    expect(mergeAll([early]).header).toBeNull();
    expect(mergeAll([early, { ...about, header: make.header() }]).fulfillments).toHaveLength(1);
  });
});

const version = fc.integer({ min: 1, max: 4 }).map((day) => `2026-11-0${day}T00:00:00.000Z`);
const maybe = fc.option(version, { nil: null });
const observations: fc.Arbitrary<OrderParts> = fc
  .record({
    version,
    paidAt: maybe,
    cancelledAt: maybe,
    tags: fc.subarray(["a", "b"]),
    customerTags: fc.option(fc.subarray(["x", "y"]), { nil: null }),
    b2b: fc.option(fc.boolean(), { nil: null }),
    lines: fc.option(
      fc.uniqueArray(fc.record({ id: fc.constantFrom("1", "2"), currentQuantity: fc.nat(2) }), {
        selector: (line) => line.id,
      }),
      { nil: undefined },
    ),
    fulfillments: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom("8", "9"),
        version,
        deliveredAt: maybe,
        status: fc.constantFrom("success" as const, "cancelled" as const),
      }),
      { selector: (part) => part.id },
    ),
    refunds: fc.uniqueArray(fc.record({ id: fc.constantFrom("5", "6"), version }), {
      selector: (part) => part.id,
    }),
  })
  .map(({ version, lines, fulfillments, refunds, ...header }) => ({
    ...about,
    header: make.header({ version, ...header }),
    lines: lines?.map((over) => make.line({ ...over, version })),
    linesComplete: lines !== undefined,
    fulfillments: fulfillments.map((over) => make.fulfillment(over)),
    refunds: refunds.map((over) => make.refund(over)),
  }));

describe("for any observations", () => {
  test("order of arrival and repeats make no difference", () => {
    fc.assert(
      fc.property(fc.array(observations, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (parts, noise) => {
        const shuffled = [...parts, ...parts.slice(0, 2)]
          .map((part) => [noise.next().value, part] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, part]) => part);
        expect(mergeAll(shuffled)).toEqual(mergeAll(parts));
      }),
      { numRuns: 2_000 },
    );
  });
});
