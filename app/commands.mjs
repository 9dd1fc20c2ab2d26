// Every command of the app: what it does and what it takes, in one place for those who run it and for `--help`. Without dependencies and on
// any Node, so that it also speaks where nothing is installed yet.
import { parseArgs } from "node:util";

/**
 * @typedef {object} Command
 * @property {string} does
 * @property {[entry: string, given?: Record<string, unknown>][]} runs the entries, one after the other until one fails, each with what is
 *   given on the command line and here
 * @property {Record<string, string>} [takes] options: a word in capitals is a value, in brackets is what may be left out
 * @property {true} [unbuilt] needs packages alone, no build
 */

const BY = "whose word it is";

/** @type {Record<string, Command>} */
export const COMMANDS = {
  web: { does: "Serves pages and takes in webhooks; any number of them may run.", runs: [["web"]] },
  worker: { does: "Does everything else; any number of them may run.", runs: [["worker"]] },
  "db:migrate": {
    does: "Brings DATABASE_URL and KEYS_DATABASE_URL, or else the embedded databases, up to date.",
    runs: [["migrate"]],
  },
  "keys:rotate": {
    does: "Brings every key under the keyring's newest id while the app runs, then checks.",
    runs: [["keys", { rotate: true }]],
  },
  "keys:check": {
    does: "Opens every key and counts them by id; ends with 1 when one does not open.",
    runs: [["keys"]],
  },
  "audit:verify": {
    does: "Verifies the audit log, names the first broken entry of each chain and why; ends with 1 when there is one.",
    runs: [["verify"]],
    takes: { "[shop NAME.myshopify.com]": "one shop's chain alone" },
  },
  backup: {
    does: "Writes an encrypted backup of the database and one of the wrapped keys to BACKUP_DIR, and deletes those past their time.",
    runs: [["backup"]],
    takes: { "[rehearse]": "restores it on trial, to see that it can be" },
  },
  restore: {
    does: `Puts a backup into an empty, migrated database, and erases again what was erased since. Nothing may run on that database
meanwhile; no process starts on it before this has come to its end.`,
    runs: [["restore"]],
    takes: {
      "from FILE": "the backup of the database",
      "[keys FILE]": "the backup of the wrapped keys, where the key store is lost as well",
      "[without-journal]": "though nothing tells what was erased since: it comes back",
    },
  },
  "purge:confirm": {
    does: "A person vouches that a shop has left though Shopify never said so: it is purged after the grace.",
    runs: [["purge", { command: "confirm" }]],
    takes: { "shop NAME.myshopify.com": "the shop that has left", "by NAME": BY },
  },
  "purge:lift": {
    does: "Lets purging go on after too many shops looked as if they had left.",
    runs: [["purge", { command: "lift" }]],
    takes: { "by NAME": BY },
  },
  "trust:check": {
    does: `Prints every promise with its state; ends with 1 when one is called kept without code, test or evidence, or when what is
measured speaks against it. Where nothing is configured it looks at the source alone.`,
    runs: [["trust", { command: "check" }]],
  },
  "trust:attest": {
    does: "A named person vouches for what no software can prove, for a year.",
    runs: [["trust", { command: "attest" }]],
    takes: { "commitment O1": "O1, O2, O3 or O4", "by NAME": BY, "[note TEXT]": "what was looked at" },
  },
  "trust:review": {
    does: "Writes down that a policy, the companies that process data, or a change of configuration was reviewed.",
    runs: [["trust", { command: "review" }]],
    takes: {
      "[policy NAME]": "privacy, security or suppliers",
      "[change ID]": "instead of a policy: the change's id, as trust:check tells it",
      "by NAME": BY,
      "[note TEXT]": "what was looked at",
    },
  },
  "trust:announce": {
    does: "Tells merchants of a change of suppliers, at least 30 days ahead.",
    runs: [["trust", { command: "announce" }]],
    takes: {
      "supplier NAME": "the company",
      "text TEXT": "what changes",
      "from DATE": "the day from which on, as 2027-03-01",
      "by NAME": BY,
    },
  },
  "audit:deps": {
    does: `Judges what runs in production by the advisory service, or by a file; keeps the verdict for the Trust page. Ends with 1 when a
serious vulnerability is known, or when the file tells nothing.`,
    runs: [["dependencies"]],
    takes: {
      "[file FILE]":
        'instead of the service: {"date": "2027-03-01", "advisories": […]} as OSV has them, or with "audit": what npm audit --json prints',
    },
    unbuilt: true,
  },
  "release:check": {
    does: "Checks dependencies and promises as a release needs them: what is not known of the dependencies fails too.",
    runs: [
      ["dependencies", { release: true }],
      ["trust", { command: "check" }],
    ],
    takes: { "[file FILE]": "instead of the advisory service, as audit:deps takes it" },
  },
};

const FORM = /^\[?([a-z-]+)(?: ([^\]]+))?\]?$/;

/** An option as the table writes it, taken apart. */
function optionsOf({ takes = {} }) {
  return Object.entries(takes).map(([form, does]) => {
    const [, name = "", value] = FORM.exec(form) ?? [];
    return {
      name,
      value,
      does,
      needed: !form.startsWith("["),
      shown: value ? `--${name} ${value}` : `--${name}`,
    };
  });
}

/**
 * What `--help` prints.
 * @param {string} name
 * @returns {string}
 */
export function usageOf(name) {
  const command = COMMANDS[name];
  const options = optionsOf(command);
  const line = options.map(({ shown, needed }) => (needed ? shown : `[${shown}]`)).join(" ");
  const lines = options.map(({ shown, does }) => `  ${shown}\n      ${does}\n`).join("");
  return `npm run ${name}${line && ` -- ${line}`}\n\n${command.does}\n${lines && `\n${lines}`}`;
}

/**
 * What was given to a command: its options, or null for `--help`.
 * @param {string} name
 * @param {string[]} args
 * @returns {Record<string, string | boolean | undefined> | null}
 * @throws Error with a sentence for whoever typed it
 */
export function readOptions(name, args) {
  const options = optionsOf(COMMANDS[name]);
  const known = options.map((each) => [each.name, { type: each.value ? "string" : "boolean" }]);
  const { values } = parseArgs({
    args,
    options: { ...Object.fromEntries(known), help: { type: "boolean" } },
  });
  if (values.help) return null;
  const missing = options.filter((each) => each.needed && values[each.name] === undefined);
  if (missing.length > 0) throw new Error(`Missing: ${missing.map(({ shown }) => shown).join(", ")}.`);
  return { ...values };
}
