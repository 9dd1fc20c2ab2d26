// `npm run restore -- --from FILE [--keys FILE] [--without-journal]`: puts a backup into an empty, migrated database, and erases again
// what was erased since. Nothing may run on that database meanwhile; no process starts on it before this has come to its end.
import { parseArgs } from "node:util";
import { restore } from "#app/features/privacy/restore.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { openForRestore, runCommand } from "#app/start.ts";

await runCommand(env, async (env, undo) => {
  const { values } = parseArgs({
    options: { from: { type: "string" }, keys: { type: "string" }, "without-journal": { type: "boolean" } },
  });
  const { from, keys, "without-journal": withoutJournal } = values;
  if (!from) throw new AppError("invalid", "Say which backup to restore: --from FILE.");
  await openForRestore(env, undo);
  log.info(await restore({ from, keys, withoutJournal }, systemClock), "the backup is restored");
  return 0;
});
