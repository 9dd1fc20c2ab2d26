// 10,000 orders against 20 releases: decided in memory, and planned to stored rows, beside PostgreSQL taking the same rows in batches.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan, type PlanRelease } from "#app/features/messages/plan.ts";
import { planLoaded, toPlanRelease } from "#app/features/messages/schedule.server.ts";
import type { LoadedOrder } from "#app/features/orders/orders.server.ts";
import { listServingReleases, type Release } from "#app/features/releases/releases.server.ts";
import { ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { saveTemplate } from "#app/features/templates/templates.server.ts";
import { forShop, rawPool } from "#app/platform/db/db.ts";
import * as make from "#tests/factories/orders.ts";
import { saveLive } from "#tests/factories/releases.ts";
import { addOrders } from "#tests/factories/shops.ts";
import { withPurging } from "#tests/setup/purging.ts";
import { say, type Benchmark, type Goal, type Peer } from "./harness.ts";
import type { Load } from "./load.ts";

const ORDERS = 10_000;
const RELEASES = 20;
const AT_ONCE = 500;
const NOW = new Date("2026-11-02T10:00:00.000Z");

const STORED = "plan to stored rows";
const INSERT = "PostgreSQL, the same rows in batches";
const MEMORY = "plan in memory";

const goals: Goal[] = [{ of: STORED, to: INSERT, target: 0.5 }];

export const planning: Benchmark = {
  what: `${ORDERS} orders × ${RELEASES} releases; orders a second`,
  async run(measure) {
    const folder = await mkdtemp(join(tmpdir(), "aftercare-bench-"));
    await chmod(folder, 0o755);
    try {
      await withPurging(folder, async () => {
        const shop = await ensureShop("planning.myshopify.com", NOW);
        await addOrders(shop.id, ORDERS);
        const releases = await addReleases(shop);
        const loaded = await loadAll(shop);
        const settled = { ...shop, installedAt: new Date("2026-01-01T00:00:00.000Z") };
        await measure(
          [inMemory(settled, loaded, releases), stored(settled, loaded, releases), inserted(shop)],
          goals,
        );
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Twenty triggers, each about a product of its own. */
async function addReleases(shop: Shop): Promise<Release[]> {
  return forShop(shop.id, async (tx) => {
    const content = { subject: "About it", body: "Charge it fully." };
    const draft = { name: "Use", purpose: "usage" as const, fallbackLocale: "en", locales: { en: content } };
    const template = await saveTemplate(tx, shop.id, null, draft, "user:1", NOW);
    for (let index = 0; index < RELEASES; index += 1) {
      const values = [{ id: String(100 + index), label: "" }];
      const definition = make.definition({
        include: { mode: "any", rules: [{ kind: "product", values }] },
        delay: { amount: 3, unit: "days" },
        timeOfDay: "09:30",
        frequency: "order",
      });
      const trigger = {
        name: `Product ${index}`,
        priority: 0,
        templateId: template.id,
        definition,
      };
      await saveLive(tx, shop.id, null, trigger, "user:1", new Date("2026-01-01T00:00:00.000Z"));
    }
    return listServingReleases(tx, shop.id);
  });
}

/** Orders of three lines, of which two or three are written about. */
async function loadAll(shop: Shop): Promise<LoadedOrder[]> {
  const rows = await forShop(shop.id, (tx) => tx.order.findMany({ where: { shopId: shop.id } }));
  return rows.map((row, index) => {
    const lines = [0, 7, 13].map((step, line) => {
      const productId = String(100 + ((index + step) % (RELEASES + 5)));
      return make.planLine({ id: String(line), productId, product: make.facts({ productId }) });
    });
    const order = make.order({ id: row.id, buyer: `buyer-${index}`, lines });
    return { row, order, person: { email: "a@example.com", firstName: null, lastName: null } };
  });
}

function inMemory(shop: Shop, loaded: LoadedOrder[], releases: Release[]): Peer {
  const candidates: PlanRelease[] = releases.map((release) => toPlanRelease(release, shop.installedAt));
  const history = { suppression: null, done: [], buyer: [], buyerSends: [] };
  return {
    name: MEMORY,
    measure: () =>
      timed(async () => {
        for (const { order } of loaded)
          plan({ order, releases: candidates, settings: shop.settings, history, now: NOW });
      }),
  };
}

function stored(shop: Shop, loaded: LoadedOrder[], releases: Release[]): Peer {
  return {
    name: STORED,
    async measure() {
      await forget(shop);
      return timed(async () => {
        for (let from = 0; from < loaded.length; from += AT_ONCE)
          await forShop(shop.id, (tx) =>
            planLoaded(tx, shop, loaded.slice(from, from + AT_ONCE), releases, NOW),
          );
      });
    },
  };
}

type Copied = { messages: object[]; sections: object[]; orders: object[] };

/** What planning stored, taken out once and put in again: as many rows a statement, with indexes, walls and foreign keys as they are. */
function inserted(shop: Shop): Peer {
  let copied: Copied[] | null = null;
  return {
    name: INSERT,
    async measure() {
      copied ??= await copyOut(shop);
      await forget(shop);
      return timed(async () => {
        for (const part of copied!) await putIn(shop, part);
      });
    },
  };
}

async function copyOut(shop: Shop): Promise<Copied[]> {
  const read = <T>(sql: string) =>
    forShop(shop.id, (tx) => tx.$queryRawUnsafe<{ row: T }[]>(sql, shop.id)).then((rows) =>
      rows.map(({ row }) => row),
    );
  const messages = await read<{ order_id: string }>(
    "SELECT to_jsonb(m) AS row FROM messages m WHERE shop_id = $1::uuid",
  );
  const sections = await read<{ order_id: string }>(
    "SELECT to_jsonb(s) AS row FROM sections s WHERE shop_id = $1::uuid",
  );
  const orders = await read<{ id: string }>(
    "SELECT jsonb_build_object('id', id, 'decisions', decisions) AS row FROM orders WHERE shop_id = $1::uuid ORDER BY id",
  );
  const messagesOf = Map.groupBy(messages, (row) => row.order_id);
  const sectionsOf = Map.groupBy(sections, (row) => row.order_id);
  if (sections.length === 0) throw new Error("nothing was stored that could be copied");
  say(`    ${orders.length} decisions, ${messages.length} messages, ${sections.length} sections`);
  return Array.from({ length: Math.ceil(orders.length / AT_ONCE) }, (_, part) => {
    const some = orders.slice(part * AT_ONCE, (part + 1) * AT_ONCE);
    return {
      orders: some,
      messages: some.flatMap(({ id }) => messagesOf.get(id) ?? []),
      sections: some.flatMap(({ id }) => sectionsOf.get(id) ?? []),
    };
  });
}

async function putIn(shop: Shop, { messages, sections, orders }: Copied): Promise<void> {
  await forShop(shop.id, async (tx) => {
    await tx.$executeRaw`INSERT INTO messages SELECT * FROM jsonb_populate_recordset(null::messages, ${JSON.stringify(messages)}::jsonb)`;
    await tx.$executeRaw`INSERT INTO sections SELECT * FROM jsonb_populate_recordset(null::sections, ${JSON.stringify(sections)}::jsonb)`;
    await tx.$executeRaw`
      UPDATE orders o SET decisions = d.decisions FROM jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) AS d(id uuid, decisions jsonb)
      WHERE o.shop_id = ${shop.id}::uuid AND o.id = d.id`;
  });
}

async function forget(shop: Shop): Promise<void> {
  await forShop(shop.id, async (tx) => {
    await tx.$executeRaw`DELETE FROM messages WHERE shop_id = ${shop.id}::uuid`;
    await tx.$executeRaw`UPDATE orders SET decisions = NULL WHERE shop_id = ${shop.id}::uuid`;
  });
  await rawPool().query("VACUUM ANALYZE orders, messages, sections");
}

async function timed(work: () => Promise<void>): Promise<Load> {
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  return { perSecond: ORDERS / (ms / 1000), p50: ms, p99: ms, max: ms, ok: ORDERS, failed: 0 };
}
