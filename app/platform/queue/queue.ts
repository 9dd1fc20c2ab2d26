// Guarantee: a job enqueued in a transaction exists exactly if that transaction commits. Webhooks and messages have queues of their
// own; here run schedules and rare jobs. A job's data holds ids, never personal data.
import { randomUUID } from "node:crypto";
import { fromPrisma, PgBoss } from "pg-boss";
import type { z } from "zod";
import { systemClock, type Clock } from "#app/platform/clock.ts";
import { databaseUrl, type Tx } from "#app/platform/db/db.ts";
import { Prisma } from "#app/platform/db/generated/client.ts";
import { AppError, describeFailure, traceOf } from "#app/platform/errors.ts";
import { log, withLogContext } from "#app/platform/log.ts";

export type JobContext = {
  clock: Clock;
  /** Aborted when the job took too long or the worker stops. */
  signal: AbortSignal;
};

/** A kind of job. Its data is checked at the door: what an older release enqueued may look different. */
export type Job<Data extends object = object> = {
  name: string;
  schema: z.ZodType<Data>;
  run(data: Data, context: JobContext): Promise<void>;
  /** Cron in UTC: runs with `{}` as data. One at a time over all workers. */
  schedule?: string;
  /** Longest a run may take, in seconds. */
  seconds?: number;
  /** How often it is repeated after a failure, each time after a longer wait. */
  retries?: number;
};

export type Queue = { stop(): Promise<void> };

const SCHEMA = "pgboss";

let boss: PgBoss | undefined;

/** Sets up the queue's own tables, or brings them up to date, for processes whose login may not. */
export async function migrateQueue(url: string): Promise<void> {
  const opened = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: 1,
    supervise: false,
    schedule: false,
  });
  opened.on("error", (error) => log.error({ error: describeFailure(error) }, "the queue has trouble"));
  await opened.start();
  await opened.stop({ graceful: false });
}

/** Makes a job, so that its data's type follows from its schema. */
export function defineJob<Data extends object>(job: Job<Data>): Job<Data> {
  return job;
}

/**
 * Opens the queue. With `work` the jobs are run and their schedules kept here; without it this process only enqueues.
 * @param options.jobs every job there is: a schedule that is no longer among them ends
 */
export async function startQueue(options: { jobs: Job[]; work: boolean; clock?: Clock }): Promise<Queue> {
  if (boss) throw new AppError("internal", "the queue is already started");
  const { jobs, work, clock = systemClock } = options;
  const opened = new PgBoss({
    connectionString: databaseUrl(),
    application_name: "aftercare queue",
    schema: SCHEMA,
    max: work ? 3 : 1,
    supervise: work,
    schedule: work,
    useListenNotify: work,
  });
  opened.on("error", (error) => log.error({ error: describeFailure(error) }, "the queue has trouble"));
  await opened.start();
  boss = opened;
  for (const job of jobs) await prepare(opened, job);
  if (work) {
    await endOldSchedules(opened, jobs);
    for (const job of jobs) await register(opened, job, clock);
  }
  return {
    async stop() {
      boss = undefined;
      await opened.stop({ graceful: true, timeout: 9_000 });
    },
  };
}

/**
 * Enqueues a job inside the caller's transaction.
 * @param options.at not before this
 * @param options.key while one with the same key waits, another is not added; without a key every job stands for itself
 * @throws ZodError when the data is not what the job takes
 */
export async function enqueue<Data extends object>(
  tx: Tx,
  job: Job<Data>,
  data: Data,
  options: { at?: Date; key?: string } = {},
): Promise<void> {
  if (!boss) throw new AppError("unavailable", "the queue is not started");
  await boss.send(job.name, job.schema.parse(data), {
    db: fromPrisma(tx),
    startAfter: options.at,
    singletonKey: options.key ?? randomUUID(),
  });
}

/** Deletes every job, of whatever state, whose data or key names `id`. @returns how many */
export async function forgetJobs(tx: Tx, id: string): Promise<number> {
  return (await isSetUp(tx)) ? tx.$executeRaw`DELETE FROM pgboss.job WHERE ${naming(id)}` : 0;
}

/** How many jobs, of whatever state, name `id` in their data or key. */
export async function countJobs(tx: Tx, id: string): Promise<number> {
  if (!(await isSetUp(tx))) return 0;
  const [row] = await tx.$queryRaw<[{ jobs: number }]>`
    SELECT count(*)::int AS jobs FROM pgboss.job WHERE ${naming(id)}`;
  return row.jobs;
}

const naming = (id: string) =>
  Prisma.sql`position(${id} IN concat(data::text, output::text, singleton_key)) > 0`;

/** A process that only ran commands so far has never opened the queue. */
async function isSetUp(tx: Tx): Promise<boolean> {
  const [there] = await tx.$queryRaw<{ job: string | null }[]>`
    SELECT to_regclass(${`${SCHEMA}.job`})::text AS job`;
  return there?.job != null;
}

async function prepare(opened: PgBoss, job: Job): Promise<void> {
  const options = {
    retryLimit: job.retries ?? (job.schedule ? 0 : 5),
    retryDelay: 15,
    retryBackoff: true,
    expireInSeconds: job.seconds ?? 900,
    // A run whose worker was killed is taken up again after this, not after its longest time.
    heartbeatSeconds: 60,
    deleteAfterSeconds: 7 * 86_400,
    notify: true,
  };
  // exclusive: one that waits or runs; short: one that waits, as a run under way may have read what has changed since.
  const policy = job.schedule ? "exclusive" : "short";
  if (await opened.getQueue(job.name)) await opened.updateQueue(job.name, options);
  else await opened.createQueue(job.name, { ...options, policy });
}

async function endOldSchedules(opened: PgBoss, jobs: Job[]): Promise<void> {
  const kept = new Set(jobs.filter(({ schedule }) => schedule).map(({ name }) => name));
  for (const { name } of await opened.getSchedules()) if (!kept.has(name)) await opened.unschedule(name);
}

async function register(opened: PgBoss, job: Job, clock: Clock): Promise<void> {
  let worker = "";
  worker = await opened.work<unknown>(
    job.name,
    { batchSize: 1, pollingIntervalSeconds: 2 },
    async ([next]) => {
      try {
        if (next) await run(job, next, clock);
      } finally {
        // Notices that came while it worked are forgotten: without this it sleeps half a minute after each job, however many wait.
        opened.notifyWorker(worker);
      }
    },
  );
  if (job.schedule) await opened.schedule(job.name, job.schedule, {}, { tz: "UTC" });
}

async function run(
  job: Job,
  next: { id: string; data: unknown; signal: AbortSignal },
  clock: Clock,
): Promise<void> {
  await withLogContext({ job: `${job.name} ${next.id}` }, async () => {
    try {
      await job.run(job.schema.parse(next.data), { clock, signal: next.signal });
    } catch (error) {
      log.error({ error: describeFailure(error), trace: traceOf(error) }, "job failed");
      // What is thrown is stored with the job, so it must not say more than the log does.
      throw new Error(describeFailure(error));
    }
  });
}
