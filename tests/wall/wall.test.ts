import { randomUUID } from "node:crypto";
import { Client, DatabaseError } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { asSuperuser, createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { overTheWall } from "#tests/setup/wall.ts";
import type { Row } from "#app/features/privacy/invented.server.ts";
import { readTables, type Table } from "#app/platform/db/catalogue.ts";
import { insertRow, insertRows, rowsOf } from "#tests/wall/catalogue.ts";

// Row level security alone: these statements name no shop, or the wrong one. New tables are found in the catalogue.
const OWN = randomUUID();
const FOREIGN = randomUUID();
const ROW_LEVEL_SECURITY = "42501";

let database: TestDatabase;
let client: Client;
let tables: Table[];
let walled: Table[];
let own: Map<string, Row>;
let foreign: Map<string, Row>;

beforeAll(async () => {
  database = await createTestDatabase();
  const over = new Client({ connectionString: overTheWall(database.url) });
  await over.connect();
  tables = await readTables(over);
  walled = tables.filter(({ shop }) => shop !== null);
  own = rowsOf(tables, OWN, "own");
  foreign = rowsOf(tables, FOREIGN, "foreign");
  await insertRows(over, own);
  await insertRows(over, foreign);
  await over.end();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Does what `work` does as the app would for that shop (null: nobody said for whom), and takes it back. */
async function as<T>(shopId: string | null, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    if (shopId) await client.query("SELECT set_config('app.shop', $1, true)", [shopId]);
    return await work();
  } finally {
    await client.query("ROLLBACK");
  }
}

/** How many rows it touched, or PostgreSQL's code for why it touched none. */
async function touched(sql: string, values: unknown[] = []): Promise<number | string | undefined> {
  await client.query("SAVEPOINT before");
  try {
    return (await client.query(sql, values)).rowCount ?? 0;
  } catch (error) {
    await client.query("ROLLBACK TO before");
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
}

/** A statement that is refused as a whole, such as a change of the audit log, touches no row either. */
const touchedNone = async (sql: string, values?: unknown[]) =>
  [0, ROW_LEVEL_SECURITY].includes((await touched(sql, values)) ?? "");

/** The same for one more row like this. */
async function inserted(table: Table, row: Row): Promise<string | undefined> {
  try {
    await insertRow(
      client,
      table.name,
      "id" in row && table.shop !== "id" ? { ...row, id: randomUUID() } : row,
    );
    return "inserted";
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
}

const eachTable = async (look: (table: Table) => Promise<unknown>) => {
  const seen: Record<string, unknown> = {};
  for (const table of walled) seen[table.name] = await look(table);
  return seen;
};
const everywhere = (value: unknown) => Object.fromEntries(walled.map(({ name }) => [name, value]));

describe("every table that names a shop", () => {
  test("there are some", () => expect(walled.length).toBeGreaterThan(16));

  test("is walled in, also against its owner, by exactly the two policies", async () => {
    const { rows } = await client.query<{ name: string; walled: boolean; policies: string[] }>(`
      SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS walled,
        array(SELECT p.policyname || ' ' || p.permissive || ' ' || p.cmd || ' ' || p.roles::text || ' '
                || coalesce(p.with_check, '-') || ' ' || p.qual
              FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname ORDER BY 1) AS policies
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`);
    const standing = Object.fromEntries(rows.map(({ name, ...wall }) => [name, wall]));
    const expected = (column: string) => ({
      walled: true,
      policies: [
        `of_platform PERMISSIVE ALL {public} - ( SELECT (COALESCE(current_setting('app.scope'::text, true), ''::text) <> ''::text))`,
        `of_shop PERMISSIVE ALL {public} - (${column} = ( SELECT (NULLIF(current_setting('app.shop'::text, true), ''::text))::uuid AS "nullif"))`,
      ],
    });
    const squeeze = (value: unknown) => JSON.parse(JSON.stringify(value).replace(/\\n\s*/g, " ")) as unknown;
    for (const table of walled)
      expect([table.name, squeeze(standing[table.name])]).toEqual([table.name, expected(table.shop!)]);
  });

  test("has a column shop_id: but for the inbox, no table knows a shop by its domain alone", () => {
    const byDomain = tables.filter(
      ({ shop, columns }) => shop === null && columns.some(({ name }) => name.includes("shop")),
    );
    expect(byDomain.map(({ name }) => name)).toEqual(["inbox"]);
  });

  test("there is no view that could look over the wall", async () => {
    const { rows } = await client.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')",
    );
    expect(rows).toEqual([]);
  });
});

describe("through the shop's door", () => {
  test("a bare SELECT sees the shop's own row and no other", async () => {
    const seen = await as(OWN, () =>
      eachTable(async ({ name, shop }) => {
        const { rows } = await client.query<{ of: string }>(`SELECT "${shop}" AS of FROM "${name}"`);
        return rows.map((row) => row.of);
      }),
    );
    expect(seen).toEqual(everywhere([OWN]));
  });

  test("UPDATE and DELETE of a foreign row touch none", async () => {
    const result = await as(OWN, () =>
      eachTable(async ({ name, shop }) => [
        await touchedNone(`UPDATE "${name}" SET "${shop}" = "${shop}" WHERE "${shop}" = $1`, [FOREIGN]),
        await touchedNone(`DELETE FROM "${name}" WHERE "${shop}" = $1`, [FOREIGN]),
      ]),
    );
    expect(result).toEqual(everywhere([true, true]));
  });

  test("a DELETE without a condition takes nothing of the other shop", async () => {
    await as(OWN, async () => {
      await eachTable(({ name }) => touched(`DELETE FROM "${name}"`));
      await client.query("SELECT set_config('app.shop', $1, true)", [FOREIGN]);
      const left = await eachTable(
        async ({ name }) => (await client.query(`SELECT FROM "${name}"`)).rowCount,
      );
      expect(left).toEqual(everywhere(1));
    });
  });

  test("INSERT of a foreign row fails", async () => {
    const result = await eachTable((table) => as(OWN, () => inserted(table, foreign.get(table.name)!)));
    expect(result).toEqual(everywhere(ROW_LEVEL_SECURITY));
  });

  test("handing an own row to another shop fails", async () => {
    const result = await as(OWN, () =>
      eachTable(async ({ name, shop }) => {
        // Some tables let nobody change a row, whoever's it is.
        const changeable = typeof (await touched(`UPDATE "${name}" SET "${shop}" = "${shop}"`)) === "number";
        const handed = await touched(`UPDATE "${name}" SET "${shop}" = $1`, [FOREIGN]);
        return changeable ? handed : typeof handed;
      }),
    );
    for (const [name, outcome] of Object.entries(result))
      expect([name, [ROW_LEVEL_SECURITY, "string"].includes(outcome as string)]).toEqual([name, true]);
    expect(result).toMatchObject({ orders: ROW_LEVEL_SECURITY, shops: ROW_LEVEL_SECURITY });
  });
});

describe("when nobody said for whom", () => {
  test("nothing is visible, changed or deleted", async () => {
    const result = await as(null, () =>
      eachTable(async ({ name, shop }) => [
        (await client.query(`SELECT FROM "${name}"`)).rowCount,
        await touchedNone(`UPDATE "${name}" SET "${shop}" = "${shop}"`),
        await touchedNone(`DELETE FROM "${name}"`),
      ]),
    );
    expect(result).toEqual(everywhere([0, true, true]));
  });

  test("nothing can be written", async () => {
    const result = await eachTable((table) => as(null, () => inserted(table, own.get(table.name)!)));
    expect(result).toEqual(everywhere(ROW_LEVEL_SECURITY));
  });

  test("a setting is over with its transaction", async () => {
    await as(OWN, async () => expect((await client.query("SELECT FROM orders")).rowCount).toBe(1));
    expect((await client.query("SELECT FROM orders")).rowCount).toBe(0);
  });
});

describe("a login that the wall does not bind", () => {
  test("may not start the app: superuser", async () => {
    const mighty = new URL(inject("databases").superuserUrl);
    mighty.pathname = new URL(database.url).pathname;
    await expect(connectDatabase({ url: mighty.href })).rejects.toThrow("bypasses row level security");
  });

  test("may not start the app: BYPASSRLS", async () => {
    const name = `bypass_${randomUUID().slice(0, 8)}`;
    await asSuperuser(`CREATE ROLE ${name} LOGIN PASSWORD 'bypass' BYPASSRLS`);
    await asSuperuser(`GRANT CONNECT ON DATABASE "${new URL(database.url).pathname.slice(1)}" TO ${name}`);
    try {
      const url = Object.assign(new URL(database.url), { username: name, password: "bypass" });
      await expect(connectDatabase({ url: url.href })).rejects.toThrow("bypasses row level security");
    } finally {
      await asSuperuser(
        `REVOKE CONNECT ON DATABASE "${new URL(database.url).pathname.slice(1)}" FROM ${name}`,
      );
      await asSuperuser(`DROP ROLE ${name}`);
    }
  });

  test("the app's own may", async () => {
    await connectDatabase({ url: database.url });
    await disconnectDatabase();
  });
});
