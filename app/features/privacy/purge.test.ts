import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordAccepted } from "#app/features/messages/settle.server.ts";
import { answerRequest } from "#app/features/privacy/buyers.jobs.ts";
import { sweepPurges } from "#app/features/privacy/purge.jobs.ts";
import { eraseConnection, startFresh } from "#app/features/privacy/purge.ask.server.ts";
import { orderIndex, plantTombstones } from "#app/features/orders/erase.server.ts";
import { getRequest, listRequests } from "#app/features/privacy/buyers.list.server.ts";
import { exportReceipt, isGenuine, listErasures } from "#app/features/privacy/receipts.server.ts";
import type { RequestFilter } from "#app/features/privacy/requests.ts";
import { keepSetup, ensureShop, findShopByDomain, setSending } from "#app/features/shops/shops.server.ts";
import { forgetVault, openVault } from "#app/features/vault/vault.server.ts";
import { findShopKey } from "#app/platform/crypto/keystore.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";
import { countJobs, enqueue, startQueue } from "#app/platform/queue/queue.ts";
import { readJournal } from "#app/platform/journal.ts";
import { handleWebhook } from "#app/webhooks.ts";
import { arrive } from "#tests/factories/held.ts";
import { addOrders, addWebhooks, countRows, dumpShop, fillShop, giveToken } from "#tests/factories/shops.ts";
import { at, hours, startPurging, type Purging } from "#tests/purging.ts";

let purging: Purging;
let domain: string;
beforeAll(async () => {
  purging = await startPurging();
});
afterAll(() => purging.stop());
beforeEach(() => {
  domain = `shop-${randomUUID()}.myshopify.com`;
});

const ago = (ms: number) => new Date(Date.now() - ms);
const ahead = (ms: number) => new Date(Date.now() + ms);

function tell(topic: string, triggeredAt = new Date(), receivedAt = triggeredAt): Promise<unknown> {
  const webhook: Webhook = {
    inboxId: randomUUID(),
    source: "shopify",
    topic,
    shopDomain: domain,
    webhookId: randomUUID(),
    eventId: null,
    apiVersion: "2026-10",
    triggeredAt,
    receivedAt,
  };
  return handleWebhook(webhook, Buffer.from(`{"id":1,"shop_id":1,"shop_domain":"${domain}"}`), receivedAt);
}

const find = () => forPlatform("purge", (tx) => findShopByDomain(tx, domain));
const purges = () =>
  forPlatform("purge", (tx) => tx.purge.findMany({ where: { shopDomain: domain }, orderBy: { id: "asc" } }));
const receipts = () =>
  forPlatform("purge", (tx) =>
    tx.receipt.findMany({ where: { shopDomain: domain }, orderBy: { id: "asc" } }),
  );

async function addConnection(shopId: string): Promise<string> {
  const data = { shopId, source: "tiktok", externalId: "seller-1" };
  return (await forShop(shopId, (tx) => tx.connection.create({ data }))).id;
}

