// Guarantee: what a shop reads of our promises is one reading of one moment; no status is written by hand.
import {
  ROWS,
  statusOf,
  type Attestation,
  type Commitment,
  type CommitmentId,
  type Status,
} from "#app/features/trust/commitments.ts";
import { listChanges, type NotedChange } from "#app/features/trust/configuration.server.ts";
import { readEvidence, readOwnEvidence } from "#app/features/trust/evidence.server.ts";
import type { Readings } from "#app/features/trust/evidence.ts";
import {
  findAcceptance,
  lastReviews,
  listAttestations,
  type Acceptance,
  type Announcement,
} from "#app/features/trust/records.server.ts";
import { AGREEMENTS, type Policy } from "#app/features/trust/records.ts";
import { listSuppliers, type SubProcessor } from "#app/features/trust/suppliers.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";

export type TrustRow = { id: CommitmentId; status: Status; attestation: Attestation | null };

export type Trust = {
  at: string;
  rows: TrustRow[];
  readings: Required<Readings>;
  suppliers: SubProcessor[];
  announcements: Announcement[];
  changes: NotedChange[];
  reviews: Record<Policy, string | null>;
  agreement: { version: string; acceptance: Acceptance | null };
};

/** Everything the Trust page shows to a shop. */
export async function readTrust(shop: { id: string; domain: string }, now: Date): Promise<Trust> {
  const readings = await readEvidence({ shopId: shop.id, domain: shop.domain, now });
  const acceptance = await forShop(shop.id, (tx) => findAcceptance(tx, shop.id, "processing"));
  return {
    at: now.toISOString(),
    readings,
    agreement: { version: AGREEMENTS.processing.version, acceptance },
    ...(await listSuppliers(now)),
    ...(await forPlatform("trust", async (tx) => {
      const words = await listAttestations(tx);
      const rows = ROWS.map(({ id, commitment }) => {
        const attestation = words.get(id) ?? null;
        return { id, attestation, status: statusOf(commitment, readings, attestation, now) };
      });
      return { rows, changes: await listChanges(tx), reviews: asText(await lastReviews(tx)) };
    })),
  };
}

/** Whoever reloads a public page makes no work for the database. */
const STANDING_MS = 60_000;
let standing: { until: number; statuses: Promise<Record<CommitmentId, Status>> } | null = null;

/** How each promise stands as far as it is the same for every shop: what the public may read. */
export function readStanding(now: Date): Promise<Record<CommitmentId, Status>> {
  if (standing && standing.until > now.getTime()) return standing.statuses;
  const statuses = judgeStanding(now);
  standing = { until: now.getTime() + STANDING_MS, statuses };
  statuses.catch(() => (standing = null));
  return statuses;
}

async function judgeStanding(now: Date): Promise<Record<CommitmentId, Status>> {
  const readings = await readOwnEvidence(now);
  const words = await forPlatform("trust", listAttestations);
  const statuses = ROWS.map(({ id, commitment: row }) => {
    const commitment: Commitment =
      row.state === "kept" ? { ...row, evidence: row.evidence.filter((name) => name in readings) } : row;
    return [id, statusOf(commitment, readings, words.get(id) ?? null, now)] as const;
  });
  return Object.fromEntries(statuses) as Record<CommitmentId, Status>;
}

/** When each public policy was last reviewed. */
export async function readReviews(): Promise<Record<Policy, string | null>> {
  return asText(await forPlatform("trust", lastReviews));
}

const asText = (reviews: Record<Policy, Date | null>) => ({
  privacy: reviews.privacy?.toISOString() ?? null,
  security: reviews.security?.toISOString() ?? null,
  suppliers: reviews.suppliers?.toISOString() ?? null,
});
