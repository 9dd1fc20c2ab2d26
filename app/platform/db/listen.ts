// Guarantee: a wake-up that is missed costs at most the caller's own poll; a broken connection is opened again.
import pg from "pg";
import { databaseUrl } from "#app/platform/db/db.ts";
import { describeError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/**
 * LISTENs on a connection of its own (a pooler in transaction mode would lose it) and calls `wake` at every NOTIFY,
 * and once after each reconnect, as something may have been missed.
 * @returns stops listening
 */
export async function listen(channel: string, wake: () => void): Promise<() => Promise<void>> {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: databaseUrl() });
    next.on("notification", wake);
    next.on("error", (error) =>
      log.warn({ error: describeError(error), channel }, "listening connection lost"),
    );
    next.on("end", again);
    await next.connect();
    await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    client = next;
    wake();
  };
  const again = (): void => {
    if (stopped || retry) return;
    retry = setTimeout(() => {
      retry = undefined;
      connect().catch(again);
    }, 1_000);
  };

  await connect();
  return async () => {
    stopped = true;
    clearTimeout(retry);
    await client?.end();
  };
}
