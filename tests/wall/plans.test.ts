import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { fillWithShops } from "#tests/factories/crowd.ts";
import { hotQueries, LONG_AGO, type Hot } from "#tests/wall/hot.ts";
import { record, type Statement } from "#tests/wall/recorder.ts";

// As the app's own role, with the wall in every plan: what is asked all day long is answered from an index, however much there is.
let database: TestDatabase;
let client: Client;
let hot: Hot & { shop: { id: string } };

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await fillWithShops(client, { shops: 20, ordersEach: 500 });
  await connectDatabase({ url: database.url });
  hot = await hotQueries();
});
afterAll(async () => {
  await disconnectDatabase();
  await client.end();
  await database.drop();
});

// The others are so small that reading them whole is the fastest.
const LARGE = ["orders", "messages", "sections", "attempts"];

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Plans?: Node[];
};

/** Keys begin with the shop: asked without it, an index is read from beginning to end as well, or shop by shop. */
const isWhole = (node: Node) =>
  node["Node Type"] === "Seq Scan" ||
  (node["Index Name"]?.endsWith("_pkey") && !node["Index Cond"]?.includes("shop_id"));

/** Tables that a statement would read from beginning to end. */
async function scanned({ sql, values }: Statement): Promise<string[]> {
  // What the claim is told is the present, once its statement is known: then there is something due.
  const today = values.map((value) => (isLongAgo(value) ? new Date().toISOString() : value));
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Node }] }>(
    `EXPLAIN (FORMAT JSON) ${sql}`,
    today,
  );
  const walk = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(walk)];
  return walk(rows[0]!["QUERY PLAN"][0].Plan)
    .filter(isWhole)
    .map((node) => node["Relation Name"] ?? "");
}

const isLongAgo = (value: unknown) =>
  (value instanceof Date ? value.toISOString() : String(value)).startsWith(
    LONG_AGO.toISOString().slice(0, 10),
  );

test.each(["list", "detail", "history", "overview", "claim", "delivery", "ledger", "proof"] as const)(
  "%s",
  async (name) => {
    const statements = (await record(hot[name])).filter(({ sql }) => /^\s*(SELECT|WITH|UPDATE)/.test(sql));
    const scope = name === "claim" || name === "delivery" ? "app.scope" : "app.shop";
    expect(statements.length).toBeGreaterThan(1);
    const tables: string[] = [];
    await client.query("BEGIN");
    await client.query("SELECT set_config($1, $2, true)", [
      scope,
      scope === "app.scope" ? "dispatch" : hot.shop.id,
    ]);
    try {
      for (const statement of statements) tables.push(...(await scanned(statement)));
    } finally {
      await client.query("ROLLBACK");
    }
    expect(tables.filter((table) => LARGE.includes(table))).toEqual([]);
  },
);
