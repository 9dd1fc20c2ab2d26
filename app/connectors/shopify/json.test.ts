import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBody } from "#app/connectors/shopify/json.ts";

describe("parseBody", () => {
  it("keeps every digit of an id", () => {
    expect(parseBody('{"id":9007199254740993,"order_id":6100200300400}')).toEqual({
      id: "9007199254740993",
      order_id: 6100200300400,
    });
    expect(parseBody("[18446744073709551615, -9007199254740993]")).toEqual([
      "18446744073709551615",
      "-9007199254740993",
    ]);
  });

  it("agrees with JSON.parse in all but integers past 2^53", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(json));
        expect(parseBody(Buffer.from(json))).toEqual(exact(JSON.parse(json)));
      }),
    );
  });

  it("keeps any integer, however long, wherever it stands", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), (id) => {
        const seen = parseBody(`{"a":[{"id": ${id}}]}`) as { a: [{ id: number | string }] };
        expect(String(seen.a[0].id)).toBe(String(id));
      }),
    );
  });

  it("refuses what is no JSON without repeating it", () => {
    const bodies = [
      '{"email":"mette@example.com"',
      "",
      '{"email":"mette@example.com",}',
      "\u0000",
      "[".repeat(100_000),
    ];
    for (const body of bodies) {
      let message = "";
      try {
        parseBody(body);
      } catch (error) {
        message = String(error) + String((error as Error).cause ?? "");
      }
      expect(message).toContain("not JSON");
      expect(message).not.toContain("mette");
    }
  });

  it("takes bytes that are no UTF-8", () => {
    expect(parseBody(Buffer.from([0x22, 0xff, 0x61, 0x22]))).toBe("\ufffda");
  });
});

/** JSON.parse's answer with the integers it can't hold as their digits. */
function exact(value: unknown): unknown {
  if (typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value)))
    return String(value);
  if (Array.isArray(value)) return value.map(exact);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, exact(each)]));
}
