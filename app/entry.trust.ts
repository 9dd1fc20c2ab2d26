// What people do about the promises, until there is a support panel:
//   npm run trust:check                                                    every promise with its state; fails on one with a fault
//   npm run trust:attest   -- --commitment O1 --by "Name" [--note "…"]     a named person vouches for it, for a year
//   npm run trust:review   -- --policy privacy --by "Name" [--note "…"]    a policy was reviewed; --change ID: a change of configuration
//   npm run trust:announce -- --supplier "Name" --text "…" --from 2027-03-01 --by "Name"
import { resolve } from "node:path";
import { parseArgs } from "node:util";
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
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, type Tx } from "#app/platform/db/db.ts";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { env, isConfigured } from "#app/platform/env.ts";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { parseInput } from "#app/platform/forms.ts";
import type { z } from "zod";

const [command = "check"] = process.argv.slice(2);
const text = { type: "string" } as const;
const options = {
  commitment: text,
  policy: text,
  change: text,
  supplier: text,
  text,
  from: text,
  by: text,
  note: text,
};

/** Opens the installation's databases for the time of some work. */
async function inInstallation<T>(work: () => Promise<T>): Promise<T> {
  const { DATABASE_URL, KEYS_DATABASE_URL, DATA_DIR, KEYRING } = env();
  const dataDir = resolve(DATA_DIR, "postgres");
  const embedded = DATABASE_URL ? undefined : await startEmbedded({ dataDir, log: (line) => log.info(line) });
  try {
    await connectDatabase({ url: DATABASE_URL ?? embedded?.url ?? "", pool: 2 });
    await connectKeyStore({ url: KEYS_DATABASE_URL ?? embedded?.keysUrl ?? "", keyring: KEYRING });
    return await work();
  } finally {
    await disconnectKeyStore();
    await disconnectDatabase();
    await embedded?.stop();
  }
}

async function check(): Promise<number> {
  const now = systemClock();
  const read = isConfigured() ? await inInstallation(() => readInstallation(now)) : null;
  for (const line of listRows(now, read?.words)) process.stdout.write(`${line}\n`);
  const faults = [
    ...findFaults(ROWS),
    ...(read?.against ?? [])
      .filter(({ state }) => state === "bad")
      .map(({ evidence, shops }) => `${evidence}: not as promised in ${shops} of ${read?.shops} shops`),
  ];
  for (const { evidence, state, shops } of read?.against ?? [])
    if (state !== "bad") log.warn({ evidence, shops }, state === "off" ? "not set up" : "not known");
  for (const fault of faults) log.error(fault);
  log.info(
    { rows: ROWS.length, faults: faults.length, shops: read?.shops ?? null },
    read
      ? "code, tests and evidence were looked at"
      : "code and tests were looked at; no installation is configured",
  );
  return faults.length > 0 ? 1 : 0;
}

async function write<T>(
  schema: z.ZodType<T>,
  save: (tx: Tx, input: T, now: Date) => Promise<void>,
): Promise<number> {
  const { values } = parseArgs({ args: process.argv.slice(3), options });
  const input = parseInput(schema, values);
  if (!input.ok) {
    for (const [name, what] of Object.entries(input.errors)) log.error(`--${name}: ${what}`);
    return 1;
  }
  await inInstallation(() => forPlatform("trust", (tx) => save(tx, input.value, systemClock())));
  log.info(input.value as object, "written down");
  return 0;
}

const COMMANDS: Record<string, () => Promise<number>> = {
  check,
  attest: () => write(attestSchema, attest),
  review: () =>
    process.argv.includes("--change")
      ? write(changeReviewSchema, reviewChange)
      : write(reviewSchema, reviewPolicy),
  announce: () => write(announceSchema, announceSupplier),
};

try {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!run)
    throw new AppError("invalid", `there is no command ${command}: ${Object.keys(COMMANDS).join(", ")}`);
  process.exitCode = await run();
} catch (error) {
  log.fatal(error instanceof AppError ? error.message : describeFailure(error));
  process.exitCode = 1;
}
