// `node app/command.mjs NAME [options]`, which is `npm run NAME [-- options]`: runs a command, or says why it cannot, in a sentence.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COMMANDS, readOptions, usageOf } from "./commands.mjs";

// As sysexits.h calls a command line, and a configuration, that is wrong.
const EXIT_USAGE = 64;
const EXIT_CONFIGURATION = 78;

const [name = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, name))
  refuse(EXIT_USAGE, `There is no command "${name}". There are: ${Object.keys(COMMANDS).join(", ")}.`);
const options = read();
const missing = options && whatIsMissing();
if (!options) process.stdout.write(usageOf(name));
else if (missing) refuse(EXIT_CONFIGURATION, missing);
else await run(options);

function read() {
  try {
    return readOptions(name, args);
  } catch (error) {
    return refuse(EXIT_USAGE, `${error.message}\n\n${usageOf(name)}`);
  }
}

/** Without it, whatever is imported first would fail, with a stack. */
function whatIsMissing() {
  const has = (path) => existsSync(fileURLToPath(new URL(path, import.meta.url)));
  const both = "npm ci && npm run build";
  if (!has("../node_modules/node"))
    return `Nothing is installed yet: run ${both}. \`npm run demo\` needs neither.`;
  if (!process.features.typescript)
    return `Node ${process.version} cannot run this: start it with \`npm run ${name}\`, which takes the Node that is installed here.`;
  if (!COMMANDS[name].unbuilt && !has("platform/db/generated/client.ts"))
    return "Nothing is built yet: run npm run build.";
  return undefined;
}

async function run(options) {
  for (const [entry, given] of COMMANDS[name].runs) {
    const { run } = await import(`./entry.${entry}.ts`);
    await run?.({ ...options, ...given });
    if (process.exitCode) return;
  }
}

function refuse(code, sentence) {
  process.stderr.write(`${sentence.trimEnd()}\n`);
  process.exit(code);
}
