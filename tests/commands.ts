// A command as an operator runs it, from its command line to its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export type Ended = {
  code: number;
  /** Line by line; of a line of the log its sentence. */
  said: string[];
};

/** Runs `npm run NAME -- …` without npm. `checkout`: another one than this; `cwd`: where its `.env` would lie. */
export async function runCommand(
  [name, ...args]: [name: string, ...args: string[]],
  { env, checkout = root, cwd = checkout }: { env: NodeJS.ProcessEnv; checkout?: string; cwd?: string },
): Promise<Ended> {
  const child = spawn(process.execPath, [join(checkout, "app/command.mjs"), name, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, "close")) as [number];
  const lines = (await output).join("").split("\n").filter(Boolean);
  return {
    code,
    said: lines.map((line) => (line.startsWith("{") ? (JSON.parse(line) as { msg: string }).msg : line)),
  };
}
