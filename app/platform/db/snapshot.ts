// Guarantee: what is read in a snapshot is the database at one moment, and nothing in it writes. For reading that takes many queries.
import { rawPool, type PlatformReason } from "#app/platform/db/db.ts";

export type Snapshot = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** Reads across shops as of one moment. */
export async function inSnapshot<T>(
  reason: PlatformReason,
  work: (read: Snapshot) => Promise<T>,
): Promise<T> {
  const client = await rawPool().connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SELECT set_config('app.scope', $1, true)", [reason]);
    return await work(
      async <Row extends object>(sql: string, values: unknown[] = []) =>
        (await client.query<Row>(sql, values)).rows,
    );
  } finally {
    await client.query("ROLLBACK").catch((error: Error) => (broken = error));
    client.release(broken);
  }
}
