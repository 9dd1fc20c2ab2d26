// npm run faults [-- KILLS]: the long fault run. Ends with 1 when a message was lost, doubled or changed on the way.
import { killWorker } from "#tests/faults/killed-worker.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

const kills = Number(process.argv[2] ?? 50);
const folder = await makeScratch();
try {
  // From one mail to a full batch.
  const batchOf = (round: number) => [1, 7, 30, 100][round % 4] ?? 1;
  const report = await killWorker({
    folder,
    kills,
    batchOf,
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.lost + report.twice + report.differing > 0 ? 1 : 0;
} finally {
  await removeScratch(folder);
}
