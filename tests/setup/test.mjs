// `npm test`: everything, in the order in which mistakes are cheapest to find. Its last line is the count.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { explain, install } from "./install.mjs";
import { environment, projectNode, root, say } from "./steps.mjs";

const results = join(root, ".cache", "test");
const bin = (path) => join(root, "node_modules", ...path.split("/"));
const vitestReport = join(results, "vitest.json");
const playwrightReport = join(results, "playwright.json");

/** Each suite: the program, and how many tests its end stands for. */
const suites = [
  { name: "types", args: [bin("typescript/bin/tsc"), "--noEmit"] },
  { name: "lint", args: [bin("eslint/bin/eslint.js"), "--max-warnings=0", "."] },
  { name: "format", args: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."] },
  {
    name: "unit and integration tests",
    args: [
      bin("vitest/vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${vitestReport}`,
    ],
    count: () => countVitest(readReport(vitestReport)),
  },
  {
    name: "browser tests",
    args: [bin("@playwright/test/cli.js"), "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    count: () => countPlaywright(readReport(playwrightReport)),
  },
];

let current;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    interrupted = true;
    current?.kill(signal);
  });

async function main() {
  const chromium = await install();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const total = { passed: 0, failed: 0 };
  for (const suite of suites) {
    if (interrupted) break;
    const start = Date.now();
    say(`\n${suite.name}`);
    const code = await execute(suite, chromium);
    const { passed, failed } = judge(suite, code);
    total.passed += passed;
    total.failed += failed;
    const time = ((Date.now() - start) / 1000).toFixed(1);
    say(`${suite.name}: ${passed} of ${passed + failed} passed in ${time} s`);
  }
  if (interrupted || total.passed + total.failed === 0) total.failed += 1;
  process.exitCode = total.failed ? 1 : 0;
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
}

function execute({ args, env = {} }, chromium) {
  return new Promise((done) => {
    current = spawn(projectNode, args, {
      cwd: root,
      env: { ...environment(), CHROMIUM_PATH: chromium, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    current.once("error", (error) => done(error.message));
    current.once("exit", (status, signal) => done(signal ?? status));
  });
}

/** A runner that dies, or fails without saying which test did, has failed itself. */
function judge({ name, count }, code) {
  if (!count) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const { passed, failed, complaint } = count();
  if (complaint) say(`${name}: ${complaint}`);
  if (failed === 0 && code !== 0) {
    say(`${name}: the runner itself failed (${code})`);
    return { passed, failed: 1 };
  }
  if (passed + failed === 0) {
    say(`${name}: no test ran`);
    return { passed, failed: 1 };
  }
  return { passed, failed };
}

function readReport(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // cut off when its writer died
  }
}

function countVitest(report) {
  if (!report) return { passed: 0, failed: 1, complaint: "the runner left no report" };
  const states = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ status }) => status),
  );
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return tally(states, broken.length);
}

function countPlaywright(report) {
  if (!report) return { passed: 0, failed: 1, complaint: "the runner left no report" };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const states = [
    ...Array(expected).fill("passed"),
    ...Array(unexpected + flaky).fill("failed"),
    ...Array(skipped).fill("skipped"),
  ];
  return tally(states, report.errors.length);
}

/** A test that was skipped, or did not get its turn, has not shown anything. */
function tally(states, broken) {
  const passed = states.filter((state) => state === "passed").length;
  const skipped = states.filter((state) => state !== "passed" && state !== "failed").length;
  return {
    passed,
    failed: states.length - passed + broken,
    complaint: skipped ? `${skipped} did not run, which counts as failed` : undefined,
  };
}

await main().catch((error) => {
  explain(error);
  process.stdout.write("\n0 passed, 1 failed\n");
});
