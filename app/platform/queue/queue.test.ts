import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { connectDatabase, disconnectDatabase, forPlatform } from "#app/platform/db/db.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { defineJob, enqueue, startQueue, type Job, type Queue } from "#app/platform/queue/queue.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

let database: TestDatabase;
let sql: Client;
let queue: Queue | undefined;

beforeAll(async () => {
  setLogLevel("silent");
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});

afterAll(async () => {
  await sql.end();
  await disconnectDatabase();
  await database.drop();
});

let seen: { shop: string }[] = [];
let arrived: () => void = () => {};

beforeEach(() => {
  seen = [];
});
afterEach(async () => {
  await queue?.stop();
  queue = undefined;
});

const visit = defineJob({
  name: "visit",
  schema: z.object({ shop: z.string() }),
  retries: 0,
  run: async (data) => {
    seen.push(data);
    if (data.shop === "broken") throw new Error("ada@example.com is not at home");
    arrived();
  },
});

const start = async (jobs: Job[], work: boolean) => (queue = await startQueue({ jobs, work }));
const jobs = async (name: string) =>
  (
    await sql.query<Record<string, unknown>>("SELECT * FROM pgboss.job WHERE name = $1 ORDER BY created_on", [
      name,
    ])
  ).rows;

it("runs what a committed transaction enqueued, and only that", async () => {
  await start([visit], true);
  const first = new Promise<void>((resolve) => (arrived = resolve));
  const failed = forPlatform("setup", async (tx) => {
    await enqueue(tx, visit, { shop: "ghost" });
    throw new Error("rolled back");
  });
  await expect(failed).rejects.toThrow("rolled back");
  await forPlatform("setup", (tx) => enqueue(tx, visit, { shop: "a" }));
  await first;
  expect(seen).toEqual([{ shop: "a" }]);
});

it("refuses data that the job does not take, at both doors", async () => {
  await start([visit], false);
  const wrong = forPlatform("setup", (tx) => enqueue(tx, visit, { shop: 5 as unknown as string }));
  await expect(wrong).rejects.toThrow(z.ZodError);
  await forPlatform("setup", (tx) => enqueue(tx, visit, { shop: "fine" }));
  await sql.query(`UPDATE pgboss.job SET data = '{"shop": 7}' WHERE name = 'visit' AND state = 'created'`);
  await queue?.stop();
  await start([visit], true);
  const last = await ended("visit", "failed");
  expect(JSON.stringify(last.output)).toContain("not as expected: shop invalid_type");
  expect(seen).toEqual([]);
});

it("works off what came in at once without a pause after each", async () => {
  const shops = ["a", "b", "c", "d", "e"];
  await start([visit], false);
  await forPlatform("setup", async (tx) => {
    for (const shop of shops) await enqueue(tx, visit, { shop });
  });
  await queue?.stop();
  const last = new Promise<void>((resolve) => (arrived = () => seen.length === shops.length && resolve()));
  await start([visit], true);
  await last;
});

it("keeps what a failure said out of the job table", async () => {
  await start([visit], true);
  await sql.query("DELETE FROM pgboss.job");
  await forPlatform("setup", (tx) => enqueue(tx, visit, { shop: "broken" }));
  const last = await ended("visit", "failed");
  expect(JSON.stringify(last.output)).not.toContain("ada@");
});

it("adds no second job of a key while one waits, and any number without", async () => {
  const later = defineJob({ ...visit, name: "later" });
  await start([later], false);
  await forPlatform("setup", async (tx) => {
    for (let time = 0; time < 3; time += 1) {
      await enqueue(tx, later, { shop: "a" }, { key: "a" });
      await enqueue(tx, later, { shop: "b" });
    }
  });
  expect((await jobs("later")).map(({ data }) => (data as { shop: string }).shop).sort()).toEqual([
    "a",
    "b",
    "b",
    "b",
  ]);
});

it("keeps the schedules of jobs that exist, and ends those of jobs that no longer do", async () => {
  const nightly = {
    name: "nightly",
    schema: z.object({}),
    schedule: "0 3 * * *",
    run: () => Promise.resolve(),
  };
  await start([nightly], true);
  expect((await sql.query("SELECT name, cron FROM pgboss.schedule")).rows).toEqual([
    { name: "nightly", cron: "0 3 * * *" },
  ]);
  await queue?.stop();
  await start([visit], true);
  expect((await sql.query("SELECT name FROM pgboss.schedule")).rows).toEqual([]);
});

async function ended(name: string, state: string): Promise<Record<string, unknown>> {
  for (;;) {
    const last = (await jobs(name)).find((job) => job.state === state);
    if (last) return last;
  }
}
