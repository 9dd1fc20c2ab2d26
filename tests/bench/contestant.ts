import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 60_000;

export type Contestant = { port: number; stop: () => Promise<void> };

/** Starts a server of its own process and waits until it accepts connections at `PORT`. Throws with what it said if it ends. */
export async function startContestant(entry: string, env: Record<string, string>): Promise<Contestant> {
  const port = await freePort();
  const child = spawn(process.execPath, [entry], {
    cwd: root,
    env: environment({ ...env, HOST: "127.0.0.1", PORT: String(port) }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  let ended = false;
  const end = once(child, "close").then(() => (ended = true));
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(50)) {
    if (ended) throw new Error(`${entry} ended:\n${said}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) break;
    if (Date.now() > deadline) throw new Error(`${entry} is not ready:\n${said}`);
  }
  return {
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await end;
    },
  };
}

/** Its own configuration, and of ours only what a program needs to run. */
function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const { NODE_ENV, PATH, HOME } = process.env;
  return { NODE_ENV, PATH, HOME, ...own };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
