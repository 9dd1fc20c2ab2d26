// Guarantee: what is read in a snapshot is the database at one moment, and nothing in it writes. For reading that takes many queries.
import type { PoolClient } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { rawPool, type PlatformReason } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type Snapshot = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
/**
 * The values of a query's only column as bytes, without nulls, each to be used before the next is asked for, which takes its place. What
 * follows is under way meanwhile. A query for COPY takes no parameters.
 */
export type ReadBytes = (sql: string) => AsyncGenerator<Buffer>;

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
      (sql) => copyValues(client, sql),
    );
  } finally {
    await client.query("ROLLBACK").catch((error: Error) => (broken = error));
    client.release(broken);
  }
}

/** What precedes the first row in COPY's binary format: signature, flags, no extension. */
const HEADER = 19;

async function* copyValues(client: PoolClient, sql: string): AsyncGenerator<Buffer> {
  const stream = client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`));
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  // One place for all values: memory of its own for each keeps the garbage collector busier than the reading.
  let room = Buffer.allocUnsafe(2 ** 16);
  let chunk: Buffer = Buffer.alloc(0);
  const take = async (length: number) => {
    if (room.length < length) room = Buffer.allocUnsafe(length * 2);
    for (let filled = 0; ;) {
      const copied = chunk.copy(room, filled, 0, length - filled);
      chunk = chunk.subarray(copied);
      filled += copied;
      if (filled === length) return room.subarray(0, length);
      const { value, done } = await chunks.next();
      if (done) throw new AppError("internal", "a copy broke off");
      chunk = value;
    }
  };
  try {
    await take(HEADER);
    for (let columns; (columns = (await take(2)).readInt16BE()) >= 0;) {
      if (columns !== 1) throw new AppError("internal", "not one value in a row");
      const length = (await take(4)).readInt32BE();
      if (length >= 0) yield await take(length);
    }
  } finally {
    // Whoever has seen enough leaves a rest, which stands before the answer to the next query.
    while (!(await chunks.next().catch(() => ({ done: true }))).done);
  }
}
