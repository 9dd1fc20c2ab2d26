import { IANAZone } from "luxon";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zoneOfPlace } from "#app/connectors/shopify/zones.ts";

describe("the zone of an address", () => {
  it.each([
    ["DE", null, "Europe/Berlin"],
    ["DE", "HH", "Europe/Berlin"],
    ["GB", "ENG", "Europe/London"],
    ["IN", "MH", "Asia/Calcutta"],
    ["JP", "JP-13", "Asia/Tokyo"],
    ["US", "CA", "America/Los_Angeles"],
    ["us", "ny", "America/New_York"],
    ["US", "HI", "Pacific/Honolulu"],
    ["CA", "NL", "America/St_Johns"],
    ["AU", "WA", "Australia/Perth"],
    ["BR", "AM", "America/Manaus"],
    ["BR", "SP", "America/Sao_Paulo"],
    ["MX", "Q ROO", "America/Cancun"],
    ["MX", "MX-BCS", "America/Mazatlan"],
    ["PT", "PT-20", "Atlantic/Azores"],
    ["PT", "PT-11", "Europe/Lisbon"],
    ["ES", "TF", "Atlantic/Canary"],
    ["ES", "M", "Europe/Madrid"],
    ["RU", "NVS", "Asia/Krasnoyarsk"],
    ["CN", "XJ", "Asia/Shanghai"],
    ["US", null, null],
    ["US", "AE", null],
    ["CA", "XX", null],
    ["XX", null, null],
    ["", null, null],
    [null, "CA", null],
    ["Deutschland", null, null],
  ])("%s %s is %s", (country, province, zone) => {
    expect(zoneOfPlace(country, province)).toBe(zone);
  });

  it("is one that clocks can be read from, or null, whatever the text", () => {
    const letters = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const country = fc.oneof(
      fc.tuple(letters, letters).map((two) => two.join("")),
      fc.constantFrom("US", "CA", "AU", "BR", "MX", "RU", "ID", "ES", "PT"),
      fc.string(),
    );
    const province = fc.option(
      fc.oneof(
        fc.tuple(letters, letters).map((two) => two.join("")),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(country, province, (country, province) => {
        const zone = zoneOfPlace(country, province);
        if (zone !== null) expect(IANAZone.isValidZone(zone)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is known of every country but those with several clocks that name a province, or nobody's", () => {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    const pairs = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].flatMap((a, _, all) => all.map((b) => a + b));
    // Codes of something else than a country, which no address has.
    const others = "CP CQ DG EA EU EZ IC QO UN XA XB ZZ".split(" ");
    const countries = pairs.filter(
      (code) => new Intl.Locale(`und-${code}`).region === code && names.of(code) && !others.includes(code),
    );
    expect(countries.length).toBeGreaterThan(240);
    const unknown = countries.filter((code) => zoneOfPlace(code, null) === null);
    expect(unknown).toEqual(["AQ", "AU", "BV", "CA", "CD", "FM", "HM", "KI", "UM", "US"]);
  });
});
