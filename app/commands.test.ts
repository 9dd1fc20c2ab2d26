// The commands before there is anything to work on: on a fresh checkout, typed wrongly, and without configuration.
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { runCommand } from "#tests/commands.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { COMMANDS, readOptions, usageOf } from "./commands.mjs";

const NAMES = Object.keys(COMMANDS);
const { NODE_ENV, PATH, HOME } = process.env;
const env = { NODE_ENV, PATH, HOME };
let fresh: string;
beforeAll(async () => {
  fresh = await makeScratch();
  await mkdir(join(fresh, "app"));
  for (const file of ["app/command.mjs", "app/commands.mjs", "package.json"])
    await cp(file, join(fresh, file));
});
afterAll(() => removeScratch(fresh));

test("package.json runs those that there are, and the README tells of each", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as {
    scripts: Record<string, string>;
  };
  const run = Object.entries(scripts).filter(([, script]) => script.includes("app/command.mjs"));
  expect(run).toEqual(run.map(([name]) => [name, `node app/command.mjs ${name}`]));
  expect(run.map(([name]) => name).sort()).toEqual([...NAMES].sort());
  const readme = await readFile("README.md", "utf8");
  for (const name of NAMES) expect(readme).toContain(`npm run ${name}`);
});

describe("on a fresh checkout", () => {
  it.each(NAMES)("%s --help tells what it does and takes", async (name) => {
    const { code, said } = await runCommand([name, "--help"], { env, checkout: fresh });
    expect(code).toBe(0);
    expect(said.join("\n")).toBe(usageOf(name).split("\n").filter(Boolean).join("\n"));
    for (const line of said) expect(line.length).toBeLessThanOrEqual(150);
  });

  test("a command that needs what is not installed says so in one sentence", async () => {
    const { code, said } = await runCommand(["keys:check"], { env, checkout: fresh });
    expect(code).toBe(78);
    expect(said).toEqual([expect.stringMatching(/^Nothing is installed yet: run npm ci && npm run build\./)]);
  });

  test("a command that there is not is answered with those that there are", async () => {
    const { code, said } = await runCommand(["keys:lose"], { env, checkout: fresh });
    expect(code).toBe(64);
    expect(said).toEqual([expect.stringMatching(/^There is no command "keys:lose"\. .*keys:rotate/)]);
  });
});

describe("what was typed", () => {
  const wrong: [string, string[], RegExp][] = [
    ...NAMES.map((name): [string, string[], RegExp] => [name, ["--wrong"], /'--wrong'/]),
    ...NAMES.map((name): [string, string[], RegExp] => [name, ["more"], /'more'/]),
    ["restore", ["--keys", "a"], /^Missing: --from FILE\.$/],
    ["restore", ["--from"], /--from <value>/],
    ["purge:confirm", [], /^Missing: --shop NAME\.myshopify\.com, --by NAME\.$/],
    ["purge:lift", [], /^Missing: --by NAME\.$/],
    ["trust:attest", ["--by", "Ada"], /^Missing: --commitment O1\.$/],
    ["trust:review", ["--policy", "privacy"], /^Missing: --by NAME\.$/],
    ["trust:announce", ["--by", "Ada"], /^Missing: --supplier NAME, --text TEXT, --from DATE\.$/],
  ];
  it.each(wrong)("%s %j is refused with a sentence", (name, args, sentence) => {
    expect(() => readOptions(name, args)).toThrow(sentence);
  });

  test("is refused before anything is done", async () => {
    const { code, said } = await runCommand(["db:migrate", "--wrong"], { env, checkout: fresh });
    expect(code).toBe(64);
    expect(said[0]).toContain("'--wrong'");
    expect(said.slice(1).join("\n")).toContain("npm run db:migrate");
    expect(said.join("\n")).not.toMatch(/\n\s+at /);
  });
});

test("without configuration a command names what is missing, and trust:check looks at the source alone", async () => {
  const refused = await runCommand(["keys:check"], { env, cwd: fresh });
  expect(refused.code).toBe(78);
  expect(refused.said).toContain("  KEYRING: is missing (or KEYRING_FILE)");
  const { code, said } = await runCommand(["trust:check"], { env, cwd: fresh });
  expect(said.at(-1)).toBe("code and tests were looked at; no installation is configured");
  expect(said.filter((line) => /^[A-Z]\d+ +kept /.test(line)).length).toBeGreaterThan(20);
  expect(code).toBe(0);
}, 60_000);
