// `npm run bench` and `npm run faults`: set-up, then the runs themselves under the project's own Node.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { explain, install } from "./install.mjs";
import { environment, projectNode, root, say } from "./steps.mjs";

const COMMANDS = {
  bench: {
    usage: `npm run bench [-- NAME …]

Measures beside a reference, prints tables, writes bench-results/, and fails below a floor.
There are: audit-verify, webhook-ingest, purge, wall; without a name all of them.
`,
    fits: (args) => args.every((arg) => /^[a-z][a-z-]*$/.test(arg)),
    program: ["tests/bench/bench.ts"],
  },
  faults: {
    usage: `npm run faults [-- KILLS]

Kills the worker and the rotation of keys KILLS times (50), and a purge at every step and table, and counts what was lost or doubled.
`,
    fits: (args) => args.length <= 1 && args.every((arg) => /^[1-9]\d{0,3}$/.test(arg)),
    program: ["--import", "./tests/sandbox/redirect.mjs", "tests/faults/main.ts"],
  },
};

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const { usage, fits, program } = COMMANDS[name];
  if (args.includes("--help")) return void process.stdout.write(usage);
  if (!fits(args)) {
    say(`Not understood: ${args.join(" ")}\n\n${usage.trimEnd()}`);
    process.exitCode = 64;
    return;
  }
  const chromium = await install();
  const child = spawn(projectNode, [...program, ...args], {
    cwd: root,
    env: { ...environment(), CHROMIUM_PATH: chromium },
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
}

await main().catch(explain);
