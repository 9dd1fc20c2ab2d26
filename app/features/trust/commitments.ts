// Every promise of the published policies, by its id: the code that keeps it, the tests that prove it, and what shows it in a running
// installation. `npm run trust:check` holds it. The words are in ui/words/en/promises.ts.
import type { EvidenceName, Readings, ReadingState } from "#app/features/trust/evidence.ts";
import { CONDUCT } from "#app/features/trust/commitments.conduct.ts";
import { DATA } from "#app/features/trust/commitments.data.ts";

/** A test that proves a promise: its file, and its name as it stands there. */
export type TestRef = readonly [file: string, name: string];

/** What is not there yet, so that a promise that needs it can't be kept. */
export const MISSING = ["support", "marketplaces", "analytics", "incidents", "reviews", "desk"] as const;
export type Missing = (typeof MISSING)[number];

export type Commitment =
  | {
      state: "kept";
      code: readonly string[];
      tests: readonly TestRef[];
      evidence: readonly EvidenceName[];
    }
  | { state: "not_offered"; waitsFor: Missing }
  /** No software can prove it. */
  | { state: "attested" };

export const COMMITMENTS = { ...DATA, ...CONDUCT } as const;
export type CommitmentId = keyof typeof COMMITMENTS;

/** In the order in which they are shown. */
export const GROUPS = ["data", "messaging", "access", "change", "incidents", "organisation"] as const;
export type Group = (typeof GROUPS)[number];

const INITIALS: Record<string, Group> = {
  D: "data",
  M: "messaging",
  A: "access",
  S: "change",
  I: "incidents",
  O: "organisation",
};

export function groupOf(id: CommitmentId): Group {
  return INITIALS[id[0] ?? ""] ?? "organisation";
}

export const ROWS: readonly { id: CommitmentId; group: Group; commitment: Commitment }[] = (
  Object.keys(COMMITMENTS) as CommitmentId[]
).map((id) => ({ id, group: groupOf(id), commitment: COMMITMENTS[id] }));

/** A promise only a person can vouch for. */
export const ATTESTED_IDS = ROWS.filter(({ commitment }) => commitment.state === "attested").map(
  ({ id }) => id,
);

/** Which promises a feature must keep from the day it is switched on. */
export const BINDS: Record<Missing, readonly CommitmentId[]> = {
  support: ["A1", "A2", "A3", "A4", "A5"],
  marketplaces: ["M3", "D8"],
  analytics: ["D9"],
  incidents: ["I1", "I2", "I3", "I4", "I5", "S7"],
  reviews: ["M2"],
  desk: ["M5"],
};

/** A named person's word, and until when it counts. */
export type Attestation = { by: string; at: string; until: string; note: string | null };

/** How a promise may stand; what a person should look at comes first. */
export const STATUSES = [
  /** Something measured speaks against it. */
  "attention",
  /** What would show it could not be read. */
  "unknown",
  /** This installation lacks what it needs. */
  "not_here",
  /** A person has yet to do their part. */
  "due",
  /** Nobody has vouched for it, or not within the year. */
  "attestation_due",
  /** Built, but nothing has happened yet that would show it. */
  "unexercised",
  /** Kept, and nothing measured speaks against it. */
  "kept",
  "attested",
  "not_offered",
] as const;
export type Status = (typeof STATUSES)[number];

/** How a promise stands in this installation. What is attested is never called kept. */
export function statusOf(
  commitment: Commitment,
  readings: Readings,
  attestation: Attestation | null,
  now: Date,
): Status {
  if (commitment.state === "not_offered") return "not_offered";
  if (commitment.state === "attested")
    return attestation && attestation.until > now.toISOString() ? "attested" : "attestation_due";
  const states = commitment.evidence.map((name): ReadingState => readings[name]?.state ?? "unknown");
  if (states.includes("bad")) return "attention";
  if (states.includes("off")) return "not_here";
  if (states.includes("unknown")) return "unknown";
  if (states.includes("due")) return "due";
  return states.includes("none") ? "unexercised" : "kept";
}
