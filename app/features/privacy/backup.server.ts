// Guarantee: a backup that is recorded is whole and on disk; none is kept past its time.
import { basename, resolve } from "node:path";
import { deleteOldBackups } from "#app/platform/backup/folder.ts";
import { writeDataBackup, writeKeysBackup, type Written } from "#app/platform/backup/write.ts";
import { systemClock, type Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";

/** Copies of the wrapped keys live this long at most: so much later a destroyed key is gone everywhere. */
export const KEYS_BACKUP_DAYS = 7;

/** What a drill of ours rehearses, in its receipt's details. */
export const DRILL_OF = "restore";

export type BackupRun = { data: Written; keys: Written; deleted: string[] };

/** Backs up the database and then the key store, and deletes what is past its time. */
export async function backUp(
  folder: string,
  keepDays: number,
  clock: Clock = systemClock,
): Promise<BackupRun> {
  const data = await writeDataBackup(folder, clock());
  const keys = await writeKeysBackup(folder, clock());
  await forPlatform("backup", async (tx) => {
    for (const written of [data, keys]) await record(tx, written, clock());
  });
  const keep = { data: keepDays, keys: Math.min(KEYS_BACKUP_DAYS, keepDays) };
  return { data, keys, deleted: await deleteOldBackups(folder, keep, clock()) };
}

async function record(tx: Tx, written: Written, now: Date): Promise<void> {
  const { id, kind, at, schema, bytes, manifest } = written;
  const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
  await tx.backup.create({
    data: {
      id,
      kind,
      file: basename(written.file),
      at,
      schemaName: schema,
      rows,
      bytes,
      hash: manifest.hash,
      finishedAt: now,
    },
  });
}

export type BackupHealth = {
  /** Backups are made here at all. */
  configured: boolean;
  keepDays: number;
  keysKeepDays: number;
  last: { at: Date; rows: number; bytes: number } | null;
  /** When a restore was last rehearsed. */
  lastDrill: Date | null;
};

/** What can be said of backups: for the Trust page and for the page about what is held. */
export async function readBackupHealth(tx: Tx): Promise<BackupHealth> {
  const { BACKUP_DIR, BACKUP_KEEP_DAYS } = env();
  const last = await tx.backup.findFirst({ where: { kind: "data" }, orderBy: { at: "desc" } });
  const drill = await tx.receipt.findFirst({
    where: { kind: "drill", shopId: null, details: { path: ["of"], equals: DRILL_OF } },
    orderBy: { finishedAt: "desc" },
  });
  return {
    configured: BACKUP_DIR !== undefined,
    keepDays: BACKUP_KEEP_DAYS,
    keysKeepDays: Math.min(KEYS_BACKUP_DAYS, BACKUP_KEEP_DAYS),
    last: last && { at: last.at, rows: Number(last.rows), bytes: Number(last.bytes) },
    lastDrill: drill?.finishedAt ?? null,
  };
}

/** The folder of backups, or null where none are made. */
export function backupFolder(): string | null {
  const { BACKUP_DIR } = env();
  return BACKUP_DIR === undefined ? null : resolve(BACKUP_DIR);
}

/** The moment of the backup this database was last restored from. */
export async function findRestoredFrom(tx: Tx): Promise<Date | null> {
  const restore = await tx.restore.findFirst({ orderBy: { startedAt: "desc" }, select: { backupAt: true } });
  return restore?.backupAt ?? null;
}
