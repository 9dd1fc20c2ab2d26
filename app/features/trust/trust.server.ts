// Guarantee: what a shop reads of our promises is one reading of one moment; no status is written by hand.
import {
  ROWS,
  statusOf,
  type Attestation,
  type CommitmentId,
  type Status,
} from "#app/features/trust/commitments.ts";
import { listChanges, type NotedChange } from "#app/features/trust/configuration.server.ts";
import { readEvidence } from "#app/features/trust/evidence.server.ts";
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

/** When each public policy was last reviewed. */
export async function readReviews(): Promise<Record<Policy, string | null>> {
  return asText(await forPlatform("trust", lastReviews));
}

const asText = (reviews: Record<Policy, Date | null>) => ({
  privacy: reviews.privacy?.toISOString() ?? null,
  security: reviews.security?.toISOString() ?? null,
  suppliers: reviews.suppliers?.toISOString() ?? null,
});
