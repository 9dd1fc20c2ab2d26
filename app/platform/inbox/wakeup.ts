import pg from "pg";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

export type WakeUp = {
  /** Resolves at the next notification since the last call, after `ms`, or when `signal` is aborted. */
  wait(ms: number): Promise<void>;
  /** Wakes up whoever waits. */
  ring(): void;
  close(): Promise<void>;
};

/**
 * Listens on a channel with a connection of its own (poolers in transaction mode lose LISTEN). A connection that breaks is made
 * anew; meanwhile, and where nothing can be heard at all, the time given to `wait` is the poll.
 */
export function listen(url: string, channel: string): WakeUp {
  let rung = false;
  let sleeper: (() => void) | undefined;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const ring = () => {
    rung = true;
    sleeper?.();
  };
  const again = () => {
    if (closed || retry) return;
    retry = setTimeout(() => {
      retry = undefined;
      void connect();
    }, 1_000);
  };
  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `aftercare listen ${channel}`,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client = fresh;
    fresh.on("notification", ring);
    fresh.on("error", () => {}); // followed by the end
    fresh.once("end", again);
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      ring(); // what was notified while nobody listened
    } catch (error) {
      log.warn({ error: describeFailure(error), channel }, "not listening; polling instead");
      await fresh.end().catch(() => {});
      again();
    }
  }
  void connect();

  return {
    ring,
    async wait(ms) {
      if (!rung && !closed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          sleeper = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      sleeper = undefined;
      rung = false;
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      ring();
      await client?.end().catch(() => {});
    },
  };
}
