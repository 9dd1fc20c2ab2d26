// Writes down what the app says to PostgreSQL, as it says it.
import pg from "pg";

export type Statement = { sql: string; values: unknown[] };

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/** Every statement that `work` sends, in order. */
export async function record(work: () => Promise<unknown>): Promise<Statement[]> {
  const original = pg.Client.prototype.query as unknown as Query;
  const said: Statement[] = [];
  const query: Query = function (...args) {
    const [first, second] = args as [string | { text?: string; values?: unknown[] }, unknown];
    const { text: sql, values = second } = typeof first === "string" ? { text: first } : first;
    if (sql) said.push({ sql, values: Array.isArray(values) ? (values as unknown[]) : [] });
    return original.apply(this, args);
  };
  Object.assign(pg.Client.prototype, { query });
  try {
    await work();
  } finally {
    Object.assign(pg.Client.prototype, { query: original });
  }
  return said;
}
