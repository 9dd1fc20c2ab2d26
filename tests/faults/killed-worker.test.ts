import { afterAll, beforeAll, expect, test } from "vitest";
import { killWorker } from "#tests/faults/killed-worker.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

// Three kills on every run; `npm run faults` plays fifty.
let folder: string;
beforeAll(async () => {
  folder = await makeScratch();
});
afterAll(() => removeScratch(folder));

test("a worker killed between the provider's answer and the record: nothing lost, nothing twice, repeats byte for byte", async () => {
  const report = await killWorker({
    folder,
    kills: 3,
    batchOf: (round) => [1, 12, 40][round % 3] ?? 1,
    log: () => {},
  });
  expect(report).toMatchObject({ kills: 3, lost: 0, twice: 0, differing: 0 });
  expect(report.repeats).toBeGreaterThanOrEqual(3);
  expect(report.delivered + report.stopped).toBe(report.orders);
}, 240_000);
