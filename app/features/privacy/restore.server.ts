// Guarantee: when a restore has come to its end, nothing that was erased since the backup is there, nothing that may have left since is
// sent again, and no shop sends before its people say so. Until then no process serves the database; a restore that is cut off goes on.
import { recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { rewindCheckpoints } from "#app/features/audit/checkpoint.server.ts";
import { settleRestored, settleRestoredBatches } from "#app/features/messages/restored.server.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import type { Details } from "#app/features/privacy/receipts.ts";
import { replayErasures, type Replayed } from "#app/features/privacy/replay.server.ts";
import { sweepAll } from "#app/features/privacy/sweep.server.ts";
import { setSending } from "#app/features/shops/shops.server.ts";
import { loadDataBackup, openBackup, readKeysBackup } from "#app/platform/backup/read.ts";
import type { Clock } from "#app/platform/clock.ts";
import { importKeys } from "#app/platform/crypto/keystore.copy.ts";
import { refuseUnfitKeyring } from "#app/platform/crypto/keystore.ts";
import { env } from "#app/platform/env.ts";
import { claimInstallation } from "#app/platform/installation.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { hasJournal, journalFolder, markJournal } from "#app/platform/journal.ts";

export type RestoreOptions = {
  /** File of the database's backup. */
  from: string;
  /** File of the key store's backup, where that is lost too. */
  keys?: string;
  /** Nothing was ever erased, so that there is no journal. */
  withoutJournal?: boolean;
};

export type Restored = Replayed & { backupAt: Date; messagesUnknown: number; shopsStopped: number };

/** An erasure is in the journal before it commits: one that was under way at the backup's moment stands there earlier. */
const MARGIN_MS = 48 * 3_600_000;

/** Restores into an empty database, or goes on where a restore of the same backup was cut off. @throws AppError invalid, conflict */
export async function restore(options: RestoreOptions, clock: Clock): Promise<Restored> {
  const keys = options.keys ? await readKeysBackup(options.keys) : null;
  const backup = await openBackup(options.from, "data");
  const { environment, installation } = backup.header;
  if (environment !== null && environment !== ours())
    throw new AppError(
      "conflict",
      `The backup is of the environment "${environment}", this is "${ours()}" (ENVIRONMENT, or else NODE_ENV).`,
    );
  if (!options.withoutJournal && !(await hasJournal(installation))) {
    throw new AppError(
      "conflict",
      `There is no journal of erasures of this installation in ${journalFolder()}: without it, who was erased would come back. Name its folder in JOURNAL_DIR, or say --without-journal if nothing was ever erased.`,
    );
  }
  if (!(await isBegun(backup.header.id))) await loadDataBackup(backup, clock());
  if (keys) await importKeys(keys.keys);
  const marked = await claimInstallation(ours());
  // The backup may know of a journal that is lost: this folder is its journal now.
  if (options.withoutJournal) await markJournal(marked);
  await refuseUnfitKeyring();

  const backupAt = new Date(backup.header.at);
  // Keys of shops erased since the keys were copied came back as well.
  const oldest = Math.min(backupAt.getTime(), keys?.at.getTime() ?? Infinity);
  const startedAt = clock();
  const { shops, messages } = await quieten(clock);
  const replayed = await replayErasures(new Date(oldest - MARGIN_MS), clock);
  // What has had its time since the backup is no journal's business: it is past its time again.
  await sweepAll(clock, new AbortController().signal);
  const restored = { ...replayed, backupAt, messagesUnknown: messages, shopsStopped: shops };
  await conclude(backup.header.id, restored, startedAt, clock());
  return restored;
}

const ours = () => env().ENVIRONMENT ?? env().NODE_ENV;

/** @returns whether this backup's rows are in already. @throws AppError conflict when another's are */
async function isBegun(backupId: string): Promise<boolean> {
  const begun = await forPlatform("restore", (tx) => tx.restore.findFirst({ where: { replayedAt: null } }));
  if (!begun || begun.id === backupId) return begun !== null;
  throw new AppError(
    "conflict",
    "The restore of another backup is under way in this database: end that first.",
  );
}

async function quieten(clock: Clock): Promise<{ shops: number; messages: number }> {
  const all = await forPlatform("restore", async (tx) => {
    await settleRestoredBatches(tx, clock());
    return tx.shop.findMany({ select: { id: true, state: true, sending: true } });
  });
  let messages = 0;
  for (const { id, state, sending } of all) {
    await forShop(id, async (tx) => {
      messages += await settleRestored(tx, id, clock());
      if (sending && state === "installed") await setSending(tx, id, false, "system", "restored");
    });
  }
  return { shops: all.filter(({ sending }) => sending).length, messages };
}

/** Its receipt, and at last the end of the mark that keeps processes from starting. */
async function conclude(id: string, restored: Restored, startedAt: Date, now: Date): Promise<void> {
  const { backupAt, messagesUnknown, shopsStopped, ...replayed } = restored;
  const details: Details = { backup: id, backupAt: backupAt.toISOString(), shopsStopped, ...replayed };
  await forPlatform("restore", async (tx) => {
    await issueReceipt(tx, {
      kind: "restore",
      shopId: null,
      shopDomain: null,
      requestId: null,
      startedAt,
      finishedAt: now,
      counts: { "messages.unknown": messagesUnknown },
      details,
    });
    await recordPlatformAudit(tx, {
      actor: "system",
      action: "restore.done",
      subject: id,
      after: { backupAt: backupAt.toISOString(), ...replayed },
    });
  });
  // The chains are as short as they were then; the platform's chain says why.
  await rewindCheckpoints();
  await forPlatform("restore", (tx) => tx.restore.update({ where: { id }, data: { replayedAt: now } }));
}
