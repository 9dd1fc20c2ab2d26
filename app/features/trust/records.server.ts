// Guarantee: what a person vouches for, reviews, announces or accepts is kept with their name and the time, and is never changed.
import type { z } from "zod";
import { recordAudit, recordPlatformAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import type { Attestation } from "#app/features/trust/commitments.ts";
import {
  AGREEMENTS,
  announceSchema,
  attestSchema,
  changeReviewSchema,
  DAY_MS,
  NOTICE_DAYS,
  POLICIES,
  reviewSchema,
  YEAR_DAYS,
  type AgreementName,
  type Policy,
} from "#app/features/trust/records.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

/** Who sits at the command line. A chain keeps no name for ever: its entry points at the record, which has the name. */
const CONSOLE = "staff:console";

const later = (from: Date, days: number) => new Date(from.getTime() + days * DAY_MS);

/** A named person's word for a promise that no software can prove; it counts for a year. */
export async function attest(tx: Tx, input: z.infer<typeof attestSchema>, now: Date): Promise<void> {
  const { commitment, by, note } = attestSchema.parse(input);
  const { id } = await tx.attestation.create({
    data: { commitment, attestedBy: by, note, attestedAt: now, validUntil: later(now, YEAR_DAYS) },
  });
  await recordPlatformAudit(tx, {
    actor: CONSOLE,
    action: "trust.attested",
    subject: commitment,
    after: { record: id },
  });
}

/** The newest word for each promise. */
export async function listAttestations(tx: Tx): Promise<Map<string, Attestation>> {
  const rows = await tx.attestation.findMany({
    distinct: ["commitment"],
    orderBy: [{ commitment: "asc" }, { attestedAt: "desc" }],
  });
  return new Map(
    rows.map((row) => [
      row.commitment,
      {
        by: row.attestedBy,
        at: row.attestedAt.toISOString(),
        until: row.validUntil.toISOString(),
        note: row.note,
      },
    ]),
  );
}

export async function reviewPolicy(tx: Tx, input: z.infer<typeof reviewSchema>, now: Date): Promise<void> {
  const { policy, by, note } = reviewSchema.parse(input);
  const { id } = await tx.policyReview.create({ data: { policy, reviewedBy: by, note, reviewedAt: now } });
  await recordPlatformAudit(tx, {
    actor: CONSOLE,
    action: "trust.reviewed",
    subject: policy,
    after: { record: id },
  });
}

/** When each policy was last reviewed. */
export async function lastReviews(tx: Tx): Promise<Record<Policy, Date | null>> {
  const rows = await tx.policyReview.findMany({
    distinct: ["policy"],
    orderBy: [{ policy: "asc" }, { reviewedAt: "desc" }],
    select: { policy: true, reviewedAt: true },
  });
  const known = new Map(rows.map((row) => [row.policy, row.reviewedAt]));
  return Object.fromEntries(POLICIES.map((policy) => [policy, known.get(policy) ?? null])) as Record<
    Policy,
    Date | null
  >;
}

/** A person looked at a change of what the app is built on. @throws AppError not_found */
export async function reviewChange(
  tx: Tx,
  input: z.infer<typeof changeReviewSchema>,
  now: Date,
): Promise<void> {
  const { change, by, note } = changeReviewSchema.parse(input);
  const { count } = await tx.configurationChange.updateMany({
    where: { id: change, reviewedAt: null },
    data: { reviewedAt: now, reviewedBy: by, note },
  });
  if (count === 0) throw new AppError("not_found", "no such change, or it was reviewed before");
  await recordPlatformAudit(tx, { actor: CONSOLE, action: "configuration.reviewed", subject: change });
}

/** Told to every shop by mail and on the Trust page. @throws AppError invalid when merchants would hear of it too late */
export async function announceSupplier(
  tx: Tx,
  input: z.infer<typeof announceSchema>,
  now: Date,
): Promise<void> {
  const { supplier, text, from, by } = announceSchema.parse(input);
  const effectiveAt = new Date(`${from}T00:00:00Z`);
  if (effectiveAt < later(now, NOTICE_DAYS))
    throw new AppError("invalid", `merchants must hear of it ${NOTICE_DAYS} days before it happens`);
  const { id } = await tx.supplierAnnouncement.create({
    data: { supplier, text, announcedAt: now, announcedBy: by, effectiveAt },
  });
  await recordPlatformAudit(tx, {
    actor: CONSOLE,
    action: "trust.announced",
    subject: supplier,
    after: { from, record: id },
  });
  const facts = { name: supplier, date: from };
  for (const shop of await tx.shop.findMany({ where: { state: "installed" }, select: { id: true } }))
    await enqueueNotice(tx, {
      shopId: shop.id,
      kind: "subprocessors_change",
      facts,
      key: `supplier ${id}`,
      now,
    });
}

export type Announcement = { supplier: string; text: string; announcedAt: string; effectiveAt: string };

/** What is planned, soonest first. */
export async function listAnnouncements(tx: Tx, now: Date): Promise<Announcement[]> {
  const rows = await tx.supplierAnnouncement.findMany({
    where: { effectiveAt: { gt: now } },
    orderBy: { effectiveAt: "asc" },
  });
  return rows.map((row) => ({
    supplier: row.supplier,
    text: row.text,
    announcedAt: row.announcedAt.toISOString(),
    effectiveAt: row.effectiveAt.toISOString(),
  }));
}

export type Acceptance = { version: string; at: string; by: string; current: boolean };

/** The version a shop accepted last, or null. */
export async function findAcceptance(
  tx: Tx,
  shopId: string,
  document: AgreementName,
): Promise<Acceptance | null> {
  const row = await tx.agreement.findFirst({ where: { shopId, document }, orderBy: { acceptedAt: "desc" } });
  return (
    row && {
      version: row.version,
      at: row.acceptedAt.toISOString(),
      by: row.acceptedBy,
      current: row.version === AGREEMENTS[document].version,
    }
  );
}

/**
 * Accepts the version that was shown, once.
 * @throws AppError conflict when there is a newer one by now
 */
export async function acceptAgreement(
  tx: Tx,
  shopId: string,
  accepted: { document: AgreementName; version: string; actor: Actor; now: Date },
): Promise<void> {
  const { document, version, actor, now } = accepted;
  if (version !== AGREEMENTS[document].version)
    throw new AppError("conflict", "another version is current", {
      forPerson: "There is a newer version. Please read it first.",
    });
  const { count } = await tx.agreement.createMany({
    data: [{ shopId, document, version, acceptedAt: now, acceptedBy: actor }],
    skipDuplicates: true,
  });
  if (count === 0) return;
  await recordAudit(tx, shopId, {
    actor,
    action: "agreement.accepted",
    subject: document,
    after: { version },
  });
}
