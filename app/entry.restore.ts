// `npm run restore -- --from FILE [--keys FILE] [--without-journal]`: puts a backup into an empty, migrated database, and erases again
// what was erased since. Nothing may run on that database meanwhile; no process starts on it before this has come to its end.
import { restore } from "#app/features/privacy/restore.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { log } from "#app/platform/log.ts";
import { openForRestore, runCommand } from "#app/start.ts";

type Asked = { from: string; keys?: string; "without-journal"?: boolean };

/** @param asked what was typed, as commands.mjs read it */
export const run = ({ from, keys, "without-journal": withoutJournal }: Asked) =>
  runCommand(env, async (env, undo) => {
    await openForRestore(env, undo);
    log.info(await restore({ from, keys, withoutJournal }, systemClock), "the backup is restored");
    return 0;
  });
