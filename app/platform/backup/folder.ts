// The folder of backups: one file a backup, its name says what it is and from when.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BackupHeader } from "#app/platform/backup/container.ts";

const NAME = /^aftercare-(data|keys)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{8}\.backup(\.part)?$/;

export function fileName(kind: BackupHeader["kind"], at: Date, id: string): string {
  const moment = at.toISOString().replace(/[-:]|\.\d+/g, "");
  return `aftercare-${kind}-${moment}-${id.slice(-8)}.backup`;
}

/** Deletes backups older than their time, and unfinished ones of more than a day. @returns their names */
export async function deleteOldBackups(
  folder: string,
  keepDays: Record<BackupHeader["kind"], number>,
  now: Date,
): Promise<string[]> {
  const old = (await readdir(folder)).filter((name) => {
    const [, kind, year, month, day, hour, minute, second, unfinished] = NAME.exec(name) ?? [];
    if (!kind) return false;
    const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    const days = unfinished ? 1 : keepDays[kind as BackupHeader["kind"]];
    return now.getTime() - at > days * 86_400_000;
  });
  for (const name of old) await rm(join(folder, name), { force: true });
  return old;
}
