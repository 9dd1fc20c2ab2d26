// The demo: the whole product with a store in it, for a person (a page to open), a program (--json) or a check (--once).
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { removeEmbedded } from "#app/platform/db/embedded.ts";
import { DEFAULT_SHOP } from "#tests/sandbox/sandbox.ts";
import { playMainJob } from "#tests/sandbox/demo.play.ts";
import { seedStore } from "#tests/sandbox/demo.seed.ts";
import { startOf } from "#tests/setup/lock.mjs";
import { USAGE } from "#tests/setup/usage.mjs";
import { isRunning, makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { startStack, type Ports, type Stack } from "#tests/setup/stack.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const portNames = ["admin", "app", "mail", "web", "worker"] as const;

type Options = { once: boolean; json: boolean; reset: boolean; folder: string; ports: Ports };

/** A reason that the person can do something about. */
class DemoError extends Error {}

function readOptions(): Options | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const named = [...portNames, "database"].map((name) => [`${name}-port`, text] as const);
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      options: {
        once: flag,
        json: flag,
        reset: flag,
        help: flag,
        data: text,
        port: text,
        ...Object.fromEntries(named),
      },
    }));
  } catch (error) {
    throw new DemoError(`${(error as Error).message}\n\n${USAGE}`);
  }
  if (values.help) return undefined;
  const first = readPort("port", values.port) ?? (values.once ? 0 : 4300);
  const ports: Ports = { database: readPort("database-port", values["database-port"]) ?? 0 };
  for (const [index, name] of portNames.entries())
    ports[name] = readPort(`${name}-port`, values[`${name}-port`]) ?? (first === 0 ? 0 : first + index);
  return {
    once: values.once === true,
    json: values.json === true,
    reset: values.reset === true,
    folder: resolve(root, typeof values.data === "string" ? values.data : ".data"),
    ports,
  };
}

function readPort(name: string, value: string | boolean | undefined): number | undefined {
  if (typeof value !== "string") return undefined;
  const port = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65_530)) throw new DemoError(`--${name} takes a number from 0 to 65530, not "${value}"`);
  return port;
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);
const step = (line: string) => tell(`  ${line}`);

type Marks = { owner: string; url: string; processes: string[] };
const marksFile = (folder: string) => join(folder, "demo.json");

/** Refuses a second demo on the same data; ends what a killed one left behind. */
async function clearTheWay(folder: string): Promise<void> {
  if (!existsSync(marksFile(folder))) return;
  const marks = JSON.parse(readFileSync(marksFile(folder), "utf8")) as Marks;
  if (isRunning(marks.owner))
    throw new DemoError(
      `The demo is running already (process ${marks.owner.split(" ")[0]}): open ${marks.url}`,
    );
  // They end by themselves when their parent is gone; this is for those that could not.
  for (const name of marks.processes) {
    if (name.endsWith(" -") || !isRunning(name)) continue; // without a start time nothing proves that it is ours
    step(`ending process ${name.split(" ")[0]}, left over from a killed demo`);
    process.kill(Number(name.split(" ")[0]), "SIGKILL");
  }
  rmSync(marksFile(folder));
}

function writeMarks(folder: string, url: string, pids: number[]): void {
  mkdirSync(folder, { recursive: true });
  const name = (pid: number) => `${pid} ${startOf(pid)}`;
  const marks: Marks = { owner: name(process.pid), url, processes: pids.map(name) };
  writeFileSync(marksFile(folder), JSON.stringify(marks));
}

const commandFile = (folder: string) => join(folder, "demo.env");

/** What the app's commands need to work on the data of a demo that runs, for a shell to read. */
function writeEnvironment({ env }: Stack, folder: string): void {
  const given = { ...env, LOG_LEVEL: "info", BACKUP_DIR: join(folder, "backups") };
  const lines = Object.entries(given).map(([name, value]) => `${name}='${value}'\n`);
  rmSync(commandFile(folder), { force: true });
  writeFileSync(commandFile(folder), lines.join(""), { mode: 0o600 });
}

