// Guarantee: what is read in a snapshot is the database at one moment, and nothing in it writes. For reading that takes many queries.
import type { PoolClient } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { rawPool, type PlatformReason } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type Snapshot = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
/** The only value of a query's only row, as bytes; null where it is null. A query for COPY takes no parameters. */
export type ReadBytes = (sql: string) => Promise<Buffer | null>;

/** Reads across shops as of one moment. */
export async function inSnapshot<T>(
  reason: PlatformReason,
  work: (read: Snapshot, readBytes: ReadBytes) => Promise<T>,
): Promise<T> {
  const client = await rawPool().connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SELECT set_config('app.scope', $1, true)", [reason]);
    return await work(
      async <Row extends object>(sql: string, values: unknown[] = []) =>
        (await client.query<Row>(sql, values)).rows,
      (sql) => copyValue(client, sql),
    );
  } finally {
    await client.query("ROLLBACK").catch((error: Error) => (broken = error));
    client.release(broken);
  }
}

/** What precedes the first row in COPY's binary format: signature, flags, no extension. */
const HEADER = 19;

async function copyValue(client: PoolClient, sql: string): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  const stream = client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`));
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const copied = Buffer.concat(chunks);
  if (copied.readInt16BE(HEADER) !== 1) throw new AppError("internal", "not one value in one row");
  const length = copied.readInt32BE(HEADER + 2);
  return length < 0 ? null : copied.subarray(HEADER + 6, HEADER + 6 + length);
}
