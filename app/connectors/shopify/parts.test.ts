import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZodError } from "zod";
import type { OrderParts } from "#app/connectors/orders.ts";
import { parseBody } from "#app/connectors/shopify/json.ts";
import { orderParts } from "#app/connectors/shopify/operations/order.ts";
import { partsFromGraphql } from "#app/connectors/shopify/parts.graphql.ts";
import {
  ORDER_TOPICS,
  partsFromWebhook,
  type OrderWebhookTopic,
} from "#app/connectors/shopify/parts.webhooks.ts";

type Json = Record<string, unknown>;
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
const paid = () =>
  parseBody(fixture("orders-paid.json")) as Json & {
    line_items: Json[];
    fulfillments: Json[];
    refunds: Json[];
  };
const answer = () =>
  JSON.parse(fixture("order.graphql.json")) as { order: Json & { lineItems: { nodes: Json[] } } };

function read(change: Json = {}, topic: OrderWebhookTopic = "orders/paid"): OrderParts {
  return partsFromWebhook(topic, { ...paid(), ...change });
}

function readGraphql(
  change: Json = {},
  more: { withheld?: string[]; withCustomer?: boolean } = {},
): OrderParts {
  const data = orderParts.answer.parse({ order: { ...answer().order, ...change } });
  if (!data.order) throw new Error("the fixture has an order");
  return partsFromGraphql({ order: data.order, withheld: [], withCustomer: false, ...more });
}

describe("an order read from its webhook", () => {
  const parts = read();
  const line = (id: string) => parts.lines?.find((each) => each.id === id);

  it("has its header in UTC", () => {
    expect(parts).toMatchObject({ source: "shopify", externalId: "6100200300400", linesComplete: true });
    expect(parts.header).toEqual({
      version: "2026-11-17T19:15:34.000Z",
      name: "#1042",
      placedAt: "2026-11-17T19:15:30.000Z",
      paidAt: "2026-11-17T19:15:34.000Z",
      cancelledAt: null,
      test: false,
      sourceName: "web",
      importedFrom: null,
      b2b: false,
      tags: ["VIP", "fragil"],
      customerTags: null,
      locale: "de-DE",
      zone: "Europe/Berlin",
      customerId: "7700100200300",
    });
  });

  it("greets who paid, not who receives", () => {
    expect(parts.person).toEqual({
      email: "mette.sorensen@example.com",
      firstName: "Mette",
      lastName: "Sørensen",
    });
    expect(read({ billing_address: null }).person?.firstName).toBe("Ole");
    expect(read({ billing_address: null, shipping_address: null }).person?.firstName).toBe("Mette");
  });

  it("keeps lines whole", () => {
    expect(line("16044201001")).toEqual({
      id: "16044201001",
      version: "2026-11-17T19:15:34.000Z",
      productId: "8821001001",
      variantId: "47100000001",
      title: "Balkonlampe Ræv 🦊",
      variantTitle: "Messing",
      sku: "RAEV-MS",
      vendor: "Nordlicht",
      quantity: 2,
      currentQuantity: 1,
      price: "129.00",
      giftCard: false,
      requiresShipping: true,
      subscriptionRenewal: false,
      bundle: null,
    });
  });

  it("knows ids past 2^53, bundles, removed lines and gift cards", () => {
    expect(line("9007199254740993")?.bundle).toEqual({
      id: "5510001",
      productId: "8821001099",
      variantId: "47100000099",
      title: "Laternen-Set",
    });
    expect(line("16044201006")).toMatchObject({
      giftCard: true,
      currentQuantity: 0,
      productId: null,
      sku: null,
    });
  });

  it("prices a line at zero when discounts leave nothing to pay", () => {
    expect(line("16044201005")?.price).toBe("0.00");
    const almost = paid();
    almost.line_items[4] = { ...almost.line_items[4], discount_allocations: [{ amount: "11.99" }] };
    expect(partsFromWebhook("orders/paid", almost).lines?.[4]?.price).toBe("12.00");
  });

  it("has fulfilments and refunds with versions of their own", () => {
    expect(parts.fulfillments).toEqual([
      {
        id: "5400100200301",
        version: "2026-11-20T13:02:11.000Z",
        status: "success",
        fulfilledAt: "2026-11-18T08:10:00.000Z",
        deliveredAt: "2026-11-20T13:02:11.000Z",
        tracking: [
          {
            company: "DHL",
            number: "00340434161094",
            url: "https://www.dhl.de/de/privatkunden.html?piececode=00340434161094",
          },
        ],
        lines: [
          { lineId: "16044201001", quantity: 1 },
          { lineId: "9007199254740993", quantity: 1 },
        ].sort((a, b) => a.lineId.length - b.lineId.length),
      },
      expect.objectContaining({ id: "5400100200302", status: "cancelled", deliveredAt: null, tracking: [] }),
    ]);
    expect(parts.refunds).toEqual([
      {
        id: "930100200",
        version: "2026-11-19T07:00:00.000Z",
        refundedAt: "2026-11-19T07:00:01.000Z",
        lines: [
          { lineId: "16044201001", quantity: 1 },
          { lineId: "16044201006", quantity: 1 },
        ],
      },
    ]);
  });

  it("adds up a line that a refund names twice", () => {
    const refund = {
      id: 1,
      created_at: "2026-11-19T08:00:00Z",
      refund_line_items: [
        { line_item_id: 7, quantity: 1 },
        { line_item_id: 7, quantity: 2 },
      ],
    };
    expect(read({ refunds: [refund] }).refunds?.[0]?.lines).toEqual([{ lineId: "7", quantity: 3 }]);
  });
});

