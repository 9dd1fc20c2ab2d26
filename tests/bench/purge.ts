// A shop with 100,000 orders is erased while 1,000 others live: beside bare indexed DELETEs of the same rows by one statement a table,
// and with the other shops' webhooks coming in at the door.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eraseTables } from "#app/features/privacy/erase.server.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { schedulePurge } from "#app/features/shops/purges.server.ts";
import { ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop, rawPool } from "#app/platform/db/db.ts";
import { addOrders } from "#tests/factories/shops.ts";
import { withPurging, type Urls } from "#tests/setup/purging.ts";
import { buildApp } from "#tests/setup/generated.mjs";
import { startContestant } from "./contestant.ts";
import { say, type Benchmark, type Goal, type Peer } from "./harness.ts";
import { load, type Load } from "./load.ts";
import { environment, orderBody, requests } from "./webhook-ingest.ts";

const ORDERS = 100_000;
const BYSTANDERS = 1_000;
/** Webhooks of the other shops: a busy hour's pace rather than as many as will go, which would measure the queue before the door. */
const PER_SECOND = 100;

const PURGE = "purge, batch by batch";
const BARE = "bare DELETE, a statement a table";
const CALM = "webhooks, nothing else going on";
const DURING = "webhooks during a purge";

// The share of the bare speed that a purge must reach; and how much slower the slowest hundredth of the webhooks may become, as the
// harness compares what is done in a second: 1 / p99.
const goals: Goal[] = [
  { of: PURGE, to: BARE, target: 0.5 },
  { of: DURING, to: CALM, target: 0.5 },
];

export const purge: Benchmark = {
  what: `a shop with ${ORDERS} orders (${ORDERS * 4} rows) beside ${BYSTANDERS} others; their webhooks, ${PER_SECOND} a second`,
  async run(measure) {
    await buildApp();
    const folder = await mkdtemp(join(tmpdir(), "aftercare-bench-"));
    await chmod(folder, 0o755);
    try {
      await withPurging(folder, (urls) => measureAll(urls, measure));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureAll(urls: Urls, measure: Parameters<Benchmark["run"]>[0]): Promise<void> {
  for (let index = 0; index < BYSTANDERS; index += 1) {
    const { id } = await ensureShop(`bystander-${index}.myshopify.com`, new Date());
    await addOrders(id, 20);
  }
  const door = await startContestant(
    "app/entry.web.ts",
    environment(urls.database, urls.keys, process.env.KEYRING),
  );
  const next = requests(await orderBody());
  try {
    const fire = (until: () => boolean) => arrivals(door.port, next, until);
    await fire(after(3_000));
    await measure([peer(PURGE, bySteps), peer(BARE, bare), calm(fire), during(fire)], goals);
  } finally {
    await door.stop();
  }
}

type Fire = (until: () => boolean) => Promise<Load>;

const after = (ms: number) => {
  const end = performance.now() + ms;
  return () => performance.now() > end;
};

function peer(name: string, erase: (shop: Shop) => Promise<void>): Peer {
  return { name, measure: async () => rowsPerSecond(await fill(), erase) };
}

const calm = (fire: Fire): Peer => ({ name: CALM, measure: async () => slowest(await fire(after(8_000))) });

function during(fire: Fire): Peer {
  return {
    name: DURING,
    async measure() {
      const shop = await fill();
      let purging = true;
      const erased = bySteps(shop).finally(() => (purging = false));
      const seen = await fire(() => !purging);
      await erased;
      return slowest(seen);
    },
  };
}

/** What the harness compares is how much is done in a second: here one over the slowest hundredth's time. */
const slowest = (seen: Load): Load => ({ ...seen, perSecond: 1_000 / seen.p99 });

/** A shop of 100,000 orders, on disk and known to the planner. */
async function fill(): Promise<Shop> {
  const shop = await ensureShop(`leaving-${Date.now()}.myshopify.com`, new Date());
  for (let done = 0; done < ORDERS; done += 20_000) await addOrders(shop.id, 20_000);
  await rawPool().query("VACUUM ANALYZE orders, messages, sections, attempts");
  return shop;
}

async function bySteps(shop: Shop): Promise<void> {
  const now = new Date();
  const { id } = await forPlatform("purge", (tx) =>
    schedulePurge(tx, {
      shopId: shop.id,
      shopDomain: shop.domain,
      scope: "shop",
      generation: 1,
      reason: "confirmed",
      since: now,
      startsAt: now,
    }),
  );
  await eraseTables({ id, shopId: shop.id });
}

/** In the order of the register too: anything else would pay for each foreign key's search of rows that are still there. */
async function bare(shop: Shop): Promise<void> {
  for (const { table } of RULES.filter((rule) =>
    ["Attempt", "Section", "Message", "Order"].includes(rule.model),
  ))
    await forShop(shop.id, (tx) =>
      tx.$executeRawUnsafe(`DELETE FROM "${table}" WHERE shop_id = $1::uuid`, shop.id),
    );
}

async function rowsPerSecond(shop: Shop, erase: (shop: Shop) => Promise<void>): Promise<Load> {
  const started = performance.now();
  await erase(shop);
  const ms = performance.now() - started;
  const left = await forShop(shop.id, (tx) => tx.order.count({ where: { shopId: shop.id } }));
  if (left > 0) throw new Error(`${left} orders are left`);
  say(`    ${((ORDERS * 4) / ms).toFixed(0)} rows a millisecond, ${(ms / 1000).toFixed(1)} s`);
  return { perSecond: (ORDERS * 4) / (ms / 1000), p50: ms, p99: ms, max: ms, ok: 1, failed: 0 };
}

/** Webhooks at an even pace until told to stop, each on a connection that is free. */
async function arrivals(port: number, next: () => Buffer, until: () => boolean): Promise<Load> {
  const rounds: Promise<Load>[] = [];
  const started = performance.now();
  for (let sent = 0; !until(); sent += 1) {
    rounds.push(load({ port, connections: 1, seconds: 0, next }));
    await sleep(Math.max(0, started + ((sent + 1) * 1_000) / PER_SECOND - performance.now()));
  }
  const times = (await Promise.all(rounds))
    .map(({ max, failed }) => (failed ? Infinity : max))
    .sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    perSecond: times.length / ((performance.now() - started) / 1000),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    ok: times.filter(Number.isFinite).length,
    failed: times.filter((ms) => !Number.isFinite(ms)).length,
  };
}
