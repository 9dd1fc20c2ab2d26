import { z } from "zod";
import { backupFolder, backUp, readBackupHealth } from "#app/features/privacy/backup.server.ts";
import { rehearseRestore } from "#app/features/privacy/drill.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { log } from "#app/platform/log.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

const DRILL_DAYS = 7;

/** Every night, where a folder is named for it. */
export const backup = defineJob({
  name: "backup",
  schema: z.object({}),
  schedule: "40 3 * * *",
  seconds: 6 * 3_600,
  retries: 3,
  async run(_, { clock }) {
    const folder = backupFolder();
    if (folder === null) return;
    const { data, keys, deleted } = await backUp(folder, env().BACKUP_KEEP_DAYS, clock);
    // Once a week it is seen that a backup can be restored, with the newest one.
    const { lastDrill } = await forPlatform("backup", readBackupHealth);
    if (!lastDrill || clock().getTime() - lastDrill.getTime() > DRILL_DAYS * 86_400_000)
      await rehearseRestore(data.file, clock);
    log.info({ data: data.file, keys: keys.file, bytes: data.bytes, deleted }, "backup made");
  },
});