describe("the same order", () => {
  it("is the same by webhook and by Admin API", () => {
    const { header, ...rest } = readGraphql();
    const webhook = read();
    expect(rest).toEqual({ ...webhook, header: undefined });
    // What each of the two cannot tell, it leaves open.
    expect({ ...header, b2b: false, customerId: "7700100200300" }).toEqual(webhook.header);
    expect(header).toMatchObject({ b2b: null, customerId: null, customerTags: null });
  });

  it("tells more where read_customers is granted", () => {
    const customer = {
      id: "gid://shopify/Customer/7700100200300",
      firstName: "M.",
      lastName: "S.",
      tags: ["b", "a", "b"],
    };
    const granted = readGraphql(
      { customer, purchasingEntity: { __typename: "PurchasingCompany" } },
      { withCustomer: true },
    );
    expect(granted.header).toMatchObject({
      customerId: "7700100200300",
      customerTags: ["a", "b"],
      b2b: true,
    });
    expect(granted.person?.firstName).toBe("Mette");
    const guest = readGraphql({ customer: null, purchasingEntity: null }, { withCustomer: true });
    expect(guest.header).toMatchObject({ customerId: null, customerTags: [], b2b: false });
    const refused = readGraphql(
      { customer: null, purchasingEntity: null },
      { withCustomer: true, withheld: ["order.customer", "order.purchasingEntity"] },
    );
    expect(refused.header).toMatchObject({ customerTags: null, b2b: null });
  });
});

describe("when an order was paid", () => {
  it("is known from orders/paid alone among the webhooks", () => {
    expect(read({}, "orders/updated").header?.paidAt).toBeNull();
    expect(read({}, "orders/cancelled").header?.paidAt).toBeNull();
    expect(read({ financial_status: "partially_paid" }).header?.paidAt).toBeNull();
  });

  it.each([
    ["PENDING", null],
    ["AUTHORIZED", null],
    ["PARTIALLY_PAID", null],
    ["VOIDED", null],
    ["PAID", "2026-11-17T19:15:34.000Z"],
    ["REFUNDED", "2026-11-17T19:15:34.000Z"],
  ])("is the last successful payment (%s)", (displayFinancialStatus, paidAt) => {
    expect(readGraphql({ displayFinancialStatus }).header?.paidAt).toBe(paidAt);
  });

  it("is when it was placed, where there was nothing to pay", () => {
    expect(readGraphql({ transactions: [] }).header?.paidAt).toBe("2026-11-17T19:15:30.000Z");
  });
});

describe("delivered", () => {
  const withStatus = (shipment_status: string | null) =>
    read({ fulfillments: [{ ...paid().fulfillments[0], shipment_status }] }).fulfillments?.[0]?.deliveredAt;

  it.each(["delivered", "picked_up"])("is a shipment that is %s", (status) => {
    expect(withStatus(status)).toBe("2026-11-20T13:02:11.000Z");
  });

  it.each([
    null,
    "in_transit",
    "out_for_delivery",
    "attempted_delivery",
    "ready_for_pickup",
    "failure",
    "carrier_picked_up",
  ])("is not one that is %s", (status) => {
    expect(withStatus(status)).toBeNull();
  });

  it("is also a collected order in the Admin API, which has no date for it", () => {
    const [first] = answer().order.fulfillments as Json[];
    const seen = readGraphql({ fulfillments: [{ ...first, displayStatus: "PICKED_UP", deliveredAt: null }] });
    expect(seen.fulfillments?.[0]?.deliveredAt).toBe("2026-11-20T13:02:11.000Z");
  });
});

describe("subscriptions", () => {
  const renewals = (change: Json) =>
    read(change)
      .lines?.filter((line) => line.subscriptionRenewal)
      .map(({ id }) => id);

  it("begin with an order from the checkout", () => {
    expect(renewals({})).toEqual([]);
  });

  it.each([
    { source_name: "subscription_contract" },
    { source_name: "subscription_contract_checkout_one" },
    { tags: "Subscription Recurring Order" },
  ])("renew with %o, but not what was added just this once", (change) => {
    expect(renewals(change)).toEqual(["16044201004"]);
  });

  it("renew every line where no plan is left", () => {
    const line_items = paid().line_items.map((line) => ({ ...line, selling_plan_id: null }));
    expect(renewals({ source_name: "subscription_contract", line_items })).toHaveLength(6);
  });
});

