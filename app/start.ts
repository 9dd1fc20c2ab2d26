// What the processes have in common: environment, databases, keys, signals, refusals, and an end in good order.
import { resolve } from "node:path";
import type { z } from "zod";
import { foundAuditChains } from "#app/features/audit/found.server.ts";
import { refuseUnreplayed } from "#app/platform/backup/mark.ts";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore, refuseUnfitKeyring } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { env, type Env, type KeysEnv } from "#app/platform/env.ts";
import { AppError, ConfigurationError, describeFailure, traceOf } from "#app/platform/errors.ts";
import { parseInput } from "#app/platform/forms.ts";
import { claimInstallation, claimJournal, refuseUnmigrated } from "#app/platform/installation.ts";
import { log, setLogLevel } from "#app/platform/log.ts";
import { measureProcess } from "#app/platform/metrics.ts";

/** How sysexits.h calls a configuration that is wrong: whoever supervises us should not start us again and again. */
const EXIT_CONFIGURATION = 78;

type Step = () => Promise<void> | void;
/** Notes how a part ends; parts end in reverse order. */
export type Undo = (step: Step) => void;
type Fatal = (error: unknown, message: string) => void;

/**
 * Runs a process of the app until it is told to stop.
 * @param start opens whatever the process serves, and says with `undo` how each part of it ends
 */
export async function runProcess(
  name: string,
  start: (env: Env, undo: Undo) => Promise<object>,
): Promise<void> {
  const checked = checkEnv(env);
  setLogLevel(checked.LOG_LEVEL);
  const steps: Step[] = [];
  const undo: Undo = (step) => void steps.push(step);
  let stopping: Promise<void> | undefined;
  // Signals come in twos: from the terminal to the whole group, and from npm to its child.
  const stop = (code: number) => {
    // Whatever hangs, a start that waits for a silent database too, must not keep a process that was told to go.
    if (!stopping) setTimeout(() => process.exit(code || 1), 25_000).unref();
    return (stopping ??= starting.then(() => endProcess(name, steps, code)));
  };
  const fatal: Fatal = (error, message) => {
    log.fatal({ error: describeFailure(error), trace: traceOf(error) }, message);
    void stop(1);
  };
  process.on("uncaughtException", (error) => fatal(error, "unexpected failure"));
  process.on("unhandledRejection", (error) => fatal(error, "unexpected failure"));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(0));

  const open = async () => {
    measureProcess();
    await openDatabases(checked, undo, fatal);
    log.info(await start(checked, undo), `${name} is ready`);
  };
  let failed = 0;
  const starting = open().catch((error: unknown) => void (failed = tellFailure(error)));
  await starting;
  if (failed) await stop(failed);
}

/**
 * Runs one command to its end, with a code to exit with.
 * @param check the part of the environment that it needs
 * @param work says with `undo` how each part of it ends
 */
export async function runCommand<Part>(
  check: () => Part,
  work: (env: Part, undo: Undo) => Promise<number>,
): Promise<void> {
  const checked = checkEnv(check);
  const steps: Step[] = [];
  try {
    process.exitCode = await work(checked, (step) => void steps.push(step));
  } catch (error) {
    process.exitCode = tellFailure(error);
  }
  for (const step of steps.reverse()) await step();
}

/**
 * The options of a command, checked.
 * @throws AppError that names every one that is wrong
 */
export function checkOptions<T>(schema: z.ZodType<T>, given: object): T {
  const input = parseInput(schema, given);
  if (input.ok) return input.value;
  const lines = Object.entries(input.errors).map(([name, what]) => `--${name} ${what}`);
  throw new AppError("invalid", lines.join("; "));
}

/** A sentence for the operator where there is one, else what is known of the failure. Returns the code to exit with. */
function tellFailure(error: unknown): number {
  if (error instanceof AppError) log.fatal(error.message);
  else log.fatal({ trace: traceOf(error) }, error instanceof Error ? error.message : describeFailure(error));
  return error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1;
}

function checkEnv<Part>(check: () => Part): Part {
  try {
    return check();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : "The environment is not usable."}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
}

async function openDatabases(env: Env, undo: Undo, fatal: Fatal): Promise<void> {
  const urls = await databaseUrls(env, undo, fatal);
  await claimJournal(await openInstallation(env, urls, env.DATABASE_POOL, undo));
  await refuseUnfitKeyring();
  await foundAuditChains();
}

/** Both databases for a command: as a start opens them, but that the keyring need not open everything. @returns the installation's id */
export async function openForCommand(env: KeysEnv, undo: Undo): Promise<string> {
  return openInstallation(env, await commandUrls(env, undo), 3, undo);
}

/** Both databases as they are, for what is put into them: they may be nobody's yet. */
export async function openForRestore(env: KeysEnv, undo: Undo): Promise<void> {
  await openStores(env, await commandUrls(env, undo), 3, undo);
}

type Urls = { url: string; keysUrl: string };

async function commandUrls(env: KeysEnv, undo: Undo): Promise<Urls> {
  const { DATABASE_URL: url, KEYS_DATABASE_URL: keysUrl } = env;
  if (url && keysUrl) return { url, keysUrl };
  const dataDir = resolve(env.DATA_DIR, "postgres");
  const embedded = await startEmbedded({ dataDir, log: (line) => log.info(line) });
  undo(embedded.stop);
  return embedded;
}

async function openInstallation(env: KeysEnv, urls: Urls, pool: number, undo: Undo): Promise<string> {
  await openStores(env, urls, pool, undo);
  await refuseUnreplayed();
  return claimInstallation(env.ENVIRONMENT ?? env.NODE_ENV);
}

async function openStores(env: KeysEnv, { url, keysUrl }: Urls, pool: number, undo: Undo): Promise<void> {
  await connectDatabase({ url, pool });
  undo(disconnectDatabase);
  await connectKeyStore({ url: keysUrl, keyring: await openKeyring(env) });
  undo(disconnectKeyStore);
  await refuseUnmigrated();
}

/** The databases that are configured, whose migrations are a step of the release; else the embedded one, brought up to date. */
async function databaseUrls(env: Env, undo: Undo, fatal: Fatal) {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, keysUrl: env.KEYS_DATABASE_URL ?? env.DATABASE_URL };
  const embedded = await startEmbedded({
    dataDir: resolve(env.DATA_DIR, "postgres"),
    log: (line) => log.info(line),
  });
  undo(embedded.stop);
  void embedded.lost.then((reason) =>
    fatal(new AppError("unavailable", reason), "the embedded database is gone"),
  );
  await applyMigrations(embedded.url);
  await applyMigrations(embedded.keysUrl, keyMigrationsFolder);
  return { url: embedded.url, keysUrl: embedded.keysUrl };
}

async function endProcess(name: string, steps: Step[], code: number): Promise<void> {
  log.info(`${name} is stopping`);
  for (const step of steps.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      code ||= 1;
      log.error(
        { error: describeFailure(error), trace: traceOf(error) },
        "a part did not stop in good order",
      );
    }
  }
  log.info(`${name} has stopped`);
  process.exit(code);
}
