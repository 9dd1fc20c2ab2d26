// `npm run demo`: set-up, then the demo itself under the project's own Node.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { explain, install } from "./install.mjs";
import { environment, projectNode, root } from "./steps.mjs";
import { USAGE } from "./usage.mjs";

async function main() {
  const options = process.argv.slice(2);
  if (options.includes("--help")) return void process.stdout.write(USAGE);
  const chromium = await install();
  const demo = join(root, "tests", "sandbox", "demo.ts");
  const child = spawn(projectNode, [demo, ...options], {
    cwd: root,
    env: { ...environment(), CHROMIUM_PATH: chromium },
    // The channel tells the demo when we are gone, also by kill -9.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  child.channel?.unref();
  // A terminal's Ctrl-C reaches the child as well; what is sent to us alone is passed on. The demo takes both for one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // npm and its shell may die without passing the signal on; then nobody is left to stop us.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 300).unref();
  child.once("error", explain);
  child.once("exit", (code, signal) => (process.exitCode = signal ? 1 : code));
}

await main().catch(explain);
