// `npm run backup [-- --rehearse]`: writes an encrypted backup to BACKUP_DIR; with --rehearse it is restored, to see that it can be.
import { parseArgs } from "node:util";
import { backupFolder, backUp } from "#app/features/privacy/backup.server.ts";
import { rehearseRestore } from "#app/features/privacy/drill.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { runCommand } from "#app/start.ts";

await runCommand("backup", async (env) => {
  const { values } = parseArgs({ options: { rehearse: { type: "boolean" } } });
  const folder = backupFolder();
  if (folder === null) throw new AppError("invalid", "BACKUP_DIR is not set: say where backups go.");
  const { data, keys, deleted } = await backUp(folder, env.BACKUP_KEEP_DAYS, systemClock);
  if (values.rehearse) await rehearseRestore(data.file, systemClock);
  return {
    data: data.file,
    keys: keys.file,
    bytes: data.bytes,
    ...data.manifest,
    deleted,
    rehearsed: values.rehearse ?? false,
  };
});
