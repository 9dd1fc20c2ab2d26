import { describe, expect, it } from "vitest";
import { importedFrom, relayMarketplace } from "#app/connectors/shopify/imports.ts";

describe("relayMarketplace", () => {
  it.each([
    ["x7h2k@marketplace.amazon.com", "amazon"],
    ["x7h2k@marketplace.amazon.co.uk", "amazon"],
    ["X7H2K@MARKETPLACE.AMAZON.DE", "amazon"],
    ["abc123@members.ebay.de", "ebay"],
    ["7021@scs.tiktokw.us", "tiktok"],
    ["abc@chat.seller.tiktok.com", "tiktok"],
    ["buyerid@tiktok.com", "tiktok"],
    ["a-b-c@relay.walmart.com", "walmart"],
    ["someone@messages.etsy.com", "etsy"],
  ])("knows %s", (address, marketplace) => {
    expect(relayMarketplace(address)).toBe(marketplace);
  });

  it.each([
    "mette@example.com",
    "mette@amazon.com",
    "mette@marketplace.amazon.com.evil.example",
    "mette@mymarketplace.amazon.example.com",
    "mette@notetsy.com",
    "mette.ebay@gmail.com",
    "",
    "@",
    "no address",
  ])("leaves %s alone", (address) => {
    expect(relayMarketplace(address)).toBeNull();
  });
});

describe("importedFrom", () => {
  const own = { sourceName: "web", attributes: [], email: "mette@example.com" };

  it("believes the source first", () => {
    expect(importedFrom({ ...own, sourceName: "amazon-us" })).toBe("amazon");
    expect(importedFrom({ ...own, sourceName: "TikTok Shop" })).toBe("tiktok");
  });

  it("reads what the importing app noted", () => {
    expect(importedFrom({ ...own, sourceName: "3890849", attributes: ["Amazon Order Id"] })).toBe("amazon");
    expect(importedFrom({ ...own, sourceName: "3890849", attributes: ["ebay_sales_record_number"] })).toBe(
      "ebay",
    );
  });

  it("falls back to the address", () => {
    expect(importedFrom({ ...own, sourceName: "3890849", email: "x@marketplace.amazon.fr" })).toBe("amazon");
  });

  it("takes a shop's own order for its own", () => {
    expect(importedFrom(own)).toBeNull();
    expect(importedFrom({ ...own, sourceName: "pos" })).toBeNull();
    expect(
      importedFrom({ ...own, attributes: ["gift for Amazon fan", "order notes about ebay"] }),
    ).toBeNull();
    expect(importedFrom({ ...own, sourceName: "", email: null })).toBeNull();
  });
});
