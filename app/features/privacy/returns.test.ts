import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sweepPurges } from "#app/features/privacy/purge.jobs.ts";
import { findShopByDomain } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { handleWebhook } from "#app/webhooks.ts";
import { addOrders } from "#tests/factories/shops.ts";
import { startEngine, type Engine } from "#tests/engine.ts";
import { hours, installShop } from "#tests/purging.ts";

// Shopify's side and ours drift apart: uninstalls are told late, twice, in the wrong order or after the shop is back. Whatever happened,
// once everything was told the present install must have all that is its own, and nothing of an earlier one may be left anywhere.
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterAll(async () => {
  vi.useRealTimers();
  await engine.stop();
});

const MINUTE = 60_000;
const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);

type Event =
  | { kind: "install" | "uninstall" | "orders" }
  | { kind: "wait"; hours: number }
  /** One of what Shopify has told or has to tell by then; again, if it was told before. */
  | { kind: "tell"; which: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "install" as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: "uninstall" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "orders" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("tell" as const), which: fc.nat(20) }) },
);

/** A shop as Shopify knows it, with what has to be told about it. */
class World {
  readonly domain = `world-${randomUUID()}.myshopify.com`;
  installs = 0;
  installed = false;
  /** Which install each order came in with. */
  readonly orders = new Map<string, number>();
  readonly toTell: { topic: string; at: number; told: boolean }[] = [];

  find() {
    return forPlatform("purge", (tx) => findShopByDomain(tx, this.domain));
  }

  async apply(event: Event): Promise<void> {
    pass(MINUTE);
    if (event.kind === "wait") return this.wait(event.hours);
    if (event.kind === "tell") return this.tell(this.due()[event.which % this.due().length]);
    if (event.kind === "install" && !this.installed) {
      this.installs += 1;
      this.installed = true;
      await installShop(engine, this.domain);
      return this.buy();
    }
    if (event.kind === "orders" && this.installed) return this.buy();
    if (event.kind === "uninstall" && this.installed) this.uninstall();
  }

  /** Tokens die at once; what Shopify tells of it comes when it comes, and its wish to erase is 48 hours younger. */
  private uninstall(): void {
    const shop = engine.sandbox.shops[this.domain]!;
    this.installed = false;
    shop.installed = false;
    engine.sandbox.tokens.revoke(shop);
    this.toTell.push(
      { topic: "app/uninstalled", at: Date.now(), told: false },
      { topic: "shop/redact", at: Date.now() + hours(48), told: false },
    );
  }

  private async buy(): Promise<void> {
    const shop = await this.find();
    if (shop?.state !== "installed") return;
    await addOrders(shop.id, 2);
    for (const id of await this.stored()) if (!this.orders.has(id)) this.orders.set(id, this.installs);
  }

  /** The ids of all orders that any shop of this world holds. */
  async stored(): Promise<string[]> {
    const ids = [...this.orders.keys()];
    const shop = await this.find();
    const rows = await forPlatform("purge", (tx) =>
      tx.order.findMany({ where: { OR: [{ id: { in: ids } }, { shopId: shop?.id ?? randomUUID() }] } }),
    );
    return rows.map(({ id }) => id);
  }

  due() {
    return this.toTell.filter(({ at }) => at <= Date.now());
  }

  async tell(news: World["toTell"][number] | undefined): Promise<void> {
    if (!news) return;
    news.told = true;
    const webhook = {
      inboxId: randomUUID(),
      source: "shopify",
      topic: news.topic,
      shopDomain: this.domain,
      webhookId: randomUUID(),
      eventId: null,
      apiVersion: "2026-10",
      triggeredAt: new Date(news.at),
      receivedAt: new Date(),
    };
    await handleWebhook(
      webhook,
      Buffer.from(`{"id":1,"shop_id":1,"shop_domain":"${this.domain}"}`),
      new Date(),
    );
  }

  async wait(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 12) {
      pass(hours(Math.min(left, 12)));
      await sweepPurges(() => new Date());
    }
  }
}

test("whatever order it is told in: the live install loses nothing, earlier ones keep nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 4, maxLength: 14 }),
      fc.infiniteStream(fc.nat(1_000)),
      async (events, chance) => {
        const world = new World();
        await world.apply({ kind: "install" });
        for (const each of events) await world.apply(each);
        const had = new Set(await world.stored());

        // In the end everything is told, in any order, and some of it again.
        await world.wait(60);
        const rest = world.toTell.filter(({ told }) => !told);
        const again = world.toTell.slice(0, 2);
        for (const news of [...rest, ...again].sort(() => (chance.next().value! % 2 ? 1 : -1)))
          await world.tell(news);
        await world.wait(72);

        const left = new Set(await world.stored());
        const ofLive = [...world.orders].filter(
          ([, install]) => world.installed && install === world.installs,
        );
        expect(ofLive.filter(([id]) => had.has(id) && !left.has(id))).toEqual([]);
        expect([...left].filter((id) => !ofLive.some(([live]) => live === id))).toEqual([]);
        const shop = await world.find();
        expect(shop?.state ?? "gone").toBe(world.installed ? "installed" : "gone");
        // A token that works opens what is left.
        if (shop) expect(await forShop(shop.id, (tx) => tx.session.count())).toBe(1);
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
}, 300_000);
