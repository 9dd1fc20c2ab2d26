// `npm run audit:deps`, and the first half of `npm run release:check`: judges what runs in production by the advisory service, or by a dated
// file (features/trust/dependencies.ts tells its two forms), and keeps the verdict for the Trust page. A known serious vulnerability
// fails; for a release or with a file, not knowing fails too.
import { checkDependencies, keepVerdict } from "#app/features/trust/dependencies.server.ts";
import { stops } from "#app/features/trust/dependencies.ts";
import { systemClock } from "#app/platform/clock.ts";
import { log } from "#app/platform/log.ts";

/** @param asked what was typed, as commands.mjs read it, and whether a release asks */
export async function run({ file, release = false }: { file?: string; release?: boolean }): Promise<void> {
  const verdict = await checkDependencies({ file, now: systemClock() });
  await keepVerdict(verdict);
  for (const finding of verdict.serious) log.error(finding, "a known serious vulnerability in production");
  const { state, why, packages, lesser, source, sourceDate } = verdict;
  const summary = { state, why, packages, serious: verdict.serious.length, lesser, source, sourceDate };
  // Whoever names a file, or releases, wants to know; who asks the service may do so on a machine that cannot reach it.
  if (stops(verdict, release || file !== undefined)) {
    log.fatal(summary, state === "unknown" ? "nothing is known of the dependencies" : "not fit to run");
    process.exitCode = 1;
  } else log.info(summary, state === "unknown" ? "nothing is known of the dependencies" : "no serious one");
}
