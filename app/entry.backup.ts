// `npm run backup [-- --rehearse]`: writes an encrypted backup to BACKUP_DIR; with --rehearse it is restored, to see that it can be.
import { backupFolder, backUp } from "#app/features/privacy/backup.server.ts";
import { rehearseRestore } from "#app/features/privacy/drill.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { openForCommand, runCommand } from "#app/start.ts";

/** @param asked what was typed, as commands.mjs read it */
export const run = (asked: { rehearse?: boolean }) =>
  runCommand(env, async (env, undo) => {
    const folder = backupFolder();
    if (folder === null) throw new AppError("invalid", "BACKUP_DIR is not set: say where backups go.");
    await openForCommand(env, undo);
    const { data, keys, deleted } = await backUp(folder, env.BACKUP_KEEP_DAYS, systemClock);
    const { rows, hash } = data.manifest;
    log.info({ file: data.file, bytes: data.bytes, rows, hash }, "the database is backed up");
    log.info({ file: keys.file, deleted }, "the wrapped keys are backed up");
    if (asked.rehearse) {
      await rehearseRestore(data.file, systemClock);
      log.info("the backup was restored on trial, and is whole");
    }
    return 0;
  });
