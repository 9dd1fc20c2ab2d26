// Finds a Chromium that really runs: an installed one, Playwright's download, Debian's package, or Debian's packages unpacked
// in the user's cache.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { cache, environment, projectNode, root, run, say, SetupError, step, userCache } from "./steps.mjs";

/** How Chromium is started everywhere: nothing of it may look for the network. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const remembered = join(cache, "chromium");
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser that set-up found, or undefined before it ran. CHROMIUM_PATH goes before all. */
export function knownChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const path = existsSync(remembered) ? readFileSync(remembered, "utf8").trim() : "";
  return path && isProgram(path) ? path : undefined;
}

/** Finds or fetches Chromium and returns its path. Throws a SetupError with every way that failed. */
export async function provideChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    const wrong = isProgram(chosen) ? await whyNot(chosen) : "there is no such program";
    if (wrong) throw new SetupError(`CHROMIUM_PATH is ${chosen}, but ${wrong}`);
    return chosen;
  }
  const known = knownChromium();
  if (known) return known;

  const failed = [];
  for (const [how, find] of ways()) {
    try {
      const path = await find();
      const wrong = await whyNot(path);
      if (wrong) throw new SetupError(`${path} does not work: ${wrong}`);
      say(`  Chromium: ${path} (${how})`);
      mkdirSync(cache, { recursive: true });
      writeFileSync(remembered, path);
      return path;
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      const reason = error.message
        .trim()
        .split("\n")
        .slice(0, 1)
        .concat(error.message.trim().split("\n").slice(-2))
        .join(" | ");
      failed.push(`${how}: ${reason}`);
      say(`  Chromium, ${how}: not to be had (${error.message.split("\n")[0]})`);
    }
  }
  throw new SetupError(
    `There is no Chromium, and none could be fetched:\n${failed.map((line) => `  - ${line}`).join("\n")}\n` +
      "Install one, or set CHROMIUM_PATH to its program.",
  );
}

function ways() {
  const isRoot = process.getuid?.() === 0;
  return [
    ["installed", findInstalled],
    ["Playwright's download", downloadWithPlaywright],
    ...(isRoot ? [["Debian's package", installWithApt]] : []),
    ["Debian's packages, unpacked", unpackDebian],
  ];
}

function findInstalled() {
  const folders = (environment({ systemNode: true }).PATH ?? "")
    .split(delimiter)
    .concat("/usr/bin", "/usr/local/bin");
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (!found) throw new SetupError(`none of ${names.join(", ")} is on the path`);
  return found;
}

async function downloadWithPlaywright() {
  const env = { ...environment(), PLAYWRIGHT_BROWSERS_PATH: join(userCache(), "playwright") };
  const cli = join(root, "node_modules", "playwright-core", "cli.js");
  const path = executableIn(env.PLAYWRIGHT_BROWSERS_PATH);
  if (path) return path;
  if (!(await reaches("cdn.playwright.dev"))) throw new SetupError("its download server cannot be reached");
  await step("downloading Chromium with Playwright", () =>
    run(projectNode, [cli, "install", "--no-shell", "chromium"], { env, timeout: 300_000 }),
  );
  const fetched = executableIn(env.PLAYWRIGHT_BROWSERS_PATH);
  if (!fetched) throw new SetupError("its download holds no Chromium");
  return fetched;
}

