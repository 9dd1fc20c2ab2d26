// npm run faults [-- KILLS]: the long fault runs. Ends with 1 when a message was lost, doubled or changed on the way, when a sealed
// value does not open after its key was rotated, or when a purge left something or counted it wrongly.
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { EVERYWHERE, killPurge } from "#tests/faults/killed-purge.ts";
import { killRotation } from "#tests/faults/killed-rotation.ts";
import { killWorker } from "#tests/faults/killed-worker.ts";
import { withPurging } from "#tests/setup/purging.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

const kills = Number(process.argv[2] ?? 50);
const log = (line: string) => process.stdout.write(`${line}\n`);

/** Runs it in a folder of its own; `failed` tells from its report whether something went wrong. */
async function run<Report>(
  play: (folder: string) => Promise<Report>,
  failed: (report: Report) => boolean,
): Promise<void> {
  const folder = await makeScratch();
  try {
    const report = await play(folder);
    log(JSON.stringify(report, null, 2));
    if (failed(report)) process.exitCode = 1;
  } finally {
    await removeScratch(folder);
  }
}

await run(
  // From one mail to a full batch.
  (folder) => killWorker({ folder, kills, batchOf: (round) => [1, 7, 30, 100][round % 4] ?? 1, log }),
  (report) => report.lost + report.twice + report.differing > 0,
);
await run(
  async (folder) => {
    const { url, keysUrl, stop } = await startEmbedded({ dataDir: join(folder, "postgres"), log });
    await applyMigrations(url);
    await applyMigrations(keysUrl, keyMigrationsFolder);
    try {
      return await killRotation({ url, keysUrl, folder, kills, shops: 5_000, log });
    } finally {
      await stop();
    }
  },
  (report) => report.unreadable + report.elsewhere + report.checkCode + report.load.wrong > 0,
);
await run(
  (folder) =>
    withPurging(folder, (urls) =>
      killPurge({ urls, orders: 20_000, places: [...EVERYWHERE, ...EVERYWHERE], log }),
    ),
  (report) =>
    report.receipts !== 1 ||
    !isDeepStrictEqual(report.left, {}) ||
    !isDeepStrictEqual(report.erased, report.before) ||
    report.keyLeft ||
    !report.inJournal ||
    !report.bystanderSame,
);
