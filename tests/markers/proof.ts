// One proof for every ending: a shop with a marker at every door lives a month, what is to be erased is erased, and then every table,
// key, job, log line and file is searched; a second shop, with the same life, keeps every byte.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Shop } from "#app/features/shops/shops.server.ts";
import type { Key } from "#app/platform/crypto/crypto.ts";
import { env } from "#app/platform/env.ts";
import { startEngine, type Engine } from "#tests/engine.ts";
import { live } from "#tests/markers/life.ts";
import { complaints, seedLate, seedShop, type Door } from "#tests/markers/seed.ts";
import { dumpDatabase, openKeys, readFiles, search, type Finding, type Kept } from "#tests/markers/search.ts";
import { captureLogs } from "#tests/setup/logs.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { overTheWall } from "#tests/setup/wall.ts";
import { readTables } from "#app/platform/db/catalogue.ts";

export type Stage = { engine: Engine; shop: Shop; bystander: Shop; doors: Door[] };

export type Ending = {
  /** Whose markers must be gone afterwards. */
  erases: Door["of"][];
  /** What outlives it on purpose: "table.column how". */
  survives?: string[];
  /** Tables of the bystander that its own time may change meanwhile. */
  aging?: string[];
  prepare?(stage: Stage): Promise<void>;
  run(stage: Stage): Promise<void>;
};

/** The journal outside the database knows who opted out by the database's own hash: its key goes with the shop. */
const isJournaled = ({ where, how }: Finding) => how === "keyed hash" && /^file .*journal/.test(where);

/** Makes this file's tests. */
export function proveErased(name: string, ending: Ending): void {
  const logs = captureLogs();
  let folder: string;
  let stage: Stage;
  let before: { found: Finding[]; bystander: Record<string, string[]> };
  let after: typeof before;

  async function lookAround(): Promise<typeof before> {
    const { engine, bystander, doors } = stage;
    const store = await dumpDatabase(mighty(engine.keysUrl));
    const kept: Kept[] = [
      ...(await dumpDatabase(mighty(engine.databaseUrl))),
      ...store.map(({ where, text }) => ({ where: `key store ${where}`, text })),
      ...logs.lines.map((text) => ({ where: "log", text })),
      ...(await readFiles(folder)),
    ];
    const keys: Key[] = openKeys(store, env().KEYRING ?? []);
    const markers = doors.map(({ marker }) => marker);
    return {
      found: search(kept, { markers, keys, ...hashing() }),
      bystander: await rowsOf(engine, bystander, ending.aging ?? []),
    };
  }

  beforeAll(async () => {
    folder = await makeScratch();
    Object.assign(process.env, { DATA_DIR: folder, JOURNAL_DIR: join(folder, "journal") });
    const engine = await startEngine();
    const bystander = await engine.install("blue-kiln.myshopify.com");
    stage = { engine, shop: engine.shop, bystander, doors: [] };
    for (const shop of [bystander, engine.shop]) {
      const tag = shop === engine.shop ? "s" : "b";
      const doors = await seedShop(engine, shop, tag);
      if (shop === engine.shop) stage.doors.push(...doors);
    }
    await live(engine, 30);
    await seedLate(engine, bystander, "b");
    stage.doors.push(...(await seedLate(engine, engine.shop, "s")));
    await ending.prepare?.(stage);
    before = await lookAround();
    await ending.run(stage);
    after = await lookAround();
  }, 240_000);

  afterAll(async () => {
    await stage.engine.stop();
    logs.stop();
    await removeScratch(folder);
  });

  describe(name, () => {
    test("before it every marker was found where it belongs, and what is never kept was nowhere", () => {
      expect(complaints(stage.doors, before.found)).toEqual([]);
    });

    test("before it the log and the files held none", () => {
      const outside = before.found.filter(({ where }) => /^(log|file)/.test(where));
      expect(outside.filter((finding) => !isJournaled(finding))).toEqual([]);
    });

    test("after it there are none: not in a table, a key, a job, a log line or a file", () => {
      const erased = new Map(
        stage.doors.filter(({ of }) => ending.erases.includes(of)).map((door) => [door.marker, door.door]),
      );
      const left = after.found
        .filter((finding) => !isJournaled(finding))
        .filter(
          ({ marker, where, how }) => erased.has(marker) && !ending.survives?.includes(`${where} ${how}`),
        )
        .map(({ marker, where, how }) => `${erased.get(marker)}: ${where} ${how}`);
      expect(left).toEqual([]);
    });

    test("the shop beside it keeps every byte", () => {
      expect(Object.values(before.bystander).flat().length).toBeGreaterThan(50);
      expect(after.bystander).toEqual(before.bystander);
    });
  });
}

function mighty(url: string): string {
  const all = new URL(inject("databases").superuserUrl);
  all.pathname = new URL(url).pathname;
  return all.href;
}

/** Every row of a shop, in every table, and its webhooks. */
async function rowsOf(engine: Engine, shop: Shop, except: string[]): Promise<Record<string, string[]>> {
  const client = new Client({ connectionString: overTheWall(engine.databaseUrl) });
  await client.connect();
  const rows: Record<string, string[]> = {};
  for (const { name, shop: column } of await readTables(client)) {
    const [by, value] = name === "inbox" ? ["shop_domain", shop.domain] : [column, shop.id];
    if (!by || except.includes(name)) continue;
    const found = await client.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM "${name}" t WHERE "${by}" = $1 ORDER BY 1`,
      [value],
    );
    rows[name] = found.rows.map(({ row }) => row);
  }
  await client.end();
  return rows;
}

/** What the app derives keys for and hashes, read from its source: what is added there is searched for from then on. */
function hashing(): { uses: string[]; kinds: string[] } {
  const sources = readdirSync("app", { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /(?<!test)\.ts$/.test(entry.name) && !entry.parentPath.includes("generated"),
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
  const all = (pattern: RegExp) => [...new Set([...sources.matchAll(pattern)].map(([, word = ""]) => word))];
  return {
    uses: all(/deriveKey\([^,()]+(?:\([^)]*\))?, "([^"]+)"/g),
    kinds: [
      ...all(/[iI]ndex\((?:tx, )?"(\w+)"/g),
      ...(/kind: ((?:"\w+"(?: \| )?)+)/
        .exec(sources.slice(sources.indexOf("blindIndex(")))?.[1]
        ?.match(/\w+/g) ?? []),
    ],
  };
}