describe("what a shop may not or cannot tell", () => {
  it("leaves the person out where the address is withheld, and says so where there is none", () => {
    const { email: _, ...withheld } = paid();
    expect(partsFromWebhook("orders/paid", withheld).person).toBeUndefined();
    expect(read({ email: null }).person).toEqual({ email: null, firstName: "Mette", lastName: "Sørensen" });
    expect(read({ email: "" }).person?.email).toBeNull();
    expect(readGraphql({ email: null }, { withheld: ["order.email"] }).person).toBeUndefined();
    expect(readGraphql({ email: null }).person?.email).toBeNull();
  });

  it("does without names, customer, company and addresses", () => {
    const { customer: _, company: __, billing_address: ___, shipping_address: ____, ...bare } = paid();
    const parts = partsFromWebhook("orders/paid", bare);
    expect(parts.header).toMatchObject({ b2b: null, customerId: null, zone: null });
    expect(parts.person).toEqual({ email: "mette.sorensen@example.com", firstName: null, lastName: null });
  });

  it("names a bundle by its id alone where the group is missing", () => {
    const bundle = read({ line_item_groups: undefined }).lines?.[1]?.bundle;
    expect(bundle).toEqual({ id: "5510001", productId: null, variantId: null, title: null });
  });

  it.each([
    [{ company: { id: 1, location_id: 2 } }, { b2b: true }],
    [{ source_name: "pos" }, { sourceName: "pos" }],
    [{ test: true }, { test: true }],
    [{ source_name: "amazon-us" }, { importedFrom: "amazon" }],
    [{ cancelled_at: "2026-11-18T00:00:00+01:00" }, { cancelledAt: "2026-11-17T23:00:00.000Z" }],
  ])("reads %o", (change, header) => {
    expect(read(change).header).toMatchObject(header);
  });
});

describe("webhooks about a part", () => {
  it("carry that part alone", () => {
    const [fulfillment] = paid().fulfillments;
    expect(partsFromWebhook("fulfillments/update", fulfillment)).toEqual({
      source: "shopify",
      externalId: "6100200300400",
      fulfillments: [read().fulfillments?.[0]],
    });
    const [refund] = paid().refunds;
    expect(partsFromWebhook("refunds/create", refund)).toEqual({
      source: "shopify",
      externalId: "6100200300400",
      refunds: read().refunds,
    });
    expect(partsFromWebhook("orders/delete", { id: "9007199254740993" })).toEqual({
      source: "shopify",
      externalId: "9007199254740993",
      deleted: true,
    });
  });
});

describe("hostile payloads", () => {
  const topics = Object.keys(ORDER_TOPICS) as OrderWebhookTopic[];

  function fails(topic: OrderWebhookTopic, payload: unknown): string | null {
    try {
      partsFromWebhook(topic, payload);
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(ZodError);
      return String(error);
    }
  }

  it("make a ZodError or parts, never anything else", () => {
    fc.assert(
      fc.property(fc.constantFrom(...topics), fc.jsonValue(), (topic, payload) => {
        fails(topic, payload);
      }),
    );
  });

  it("stay so when one value of a real order is replaced", () => {
    const paths = pathsOf(paid());
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const payload = paid();
        replaceAt(payload, path, value);
        fails("orders/paid", payload);
      }),
      { numRuns: 500 },
    );
  });

  it("are not repeated in the error", () => {
    const message = fails("orders/paid", {
      ...paid(),
      id: "mette",
      email: { mette: "mette" },
      test: "mette@example.com",
    });
    expect(message).toContain("email");
    expect(message).not.toContain("mette");
  });

  it("lose NUL and half surrogates, and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (title) => {
        const [first, ...others] = paid().line_items;
        const seen = read({ line_items: [{ ...first, title: `${title}\0\ud800` }, ...others] });
        const kept = seen.lines?.[0]?.title ?? "";
        expect(kept).not.toContain("\0");
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).toBe(`${title.replaceAll("\0", "").toWellFormed()}\ufffd`);
      }),
    );
  });

  it("keep any id", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (id) => {
        const body = fixture("orders-paid.json")
          .replaceAll("16044201001", String(id))
          .replace("6100200300400", String(id));
        const parts = partsFromWebhook("orders/paid", parseBody(body));
        expect(parts.externalId).toBe(String(id));
        expect(parts.lines?.[0]?.id).toBe(String(id));
        expect(parts.fulfillments?.[0]?.lines.map(({ lineId }) => lineId)).toContain(String(id));
      }),
      { numRuns: 50 },
    );
  });
});

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length > 0 ? [path, ...inner] : inner;
}

function replaceAt(value: unknown, path: Path, by: unknown): void {
  const [head, ...rest] = path;
  const holder = value as Record<string | number, unknown>;
  if (head === undefined) return;
  if (rest.length === 0) holder[head] = by;
  else replaceAt(holder[head], rest, by);
}
