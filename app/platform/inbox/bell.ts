import pg from "pg";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** The channel on which workers hear of new webhooks. */
export const INBOX_CHANNEL = "inbox";

const GAP_MS = 5;

// Nothing is lost with a notification, so it does not wait for the disk.
const NOTIFY = `BEGIN; SET LOCAL synchronous_commit = off; NOTIFY ${INBOX_CHANNEL}; COMMIT`;

export type Bell = {
  /** Tells the workers soon. However often it is called, one notification is under way at a time. */
  ring(): void;
  close(): Promise<void>;
};

/**
 * Wakes up the workers from outside the transactions that store: PostgreSQL lets only one transaction that notifies commit at a
 * time, so a NOTIFY in each would make them wait for each other's disk. A notification that fails costs a worker's poll.
 */
export function openBell(url: string): Bell {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: "aftercare bell",
    connectionTimeoutMillis: 3_000,
  });
  pool.on("error", () => {}); // an idle connection that breaks is replaced at the next use
  let wanted = false;
  let ringing: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (wanted) {
      wanted = false;
      await pool
        .query(NOTIFY)
        .catch((error: unknown) => log.warn({ error: describeFailure(error) }, "the workers were not told"));
      if (wanted) await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    }
    ringing = undefined;
  }

  return {
    ring() {
      wanted = true;
      ringing ??= work();
    },
    async close() {
      await ringing;
      await pool.end();
    },
  };
}
