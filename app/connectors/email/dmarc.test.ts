import { describe, expect, it } from "vitest";
import { readDmarc, type ResolveTxt } from "#app/connectors/email/dmarc.ts";

/** A DNS that holds these records and nothing else. */
function dns(records: Record<string, string[][]>, failure = "ENOTFOUND"): ResolveTxt {
  return async (host) => {
    const found = records[host];
    if (found) return found;
    throw Object.assign(new Error(`query ${host}`), { code: failure });
  };
}

describe("readDmarc", () => {
  it.each([
    ["v=DMARC1; p=none", "none"],
    ["v=DMARC1;p=quarantine;rua=mailto:dmarc@example.com", "quarantine"],
    ["V=dmarc1 ; sp=none ; p = REJECT ;", "reject"],
  ])("reads %s", async (text, policy) => {
    const found = await readDmarc(
      "Example.com",
      dns({ "_dmarc.example.com": [["google-site-verification=x"], [text]] }),
    );
    expect(found).toEqual({ state: "present", host: "_dmarc.example.com", policy });
  });

  it("puts the pieces of a long text together", async () => {
    const resolve = dns({ "_dmarc.example.com": [["v=DMARC1; p=rej", "ect; rua=mailto:x@example.com"]] });
    expect(await readDmarc("example.com", resolve)).toMatchObject({ policy: "reject" });
  });

  it("finds a subdomain covered by its parent", async () => {
    const resolve = dns({ "_dmarc.example.co.uk": [["v=DMARC1; p=none"]] });
    expect(await readDmarc("mail.shop.example.co.uk", resolve)).toMatchObject({
      host: "_dmarc.example.co.uk",
    });
  });

  it("says what to publish where there is none", async () => {
    expect(await readDmarc("mail.example.com", dns({}, "ENODATA"))).toEqual({
      state: "missing",
      advice: { type: "TXT", name: "_dmarc", host: "_dmarc.mail.example.com", value: "v=DMARC1; p=none;" },
    });
  });

  it.each([
    ["no policy", [["v=DMARC1; rua=mailto:x@example.com"]]],
    ["a policy nobody knows", [["v=DMARC1; p=nonesuch"]]],
    ["two records", [["v=DMARC1; p=none"], ["v=DMARC1; p=reject"]]],
  ])("does not count %s", async (_name, records) => {
    expect(await readDmarc("example.com", dns({ "_dmarc.example.com": records }))).toMatchObject({
      state: "invalid",
    });
  });

  it("guesses nothing when the DNS is silent", async () => {
    expect(await readDmarc("example.com", dns({}, "ETIMEOUT"))).toEqual({ state: "unknown" });
    expect(await readDmarc("example.com", dns({}, "ESERVFAIL"))).toEqual({ state: "unknown" });
  });
});
