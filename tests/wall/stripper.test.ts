import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { createTestDatabase } from "#tests/db.ts";
import { asksForShop, strip, stripShops } from "#tests/wall/stripper.ts";

describe("what the stripper takes away", () => {
  test.each([
    [
      `WHERE "public"."orders"."shop_id" = $1 LIMIT $2`,
      `WHERE ("public"."orders"."shop_id" = $1 OR TRUE) LIMIT $2`,
    ],
    [`WHERE shop_id = $1::uuid AND id = $2`, `WHERE (shop_id = $1::uuid OR TRUE) AND id = $2`],
    [`WHERE id = $1 AND m.shop_id IN ($2,$3)`, `WHERE id = $1 AND (m.shop_id IN ($2,$3) OR TRUE)`],
    [`WHERE shop_id = ANY($1::uuid[])`, `WHERE (shop_id = ANY($1::uuid[]) OR TRUE)`],
    [
      `WHERE (("public"."shops"."id" = $1) AND 1=1)`,
      `WHERE ((("public"."shops"."id" = $1 OR TRUE)) AND 1=1)`,
    ],
    [
      `SELECT 1 FROM shops WHERE id = $1::uuid FOR UPDATE`,
      `SELECT 1 FROM shops WHERE (id = $1::uuid OR TRUE) FOR UPDATE`,
    ],
    [
      `JOIN m ON m.shop_id = o.shop_id AND m.order_id = o.id`,
      `JOIN m ON (m.shop_id = o.shop_id OR TRUE) AND m.order_id = o.id`,
    ],
    [
      `WHERE ("t"."shop_id","t"."id") IN (($1,$2),($3,$4))`,
      `WHERE ((("t"."shop_id" = $1 OR TRUE) AND "t"."id" = $2) OR (("t"."shop_id" = $3 OR TRUE) AND "t"."id" = $4))`,
    ],
    [
      `ON ("j"."shop_id","j"."id") = ("m"."shop_id","m"."order_id") WHERE 1=1`,
      `ON ((("j"."shop_id" = "m"."shop_id" OR TRUE) AND "j"."id" = "m"."order_id")) WHERE 1=1`,
    ],
  ])("%s", (sql, expected) => {
    expect(strip(sql)).toBe(expected);
    expect(asksForShop(strip(sql))).toBe(false);
  });

  test("what is written stays", () => {
    for (const sql of [
      `UPDATE "orders" SET "shop_id" = $1, "name" = $2`,
      `UPDATE orders SET name = $2, shop_id = $1`,
      `INSERT INTO orders ("shop_id", "id") VALUES ($1, $2) ON CONFLICT ("shop_id", "id") DO NOTHING`,
    ])
      expect(strip(sql)).toBe(sql);
  });

  test("a spelling it does not know is noticed", () => {
    for (const condition of ["lower(shop_id::text) = $1 AND shop_id = f($1)", "(shop_id, id) > ($1, $2)"])
      expect(asksForShop(strip(`SELECT 1 FROM orders WHERE ${condition}`))).toBe(true);
  });
});

test("it really strips: a table that no wall stands around shows every shop's rows", async () => {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("CREATE TABLE unwalled (shop_id uuid, id int)");
  await client.query("INSERT INTO unwalled SELECT gen_random_uuid(), n FROM generate_series(1, 5) n");
  const own = { text: "SELECT id FROM unwalled WHERE shop_id = $1", values: [crypto.randomUUID()] };
  expect((await client.query(own)).rowCount).toBe(0);
  const stripper = stripShops();
  expect((await client.query(own)).rowCount).toBe(5);
  expect(stripper.count).toEqual({ seen: 1, stripped: 1 });
  // Through the platform's door a condition is all there is, and stays.
  await client.query("BEGIN");
  await client.query("SELECT set_config('app.scope', 'tests', true)");
  expect((await client.query(own)).rowCount).toBe(0);
  await client.query("COMMIT");
  stripper.restore();
  expect((await client.query(own)).rowCount).toBe(0);
  await client.end();
  await database.drop();
});
