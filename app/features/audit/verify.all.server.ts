// Guarantee: every chain that there is, or that anything says there was, is verified, whatever comes of the others.
import { REMOVALS } from "#app/features/audit/removals.server.ts";
import { missingGuards } from "#app/features/audit/guards.server.ts";
import { PLATFORM } from "#app/features/audit/chain.ts";
import { recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { verifyChain, type ChainReport } from "#app/features/audit/verify.server.ts";
import { FAULTS, type Broken } from "#app/features/audit/broken.ts";
import { listCheckpoints } from "#app/platform/crypto/checkpoints.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";
import { Counter } from "prom-client";

const brokenTotal = new Counter({
  name: "aftercare_audit_broken_total",
  help: "Audit chains that were found broken or could not be verified, and guards of theirs that were found missing",
  registers: [metrics],
});

export type AuditReport = {
  chains: number;
  entries: number;
  broken: (ChainReport & { broken: Broken })[];
  /** Triggers and generated columns that the database lacks. */
  guards: string[];
  /** Chains that could not be verified to their end, which is not to say that they are broken. */
  failed: string[];
};

/**
 * Verifies the platform's chain and then the shops'.
 * @param told hears of each chain, so that nothing has to be remembered of the sound ones
 */
export async function verifyAll(
  told: (report: ChainReport) => Promise<void> | void = () => undefined,
  { signal, chains }: { signal?: AbortSignal; chains?: string[] } = {},
): Promise<AuditReport> {
  const guards = await missingGuards();
  const result: AuditReport = { chains: 0, entries: 0, broken: [], guards, failed: [] };
  for (const chain of chains ?? [PLATFORM, ...(await listChains())]) {
    signal?.throwIfAborted();
    result.chains += 1;
    try {
      const report = await verifyChain(chain);
      result.entries += report.entries;
      if (report.broken) result.broken.push({ ...report, broken: report.broken });
      await told(report);
    } catch (error) {
      log.error({ chain, error: describeFailure(error) }, "an audit chain could not be verified");
      result.failed.push(chain);
    }
  }
  return result;
}

/** The shops' chains: those that are there, those that ended in the platform's, and those the key store remembers. */
export async function listChains(): Promise<string[]> {
  const rows = await forPlatform(
    "audit",
    (tx) => tx.$queryRaw<{ chain: string | undefined }[]>`
    SELECT id::text AS chain FROM shops
    UNION SELECT shop_id::text FROM audit_heads
    UNION SELECT shop_id::text FROM audit_events
    UNION SELECT subject FROM platform_audit_events WHERE action = ANY(${[...REMOVALS]})`,
  );
  // A removal of what can be no chain is forged, and named where it stands: in the platform's chain.
  const chains = new Set(rows.map(({ chain }) => chain).filter(isId));
  for (const { chain } of await listCheckpoints()) if (chain !== PLATFORM) chains.add(chain);
  return [...chains].sort();
}

/** A chain by its shop's domain, or its id, which outlives the shop. */
export async function findChain(shop: string): Promise<string | null> {
  if (shop === PLATFORM || isId(shop)) return shop;
  const found = await forPlatform("audit", (tx) => tx.shop.findUnique({ where: { domain: shop } }));
  return found?.id ?? null;
}

/** Verifies everything, keeps what was found for the pages, tells the platform's chain, and raises the alarm. */
export async function verifyAndKeep(now: Date, signal?: AbortSignal): Promise<AuditReport> {
  const report = await verifyAll((chain) => forPlatform("audit", (tx) => keep(tx, chain, now)), { signal });
  const { chains, entries, broken, guards, failed } = report;
  for (const each of broken) raiseAlarm(each.chain, each.broken);
  if (guards.length > 0) {
    brokenTotal.inc();
    log.error({ guards }, "the database does not guard the audit log as it should");
  }
  if (failed.length > 0) brokenTotal.inc(failed.length);
  const worst = broken.slice(0, 20).map((each) => ({ chain: each.chain, ...each.broken }));
  await forPlatform("audit", (tx) =>
    recordPlatformAudit(tx, {
      actor: "system",
      action: "audit.verified",
      after: { chains, entries, broken: broken.length, worst, guards, failed: failed.length },
    }),
  );
  return report;
}

/** Tells whoever watches that a chain is not what it was. */
export function raiseAlarm(chain: string, broken: Broken): void {
  brokenTotal.inc();
  log.error(
    { chain, entry: broken.seq, fault: broken.fault },
    `an audit chain is broken: ${FAULTS[broken.fault]}`,
  );
}

async function keep(tx: Tx, { chain, seq, broken }: ChainReport, now: Date): Promise<void> {
  const data = {
    verifiedAt: now,
    verifiedSeq: seq,
    brokenSeq: broken?.seq ?? null,
    brokenWhy: broken?.fault ?? null,
  };
  if (chain === PLATFORM) await tx.platformAuditHead.updateMany({ data });
  else await tx.auditHead.updateMany({ where: { shopId: chain }, data });
}
