// `npm run restore -- --from FILE [--keys FILE] [--without-journal]`: puts a backup into an empty, migrated database, and erases again
// what was erased since. Nothing may run on that database meanwhile; no process starts on it before this has come to its end.
import { parseArgs } from "node:util";
import { restore } from "#app/features/privacy/restore.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { runCommand } from "#app/start.ts";

await runCommand(
  "restore",
  async () => {
    const { values } = parseArgs({
      options: { from: { type: "string" }, keys: { type: "string" }, "without-journal": { type: "boolean" } },
    });
    if (!values.from) throw new AppError("invalid", "Say which backup to restore: --from FILE.");
    return restore(
      { from: values.from, keys: values.keys, withoutJournal: values["without-journal"] },
      systemClock,
    );
  },
  { unreplayed: true },
);
