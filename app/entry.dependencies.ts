// `npm run audit:deps [-- --file advisories.json] [--release]`: judges what runs in production by the advisory service, or by a dated
// file (features/trust/dependencies.ts tells its two forms), and keeps the verdict for the Trust page. A known serious vulnerability
// fails; with --release, not knowing fails too.
import { parseArgs } from "node:util";
import { checkDependencies, keepVerdict } from "#app/features/trust/dependencies.server.ts";
import { stops } from "#app/features/trust/dependencies.ts";
import { systemClock } from "#app/platform/clock.ts";
import { log } from "#app/platform/log.ts";

const { values } = parseArgs({
  options: { file: { type: "string" }, release: { type: "boolean", default: false } },
});
const verdict = await checkDependencies({ file: values.file, now: systemClock() });
await keepVerdict(verdict);
for (const finding of verdict.serious) log.error(finding, "a known serious vulnerability in production");
const { state, why, packages, lesser, source, sourceDate } = verdict;
const summary = { state, why, packages, serious: verdict.serious.length, lesser, source, sourceDate };
if (stops(verdict, values.release)) {
  log.fatal(summary, state === "unknown" ? "a release needs to know its dependencies" : "not fit to run");
  process.exitCode = 1;
} else log.info(summary, state === "unknown" ? "nothing is known of the dependencies" : "no serious one");
