import { Resolver } from "node:dns/promises";

/**
 * What the DNS says of a domain's DMARC policy, and what to publish where it says nothing. Large mailbox providers want
 * a policy of senders since 2024; `p=none` is enough for them and changes nothing for other mail of the domain.
 */
export type Dmarc =
  | { state: "present"; host: string; policy: "none" | "quarantine" | "reject" }
  | { state: "missing" | "invalid"; advice: { type: "TXT"; name: string; host: string; value: string } }
  /** The DNS did not answer. */
  | { state: "unknown" };

export type ResolveTxt = (host: string) => Promise<string[][]>;

const ABSENT = ["ENOTFOUND", "ENODATA"];

function systemResolver(): ResolveTxt {
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  return (host) => resolver.resolveTxt(host);
}

/**
 * Looks a domain's DMARC record up. A subdomain without one is covered by its parent's (RFC 7489, 6.6.3).
 * @param resolve the DNS to ask; the system's unless given
 */
export async function readDmarc(domain: string, resolve: ResolveTxt = systemResolver()): Promise<Dmarc> {
  const labels = domain.toLowerCase().split(".");
  let state: "missing" | "invalid" = "missing";
  for (let start = 0; labels.length - start >= 2; start += 1) {
    const host = `_dmarc.${labels.slice(start).join(".")}`;
    let records: string[];
    try {
      // A long text comes in pieces that belong together.
      records = (await resolve(host)).map((pieces) => pieces.join(""));
    } catch (error) {
      if (ABSENT.includes((error as NodeJS.ErrnoException).code ?? "")) continue;
      return { state: "unknown" };
    }
    const found = records.filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/i.test(text));
    if (found.length === 0) continue;
    const policy = /(?:^|;)\s*p\s*=\s*(none|quarantine|reject)\s*(?:;|$)/i
      .exec(found[0] ?? "")?.[1]
      ?.toLowerCase();
    // Two records count as none.
    if (found.length === 1 && policy)
      return { state: "present", host, policy: policy as "none" | "quarantine" | "reject" };
    state = "invalid";
    break;
  }
  const advice = {
    type: "TXT",
    name: "_dmarc",
    host: `_dmarc.${labels.join(".")}`,
    value: "v=DMARC1; p=none;",
  } as const;
  return { state, advice };
}