describe("an uninstall", () => {
  test("is purged after its grace: no row, no key and no webhook is left, and a receipt says so", async () => {
    const shop = await fillShop(domain, 1_203);
    const other = await fillShop(`other-${domain}`, 5);
    const bystander = await dumpShop(other.id, other.domain);
    await tell("app/uninstalled", ahead(hours(1)));
    const before = await countRows(shop.id, domain);
    expect(before).toMatchObject({
      orders: 1_203,
      messages: 1_203,
      sections: 1_203,
      attempts: 1_203,
      inbox: 3,
    });
    expect(before.sessions).toBeUndefined();

    await sweepPurges(at(ahead(hours(24))));
    expect(await countRows(shop.id, domain)).toEqual(before);

    const finished = ahead(hours(26));
    await sweepPurges(at(finished));
    expect(await countRows(shop.id, domain)).toEqual({});
    expect(await findShopKey(shop.id)).toBeNull();
    await expect(openVault(shop.id)).rejects.toMatchObject({ code: "unavailable" });
    expect(await dumpShop(other.id, other.domain)).toBe(bystander);

    const [receipt, ...more] = await receipts();
    expect(more).toEqual([]);
    expect(receipt).toMatchObject({ kind: "shop_purge", shopId: shop.id, finishedAt: finished });
    expect(receipt?.counts).toEqual(before);
    expect(receipt?.details).toMatchObject({
      reason: "uninstalled",
      inTime: true,
      keyBackupsGoneAt: new Date(finished.getTime() + hours(7 * 24)).toISOString(),
    });
    expect(await isGenuine(receipt!)).toBe(true);
    expect(await purges()).toMatchObject([{ state: "done", receiptId: receipt?.id }]);
    expect(await readJournal(new Date(0))).toContainEqual(
      expect.objectContaining({ kind: "shop", shopId: shop.id, generation: 1 }),
    );
    const requests = await forPlatform("purge", (tx) =>
      tx.privacyRequest.findMany({ where: { shopDomain: domain } }),
    );
    expect(requests).toMatchObject([{ kind: "app/uninstalled", state: "done" }]);
  });

  test("takes the jobs that name the shop with it, and no other's", async () => {
    const shop = await fillShop(domain, 1);
    const other = await fillShop(`other-${domain}`, 1);
    const queue = await startQueue({ jobs: [answerRequest], work: false });
    try {
      for (const { id: shopId } of [shop, other]) {
        const requestId = randomUUID();
        await forShop(shopId, (tx) => enqueue(tx, answerRequest, { shopId, requestId }, { key: requestId }));
      }
      await tell("app/uninstalled", ahead(1_000));
      await sweepPurges(at(ahead(hours(26))));
      const left = (id: string) => forPlatform("purge", (tx) => countJobs(tx, id));
      expect([await left(shop.id), await left(other.id)]).toEqual([0, 1]);
    } finally {
      await queue.stop();
    }
  });

  test("repeated while its purge waits changes nothing of it", async () => {
    await fillShop(domain, 1);
    const left = ahead(hours(1));
    await tell("app/uninstalled", left);
    await tell("app/uninstalled", ahead(hours(3)));
    expect(await purges()).toMatchObject([
      {
        state: "waiting",
        since: left,
        startsAt: new Date(left.getTime() + hours(24)),
        deadlineAt: new Date(left.getTime() + hours(48)),
      },
    ]);
  });

  test("dated in the future counts from when it came in", async () => {
    await fillShop(domain, 1);
    const now = ahead(1_000);
    await tell("app/uninstalled", ahead(hours(87_600)), now);
    expect(await purges()).toMatchObject([{ since: now, deadlineAt: new Date(now.getTime() + hours(48)) }]);
    await tell("shop/redact", ahead(hours(87_600)), ahead(hours(2)));
    await sweepPurges(at(ahead(hours(2))));
    expect(await purges()).toMatchObject([{ state: "done" }]);
  });

  test.each([
    ["may have arrived is settled as unknown", { attempts: 1 }, "unknown", "unknown"],
    ["was never handed over is given back", { attempts: 0 }, "returned", "planned"],
    [
      "is with the provider still counts for the others",
      { attempts: 1, nextAt: ahead(hours(1)) },
      "accepted",
      "sent",
    ],
  ])("a batch of which a member is erased and which %s", async (_, batch, state, message) => {
    const shop = await fillShop(domain, 1);
    const other = await fillShop(`other-${domain}`, 1);
    const id = randomUUID();
    const now = new Date();
    const members = await forPlatform("dispatch", async (tx) => {
      const frozen = { payloadHash: "h", size: 2, state: "frozen", frozenAt: now, ...batch };
      await tx.batch.create({
        data: { id, account: "email:default", channel: "email", idempotencyKey: id, ...frozen },
      });
      const rows = await tx.message.updateManyAndReturn({
        where: { shopId: { in: [shop.id, other.id] } },
        data: { state: "sending", batchId: id },
      });
      return rows.map((row) => ({ shopId: row.shopId, messageId: row.id }));
    });
    await tell("app/uninstalled", ahead(1_000));
    await sweepPurges(at(ahead(hours(26))));
    await recordAccepted(
      { id, idempotencyKey: id, attempts: 1, frozenAt: now },
      members,
      {
        kind: "accepted",
        providerIds: ["p1", "p2"],
        httpStatus: 200,
        pace: { limit: 10, remaining: 9, resetMs: 1_000 },
      },
      { startedAt: now, finishedAt: now },
    );
    const found = await forPlatform("dispatch", async (tx) => ({
      batch: await tx.batch.findUniqueOrThrow({ where: { id } }),
      message: await tx.message.findFirstOrThrow({ where: { shopId: other.id } }),
    }));
    expect(found).toMatchObject({ batch: { state }, message: { state: message } });
  });
});

