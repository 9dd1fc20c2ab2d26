// Installs and makes whatever the demo and the tests need; nothing when it is all there. Runs on Node 20, without dependencies.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchAdminSchema } from "./admin-schema.mjs";
import { provideChromium } from "./chromium.mjs";
import { buildApp, generateClient } from "./generated.mjs";
import { withLock } from "./lock.mjs";
import { installPackages } from "./packages.mjs";
import { environment, root, say, SetupError } from "./steps.mjs";

/**
 * Makes the checkout ready to run. Returns the path of Chromium.
 * @throws SetupError in words for the person who waits
 */
export async function install() {
  const start = Date.now();
  say("Set-up");
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20)
    throw new SetupError(`Node 20 or later is needed to start with; this is ${process.version}`);
  const chromium = await withLock(join(root, ".cache", "setup.lock"), async () => {
    await installPackages();
    const { HOME, npm_config_cache } = environment(); // npm, which fetches it, insists on a home
    Object.assign(process.env, { HOME });
    if (!npm_config_cache) delete process.env.npm_config_cache;
    fetchAdminSchema((line) => line.endsWith(": present") || say(`  ${line}`));
    await generateClient();
    await buildApp();
    return provideChromium();
  });
  say(`Set-up is complete (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return chromium;
}

/** Ends the process with a sentence instead of a stack trace where the reason is known. */
export function explain(error) {
  say(error instanceof SetupError ? `\n${error.message}` : `\n${error?.stack ?? error}`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await install().catch(explain);