async function reset(folder: string): Promise<void> {
  await removeEmbedded({ dataDir: join(folder, "postgres"), log: step });
  for (const name of [
    "sandbox",
    "logs",
    "journal",
    "backups",
    "secrets.json",
    "seeded",
    "demo.json",
    "demo.env",
  ])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** Signals stop the stack in order; a second one stops the app's processes at once. */
function stopOnSignals(): { asked: Promise<void>; obey: (stack: Stack) => Promise<void> } {
  let count = 0;
  let first = 0;
  let ask: () => void;
  let hurry: (() => void) | undefined;
  const asked = new Promise<void>((done) => (ask = done));
  const stop = () => {
    count += 1;
    first ||= Date.now();
    // npm, the terminal and the wrapper may each deliver the same Ctrl-C.
    if (Date.now() - first > 500) hurry?.();
    if (count === 1) ask();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // Whoever started us is gone, and with it whoever could stop us.
  process.once("disconnect", stop);
  process.channel?.unref();
  return {
    asked,
    obey: async (stack) => {
      hurry = () => void Promise.all([stack.web.kill(), stack.worker.kill()]);
      await stack.stop();
    },
  };
}

async function prepare(options: Options): Promise<Stack> {
  const { folder } = options;
  const seeded = join(folder, "seeded");
  // Half a store is worse than none.
  const interrupted = existsSync(join(folder, "sandbox")) && !existsSync(seeded);
  if (options.reset || interrupted) {
    step(
      options.reset
        ? "starting over"
        : "the last start was interrupted while it filled the store: starting over",
    );
    await reset(folder);
  }
  writeMarks(folder, "", []);
  const stack = await startStack({ folder, ports: options.ports, log: step });
  writeMarks(folder, stack.sandbox.adminUrl, [stack.web.pid, stack.worker.pid]);
  writeEnvironment(stack, folder);
  if (existsSync(seeded)) return stack;
  try {
    step("filling the store: templates, triggers, orders, messages");
    await seedStore(stack);
    writeFileSync(seeded, new Date().toISOString());
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function announce({ sandbox, webUrl, secrets }: Stack, { json, folder }: Options): void {
  const { adminUrl, mailboxUrl, adminApiUrl, shopifyUrl, env } = sandbox;
  if (json) {
    const { apiKey, apiSecret } = secrets;
    const facts = {
      // The app itself, whose answers nobody rewrites; the admin frames it at the other.
      appUrl: webUrl,
      publicUrl: env.SHOPIFY_APP_URL,
      adminUrl,
      mailboxUrl,
      adminApiUrl,
      shop: DEFAULT_SHOP,
      apiKey,
      apiSecret,
    };
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  process.stdout.write(`
Aftercare is running.

  Open the app in its store's admin:   ${adminUrl}
  The mails that buyers get:           ${mailboxUrl}
  Buy, fulfil, cancel, refund:         ${shopifyUrl}
  Commands on its data, such as:       (set -a; . ${commandFile(folder)}; npm run audit:verify)

Ctrl-C stops it. The data stays in .data and is used again; npm run demo -- --reset starts over.
`);
}

async function runDemo(options: Options): Promise<number> {
  const start = Date.now();
  tell("Demo");
  await clearTheWay(options.folder);
  const signals = stopOnSignals();
  const started = prepare(options);
  const early = await Promise.race([started, signals.asked.then(() => undefined)]);
  const stack = early ?? (await started.catch(() => undefined));
  try {
    if (!stack) return 1;
    if (!early) return 0;
    step(`ready in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    announce(stack, options);
    const lost = await Promise.race([stack.lost, signals.asked.then(() => undefined)]);
    if (lost !== undefined) tell(`\nThe demo ends: ${lost}`);
    return lost === undefined ? 0 : 1;
  } finally {
    if (stack) {
      tell("stopping");
      await signals.obey(stack);
    }
    for (const file of [marksFile, commandFile]) rmSync(file(options.folder), { force: true });
  }
}

async function runOnce(options: Options): Promise<number> {
  const start = Date.now();
  tell("The main job, from installing the app to the proof that the message arrived");
  const folder = await makeScratch();
  const signals = stopOnSignals();
  let stack: Stack | undefined;
  try {
    stack = await startStack({
      folder,
      ports: options.ports,
      durable: false,
      sandbox: { installed: false },
      log: step,
    });
    const ended = await Promise.race([
      playMainJob(stack, (line) => void process.stdout.write(`${line}\n`)).then(() => "played"),
      stack.lost,
      signals.asked.then(() => "it was interrupted"),
    ]);
    if (ended !== "played") throw new DemoError(ended);
    process.stdout.write(`\nThe main job works (${((Date.now() - start) / 1000).toFixed(1)} s).\n`);
    return 0;
  } catch (error) {
    process.stdout.write(
      `\nThe main job failed: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    for (const part of [stack?.web, stack?.worker])
      if (part) tell(`\nLast words of the ${part.name} process:\n${part.lastWords()}`);
    return 1;
  } finally {
    if (stack) await signals.obey(stack);
    await removeScratch(folder);
  }
}

try {
  const options = readOptions();
  if (!options) process.stdout.write(USAGE);
  else process.exitCode = await (options.once ? runOnce(options) : runDemo(options));
} catch (error) {
  // Busy ports, foreign folders and wrong options are told in a sentence; anything else is a mistake of ours.
  const known = error instanceof DemoError || !(error instanceof TypeError || error instanceof RangeError);
  tell(`\n${known ? (error as Error).message : (error as Error).stack}`);
  process.exitCode = 1;
}
