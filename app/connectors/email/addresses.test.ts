import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyAddress, sendableAddress } from "#app/connectors/email/addresses.ts";
import { withoutAddresses } from "#app/connectors/email/redact.ts";

describe("classifyAddress", () => {
  it.each([
    ["mette@example.com", "ok"],
    ["  mette.sorensen+lamp@mail.example.co.uk ", "ok"],
    ["o'brien@example.ie", "ok"],
    ["mette@bücher.example", "ok"],
    [null, "missing"],
    ["", "missing"],
    ["   ", "missing"],
    ["mette", "malformed"],
    ["mette@", "malformed"],
    ["@example.com", "malformed"],
    ["mette@localhost", "malformed"],
    ["mette@example..com", "malformed"],
    ["mette@-example.com", "malformed"],
    ["mette@example.123", "malformed"],
    [".mette@example.com", "malformed"],
    ["met te@example.com", "malformed"],
    ["mette@example.com, ole@example.com", "malformed"],
    ["Mette <mette@example.com>", "malformed"],
    ["mette@example.com\r\nBcc: all@example.com", "malformed"],
    ["mette@exam\0ple.com", "malformed"],
    ["søren@example.com", "malformed"],
    [`${"a".repeat(65)}@example.com`, "malformed"],
    [
      `a@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(20)}.com`,
      "malformed",
    ],
    ["x7h2k@marketplace.amazon.de", "proxy"],
    ["x7h2k@marketplace.amazon.com.au", "proxy"],
    ["7021@scs.tiktokw.us", "proxy"],
    ["abc123@chat.seller.tiktok.com", "proxy"],
    ["buyerid@tiktok.com", "proxy"],
    ["1a2b@members.ebay.co.uk", "proxy"],
    ["x@relay.walmart.com", "proxy"],
    ["x@anything.below.etsy.com", "proxy"],
    ["mette@amazon.example", "ok"],
  ])("%j is %s", (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });

  it("writes a domain in another script as mail servers do", () => {
    expect(sendableAddress("mette@bücher.example")).toBe("mette@xn--bcher-kva.example");
  });

  it("takes any text, and never lets anything through that could end a header", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (before, after) => {
        const address = `${before}@${after}`;
        expect(["ok", "missing", "malformed", "proxy"]).toContain(classifyAddress(address));
        expect(sendableAddress(address) ?? "").toMatch(/^[\x21-\x7e]*$/);
      }),
    );
  });

  it("takes real addresses", () => {
    fc.assert(
      fc.property(fc.emailAddress({ size: "small" }), (address) => {
        expect(classifyAddress(address)).toBe("ok");
      }),
    );
  });
});

describe("withoutAddresses", () => {
  it.each([
    ["The recipient mette@example.com was suppressed", "The recipient [address] was suppressed"],
    ["Invalid `to`: <mette@example.com>, ole+x@bücher.example.", "Invalid `to`: <[address]>, [address]"],
    ["550 5.1.1 user unknown", "550 5.1.1 user unknown"],
  ])("%j", (words, without) => {
    expect(withoutAddresses(words)).toBe(without);
  });
});
