// Time passes for the engine: messages leave when they are due, every scheduled job runs once a day, and the queue does what it is given.
import { Client } from "pg";
import { jobs } from "#app/jobs.ts";
import { expect, vi } from "vitest";
import type { Engine } from "#tests/engine.ts";
import { overTheWall } from "#tests/setup/wall.ts";

export const DAY_MS = 86_400_000;

/** Lives through so many days. */
export async function live(
  engine: Engine,
  days: number,
  jobNames?: (name: string) => boolean,
): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    engine.setTime(new Date(engine.clock().getTime() + DAY_MS));
    await runJobs(engine, jobNames);
    await engine.dispatch();
    await engine.settle();
  }
}

/** Every scheduled job of these once, and whatever they left in the queue. */
export async function runJobs(engine: Engine, wanted: (name: string) => boolean = () => true): Promise<void> {
  for (const job of jobs.filter(({ name, schedule }) => schedule && wanted(name)))
    await job.run(job.schema.parse({}), { clock: engine.clock, signal: new AbortController().signal });
  await settleQueue(engine);
}

/** Waits until the queue has done what it was given. */
export async function settleQueue(engine: Engine): Promise<void> {
  const client = new Client({ connectionString: overTheWall(engine.databaseUrl) });
  await client.connect();
  try {
    await vi.waitFor(
      async () => {
        const { rows } = await client.query<{ name: string }>(
          `SELECT name FROM pgboss.job WHERE state IN ('created', 'active', 'retry') AND start_after <= now() AND name NOT LIKE '\\_\\_%'`,
        );
        expect(rows.map(({ name }) => name)).toEqual([]);
      },
      { timeout: 30_000, interval: 50 },
    );
  } finally {
    await client.end();
  }
}
