// `npm run bench [names…]`: runs the benchmarks, prints tables, writes bench-results/, and fails below a floor.
import { fileURLToPath } from "node:url";
import { auditVerify } from "./audit-verify.ts";
import { compare, print, save, say, type Benchmark } from "./harness.ts";
import { planning } from "./plan.ts";
import { wall } from "./wall.ts";
import { purge } from "./purge.ts";
import { render } from "./render.ts";
import { webhookIngest } from "./webhook-ingest.ts";

const benchmarks = {
  "audit-verify": auditVerify,
  "webhook-ingest": webhookIngest,
  plan: planning,
  purge,
  render,
  wall,
} satisfies Record<string, Benchmark>;

const ROUNDS = 5;
const results = fileURLToPath(new URL("../../bench-results", import.meta.url));

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  say(`No such benchmark: ${unknown.join(", ")}. There are: ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}

let failed = 0;
for (const [name, { what, run }] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  say(`${name} …`);
  await run(async (peers, goals) => {
    const result = await compare(name, what, peers, goals, ROUNDS);
    print(result);
    say(`  written to ${await save(result, results)}\n`);
    failed += result.goals.filter(({ verdict }) => verdict === "below floor").length;
  });
}
process.exitCode = failed > 0 ? 1 : 0;
