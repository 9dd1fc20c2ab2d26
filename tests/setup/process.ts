// One process of the app as the demo and the tests run it.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type ProcessOptions = {
  /** How people call it. */
  name: string;
  /** Its module, from the root of the checkout. */
  entry: string;
  env: Record<string, string>;
  /** What it says is kept there, anew at each start. */
  logFile: string;
  /** An address that answers 200 once it is ready. */
  readyUrl: string;
};

export type AppProcess = {
  name: string;
  pid: number;
  /** Resolves when it has ended, with how. */
  ended: Promise<string>;
  /** The last lines it wrote. */
  lastWords: () => string;
  /** Asks it to end, waits, and after `patience` ms ends it. */
  stop: (patience?: number) => Promise<void>;
  /** Ends it like a power cut. */
  kill: () => Promise<void>;
};

const START_TIMEOUT = 60_000;
// What a process needs of the machine; everything else it gets from its own configuration.
const inherited = ["PATH", "HOME", "LANG", "TMPDIR", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/** Starts a process of the app and waits until it is ready. Throws with its last words when it is not. */
export async function startProcess(options: ProcessOptions): Promise<AppProcess> {
  const { name } = options;
  mkdirSync(dirname(options.logFile), { recursive: true });
  const logFile = createWriteStream(options.logFile);
  let tail = "";
  const child = spawn(
    process.execPath,
    [
      ...["tests/sandbox/redirect.mjs", "tests/setup/follow-parent.mjs"].map((file) => `--import=./${file}`),
      options.entry,
    ],
    {
      cwd: root,
      env: { ...machine(), ...options.env } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
      // A group of its own: Ctrl-C reaches the whole group of a terminal, and processes are stopped in order here.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-8000);
      logFile.write(text);
    });
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) => {
      logFile.end();
      done(signal ? `ended by ${signal}` : `ended with code ${code}`);
    });
  });
  let over = false;
  void ended.then(() => (over = true));

  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  const started: AppProcess = {
    name,
    pid: child.pid ?? 0,
    ended,
    lastWords: () => tail.trim().split("\n").slice(-12).join("\n"),
    kill,
    stop: async (patience = 15_000) => {
      if (over) return;
      child.kill("SIGTERM");
      const timeout = new AbortController();
      await Promise.race([
        ended,
        sleep(patience, undefined, { signal: timeout.signal }).catch(() => undefined),
      ]);
      timeout.abort();
      if (!over) await kill();
    },
  };
  await becomeReady(started, options.readyUrl);
  return started;
}

function machine(): Record<string, string> {
  return Object.fromEntries(inherited.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])));
}

async function becomeReady(started: AppProcess, url: string): Promise<void> {
  let ended: string | undefined;
  void started.ended.then((how) => (ended = how));
  for (const deadline = Date.now() + START_TIMEOUT; Date.now() < deadline; await sleep(50)) {
    if (ended)
      throw new Error(`The ${started.name} process ${ended} while starting:\n${started.lastWords()}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
  }
  await started.kill();
  throw new Error(
    `The ${started.name} process was not ready after ${START_TIMEOUT / 1000} s:\n${started.lastWords()}`,
  );
}
