import { randomBytes, randomUUID } from "node:crypto";
import { resendError, type ResendError } from "#tests/sandbox/resend/validate.ts";
import type { DnsRecord, Domain } from "#tests/sandbox/resend/types.ts";
import type { Store } from "#tests/sandbox/state.ts";

const REGIONS = ["us-east-1", "eu-west-1", "sa-east-1", "ap-northeast-1"];
const NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** The domains of the account: what Resend's Domains API answers, and the DNS that the owner edits elsewhere. */
export interface Domains {
  create(body: unknown): Domain | ResendError;
  get(id: string): Domain | ResendError;
  list(): Domain[];
  verify(id: string): { object: "domain"; id: string } | ResendError;
  update(id: string, body: unknown): { object: "domain"; id: string } | ResendError;
  remove(id: string): { object: "domain"; id: string; deleted: true } | ResendError;
  /** May mails leave from this domain? */
  sends(name: string): boolean;
  /** The owner's part: puts records into the DNS, right or wrong, all or some (by place). */
  publish(name: string, value: "right" | "wrong" | "missing", places?: number[]): Domain;
}

export function domainApi(store: Store, sharedDomain: string, now: () => Date): Domains {
  const { state } = store;
  const notFound = resendError(404, "not_found", "Domain not found");
  const find = (id: string) => state.domains.find((each) => each.id === id);

  function check(domain: Domain): void {
    domain.records.forEach((record, place) => {
      record.status = ({ right: "verified", wrong: "failed", missing: "pending" } as const)[
        domain.published[place] ?? "missing"
      ];
    });
    const statuses = domain.records.map(({ status }) => status);
    if (statuses.every((status) => status === "verified")) domain.status = "verified";
    else if (statuses.includes("failed"))
      domain.status = statuses.includes("verified") ? "partially_failed" : "failed";
    else domain.status = statuses.includes("verified") ? "partially_verified" : "pending";
    store.changed();
  }

  return {
    create(raw) {
      const body = (raw ?? {}) as { name?: unknown; region?: unknown; custom_return_path?: unknown };
      if (typeof body.name !== "string")
        return resendError(422, "missing_required_field", "Missing `name` field.");
      const name = body.name.toLowerCase();
      const region = body.region ?? "us-east-1";
      if (!NAME.test(name))
        return resendError(422, "validation_error", `The domain \`${body.name}\` is not valid.`);
      if (!REGIONS.includes(region as string))
        return resendError(422, "invalid_region", "Region must be one of " + REGIONS.join(", "));
      if (state.domains.some((each) => each.name === name)) {
        return resendError(403, "validation_error", `The ${name} domain has been registered already.`);
      }
      const domain: Domain = {
        id: randomUUID(),
        name,
        region: region as string,
        status: "not_started",
        created_at: now().toISOString(),
        records: recordsFor(
          name,
          region as string,
          typeof body.custom_return_path === "string" ? body.custom_return_path : "send",
        ),
        published: ["missing", "missing", "missing"],
      };
      state.domains.push(domain);
      store.changed();
      return domain;
    },
    get: (id) => find(id) ?? notFound,
    list: () => state.domains,
    verify(id) {
      const domain = find(id);
      if (!domain) return notFound;
      check(domain);
      return { object: "domain", id };
    },
    update(id) {
      return find(id) ? { object: "domain", id } : notFound;
    },
    remove(id) {
      const domain = find(id);
      if (!domain) return notFound;
      state.domains.splice(state.domains.indexOf(domain), 1);
      store.changed();
      return { object: "domain", id, deleted: true };
    },
    sends: (name) =>
      name === sharedDomain || state.domains.some((each) => each.name === name && each.status === "verified"),
    publish(name, value, places) {
      const domain = state.domains.find((each) => each.name === name || each.id === name);
      if (!domain) throw new Error(`The account has no domain ${name}`);
      domain.published = domain.published.map((old, place) =>
        !places || places.includes(place) ? value : old,
      );
      store.changed();
      return domain;
    },
  };
}

/** As Resend returns them: names relative to the registered domain, the MX of the return path, SPF, and a DKIM key. */
function recordsFor(name: string, region: string, returnPath: string): DnsRecord[] {
  const labels = name.split(".");
  const sub = labels.length > 2 ? `.${labels.slice(0, -2).join(".")}` : "";
  const common = { ttl: "Auto", status: "not_started" } as const;
  return [
    {
      record: "SPF",
      name: `${returnPath}${sub}`,
      type: "MX",
      ...common,
      value: `feedback-smtp.${region}.amazonses.com`,
      priority: 10,
    },
    {
      record: "SPF",
      name: `${returnPath}${sub}`,
      type: "TXT",
      ...common,
      value: "v=spf1 include:amazonses.com ~all",
    },
    {
      record: "DKIM",
      name: `resend._domainkey${sub}`,
      type: "TXT",
      ...common,
      value: `p=${randomBytes(162).toString("base64")}`,
    },
  ];
}

/** What leaves the house of a domain: without what only the sandbox knows. */
export function publicDomain(domain: Domain, withRecords = true) {
  const { published: _published, records, ...rest } = domain;
  return {
    ...rest,
    open_tracking: false,
    click_tracking: false,
    capabilities: { sending: "enabled", receiving: "disabled" },
    ...(withRecords ? { records } : {}),
  };
}
