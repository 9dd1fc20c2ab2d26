// What people do about the promises, until there is a support panel: trust:check looks, the others write down who said what.
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
import { log } from "#app/platform/log.ts";
import { checkOptions, openForCommand, runCommand } from "#app/start.ts";

/** The source alone, and on a machine that is set up to run the app also every shop's evidence. */
const check = () =>
  runCommand(
    () => (isConfigured() ? env() : null),
    async (configured, undo) => {
      const now = systemClock();
      if (configured) await openForCommand(configured, undo);
      const read = configured ? await readInstallation(now) : null;
      for (const line of listRows(now, read?.words)) process.stdout.write(`${line}\n`);
      for (const { id, aspect, at } of read?.unreviewed ?? [])
        process.stdout.write(`change ${id} of ${aspect}, ${at.slice(0, 10)}: not reviewed yet\n`);
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

function write<T>(schema: z.ZodType<T>, given: object, save: (tx: Tx, input: T, now: Date) => Promise<void>) {
  return runCommand(env, async (configured, undo) => {
    const input = checkOptions(schema, given);
    await openForCommand(configured, undo);
    await forPlatform("trust", (tx) => save(tx, input, systemClock()));
    log.info(input as object, "written down");
    return 0;
  });
}

const COMMANDS = {
  check,
  attest: (given: object) => write(attestSchema, given, attest),
  review: (given: object) =>
    "change" in given
      ? write(changeReviewSchema, given, reviewChange)
      : write(reviewSchema, given, reviewPolicy),
  announce: (given: object) => write(announceSchema, given, announceSupplier),
};

/** @param asked what was typed, as commands.mjs read it, and which of the commands it is */
export const run = ({ command, ...given }: { command: keyof typeof COMMANDS }) => COMMANDS[command](given);
