import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { killRotation } from "#tests/faults/killed-rotation.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

// Four kills on every run; `npm run faults` plays many more.
let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await makeScratch();
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await removeScratch(folder);
});

test("keys rotated under load and killed: every value opens, nothing lies under a retired key", async () => {
  const { url, keysUrl } = database;
  const report = await killRotation({ url, keysUrl, folder, kills: 4, shops: 1_500, log: () => {} });
  expect(report).toMatchObject({ kills: 4, unreadable: 0, elsewhere: 0, checkCode: 0, load: { wrong: 0 } });
  expect(report.opened).toBeGreaterThanOrEqual(1_500 + report.load.made - 2);
  expect(report.rotations).toBeGreaterThan(0);
  expect(report.load.made).toBeGreaterThan(2);
}, 240_000);
