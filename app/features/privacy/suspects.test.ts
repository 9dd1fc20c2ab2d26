import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { sweepPurges } from "#app/features/privacy/purge.jobs.ts";
import { confirmUninstall, liftHold, suspectUninstalls } from "#app/features/privacy/suspects.server.ts";
import { watchPurges } from "#app/features/privacy/watch.server.ts";
import { revokeAccess } from "#app/features/shops/connections.server.ts";
import { findShopByDomain } from "#app/features/shops/shops.server.ts";
import { addDomain } from "#app/features/shops/domains.server.ts";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import { metrics } from "#app/platform/metrics.ts";
import { mailDomains } from "#app/connectors/registry.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { countRows } from "#tests/factories/shops.ts";
import { startEngine, type Engine } from "#tests/engine.ts";
import { at, hours, installShop } from "#tests/purging.ts";

let engine: Engine;
/** Five shops of the test's own. */
let domains: string[];
let start: number;

beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  start = Date.now();
  domains = Array.from({ length: 5 }, () => `shop-${randomUUID()}.myshopify.com`);
  for (const domain of domains) await installShop(engine, domain);
});
afterEach(async () => {
  await engine.sandbox.control("clear-faults");
  await engine.sandbox.control("rotate-secret", { secret: process.env.SHOPIFY_API_SECRET });
  await forPlatform("purge", async (tx) => {
    await tx.shop.updateMany({ data: { state: "erasing" } });
    await tx.purge.deleteMany();
    await tx.purgeHold.deleteMany();
    await tx.receipt.deleteMany();
  });
});

const later = (ms: number) => new Date(start + ms);
const find = (domain: string) => forPlatform("purge", (tx) => findShopByDomain(tx, domain));
const purges = () => forPlatform("purge", (tx) => tx.purge.findMany({ orderBy: { id: "asc" } }));

/** Every background call that needs a token, at that time. */
async function callAll(now: Date): Promise<void> {
  for (const domain of domains) {
    const shop = await find(domain);
    if (shop?.state === "installed")
      await withAccess(shop, now, () => Promise.resolve()).catch(() => undefined);
  }
}

/** An hour of the worker's life. */
async function pass(now: Date): Promise<void> {
  await callAll(now);
  await suspectUninstalls(now);
  await watchPurges(now);
  await sweepPurges(at(now));
}

function refuseTokens(...of: string[]): void {
  for (const domain of of) engine.sandbox.tokens.expire(engine.sandbox.shops[domain]!, true);
}

test("all tokens refused for 6 hours: no purge, and nobody is suspected", async () => {
  refuseTokens(...domains);
  for (let hour = 2; hour <= 8; hour += 1) await pass(later(hours(hour)));
  expect(await purges()).toEqual([]);
  for (const domain of domains) {
    const shop = await find(domain);
    expect(shop).toMatchObject({ state: "installed", sending: true });
    // Nothing leaves meanwhile: not the switch says so, but the connection.
    const connection = await forShop(shop!.id, (tx) => tx.connection.findFirst());
    expect(connection).toMatchObject({ state: "refused", stateReason: "invalid_grant" });
  }
});

test("all tokens refused for more than a day: suspects, purging is held and nothing is purged until a person lifts it", async () => {
  const [first = "", leaver = ""] = domains;
  refuseTokens(...domains);
  for (let hour = 2; hour <= 30; hour += 4) await pass(later(hours(hour)));
  const suspects = await purges();
  expect(suspects).toHaveLength(domains.length);
  expect(suspects.every(({ state, reason }) => state === "held" && reason === "suspected")).toBe(true);
  expect(await find(first)).toMatchObject({ state: "installed", sending: false, pauseReason: "suspected" });

  await forPlatform("purge", (tx) =>
    tx.purge.updateMany({ where: { shopDomain: leaver }, data: { state: "waiting", reason: "uninstalled" } }),
  );
  const shop = await find(leaver);
  await forShop(shop!.id, (tx) =>
    tx.shop.update({ where: { id: shop!.id }, data: { state: "uninstalled" } }),
  );
  await pass(later(hours(60)));
  expect((await purges()).filter(({ state }) => ["running", "done"].includes(state))).toEqual([]);

  const starts = await confirmUninstall(first, "staff:kim", later(hours(60)));
  await sweepPurges(at(starts));
  expect((await purges()).filter(({ state }) => state === "done")).toMatchObject([
    { shopDomain: first, reason: "confirmed" },
  ]);

  expect(await liftHold("staff:kim", later(hours(85)))).toBe(true);
  expect(await liftHold("staff:kim", later(hours(85)))).toBe(false);
  await sweepPurges(at(later(hours(85))));
  expect(
    (await purges()).filter(({ state }) => state === "done").map(({ shopDomain }) => shopDomain),
  ).toEqual(expect.arrayContaining([first, leaver]));
  expect((await purges()).filter(({ state }) => state === "held")).toHaveLength(domains.length - 2);
});

test("one shop whose token stays refused is only suspected; its merchant opens the app, and it is forgotten", async () => {
  const [domain = ""] = domains;
  refuseTokens(domain);
  for (let hour = 2; hour <= 98; hour += 6) await pass(later(hours(hour)));
  expect(await purges()).toMatchObject([
    { shopDomain: domain, state: "held", reason: "suspected", alarmedHours: 0 },
  ]);
  const shop = await find(domain);
  expect(await countRows(shop!.id, domain)).toMatchObject({ shops: 1, connections: 1 });
  const notices = await forPlatform("purge", (tx) =>
    tx.notice.findMany({ where: { facts: { path: ["shop"], equals: domain } }, orderBy: { kind: "asc" } }),
  );
  expect(notices).toMatchObject([
    { kind: "shop_unreachable", shopId: null },
    { kind: "uninstall_suspected", shopId: shop!.id },
  ]);
  const { audit } = await forShop(shop!.id, async (tx) => ({
    audit: await tx.auditEvent.findMany({ where: { shopId: shop!.id }, orderBy: { id: "asc" } }),
  }));
  expect(audit.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["connection.refused", "sending.off", "purge.suspected"]),
  );
  await installShop(engine, domain);
  await suspectUninstalls(later(hours(99)));
  expect(await purges()).toMatchObject([{ state: "cancelled" }]);
});