describe("a shop that comes back", () => {
  test("within the grace is asked, keeps everything, and does not send", async () => {
    const shop = await fillShop(domain, 2);
    await forShop(shop.id, (tx) => setSending(tx, shop.id, true, "user:1"));
    await tell("app/uninstalled", ahead(1_000));
    const back = await ensureShop(domain, new Date());
    expect(back).toMatchObject({ id: shop.id, state: "installed", generation: 2, sending: false });
    expect(back.returnedAt).not.toBeNull();
    expect(await purges()).toMatchObject([{ state: "cancelled" }]);
    await sweepPurges(at(ahead(hours(72))));
    expect(await countRows(shop.id, domain)).toMatchObject({
      orders: 2,
      templates: 1,
      triggers: 1,
      shops: 1,
    });

    await forShop(shop.id, (tx) => keepSetup(tx, shop.id, "user:1"));
    expect((await find())?.returnedAt).toBeNull();
    await expect(startFresh(shop.id, "user:1", new Date())).rejects.toMatchObject({ code: "conflict" });
  });

  test("and starts anew is a new shop at once, and what was there is purged with a receipt", async () => {
    const shop = await fillShop(domain, 2);
    await tell("app/uninstalled", ahead(1_000));
    await ensureShop(domain, new Date());
    await giveToken(domain);
    await startFresh(shop.id, "user:1", new Date());
    const fresh = await ensureShop(domain, new Date());
    expect(fresh.id).not.toBe(shop.id);
    expect(fresh).toMatchObject({ generation: 1, returnedAt: null, sending: false });
    const audit = await forShop(fresh.id, (tx) =>
      tx.auditEvent.findMany({
        where: { shopId: fresh.id },
        select: { action: true, actor: true, subject: true },
      }),
    );
    const [{ id: purgeId } = { id: "" }] = await purges().then((all) => all.slice(-1));
    expect(audit).toContainEqual({ action: "shop.fresh", actor: "user:1", subject: purgeId });
    await addOrders(fresh.id, 1);
    const kept = await countRows(fresh.id, domain);

    await sweepPurges(at(new Date()));
    expect(await countRows(shop.id, `no-${domain}`)).toEqual({});
    expect(await countRows(fresh.id, domain)).toEqual({ ...kept, inbox: undefined });
    expect(await receipts()).toMatchObject([{ kind: "shop_purge", details: { reason: "start_fresh" } }]);
  });

  test("while it is being purged is a new shop, and the purge goes on", async () => {
    const shop = await fillShop(domain, 2_500);
    await tell("app/uninstalled", ahead(1_000));
    const cut = new AbortController();
    const clock = () => {
      // The clock is asked again while steps run: the first time after the key is gone.
      void findShopKey(shop.id).then((key) => key ?? cut.abort());
      return ahead(hours(25));
    };
    await sweepPurges(clock, cut.signal);
    expect(await purges()).toMatchObject([{ state: "running" }]);

    const [first, second] = await Promise.all([
      ensureShop(domain, new Date()),
      ensureShop(domain, new Date()),
    ]);
    expect(first.id).toBe(second.id);
    expect(first.id).not.toBe(shop.id);
    await giveToken(domain);
    await addOrders(first.id, 3);
    await sweepPurges(at(ahead(hours(25))));
    expect(await countRows(first.id, domain)).toMatchObject({ orders: 3, shops: 1 });
    expect(await countRows(shop.id, `no-${domain}`)).toEqual({});
    expect(await findShopKey(first.id)).not.toBeNull();
  });

  test("at the very moment its purge begins is saved whole or is new, whoever wins", async () => {
    for (let round = 0; round < 12; round += 1) {
      domain = `race-${randomUUID()}.myshopify.com`;
      const shop = await fillShop(domain, 1);
      await tell("app/uninstalled", ahead(1_000));
      const [back] = await Promise.all([ensureShop(domain, new Date()), sweepPurges(at(ahead(hours(25))))]);
      await sweepPurges(at(ahead(hours(25))));
      forgetVault(back.id);
      await openVault(back.id);
      const saved = back.id === shop.id;
      expect(await countRows(back.id, domain)).toMatchObject({ shops: 1, connections: 1 });
      expect((await countRows(shop.id, `no-${domain}`)).orders).toBe(saved ? 1 : undefined);
      expect(await purges()).toMatchObject([{ state: saved ? "cancelled" : "done" }]);
      expect((await find())?.id).toBe(back.id);
    }
  });
});

