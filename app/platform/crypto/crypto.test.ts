import { randomBytes, randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newKey, seal, sealedUnder, unseal } from "#app/platform/crypto/crypto.ts";

const key = newKey("k1");
const place = "orders|person_sealed|shop|row";
const opens = (sealed: Uint8Array, under = key, where = place) => {
  try {
    unseal(under, where, sealed);
    return true;
  } catch {
    return false;
  }
};

describe("a sealed value", () => {
  test("is what was sealed, and names its key", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, where) => {
        const sealed = seal(key, where, Buffer.from(plain));
        expect(unseal(key, where, sealed)).toEqual(Buffer.from(plain));
        expect(sealedUnder(sealed)).toBe("k1");
      }),
    );
  });

  test("never looks the same twice", () => {
    expect(seal(key, place, "Ada")).not.toEqual(seal(key, place, "Ada"));
  });

  test("with any one byte of it changed opens nowhere: each byte of 1,000", () => {
    let tried = 0;
    const opened: string[] = [];
    for (let index = 0; index < 1_000; index += 1) {
      const sealed = seal(key, place, randomBytes(randomInt(0, 120)));
      for (let at = 0; at < sealed.length; at += 1) {
        const before = sealed[at]!;
        sealed[at] = before ^ randomInt(1, 256);
        if (opens(sealed)) opened.push(`byte ${at} of ${sealed.length}`);
        sealed[at] = before;
        tried += 1;
      }
      expect(opens(sealed)).toBe(true);
    }
    expect(opened).toEqual([]);
    expect(tried).toBeGreaterThan(50_000);
  });

  test("cut short anywhere, or made longer, opens nowhere", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        (plain, more) => {
          const sealed = seal(key, place, Buffer.from(plain));
          for (let length = 0; length < sealed.length; length += 1)
            expect(opens(sealed.subarray(0, length))).toBe(false);
          expect(opens(Buffer.concat([sealed, more]))).toBe(false);
          expect(opens(Buffer.concat([more, sealed]))).toBe(false);
        },
      ),
    );
  });

  test("opens with no other key, not even one of the same name", () => {
    const sealed = seal(key, place, "Ada");
    expect(
      [newKey("k1"), newKey("k2"), { id: "k2", key: key.key }].map((other) => opens(sealed, other)),
    ).toEqual([false, false, false]);
  });

  test("made of anything at all is refused, never more than that", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => !opens(bytes)));
  });
});
