// Kills a purge (-9) at each of its steps, and in the middle of its tables, and looks at what is left when it has come to its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { RULES } from "#app/features/privacy/register.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { findShopKey } from "#app/platform/crypto/keystore.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { readJournal } from "#app/platform/journal.ts";
import { addWebhooks, countRows, dumpShop, fillShop } from "#tests/factories/shops.ts";

export type PurgeKills = {
  kills: number;
  /** Rows of the shop, and what its receipt says was erased of them. */
  before: Record<string, number>;
  erased: Record<string, number>;
  left: Record<string, number>;
  receipts: number;
  keyLeft: boolean;
  inJournal: boolean;
  bystanderSame: boolean;
};

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Whoever holds it stops a purge at the place that a trigger of the test watches. */
const LOCK = 72_707_399;

type Place = { step: string } | { table: string };

/** As a step begins, and as rows of these tables go, in the order in which a purge comes there. */
const places = (tables: string[]): Place[] => [
  ...["journal", "key", "provider", "batches", "tables"].map((step) => ({ step })),
  ...tables.map((table) => ({ table })),
  { step: "inbox" },
  { table: "inbox" },
  { step: "queue" },
  { step: "end" },
];

/** Where a purge may be killed. */
export const EVERYWHERE = places(RULES.filter(({ shop }) => shop === "delete").map(({ table }) => table));
/** A few of them, for every run of the tests. */
export const HERE_AND_THERE = places(["orders"]);

/** @param options.urls as the plain owner, and as a superuser who may put triggers anywhere */
export async function killPurge(options: {
  urls: { database: string; keys: string; superuser: string };
  orders: number;
  places: Place[];
  log?: (line: string) => void;
}): Promise<PurgeKills> {
  const { urls, log = () => undefined } = options;
  const domain = "leaving.myshopify.com";
  const shop = await fillShop(domain, options.orders);
  await addWebhooks(domain, 1_500);
  const other = await fillShop("staying.myshopify.com", 20);
  const bystander = await dumpShop(other.id, other.domain);
  const leftAt = new Date(Date.now() + 1_000);
  await forPlatform("purge", (tx) => uninstallShop(tx, shop.id, leftAt));
  const before = await countRows(shop.id, domain);
  const time = new Date(leftAt.getTime() + 25 * 3_600_000).toISOString();

  const admin = new pg.Client({ connectionString: urls.superuser });
  await admin.connect();
  let kills = 0;
  try {
    await admin.query(`
      CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        'BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NULL; END'`);
    await admin.query("SELECT pg_advisory_lock($1)", [LOCK]);
    for (const place of options.places) {
      if (!(await stopsAt(admin, urls, place, time))) continue;
      kills += 1;
      log(`kill ${kills}: ${JSON.stringify(place)}`);
    }
    await admin.query("SELECT pg_advisory_unlock($1)", [LOCK]);
    await purgeOnce(urls, time).ended;
  } finally {
    await admin.end();
  }
  const receipts = await forPlatform("purge", (tx) => tx.receipt.findMany({ where: { shopId: shop.id } }));
  return {
    kills,
    before,
    erased: receipts[0]?.counts as Record<string, number>,
    left: await countRows(shop.id, domain),
    receipts: receipts.length,
    keyLeft: (await findShopKey(shop.id)) !== null,
    inJournal: (await readJournal(new Date(0))).some(
      (each) => each.kind === "shop" && each.shopId === shop.id,
    ),
    bystanderSame: (await dumpShop(other.id, other.domain)) === bystander,
  };
}

type Urls = Parameters<typeof killPurge>[0]["urls"];

/** Runs a purge until it comes to the place, and kills it there. @returns false when it ended without coming there */
async function stopsAt(admin: pg.Client, urls: Urls, place: Place, time: string): Promise<boolean> {
  const [table, when] =
    "step" in place
      ? ["purges", `AFTER UPDATE ON purges FOR EACH ROW WHEN (NEW.step = '${place.step}')`]
      : [place.table, `AFTER DELETE ON ${place.table} FOR EACH STATEMENT`];
  await admin.query(`CREATE TRIGGER stop_here ${when} EXECUTE FUNCTION stop_here()`);
  const child = purgeOnce(urls, time);
  let ended = false;
  const end = child.ended.then(() => (ended = true));
  while (!ended && !(await waits(admin))) await Promise.race([end, once(AbortSignal.timeout(20), "abort")]);
  if (ended) {
    await admin.query(`DROP TRIGGER stop_here ON ${table}`);
    return false;
  }
  child.kill();
  await end;
  // Its backend notices only when it wakes; a power cut would have ended both.
  await admin.query(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
  );
  await admin.query(`DROP TRIGGER stop_here ON ${table}`);
  return true;
}

async function waits(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query(
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
    [LOCK],
  );
  return rows.length > 0;
}

/** A purge in a process of its own, so that it can be killed. */
function purgeOnce({ database, keys }: Urls, time: string): { ended: Promise<void>; kill: () => void } {
  const child = spawn(process.execPath, ["tests/faults/purge-once.ts", time], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database, KEYS_DATABASE_URL: keys, LOG_LEVEL: "error" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return { ended: once(child, "exit").then(() => undefined), kill: () => child.kill("SIGKILL") };
}
