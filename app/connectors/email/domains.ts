import type { Resend } from "resend";
import { z } from "zod";
import { withoutAddresses } from "#app/connectors/email/redact.ts";
import { resendClient, type ResendAccount } from "#app/connectors/email/resend.ts";
import { AppError, type ErrorCode } from "#app/platform/errors.ts";

export type RecordState = "verified" | "pending" | "failed";

/** One DNS record for a merchant to copy. */
export type DnsRecord = {
  purpose: "DKIM" | "SPF" | "MX";
  type: "TXT" | "CNAME" | "MX";
  /** As most DNS panels want it, without the registered domain: "send", "resend._domainkey". */
  name: string;
  /** The whole name: "send.example.com". */
  host: string;
  value: string;
  priority: number | null;
  ttl: string;
  state: RecordState;
};

export type SendingDomainState = {
  id: string;
  name: string;
  state: RecordState;
  /** DKIM signs the mail; SPF says who may send; MX takes the bounces of the SPF domain back. */
  dkim: RecordState;
  spf: RecordState;
  mx: RecordState;
  records: DnsRecord[];
};

/** Why a domain could not be dealt with, so that the page can say it beside the field. */
export const DOMAIN_PROBLEMS = {
  invalid_name: "invalid",
  taken: "conflict",
  limit_reached: "conflict",
  not_found: "not_found",
  unavailable: "unavailable",
} as const satisfies Record<string, ErrorCode>;
export type DomainProblem = keyof typeof DOMAIN_PROBLEMS;

export class DomainError extends AppError {
  readonly problem: DomainProblem;

  constructor(problem: DomainProblem, message: string) {
    super(DOMAIN_PROBLEMS[problem], message);
    this.name = "DomainError";
    this.problem = problem;
  }
}

const TIMEOUT_MS = 15_000;

const STATES: Record<string, RecordState> = {
  verified: "verified",
  failed: "failed",
  partially_failed: "failed",
};
const state = z.string().transform((value): RecordState => STATES[value] ?? "pending");

const record = z.object({
  record: z.string(),
  type: z.string(),
  name: z.string(),
  value: z.string(),
  ttl: z.union([z.string(), z.number()]).nullish(),
  priority: z.coerce.number().nullish(),
  status: state.catch("pending"),
});

const domain = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  status: state,
  records: z.array(record).nullish(),
});

const listed = z.object({
  data: z.array(z.object({ id: z.string().min(1), name: z.string().min(1), status: state })),
  has_more: z.boolean().nullish(),
});

function typed(seen: z.infer<typeof domain>): SendingDomainState {
  const records = (seen.records ?? []).flatMap((each): DnsRecord[] => {
    const { type } = each;
    if (type !== "TXT" && type !== "CNAME" && type !== "MX") return [];
    if (each.record !== "DKIM" && each.record !== "SPF") return [];
    return [
      {
        purpose: type === "MX" ? "MX" : each.record,
        type,
        name: each.name,
        host: hostOf(each.name, seen.name),
        value: each.value,
        priority: each.priority ?? null,
        ttl: String(each.ttl ?? "Auto"),
        state: each.status,
      },
    ];
  });
  const worst = (purpose: DnsRecord["purpose"]): RecordState => {
    const states = records.filter((each) => each.purpose === purpose).map((each) => each.state);
    if (states.includes("failed")) return "failed";
    // No record of a kind to publish is as good as a published one once the whole is verified.
    if (states.length === 0) return seen.status;
    return states.every((each) => each === "verified") ? "verified" : "pending";
  };
  return {
    id: seen.id,
    name: seen.name,
    state: seen.status,
    dkim: worst("DKIM"),
    spf: worst("SPF"),
    mx: worst("MX"),
    records,
  };
}

/**
 * The whole name of a record. The provider names records from the registered domain: for mail.example.com it says
 * "send.mail", which is send.mail.example.com.
 */
function hostOf(name: string, domain: string): string {
  const relative = name.replace(/\.$/, "").toLowerCase();
  if (relative === domain || relative.endsWith(`.${domain}`)) return relative;
  const labels = domain.split(".");
  for (let shared = labels.length - 2; shared > 0; shared -= 1) {
    const sub = labels.slice(0, shared).join(".");
    if (relative === sub || relative.endsWith(`.${sub}`))
      return [relative, ...labels.slice(shared)].join(".");
  }
  return `${relative}.${domain}`;
}

type Answer = {
  data: unknown;
  error: { name?: string; message?: string; statusCode?: number | null } | null;
};

async function ask<T>(
  account: ResendAccount,
  shape: z.ZodType<T>,
  question: (client: Resend, options: { signal: AbortSignal }) => Promise<Answer>,
): Promise<T> {
  const { data, error } = await question(resendClient(account), { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (error)
    throw new DomainError(
      problemOf(error),
      `Resend domains: ${error.statusCode ?? "no answer"} ${error.name ?? ""}`,
    );
  const read = shape.safeParse(data);
  if (!read.success) throw new DomainError("unavailable", "Resend domains: unexpected answer");
  return read.data;
}

function problemOf(error: NonNullable<Answer["error"]>): DomainProblem {
  const status = error.statusCode ?? 0;
  const words = withoutAddresses(error.message ?? "");
  if (status === 404) return "not_found";
  if (status === 409 || /already (been )?(registered|exists|added)|registered already/i.test(words))
    return "taken";
  if (status === 403 && /plan|limit|upgrade|more domains/i.test(words)) return "limit_reached";
  return status === 400 || status === 422 ? "invalid_name" : "unavailable";
}

/**
 * Registers a domain for sending. Opens and clicks are not tracked: that would rewrite links and watch readers.
 * @throws DomainError
 */
export async function createDomain(account: ResendAccount, name: string): Promise<SendingDomainState> {
  const payload = { name, openTracking: false, clickTracking: false };
  return typed(await ask(account, domain, (client, options) => client.domains.create(payload, options)));
}

/** @throws DomainError not_found when the provider no longer knows it */
export async function getDomain(account: ResendAccount, id: string): Promise<SendingDomainState> {
  return typed(await ask(account, domain, (client, options) => client.domains.get(id, options)));
}

/**
 * Asks the provider to look at the DNS again. It looks in its own time: read the domain afterwards, and again later.
 * @throws DomainError
 */
export async function verifyDomain(account: ResendAccount, id: string): Promise<SendingDomainState> {
  await ask(account, z.unknown(), (client, options) => client.domains.verify(id, options));
  return getDomain(account, id);
}

/** Forgets a domain; one that is gone already is fine. @throws DomainError */
export async function deleteDomain(account: ResendAccount, id: string): Promise<void> {
  try {
    await ask(account, z.unknown(), (client, options) => client.domains.remove(id, options));
  } catch (error) {
    if (!(error instanceof DomainError) || error.problem !== "not_found") throw error;
  }
}

/** Every domain of the account, without records. @throws DomainError */
export async function listDomains(
  account: ResendAccount,
): Promise<Pick<SendingDomainState, "id" | "name" | "state">[]> {
  const found: Pick<SendingDomainState, "id" | "name" | "state">[] = [];
  for (let after: string | undefined; ;) {
    const page = { limit: 100, ...(after ? { after } : {}) };
    const { data, has_more } = await ask(account, listed, (client, options) =>
      client.domains.list(page, options),
    );
    found.push(...data.map(({ id, name, status }) => ({ id, name, state: status })));
    after = data.at(-1)?.id;
    if (!has_more || !after) return found;
  }
}