describe("shop/redact", () => {
  test("after the purge is a second pass with a receipt of its own", async () => {
    const shop = await fillShop(domain, 2);
    await tell("app/uninstalled", ahead(1_000));
    await sweepPurges(at(ahead(hours(25))));
    await addWebhooks(domain, 2, ahead(hours(26)));
    await tell("shop/redact", ahead(hours(48)));
    await tell("shop/redact", ahead(hours(49)));
    await sweepPurges(at(ahead(hours(50))));
    const [first, ...passes] = await receipts();
    expect(first?.counts).toMatchObject({ orders: 2 });
    expect(passes).toMatchObject([{ kind: "shop_purge", shopId: shop.id, counts: { inbox: 2 } }]);
    // The key went with the first purge: that is the day its last backup goes, too.
    const { keyBackupsGoneAt } = first!.details as { keyBackupsGoneAt: string };
    expect(passes[0]?.details).toMatchObject({ keyBackupsGoneAt });
    expect(await countRows(shop.id, domain)).toEqual({});
  });

  test("of a shop nobody knows leaves a receipt of nothing", async () => {
    await tell("shop/redact");
    await sweepPurges(at(new Date()));
    expect(await receipts()).toMatchObject([{ kind: "shop_purge", shopId: null, counts: {} }]);
  });

  test("before the grace has ended ends it", async () => {
    const shop = await fillShop(domain, 1);
    await tell("app/uninstalled", ahead(1_000));
    await tell("shop/redact", ahead(hours(2)));
    await sweepPurges(at(ahead(hours(2))));
    expect(await countRows(shop.id, domain)).toEqual({});
    expect(await receipts()).toMatchObject([{ kind: "shop_purge", requestId: expect.any(String) }]);
  });

  test("that is about an earlier install leaves the grace of a later uninstall alone", async () => {
    const shop = await fillShop(domain, 1);
    await tell("app/uninstalled", ahead(hours(5)));
    await tell("shop/redact", ahead(hours(1)));
    await sweepPurges(at(ahead(hours(6))));
    expect(await countRows(shop.id, domain)).toMatchObject({ orders: 1 });
  });

  test("of a shop that is installed again erases what earlier installs left, and only that", async () => {
    const shop = await fillShop(domain, 4);
    await addWebhooks(domain, 1, ago(hours(1)));
    await tell("app/uninstalled", ahead(1_000));
    await ensureShop(domain, new Date());
    await giveToken(domain);
    await addOrders(shop.id, 3);
    await addWebhooks(domain, 2, ahead(hours(1)));
    const before = await countRows(shop.id, domain);
    await tell("shop/redact", ago(hours(1)));
    await sweepPurges(at(new Date()));
    expect(await countRows(shop.id, domain)).toMatchObject({
      ...before,
      orders: 3,
      messages: 3,
      sections: 3,
      attempts: 3,
      inbox: 2,
      audit_events: expect.any(Number),
    });
    expect(await receipts()).toMatchObject([
      {
        kind: "generation_purge",
        shopId: shop.id,
        counts: { orders: 4, messages: 4, sections: 4, attempts: 4, inbox: 4 },
        details: { reason: "shop_redact", erasedInstallsBefore: 2 },
      },
    ]);
    await openVault(shop.id);
  });

  test("of a shop that is installed again is shown to its merchant with what it erased", async () => {
    const shop = await fillShop(domain, 2);
    await addWebhooks(domain, 1, ago(hours(1)));
    await tell("app/uninstalled", ahead(1_000));
    await ensureShop(domain, new Date());
    await giveToken(domain);
    await addOrders(shop.id, 1);
    await tell("shop/redact", ago(hours(1)));
    const list = (does: RequestFilter["does"]) =>
      forShop(shop.id, (tx) => listRequests(tx, shop.id, { show: "all", does, before: null }));
    const [asked, ...more] = (await list(null)).rows;
    expect(more).toEqual([]);
    expect(asked).toMatchObject({ kind: "shop/redact", state: "recorded", about: null });
    expect((await list("erase")).rows).toEqual([]);
    await sweepPurges(at(new Date()));
    expect((await list("clear")).rows).toMatchObject([{ id: asked!.id, state: "done" }]);
    const [receipt] = await receipts();
    expect(await forShop(shop.id, (tx) => getRequest(tx, shop.id, asked!.id))).toMatchObject({
      state: "done",
      counts: { orders: 2, messages: 2 },
      receipt: { id: receipt?.id, genuine: true },
      export: null,
    });
  });

  test("that came while the shop was away, and whose purge is called off, still clears earlier installs", async () => {
    const shop = await fillShop(domain, 2);
    await tell("app/uninstalled", ahead(1_000));
    await tell("shop/redact", ahead(hours(1)));
    await ensureShop(domain, new Date());
    await giveToken(domain);
    await addOrders(shop.id, 1);
    await sweepPurges(at(ahead(hours(2))));
    expect(await countRows(shop.id, domain)).toMatchObject({ orders: 1, triggers: 1 });
    expect(await receipts()).toMatchObject([{ kind: "generation_purge", counts: { orders: 2 } }]);
    const asked = await forPlatform("purge", (tx) =>
      tx.privacyRequest.findMany({ where: { shopDomain: domain, kind: "shop/redact" } }),
    );
    expect(asked).toMatchObject([{ state: "done", receiptId: expect.any(String) }]);
  });

  test("of a shop that is installed again leaves its tombstones: who was erased stays away", async () => {
    const shop = await fillShop(domain, 2);
    const erased = { externalId: "9007199254740993", placedAt: ago(hours(2)) };
    const vault = await openVault(shop.id);
    const stone = orderIndex(vault, { source: "shopify", externalId: erased.externalId });
    await forShop(shop.id, (tx) => plantTombstones(tx, shop.id, [stone], new Date()));
    await tell("app/uninstalled", ahead(1_000));
    await ensureShop(domain, new Date());
    await giveToken(domain);
    await tell("shop/redact", ago(hours(1)));
    await sweepPurges(at(new Date()));
    // Its own, and those of the two orders that went with the earlier install.
    expect(await countRows(shop.id, domain)).toMatchObject({ order_tombstones: 3 });
    expect(await countRows(shop.id, domain)).not.toHaveProperty("orders");
    expect(await arrive(shop, erased)).toBeNull();
    expect(await arrive(shop, { ...erased, externalId: "9007199254740995" })).not.toBeNull();
  });
});

