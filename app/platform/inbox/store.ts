// Guarantee: `put` resolves only when the row is committed (or was there already). Rows that arrive while a commit is under
// way share the next one, so the number of commits falls as the load rises.
import pg from "pg";
import { Counter, Histogram } from "prom-client";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";
import { openBell } from "#app/platform/inbox/bell.ts";
import type { WebhookFacts } from "#app/platform/inbox/sources.ts";

export type InboxRow = WebhookFacts & { id: string; source: string; receivedAt: Date; bodySealed: Buffer };

export type InboxStore = {
  /** @throws AppError unavailable when the database does not take it */
  put(row: InboxRow): Promise<void>;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
};

const MOST_ROWS = 500;
const MOST_BYTES = 16 * 1024 * 1024;

const COLUMNS =
  "id, source, topic, shop_domain, webhook_id, event_id, api_version, triggered_at, received_at, body_sealed";
const WIDTH = 10;

const statements: string[] = [];

/** Unnamed, so that it works behind a pooler; its text is made once for every number of rows. */
function statementFor(rows: number): string {
  return (statements[rows] ??= `INSERT INTO inbox (${COLUMNS}) VALUES ${placesFor(rows)}
    ON CONFLICT (source, webhook_id) DO NOTHING`);
}

function placesFor(rows: number): string {
  const row = (first: number) => Array.from({ length: WIDTH }, (_, column) => `$${first + column}`);
  return Array.from({ length: rows }, (_, index) => `(${row(index * WIDTH + 1).join(",")})`).join(",");
}

const flushed = new Histogram({
  name: "aftercare_inbox_flush_rows",
  help: "Webhooks committed together",
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 500],
  registers: [metrics],
});
const failed = new Counter({
  name: "aftercare_inbox_flush_failures_total",
  help: "Commits of webhooks that failed",
  registers: [metrics],
});

type Waiting = { row: InboxRow; done: () => void; fail: (error: unknown) => void };

/**
 * Opens the way into the inbox on connections of its own, so that busy pages never keep a webhook waiting.
 * @param options.commits how many commits may be under way at once
 */
export function openInboxStore(options: { url: string; commits?: number }): InboxStore {
  const commits = options.commits ?? 2;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: commits,
    application_name: "aftercare door",
    keepAlive: true,
    // The sender waits 5 s: a 503 that arrives in time is worth more than a success that does not.
    connectionTimeoutMillis: 3_000,
    query_timeout: 10_000,
  });
  const bell = openBell(options.url);
  pool.on("error", () => {}); // an idle connection that breaks is replaced at the next use
  let waiting: Waiting[] = [];
  const running = new Set<Promise<void>>();

  function take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { row } of waiting) {
      bytes += row.bodySealed.length;
      if (count === MOST_ROWS || (count > 0 && bytes > MOST_BYTES)) break;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  function flushSoon(): void {
    if (waiting.length === 0 || running.size >= commits) return;
    const flush = commit(pool, take()).finally(() => {
      running.delete(flush);
      bell.ring();
      flushSoon();
    });
    running.add(flush);
  }

  return {
    put: (row) =>
      new Promise<void>((done, fail) => {
        waiting.push({ row, done, fail });
        flushSoon();
      }),
    async close() {
      while (running.size > 0) await Promise.all(running);
      await bell.close();
      await pool.end();
    },
  };
}

async function commit(pool: pg.Pool, group: Waiting[]): Promise<void> {
  try {
    await insert(
      pool,
      group.map(({ row }) => row),
    );
    flushed.observe(group.length);
    for (const { done } of group) done();
  } catch (error) {
    failed.inc();
    log.warn(
      { error: describeFailure(error), rows: group.length },
      "webhooks could not be committed together",
    );
    if (isOutage(error)) return refuse(group, error);
    await commitOneByOne(pool, group);
  }
}

/** One row that the database refuses must not take its neighbours with it. */
async function commitOneByOne(pool: pg.Pool, group: Waiting[]): Promise<void> {
  for (const [index, { row, done, fail }] of group.entries()) {
    try {
      await insert(pool, [row]);
      done();
    } catch (error) {
      failed.inc();
      if (isOutage(error)) return refuse(group.slice(index), error);
      log.error({ error: describeFailure(error), inbox: row.id }, "a webhook could not be stored");
      fail(new AppError("internal", "the webhook could not be stored", { cause: error }));
    }
  }
}

function refuse(group: Waiting[], cause: unknown): void {
  const error = new AppError("unavailable", "the database does not take webhooks", { cause });
  for (const { fail } of group) fail(error);
}

async function insert(pool: pg.Pool, rows: InboxRow[]): Promise<void> {
  const values = rows.flatMap((row) => [
    row.id,
    row.source,
    row.topic,
    row.shopDomain,
    row.webhookId,
    row.eventId,
    row.apiVersion,
    row.triggeredAt,
    row.receivedAt,
    row.bodySealed,
  ]);
  await pool.query(statementFor(rows.length), values);
}

/** Whether the database as a whole is the trouble (unreachable, full, stopping, read-only), not one row. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  return /^(08|25|53|55|57|58|XX)/.test(error.code ?? "");
}
