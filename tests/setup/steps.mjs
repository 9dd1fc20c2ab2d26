// How set-up speaks and runs things. Plain JavaScript without dependencies: it runs before anything is installed, on Node 20.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The Node that the project brings along, once it is installed. */
export const projectNode = join(root, "node_modules", "node", "bin", "node");

/** What set-up remembers between runs. */
export const cache = join(root, ".cache", "setup");

/** A reason to stop that needs no stack trace. */
export class SetupError extends Error {}

/** One line for the person in front of it; on stderr, since stdout may be read by a program. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs one step and says what it did and how long it took; every 15 seconds, that it still does.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const start = Date.now();
  say(`  ${name} …`);
  const timer = setInterval(() => say(`  ${name} … ${seconds(start)} so far`), 15_000);
  try {
    const result = await work();
    say(`  ${name}: done in ${seconds(start)}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Runs a program and returns its output. Throws a SetupError with the end of its output when it fails or takes too long.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, show?: boolean }} [options] timeout in ms; show: its
 *   output goes to the terminal as well
 * @returns {Promise<string>} stdout
 */
export function run(program, args, { cwd = root, env = environment(), timeout, show = false } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const forward = (signal) => stopGroup(child.pid, signal);
    const onSignal = { SIGINT: () => forward("SIGINT"), SIGTERM: () => forward("SIGTERM") };
    for (const [signal, listener] of Object.entries(onSignal)) process.once(signal, listener);
    let out = "";
    let all = "";
    let late = false;
    const keep = (text) => (all = (all + text).slice(-20_000));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
      keep(text);
      if (show) process.stderr.write(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      keep(text);
      if (show) process.stderr.write(text);
    });
    const timer =
      timeout &&
      setTimeout(() => {
        late = true;
        forward("SIGKILL");
      }, timeout);
    const settle = () => {
      clearTimeout(timer);
      for (const [signal, listener] of Object.entries(onSignal)) process.off(signal, listener);
    };
    child.once("error", (error) => {
      settle();
      fail(new SetupError(`${program} cannot be run: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      settle();
      if (code === 0 && !late) return done(out);
      const why = late ? `took more than ${timeout / 1000} s` : `ended with ${signal ?? `code ${code}`}`;
      const said = all.trim().split("\n").slice(-25).join("\n");
      fail(new SetupError(`${[program, ...args].join(" ")} ${why}${said ? `:\n${said}` : ""}`));
    });
  });
}

function stopGroup(pid, signal) {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Whether we may write into a folder, which is made when missing. */
function usable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false; // not ours, or not a folder: the next candidate is asked
  }
}

/** A folder for downloads that other checkouts can share: the user's cache, else one inside the checkout. */
export function userCache() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const candidates = [
    XDG_CACHE_HOME && join(XDG_CACHE_HOME, "aftercare"),
    HOME && usableHome(HOME) && join(HOME, ".cache", "aftercare"),
    join(root, ".cache", "user"),
    join(tmpdir(), `aftercare-${process.getuid?.() ?? "user"}`),
  ];
  const found = candidates.find((folder) => folder && usable(folder));
  if (!found)
    throw new SetupError("There is no folder to keep downloads in: the checkout's .cache is not writable");
  return found;
}

function usableHome(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false; // missing or somebody else's
  }
}

let saidHome = false;

/**
 * The environment for what set-up starts: the project's Node first, and a home folder that can be written to (npm, Prisma and
 * Chromium all insist on one).
 * @param {{ systemNode?: boolean }} [options] systemNode: without the project's own programs
 */
export function environment({ systemNode = false } = {}) {
  const bin = join(root, "node_modules", ".bin");
  const others = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  const env = { ...process.env, PATH: (systemNode ? others : [bin, ...others]).join(delimiter) };
  // Telemetry and update checks only wait for the network.
  Object.assign(env, { CHECKPOINT_DISABLE: "1", NO_UPDATE_NOTIFIER: "1", DO_NOT_TRACK: "1" });
  const home = env.HOME || safeHomedir();
  if (!home || !usableHome(home)) {
    const replacement = join(root, ".cache", "home");
    mkdirSync(replacement, { recursive: true });
    if (!saidHome) say(`  HOME (${home || "unset"}) is not writable: using ${replacement}`);
    saidHome = true;
    env.HOME = replacement;
  } else env.HOME = home;
  // The npm that started us exports its cache, which lies in the home that was no good.
  if (env.npm_config_cache && !usable(env.npm_config_cache)) delete env.npm_config_cache;
  return env;
}

function safeHomedir() {
  try {
    return homedir();
  } catch {
    return undefined; // an account that is not in the password file
  }
}
