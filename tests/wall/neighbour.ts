// The suites of the product once more, under a client that has lost the shop's condition, beside a neighbour with a row in every table.
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { furnishDatabases } from "#tests/db.ts";
import { overTheWall } from "#tests/setup/wall.ts";
import { readTables } from "#app/platform/db/catalogue.ts";
import { insertRows, rowsOf } from "#tests/wall/catalogue.ts";
import { stripShops } from "#tests/wall/stripper.ts";

/** @param suite imports a test file: its tests become this file's */
export function runStripped(name: string, suite: () => Promise<unknown>): void {
  furnishDatabases(async (url) => {
    const client = new Client({ connectionString: overTheWall(url) });
    await client.connect();
    await insertRows(client, rowsOf(await readTables(client), randomUUID(), "neighbour"));
    await client.end();
  });
  const stripper = stripShops();
  afterAll(() => stripper.restore());
  describe(`${name}, with the wall alone`, async () => void (await suite()));
  test("every statement's way to ask for its shop was known, and taken away", () => {
    expect([...stripper.unknown]).toEqual([]);
    expect(stripper.count.stripped).toBeGreaterThan(30);
  });
}
