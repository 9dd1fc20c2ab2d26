import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { HERE_AND_THERE, killPurge } from "#tests/faults/killed-purge.ts";
import { startPurging, type Purging } from "#tests/purging.ts";

// Everywhere else it is killed by `npm run faults`.
let purging: Purging;
beforeAll(async () => {
  purging = await startPurging();
});
afterAll(() => purging.stop());

test("a purge killed at every step and amid its tables comes to its end: nothing is left, and each row was counted once", async () => {
  const { database } = purging;
  const superuser = new URL(inject("databases").superuserUrl);
  superuser.pathname = new URL(database.url).pathname;
  const report = await killPurge({
    urls: { database: database.url, keys: database.keysUrl, superuser: superuser.href },
    orders: 2_100,
    places: HERE_AND_THERE,
  });
  expect(report).toMatchObject({
    receipts: 1,
    left: {},
    erased: report.before,
    keyLeft: false,
    inJournal: true,
    bystanderSame: true,
  });
  expect(report.before).toMatchObject({ orders: 2_100, inbox: 1_503 });
  expect(report.kills).toBe(HERE_AND_THERE.length);
}, 300_000);
