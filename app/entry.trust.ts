// What people do about the promises, until there is a support panel:
//   npm run trust:check                                                    every promise with its state; fails on one with a fault
//   npm run trust:attest   -- --commitment O1 --by "Name" [--note "…"]     a named person vouches for it, for a year
//   npm run trust:review   -- --policy privacy --by "Name" [--note "…"]    a policy (privacy, security), or the suppliers; --change ID: a change of configuration
//   npm run trust:announce -- --supplier "Name" --text "…" --from 2027-03-01 --by "Name"
import { parseArgs } from "node:util";
import type { z } from "zod";
import { findFaults } from "#app/features/trust/check.server.ts";
import { ROWS } from "#app/features/trust/commitments.ts";
import { announceSupplier, attest, reviewChange, reviewPolicy } from "#app/features/trust/records.server.ts";
import {
  announceSchema,
  attestSchema,
  changeReviewSchema,
  reviewSchema,
} from "#app/features/trust/records.ts";
import { listRows, readInstallation } from "#app/features/trust/report.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { env, isConfigured } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseInput } from "#app/platform/forms.ts";
import { log } from "#app/platform/log.ts";
import { openForCommand, runCommand } from "#app/start.ts";

const [command = "check", ...args] = process.argv.slice(2);

/** The source alone, and on a machine that is set up to run the app also every shop's evidence. */
const check = () =>
  runCommand(
    () => (isConfigured() ? env() : null),
    async (configured, undo) => {
      const now = systemClock();
      if (configured) await openForCommand(configured, undo);
      const read = configured ? await readInstallation(now) : null;
      for (const line of listRows(now, read?.words)) process.stdout.write(`${line}\n`);
      const faults = findFaults(ROWS);
      for (const { evidence, state, shops } of read?.against ?? []) {
        if (state === "bad") faults.push(`${evidence}: not as promised in ${shops} of ${read?.shops} shops`);
        else
          log.warn(
            { evidence, shops },
            { off: "not set up", due: "a review is due", unknown: "not known" }[state],
          );
      }
      for (const fault of faults) log.error(fault);
      log.info(
        { rows: ROWS.length, faults: faults.length, shops: read?.shops ?? null },
        read
          ? "code, tests and evidence were looked at"
          : "code and tests were looked at; no installation is configured",
      );
      return faults.length > 0 ? 1 : 0;
    },
  );

function write<T>(schema: z.ZodType<T>, save: (tx: Tx, input: T, now: Date) => Promise<void>) {
  return runCommand(env, async (configured, undo) => {
    const options = { type: "string" } as const;
    const names = ["commitment", "policy", "change", "supplier", "text", "from", "by", "note"];
    const { values } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, options])) });
    const input = parseInput(schema, values);
    if (!input.ok) {
      const lines = Object.entries(input.errors).map(([name, what]) => `--${name}: ${what}`);
      throw new AppError("invalid", lines.join("; "));
    }
    await openForCommand(configured, undo);
    await forPlatform("trust", (tx) => save(tx, input.value, systemClock()));
    log.info(input.value as object, "written down");
    return 0;
  });
}

const COMMANDS = new Map<string, () => Promise<void>>([
  ["check", check],
  ["attest", () => write(attestSchema, attest)],
  [
    "review",
    () =>
      args.some((each) => each.startsWith("--change"))
        ? write(changeReviewSchema, reviewChange)
        : write(reviewSchema, reviewPolicy),
  ],
  ["announce", () => write(announceSchema, announceSupplier)],
]);

const run = COMMANDS.get(command);
if (run) await run();
else {
  log.fatal(`there is no command ${command}: ${[...COMMANDS.keys()].join(", ")}`);
  process.exitCode = 1;
}
