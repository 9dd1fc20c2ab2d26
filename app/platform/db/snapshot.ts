// Guarantee: what is read in a snapshot is the database at one moment, and nothing in it writes. For reading that is too long for memory.
import { rawPool, type PlatformReason } from "#app/platform/db/db.ts";

export type Snapshot = {
  all<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Rows as arrays, a page at a time; the next page is on its way while one is looked at. One stream at a time. */
  pages<Row extends unknown[]>(sql: string, values: unknown[], size: number): AsyncGenerator<Row[]>;
};

/** Reads across shops as of one moment. */
export async function inSnapshot<T>(
  reason: PlatformReason,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const client = await rawPool().connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SELECT set_config('app.scope', $1, true)", [reason]);
    return await work({
      all: async <Row extends object>(sql: string, values: unknown[] = []) =>
        (await client.query<Row>(sql, values)).rows,
      async *pages<Row extends unknown[]>(sql: string, values: unknown[], size: number) {
        await client.query(`DECLARE pages NO SCROLL CURSOR FOR ${sql}`, values);
        const fetch = () => client.query<Row>({ text: `FETCH ${size} FROM pages`, rowMode: "array" });
        let next = fetch();
        try {
          for (;;) {
            const { rows } = await next;
            if (rows.length === 0) return;
            next = fetch();
            yield rows;
          }
        } finally {
          await next;
          await client.query("CLOSE pages");
        }
      },
    });
  } finally {
    await client.query("ROLLBACK").catch((error: Error) => (broken = error));
    client.release(broken);
  }
}