/** Playwright's own attempts last minutes where packets are dropped: one look at the server tells in seconds. */
async function reaches(host) {
  // Then Playwright asks another server, or in another way, than this look would.
  const { HTTPS_PROXY, https_proxy, PLAYWRIGHT_DOWNLOAD_HOST } = process.env;
  if (HTTPS_PROXY || https_proxy || PLAYWRIGHT_DOWNLOAD_HOST) return true;
  try {
    await fetch(`https://${host}/`, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false; // no name, no route, no answer: all the same to us
  }
}

function executableIn(folder) {
  if (!existsSync(folder)) return undefined;
  const require = createRequire(join(root, "node_modules", "playwright-core", "package.json"));
  const { browsers } = JSON.parse(readFileSync(require.resolve("./browsers.json"), "utf8"));
  const revision = browsers.find(({ name }) => name === "chromium").revision;
  const inside = readdirSync(folder).includes(`chromium-${revision}`)
    ? join(folder, `chromium-${revision}`)
    : undefined;
  const programs = [
    "chrome-linux64/chrome",
    "chrome-linux/chrome",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
  ];
  return inside && programs.map((program) => join(inside, program)).find(isProgram);
}

// Without a font of its own a bare machine would show boxes for letters.
const debianPackages = ["chromium", "fonts-liberation"];

async function installWithApt() {
  const env = { ...environment(), DEBIAN_FRONTEND: "noninteractive" };
  const lock = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"];
  await step("installing Chromium with apt-get", async () => {
    await run("apt-get", [...lock, "update"], { env, timeout: 300_000 });
    await run("apt-get", [...lock, "install", "-y", "--no-install-recommends", ...debianPackages], {
      env,
      timeout: 900_000,
    });
  });
  return findInstalled();
}

async function unpackDebian() {
  const base = join(userCache(), "chromium");
  const wrapper = join(base, "chromium");
  if (isProgram(wrapper)) {
    writeWrapper(base, wrapper);
    if (!(await whyNot(wrapper))) return wrapper;
  }
  rmSync(base, { recursive: true, force: true });
  const work = join(base, "apt");
  for (const folder of ["state/lists/partial", "cache/archives/partial", "packages"])
    mkdirSync(join(work, folder), { recursive: true });
  // apt with lists of its own needs no rights, and does not depend on how old the machine's lists are.
  const env = environment();
  const own = [
    `Dir::State=${work}/state`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${work}/cache`,
  ];
  const options = [...own, "Debug::NoLocking=1", "APT::Sandbox::User=", "Acquire::Retries=2"].flatMap((o) => [
    "-o",
    o,
  ]);
  await step("looking up Debian's Chromium", () =>
    run("apt-get", [...options, "update"], { env, timeout: 300_000 }),
  );
  const plan = await run(
    "apt-get",
    [...options, "--simulate", "--no-install-recommends", "install", ...debianPackages],
    { env, timeout: 60_000 },
  );
  const missing = [...plan.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) /gm)].map(
    ([, name, version]) => `${name}=${version}`,
  );
  if (!missing.length)
    throw new SetupError("Debian's Chromium is said to be installed already, but does not run");
  const packages = join(work, "packages");
  await step(`downloading ${missing.length} Debian packages`, () =>
    run("apt-get", [...options, "download", ...missing], { cwd: packages, env, timeout: 900_000 }),
  );
  await step("unpacking them", async () => {
    for (const file of readdirSync(packages))
      await run("dpkg", ["-x", join(packages, file), join(base, "root")], { env });
  });
  rmSync(work, { recursive: true });
  writeWrapper(base, wrapper);
  return wrapper;
}

function writeWrapper(base, wrapper) {
  const inside = join(base, "root");
  const libraries = join(inside, "usr", "lib");
  const triplets = readdirSync(libraries).filter((name) => name.includes("-linux-"));
  const folders = triplets.flatMap((name) => [name, join(name, "nss"), join(name, "pulseaudio")]).concat("");
  const path = folders
    .map((name) => join(libraries, name))
    .filter((folder) => existsSync(folder))
    .concat(triplets.map((name) => join(inside, "lib", name)));
  // Debian's own rules for fonts are put in place by the packages' scripts, which did not run.
  const families = { "sans-serif": "Sans", "system-ui": "Sans", serif: "Serif", monospace: "Mono" };
  const aliases = Object.entries(families).map(
    ([family, kind]) =>
      `  <alias><family>${family}</family><prefer><family>Liberation ${kind}</family></prefer></alias>`,
  );
  const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${inside}/usr/share/fonts</dir>
  <cachedir>${base}/fontconfig</cachedir>
  <include ignore_missing="yes">/etc/fonts/conf.d</include>
${aliases.join("\n")}
</fontconfig>
`;
  writeFileSync(join(base, "fonts.conf"), fonts);
  const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const script = `#!/bin/sh
# Debian's Chromium, unpacked instead of installed: its libraries are beside it.
LD_LIBRARY_PATH=${quote(path.join(":"))}\${LD_LIBRARY_PATH:+":$LD_LIBRARY_PATH"}
FONTCONFIG_FILE=${quote(join(base, "fonts.conf"))}
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec ${quote(join(libraries, "chromium", "chromium"))} "$@"
`;
  writeFileSync(wrapper, script, { mode: 0o755 });
}

/** Renders a page: a browser that lacks a library, or is a mere placeholder, does not get this far. */
async function whyNot(path) {
  const profile = mkdtempSync(join(tmpdir(), "aftercare-chromium-"));
  const page = "data:text/html,<p>aftercare%20works</p>";
  try {
    const args = ["--headless", ...chromiumFlags, `--user-data-dir=${profile}`, "--dump-dom", page];
    const html = await run(path, args, { timeout: 60_000 });
    return html.includes("aftercare works") ? undefined : "it shows no page";
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message.split("\n").slice(-3).join(" | ");
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
