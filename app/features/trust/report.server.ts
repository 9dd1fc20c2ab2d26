// Guarantee: what a report calls kept was looked at in every installed shop.
import { ROWS, statusOf, type Attestation, type CommitmentId } from "#app/features/trust/commitments.ts";
import { readEvidence } from "#app/features/trust/evidence.server.ts";
import type { EvidenceName } from "#app/features/trust/evidence.ts";
import { listChanges, type NotedChange } from "#app/features/trust/configuration.server.ts";
import { listAttestations } from "#app/features/trust/records.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";

/** What speaks against a promise, and in how many shops. */
export type Contradiction = {
  evidence: EvidenceName;
  state: "bad" | "unknown" | "off" | "due";
  shops: number;
};

/** Takes every reading in every installed shop. @returns what is not as promised, who vouches for what, and which changes nobody looked at */
export async function readInstallation(now: Date): Promise<{
  shops: number;
  against: Contradiction[];
  words: Map<string, Attestation>;
  unreviewed: NotedChange[];
}> {
  const { shops, words, changes } = await forPlatform("trust", async (tx) => ({
    shops: await tx.shop.findMany({ where: { state: "installed" }, select: { id: true, domain: true } }),
    words: await listAttestations(tx),
    changes: await listChanges(tx),
  }));
  const against = new Map<string, Contradiction>();
  for (const { id, domain } of shops)
    for (const { name, state } of Object.values(await readEvidence({ shopId: id, domain, now }))) {
      if (state === "good" || state === "none") continue;
      const known = against.get(`${name} ${state}`) ?? { evidence: name, state, shops: 0 };
      against.set(`${name} ${state}`, { ...known, shops: known.shops + 1 });
    }
  const unreviewed = changes.filter(({ reviewed }) => !reviewed);
  return { shops: shops.length, against: [...against.values()], words, unreviewed };
}

/** One line a promise, as text; `words`: who vouches for what, where that is known. */
export function listRows(now: Date, words: Map<string, Attestation> = new Map()): string[] {
  return ROWS.map(({ id, commitment }) => {
    if (commitment.state === "not_offered")
      return line(id, "not yet offered", `waits for: ${commitment.waitsFor}`);
    if (commitment.state === "kept") {
      const { code, tests, evidence } = commitment;
      return line(id, "kept", `code ${code.length}, tests ${tests.length}, evidence ${evidence.join(" ")}`);
    }
    const word = words.get(id) ?? null;
    const attested = statusOf(commitment, {}, word, now) === "attested";
    return word
      ? line(id, attested ? "attested" : "overdue", `by ${word.by}, until ${word.until.slice(0, 10)}`)
      : line(id, "not attested", "");
  });
}

const line = (id: CommitmentId, state: string, more: string) =>
  `${id.padEnd(4)} ${state.padEnd(16)} ${more}`.trimEnd();
