// Guarantee: a domain is used by one shop only, and sends only after the provider has seen its owner's records in the DNS.
import { z } from "zod";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import {
  DomainError,
  type Dmarc,
  type DnsRecord,
  type DomainProblem,
  type RecordState,
  type SendingDomainState,
} from "#app/connectors/domains.ts";
import { mailDomains } from "#app/connectors/registry.ts";
import type { DomainDraft } from "#app/features/shops/domains.ts";
import type { SendingDomain as DomainRow } from "#app/platform/db/generated/client.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";

/** A shop's own domain with what the DNS said of it when we last looked. */
export type SendingDomain = {
  id: string;
  domain: string;
  localPart: string;
  state: RecordState;
  dkim: RecordState;
  /** SPF with the MX that takes its bounces. */
  spf: RecordState;
  records: DnsRecord[];
  /** null = not looked yet. */
  dmarc: Dmarc | null;
  checkedAt: string | null;
};

const recordState = z.enum(["verified", "pending", "failed"]);
const recordsSchema: z.ZodType<DnsRecord[]> = z.array(
  z.object({
    purpose: z.enum(["DKIM", "SPF", "MX"]),
    type: z.enum(["TXT", "CNAME", "MX"]),
    name: z.string(),
    host: z.string(),
    value: z.string(),
    priority: z.number().nullable(),
    ttl: z.string(),
    state: recordState,
  }),
);
const adviceSchema = z.object({
  type: z.literal("TXT"),
  name: z.string(),
  host: z.string(),
  value: z.string(),
});
const dmarcSchema: z.ZodType<Dmarc> = z.union([
  z.object({
    state: z.literal("present"),
    host: z.string(),
    policy: z.enum(["none", "quarantine", "reject"]),
  }),
  z.object({ state: z.enum(["missing", "invalid"]), advice: adviceSchema }),
  z.object({ state: z.literal("unknown") }),
]);

function fromRow(row: DomainRow): SendingDomain {
  const records = recordsSchema.parse(row.records);
  const state = recordState.parse(row.state);
  const worst = (...purposes: DnsRecord["purpose"][]): RecordState => {
    const states = records
      .filter((record) => purposes.includes(record.purpose))
      .map((record) => record.state);
    if (states.length === 0) return state;
    return (
      states.find((each) => each === "failed") ?? states.find((each) => each === "pending") ?? "verified"
    );
  };
  return {
    id: row.id,
    domain: row.domain,
    localPart: row.localPart,
    state,
    dkim: worst("DKIM"),
    spf: worst("SPF", "MX"),
    records,
    dmarc: row.dmarc === null ? null : dmarcSchema.parse(row.dmarc),
    checkedAt: row.checkedAt?.toISOString() ?? null,
  };
}

/** The shop's own sending domain, or null while it has none. */
export async function findSendingDomain(tx: Tx, shopId: string): Promise<SendingDomain | null> {
  const row = await tx.sendingDomain.findFirst({ where: { shopId }, orderBy: { createdAt: "asc" } });
  return row && fromRow(row);
}

/** @throws AppError not_found */
async function getSendingDomain(tx: Tx, shopId: string): Promise<{ row: DomainRow; domain: SendingDomain }> {
  const row = await tx.sendingDomain.findFirst({ where: { shopId }, orderBy: { createdAt: "asc" } });
  if (!row)
    throw new AppError("not_found", "the shop has no sending domain", {
      forPerson: "This domain was removed.",
    });
  return { row, domain: fromRow(row) };
}

const forPerson: Record<DomainProblem, string> = {
  invalid_name: "The mail service doesn't take this domain. Check how it is spelled.",
  taken: "This domain is already in use. If it is yours, write to us and we'll sort it out.",
  limit_reached: "No more domains can be added right now. Write to us and we'll make room.",
  not_found: "The mail service no longer knows this domain. Remove it and add it again.",
  unavailable: "The mail service doesn't answer right now. Please try again in a minute.",
};

/** What is shown to the person when the provider did not do what was asked. */
function explained(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  return new AppError(error.code, error.message, { forPerson: forPerson[error.problem], cause: error });
}

/**
 * Registers the shop's domain with the provider. It sends only once its records are seen.
 * @throws AppError conflict (the shop has one, or it is taken), invalid, unavailable; `forPerson` belongs beside the field
 */
