import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkDependencies, findVerdict, keepVerdict } from "#app/features/trust/dependencies.server.ts";
import { findInOsv, judge, productionPackages, stops, type Osv } from "#app/features/trust/dependencies.ts";

const now = new Date("2026-11-27T12:00:00Z");
const lock = {
  packages: {
    "": {},
    "node_modules/liquid": { version: "2.3.0" },
    "node_modules/a/node_modules/liquid": { version: "3.0.0-beta.1" },
    "node_modules/@scope/tool": { version: "1.0.0" },
    "node_modules/tester": { version: "1.0.0", dev: true },
  },
};
const osv = (over: Partial<Osv> = {}, name = "liquid"): Osv => ({
  id: "GHSA-planted",
  summary: "Reads any file",
  database_specific: { severity: "CRITICAL" },
  affected: [
    {
      package: { ecosystem: "npm", name },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "2.3.1" }] }],
    },
  ],
  ...over,
});
const withOsv = (...advisories: Osv[]) =>
  judge({ hash: "h", content: lock }, { source: "file", file: { date: "2026-11-26", advisories } }, now);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "advisories-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a planted advisory fails the check", () => {
  const verdict = withOsv(osv());
  expect(verdict).toMatchObject({ state: "vulnerable", packages: 3 });
  expect(verdict.serious.map((each) => [each.package, each.version])).toEqual([["liquid", "2.3.0"]]);
  expect(stops(verdict, false)).toBe(true);
});

describe("an advisory counts", () => {
  const found = (advisory: Osv) =>
    findInOsv([advisory], productionPackages(lock)).map(({ version }) => version);
  const ranges = (...events: object[]) =>
    osv({
      affected: [{ package: { ecosystem: "npm", name: "liquid" }, ranges: [{ type: "SEMVER", events }] }],
    });

  test("for the versions between its events, whatever their order", () => {
    expect(found(ranges({ fixed: "3.0.0" }, { introduced: "2.3.0" }))).toEqual(["2.3.0", "3.0.0-beta.1"]);
    expect(found(ranges({ introduced: "1.0.0" }, { last_affected: "2.3.0" }))).toEqual(["2.3.0"]);
    expect(found(ranges({ introduced: "0" }, { fixed: "1.0.0" }, { introduced: "2.9.0" }))).toEqual([
      "3.0.0-beta.1",
    ]);
    expect(found(ranges({ introduced: "2.3.1" }, { fixed: "2.9.0" }))).toEqual([]);
  });

  test("for versions it lists, and for all when it names none", () => {
    const listed = { package: { ecosystem: "npm", name: "liquid" }, versions: ["2.3.0"] };
    expect(found(osv({ affected: [listed] }))).toEqual(["2.3.0"]);
    expect(found(osv({ affected: [{ package: listed.package }] }))).toHaveLength(2);
  });

  test("neither once withdrawn, nor for another ecosystem, nor for what only tests use", () => {
    expect(found(osv({ withdrawn: "2026-01-01T00:00:00Z" }))).toEqual([]);
    expect(found(osv({ affected: [{ package: { ecosystem: "PyPI", name: "liquid" } }] }))).toEqual([]);
    expect(found(osv({}, "tester"))).toEqual([]);
    expect(found(osv({ affected: [{ package: { ecosystem: "npm", name: "@scope/tool" } }] }))).toEqual([
      "1.0.0",
    ]);
  });
});

test("lesser ones are counted; one of no stated severity is serious", () => {
  expect(withOsv(osv({ database_specific: { severity: "MODERATE" } }))).toMatchObject({
    state: "clean",
    lesser: 1,
  });
  expect(withOsv(osv({ database_specific: undefined }))).toMatchObject({ state: "vulnerable" });
});

test("a file that is old, torn or of another form is unknown", async () => {
  const path = join(folder, "advisories.json");
  for (const [text, state] of [
    [JSON.stringify({ date: "2026-11-27", advisories: [] }), "clean"],
    [JSON.stringify({ date: "2026-11-01", advisories: [] }), "unknown"],
    [JSON.stringify({ date: "2027-01-01", advisories: [] }), "unknown"],
    [JSON.stringify({ advisories: [] }), "unknown"],
    ['{"date":"2026-11-27","adv', "unknown"],
  ] as const) {
    await writeFile(path, text);
    expect((await checkDependencies({ file: path, now })).state, text).toBe(state);
  }
  expect((await checkDependencies({ file: join(folder, "none.json"), now })).state).toBe("unknown");
});

describe("the service that npm asks", () => {
  let server: Server;
  let advisories: object = {};
  beforeAll(async () => {
    server = createServer((req, res) => {
      const answer = req.url?.endsWith("/advisories/bulk")
        ? advisories
        : { name: decodeURIComponent(req.url?.slice(1) ?? ""), versions: {}, "dist-tags": {} };
      req
        .resume()
        .on("end", () => res.setHeader("content-type", "application/json").end(JSON.stringify(answer)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    vi.stubEnv("npm_config_registry", `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    vi.stubEnv("npm_config_cache", join(folder, "npm"));
    vi.stubEnv("npm_config_logs_max", "0");
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  test("says what it knows of our own lock file", async () => {
    expect(await checkDependencies({ now })).toMatchObject({
      state: "clean",
      source: "service",
      serious: [],
    });
    advisories = {
      semver: [
        {
          id: 1,
          url: "https://advisories.test/1",
          title: "Planted",
          severity: "high",
          vulnerable_versions: ">=7",
        },
      ],
    };
    const verdict = await checkDependencies({ now });
    expect(verdict).toMatchObject({ state: "vulnerable" });
    expect(verdict.serious[0]).toMatchObject({ package: "semver", title: "Planted", severity: "high" });
  });

  test("a service that can't be reached is unknown, and fails a release alone", async () => {
    await new Promise((done) => server.close(done));
    const verdict = await checkDependencies({ now });
    expect(verdict).toMatchObject({ state: "unknown", serious: [] });
    expect([stops(verdict, false), stops(verdict, true)]).toEqual([false, true]);
  });
});

test("a verdict is kept, and tells nothing once the lock file is another", async () => {
  const path = join(folder, "kept", "dependencies.json");
  const file = join(folder, "advisories.json");
  await writeFile(file, JSON.stringify({ date: "2026-11-27", advisories: [] }));
  expect(await findVerdict(path)).toBeNull();
  const verdict = await checkDependencies({ file, now });
  await keepVerdict(verdict, path);
  expect(await findVerdict(path)).toEqual(verdict);
  await writeFile(path, (await readFile(path, "utf8")).replace(verdict.lock, "0".repeat(64)));
  expect(await findVerdict(path)).toBeNull();
});