describe("receipts of erasures", () => {
  const erasures = (shop: { id: string; domain: string }) => listErasures(shop, 10);

  test("are listed for the shop they are of, newest first, and of every shop its domain had before", async () => {
    const first = await fillShop(domain, 2);
    await tell("app/uninstalled", ahead(1_000));
    await sweepPurges(at(ahead(hours(25))));
    const shop = await fillShop(domain, 1);
    expect(shop.id).not.toBe(first.id);
    await eraseConnection(shop.id, await addConnection(shop.id), at(ahead(hours(26))));
    const other = await fillShop(`other-${domain}`, 1);
    await eraseConnection(other.id, await addConnection(other.id), at(new Date()));

    const listed = await erasures(shop);
    expect(listed).toMatchObject([
      { kind: "connection_purge", reason: "revoked", genuine: true },
      { kind: "shop_purge", reason: "uninstalled", counts: { orders: 2 }, genuine: true },
    ]);
    for (const { id } of listed) {
      expect(await exportReceipt(shop, id)).toMatchObject({ receipt: { id }, sha256: expect.any(String) });
      expect(await exportReceipt(other, id)).toBeNull();
    }
    expect(await erasures(other)).toMatchObject([{ kind: "connection_purge" }]);
  });

  test("also say that Shopify asked about a store that was not known here", async () => {
    await tell("shop/redact");
    await sweepPurges(at(new Date()));
    const shop = await fillShop(domain, 1);
    expect(await erasures(shop)).toMatchObject([{ kind: "shop_purge", counts: {} }]);
  });

  test("are none while nothing was erased", async () => {
    expect(await erasures(await fillShop(domain, 1))).toEqual([]);
  });
});

describe("a connection", () => {
  test("whose authorisation ended goes with all it brought in, and nothing else", async () => {
    const shop = await fillShop(domain, 3);
    const id = await addConnection(shop.id);
    const before = await countRows(shop.id, domain);
    await addOrders(shop.id, 501, id);
    const receipt = await eraseConnection(shop.id, id, at(new Date()));
    expect(receipt).toMatchObject({
      kind: "connection_purge",
      counts: { orders: 501, messages: 501, sections: 501, attempts: 501, connections: 1 },
    });
    expect(await countRows(shop.id, domain)).toEqual({
      ...before,
      connections: 1,
      audit_events: before.audit_events! + 1,
    });
    expect(await readJournal(new Date(0))).toContainEqual(
      expect.objectContaining({ kind: "connection", shopId: shop.id, connectionId: id }),
    );
    expect(await eraseConnection(shop.id, id, at(new Date()))).toBeNull();
  });
});