export async function addDomain(shopId: string, draft: DomainDraft, actor: Actor): Promise<void> {
  const existing = await forShop(shopId, (tx) => findSendingDomain(tx, shopId));
  if (existing)
    throw new AppError("conflict", "the shop has a sending domain", {
      forPerson: "Remove the present domain first.",
    });
  // Our own shared domain, what lies under it and what it lies under are nobody's to claim.
  const shared = env().MAIL_SHARED_DOMAIN;
  if (shared === draft.domain || draft.domain.endsWith(`.${shared}`) || shared.endsWith(`.${draft.domain}`))
    throw taken();
  const state = await register(draft.domain).catch((error: unknown) => {
    throw explained(error);
  });
  await forPlatform("setup", async (tx) => {
    // Two shops that add it at once: one of them holds it.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`domain|${draft.domain}`}, 0))`;
    if (await isHeld(tx, draft.domain)) throw taken();
    const { id: providerId, state: seen, records } = state;
    await tx.sendingDomain.create({ data: { shopId, ...draft, providerId, state: seen, records } });
    await recordAudit(tx, shopId, { actor, action: "domain.added", after: { domain: draft.domain } });
  });
}

async function isHeld(tx: Tx, domain: string): Promise<boolean> {
  return (await tx.sendingDomain.findFirst({ where: { domain }, select: { id: true } })) !== null;
}

function taken(): AppError {
  return new AppError("conflict", "the domain is taken", { forPerson: forPerson.taken });
}

async function register(domain: string): Promise<SendingDomainState> {
  const holder = await forPlatform("setup", (tx) =>
    tx.sendingDomain.findFirst({ where: { domain }, select: { shopId: true } }),
  );
  if (holder) throw taken();
  try {
    return await mailDomains.create(domain);
  } catch (error) {
    if (!(error instanceof DomainError) || error.problem !== "taken") throw error;
    // Left over from an attempt that was cut off. One that already sends is somebody's, so it is not taken over.
    const left = (await mailDomains.list()).find((each) => each.name === domain && each.state !== "verified");
    if (!left) throw error;
    return mailDomains.get(left.id);
  }
}

/**
 * Looks at the domain again. With `ask` the provider is told to look at the DNS, which it does in its own time: look again
 * without it some seconds later.
 * @throws AppError not_found, unavailable
 */
export async function lookAtDomain(
  shopId: string,
  ask: boolean,
  actor: Actor,
  now: Date,
): Promise<SendingDomain> {
  const { row } = await forShop(shopId, (tx) => getSendingDomain(tx, shopId));
  const read = ask ? mailDomains.verify : mailDomains.get;
  const [state, dmarc] = await Promise.all([
    read(row.providerId).catch((error: unknown) => {
      throw explained(error);
    }),
    mailDomains.readDmarc(row.domain),
  ]);
  return forShop(shopId, async (tx) => {
    const data = { state: state.state, records: state.records, dmarc, checkedAt: now };
    const saved = await tx.sendingDomain.update({ where: { shopId_id: { shopId, id: row.id } }, data });
    if (state.state !== row.state) {
      await recordAudit(tx, shopId, {
        actor,
        action: "domain.checked",
        before: { state: row.state },
        after: { domain: row.domain, state: state.state },
      });
    }
    return fromRow(saved);
  });
}

/** Changes what stands before the @ of the sender's address. @throws AppError not_found */
export async function saveLocalPart(tx: Tx, shopId: string, localPart: string, actor: Actor): Promise<void> {
  const { row } = await getSendingDomain(tx, shopId);
  if (row.localPart === localPart) return;
  await tx.sendingDomain.update({ where: { shopId_id: { shopId, id: row.id } }, data: { localPart } });
  await recordAudit(tx, shopId, {
    actor,
    action: "domain.changed",
    subject: row.id,
    before: { localPart: row.localPart },
    after: { localPart },
  });
}

/** Gives the domain up: mails leave from the shared domain again. @throws AppError not_found, unavailable */
export async function removeDomain(shopId: string, actor: Actor): Promise<void> {
  const { row } = await forShop(shopId, (tx) => getSendingDomain(tx, shopId));
  await mailDomains.remove(row.providerId).catch((error: unknown) => {
    throw explained(error);
  });
  await forShop(shopId, async (tx) => {
    await tx.sendingDomain.deleteMany({ where: { shopId, id: row.id } });
    await recordAudit(tx, shopId, { actor, action: "domain.removed", before: { domain: row.domain } });
  });
}