test("a suspect whose uninstall is told at last is purged like any other", async () => {
  const [domain = ""] = domains;
  refuseTokens(domain);
  for (let hour = 2; hour <= 30; hour += 4) await pass(later(hours(hour)));
  await engine.sandbox.control("uninstall", { shop: domain });
  await engine.settle();
  expect(await purges()).toMatchObject([{ state: "waiting", reason: "uninstalled" }]);
  await sweepPurges(at(later(hours(25))));
  expect(await purges()).toMatchObject([{ state: "done" }]);
});

test("a frozen shop, an outage, a wrong secret of ours and our own revocation are no suspicion", async () => {
  const [frozen = "", out = "", secret = "", revoked = ""] = domains;
  const { sandbox } = engine;
  await sandbox.control("set-shop", { shop: frozen, status: "frozen" });
  for (const domain of [frozen, out, secret, revoked]) sandbox.tokens.expire(sandbox.shops[domain]!, false);
  const shop = await find(revoked);
  await forShop(shop!.id, (tx) => revokeAccess(tx, shop!.id, "staff:kim", "incident", later(hours(1))));
  await sandbox.control("rotate-secret", { secret: "another-secret-0123" });
  await sandbox.control("fault", { api: "shopify", kind: "status", status: 503, times: 2, match: "oauth" });
  for (let hour = 2; hour <= 74; hour += 6) await pass(later(hours(hour)));
  expect(await purges()).toEqual([]);
  const connection = await forShop(shop!.id, (tx) => tx.connection.findFirst());
  expect(connection).toMatchObject({ state: "revoked", stateReason: "incident" });
  expect(await find(revoked)).toMatchObject({ state: "installed", sending: true });
});

test("shop/redact without an uninstall: with a token that works it is an earlier install's, with a dead one it is the second signal", async () => {
  const [works = "", dead = "", away = ""] = domains;
  const { sandbox } = engine;
  for (const domain of [works, dead, away]) await sandbox.control("redact-shop", { shop: domain });
  await engine.settle();
  refuseTokens(dead);
  await sandbox.control("set-shop", { shop: away, status: "frozen" });
  const ids = new Map(
    await Promise.all(domains.map(async (domain) => [domain, (await find(domain))!.id] as const)),
  );
  await sweepPurges(at(later(hours(2))));
  const state = async (domain: string) =>
    (await purges())
      .filter(({ shopDomain }) => shopDomain === domain)
      .map(({ scope, state }) => `${scope} ${state}`);
  expect(await state(works)).toEqual(["generation done"]);
  expect(await state(dead)).toEqual(["shop done"]);
  expect(await state(away)).toEqual(["shop held"]);
  expect(await find(works)).toMatchObject({ state: "installed", sending: true });
  // Of the request itself the record stays, without a body.
  expect(await countRows(ids.get(dead)!, dead)).toEqual({ inbox: 1 });

  await sandbox.control("set-shop", { shop: away, status: "active" });
  await sweepPurges(at(later(hours(4))));
  expect(await state(away)).toEqual(["generation done"]);
  expect(await find(away)).toMatchObject({ state: "installed" });
});

test("a purge that is late is told of at 36 and at 47 hours, once each", async () => {
  const [domain = ""] = domains;
  await engine.sandbox.control("uninstall", { shop: domain });
  await engine.settle();
  metrics.resetMetrics();
  const raised: number[] = [];
  for (const hour of [1, 35.9, 36.1, 40, 46.9, 47.1, 60]) raised.push(await watchPurges(later(hours(hour))));
  expect(raised).toEqual([0, 0, 1, 0, 0, 1, 0]);
  expect(await metrics.getSingleMetricAsString("aftercare_purge_alarms_total")).toMatch(
    /hours="36"} 1[^]*hours="47"} 1/,
  );
  expect(await metrics.getSingleMetricAsString("aftercare_purge_oldest_seconds")).toMatch(/ \d+(\.\d+)?$/);
  await sweepPurges(at(later(hours(61))));
  expect(await purges()).toMatchObject([{ state: "done" }]);
  expect(await watchPurges(later(hours(99)))).toBe(0);
});

test("a provider that does not answer holds up no purge, and is asked again", async () => {
  const [domain = ""] = domains;
  const { sandbox } = engine;
  const shop = await find(domain);
  await addDomain(shop!.id, { domain: "acme.example", localPart: "care" }, "user:1");
  await sandbox.control("uninstall", { shop: domain });
  await engine.settle();
  await sandbox.control("fault", { api: "resend", kind: "status", status: 500, times: 20, match: "domains" });
  await sweepPurges(at(later(hours(25))));
  expect(await purges()).toMatchObject([{ state: "done", providerDomains: [expect.any(String)] }]);
  const [receipt] = await forPlatform("purge", (tx) => tx.receipt.findMany());
  expect(receipt?.details).toMatchObject({ sendingDomainsLeftAtProvider: 1 });
  await sandbox.control("clear-faults");
  await sweepPurges(at(later(hours(26))));
  expect(await purges()).toMatchObject([{ state: "done", providerDomains: [] }]);
  expect(await mailDomains.list()).toEqual([]);
});
