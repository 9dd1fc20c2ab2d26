// Guarantee: each reading is taken from the running installation at that moment; what can't be read is called unknown, and what has not
// happened yet is called so.
import {
  address,
  configuration,
  dependencies,
  environment,
  fields,
  logs,
  policies,
  region,
  scopes,
  securityContact,
  supplierReview,
  suppliers,
} from "#app/features/trust/evidence.change.server.ts";
import {
  backups,
  messageRecords,
  oldest,
  purge,
  purposes,
  register,
  releases,
  requests,
  sweep,
} from "#app/features/trust/evidence.data.server.ts";
import { encryption, keyring, tokens } from "#app/features/trust/evidence.keys.server.ts";
import {
  auditTrail,
  databaseConnection,
  databaseRole,
  databaseWall,
} from "#app/features/trust/evidence.wall.server.ts";
import type {
  EvidenceFacts,
  EvidenceName,
  Reading,
  Readings,
  ReadingState,
} from "#app/features/trust/evidence.ts";
import { describeFailure, traceOf } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** Whom it is about, and what time it is. */
export type Subject = { shopId: string; domain: string; now: Date };
/** What one reading found. */
export type Found<Name extends EvidenceName> = { state: ReadingState; facts: EvidenceFacts[Name] };
/** Takes one reading. */
export type Reader<Name extends EvidenceName> = (subject: Subject) => Promise<Found<Name>>;

/** One line a reader. Leaving one out does not compile. */
export const READERS: { [Name in EvidenceName]: Reader<Name> } = {
  purposes,
  messageRecords,
  releases,
  register,
  encryption,
  tokens,
  keyring,
  databaseWall,
  databaseRole,
  databaseConnection,
  address,
  environment,
  auditTrail,
  configuration,
  sweep,
  oldest,
  purge,
  requests,
  backups,
  scopes,
  fields,
  dependencies,
  suppliers,
  supplierReview,
  region,
  policies,
  securityContact,
  logs,
};

/** Takes every reading for a shop. Never throws: a reading that fails is unknown. */
export async function readEvidence(subject: Subject): Promise<Required<Readings>> {
  const readings: Readings = {};
  // One after another: a page must not take every connection of the pool.
  for (const name of Object.keys(READERS) as EvidenceName[])
    Object.assign(readings, { [name]: await takeReading(name, subject) });
  return readings as Required<Readings>;
}

/** What is the same for every shop. */
const OF_INSTALLATION = [
  "register",
  "databaseWall",
  "databaseRole",
  "databaseConnection",
  "address",
  "environment",
  "configuration",
  "sweep",
  "purge",
  "backups",
  "dependencies",
  "suppliers",
  "supplierReview",
  "region",
  "policies",
  "securityContact",
  "logs",
] as const satisfies EvidenceName[];

const NO_SHOP = { shopId: "00000000-0000-0000-0000-000000000000", domain: "" };

/** Takes the readings that are no shop's. */
export async function readOwnEvidence(now: Date): Promise<Readings> {
  const readings: Readings = {};
  for (const name of OF_INSTALLATION)
    Object.assign(readings, { [name]: await takeReading(name, { ...NO_SHOP, now }) });
  return readings;
}

async function takeReading<Name extends EvidenceName>(name: Name, subject: Subject): Promise<Reading<Name>> {
  try {
    const { state, facts } = await READERS[name](subject);
    return { name, state, facts };
  } catch (error) {
    log.warn(
      { evidence: name, error: describeFailure(error), trace: traceOf(error) },
      "evidence can't be read",
    );
    return { name, state: "unknown", facts: null };
  }
}
