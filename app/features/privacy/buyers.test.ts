import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { reconcileOrders } from "#app/features/messages/intake.server.ts";
import { cancelMessage, retryMessage } from "#app/features/messages/act.server.ts";
import { applyShopInfo, ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { readExport, recordDelivered } from "#app/features/privacy/buyers.export.server.ts";
import { startRequest } from "#app/features/privacy/buyers.server.ts";
import { answerRequest, followRound } from "#app/features/privacy/buyers.jobs.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import { isGenuine } from "#app/features/privacy/receipts.server.ts";
import { forgetVault, openVault } from "#app/features/vault/vault.server.ts";
import { destroyShopKey } from "#app/platform/crypto/keystore.ts";
import { forPlatform, forShop, rawPool } from "#app/platform/db/db.ts";
import { inboxKey, openBody, sealBody } from "#app/platform/inbox/keys.ts";
import { readJournal } from "#app/platform/journal.ts";
import { Session } from "@shopify/shopify-api";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";

const SLOW = "Riverclear Epoxy Resin Kit 1.5 kg";

let engine: Engine;
let other: Shop;
beforeAll(async () => {
  engine = await startEngine();
  await applyShopInfo(engine.shop.id, {
    name: "Acme Outdoor",
    legalName: "Acme",
    email: "owner@acme.example",
    timeZone: "UTC",
    locale: "en",
    address: null,
    logoUrl: null,
  });
  other = await installOther("blue-kiln.myshopify.com");
  await engine.addTrigger();
  const include = {
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: engine.productId(SLOW), label: SLOW }] }],
  };
  await engine.addTrigger({
    name: "Later",
    trigger: { definition: make.definition({ include, delay: { amount: 9, unit: "days" } }) },
  });
}, 60_000);
afterAll(() => engine.stop());
beforeEach(() => engine.setTime(null));

async function installOther(domain: string): Promise<Shop> {
  const shop = engine.sandbox.shops[domain];
  if (!shop) throw new Error(`no shop ${domain}, but ${Object.keys(engine.sandbox.shops).join()}`);
  const token = engine.sandbox.tokens.issue(shop);
  await sessionStorage.storeSession(
    new Session({
      id: `offline_${domain}`,
      shop: domain,
      state: "",
      isOnline: false,
      accessToken: token.token,
      refreshToken: token.refreshToken ?? undefined,
      expires: new Date(token.expiresAt),
      scope: token.scopes.join(","),
    }),
  );
  return ensureShop(domain, new Date());
}

let count = 0;
/** A buyer nobody else is, in words that stand nowhere else. */
const someone = () => {
  count += 1;
  return {
    email: `zyx${count}.marker@example.com`,
    firstName: `Firstmark${count}q`,
    lastName: `Lastmark${count}q`,
  };
};
const buy = (who: object, over: object = {}) =>
  engine.sandbox.placeOrder({ ...who, lines: [{ product: BATTERY }], ...over });
const later = (hours: number) => engine.setTime(new Date(Date.now() + hours * 3_600_000));
const requests = () => forPlatform("privacy", (tx) => tx.privacyRequest.findMany({ orderBy: { id: "asc" } }));
const last = async () => (await requests()).at(-1)!;
const rowOf = (order: { id: string }) =>
  forShop(engine.shop.id, (tx) =>
    tx.order.findFirst({
      where: { shopId: engine.shop.id, externalId: order.id },
      include: { messages: { include: { attempts: true, sections: true } } },
    }),
  );

/** Everything in the database in the clear: sealed values opened with every key there is. */
async function dump(): Promise<string> {
  const { rows: tables } = await rawPool().query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'pgboss')`,
  );
  const client = await rawPool().connect();
  const parts: string[] = [];
  try {
    await client.query("BEGIN; SELECT set_config('app.scope', 'privacy', true)");
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${name}`);
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) {
          if (!(value instanceof Buffer)) continue;
          const id = String(row.id);
          const shopId = String(name === "shops" ? id : row.shop_id);
          row[column] = await (
            name === "inbox"
              ? openBody(id, value).then(String)
              : openVault(shopId).then((vault) => vault.open({ table: name, column, row: id }, value))
          ).catch(() => "(does not open)");
        }
        parts.push(`${name} ${JSON.stringify(row)}`);
      }
    }
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
  return parts.join("\n");
}

/** Where any of a buyer's marks is found: the table of each line. */
async function traces(who: { email: string; firstName: string; lastName: string }): Promise<string[]> {
  const vault = await openVault(engine.shop.id);
  const marks = [who.email, who.firstName, who.lastName, vault.blindIndex("email", who.email)];
  const lines = (await dump()).split("\n").filter((line) => marks.some((mark) => line.includes(mark)));
  return [...new Set(lines.map((line) => line.split(" ")[0]!))].sort();
}

async function rowsOfOther(): Promise<string> {
  return (await dump())
    .split("\n")
    .filter((line) => line.includes(other.id))
    .sort()
    .join("\n");
}

describe("customers/data_request", () => {
  test("becomes an export of everything held on that buyer, and of nobody else; the merchant is told and takes it", async () => {
    const who = someone();
    const order = buy(who, { customerTags: ["vip"] });
    buy(someone());
    await engine.settle();
    later(24);
    await engine.dispatch();
    expect((await rowOf(order))?.messages).toMatchObject([{ state: "sent" }]);
    engine.setTime(null);

    await engine.sandbox.control("data-request", { email: who.email });
    await engine.settle();
    const request = await last();
    expect(request).toMatchObject({
      kind: "customers/data_request",
      state: "ready",
    });
    expect(request.dueAt.getTime() - request.receivedAt.getTime()).toBe(30 * 86_400_000);

    const found = await forShop(engine.shop.id, (tx) => readExport(tx, engine.shop.id, request.id));
    const { about, held } = found!.content;
    expect(about.email).toBe(who.email);
    expect(held.orders).toMatchObject([
      { name: order.name, person: { ...who }, document: { header: { customerId: order.customerId } } },
    ]);
    expect(held.messages).toMatchObject([{ state: "sent", frozen: { to: who.email } }]);
    expect(JSON.stringify(held.messages)).toContain(who.firstName);
    expect(held.sections).toHaveLength(1);
    expect(held.attempts).toMatchObject([{ outcome: "accepted" }]);
    expect(JSON.stringify(found)).not.toContain(`zyx${count}.`);

    later(24);
    await engine.dispatch();
    expect(engine.sandbox.mails().filter(({ to }) => to.includes("owner@acme.example"))).toMatchObject([
      { subject: "A customer’s data is ready for you to hand over" },
    ]);
    await forShop(engine.shop.id, (tx) =>
      recordDelivered(tx, engine.shop.id, request.id, "downloaded", "user:7", new Date()),
    );
    expect(await last()).toMatchObject({
      state: "delivered",
      deliveredBy: "user:7",
      deliveredHow: "downloaded",
      subjectSealed: null,
    });
    const receipt = await forPlatform("privacy", (tx) =>
      tx.receipt.findFirstOrThrow({ where: { requestId: request.id } }),
    );
    expect(receipt).toMatchObject({ kind: "buyer_export", counts: { orders: 1, messages: 1 } });
    expect(await isGenuine(receipt)).toBe(true);
  });

  test("leaves out another customer's orders that share the address", async () => {
    const who = someone();
    buy(who);
    const guest = buy(who);
    const stranger = buy(who);
    await engine.settle();
    const setCustomer = (externalId: string, id: string | null) =>
      forPlatform(
        "setup",
        (tx) => tx.$executeRaw`
          UPDATE orders SET document = jsonb_set(document, '{header,customerId}', ${JSON.stringify(id)}::jsonb)
          WHERE external_id = ${externalId}`,
      );
    await setCustomer(guest.id, null);
    await setCustomer(stranger.id, "9007199254740993123");
    engine.sandbox.webhooks.emit(engine.sandbox.shops[engine.shop.domain]!, "customers/data_request", {
      shop_id: 1,
      shop_domain: engine.shop.domain,
      customer: { id: Number(guest.customerId), email: who.email, phone: null },
      orders_requested: [],
      data_request: { id: 5 },
    });
    await engine.settle();
    const found = await forShop(engine.shop.id, async (tx) =>
      readExport(tx, engine.shop.id, (await last()).id),
    );
    expect(found?.content.held.orders).toHaveLength(2);
    expect(JSON.stringify(found)).not.toContain("9007199254740993123");
  });

  test("is told of again when nobody took it, and deleted when its time is over", async () => {
    const who = someone();
    buy(who);
    await engine.settle();
    await engine.sandbox.control("data-request", { email: who.email });
    await engine.settle();
    const request = await last();
    later(24 * 24);
    await followRound(engine.clock);
    await followRound(engine.clock);
    const notices = await forPlatform("privacy", (tx) =>
      tx.notice.findMany({ where: { key: { contains: request.id } }, orderBy: { id: "asc" } }),
    );
    expect(notices.map(({ kind }) => kind)).toEqual(["export_ready", "export_waiting"]);
    later(24 * 31);
    await followRound(engine.clock);
    expect(await forShop(engine.shop.id, (tx) => readExport(tx, engine.shop.id, request.id))).toBeNull();
    expect((await requests()).find(({ id }) => id === request.id)).toMatchObject({
      state: "lapsed",
      subjectSealed: null,
      subjectIndexes: [],
    });
    await expect(
      forShop(engine.shop.id, (tx) =>
        recordDelivered(tx, engine.shop.id, request.id, "downloaded", "user:7", new Date()),
      ),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("does not tell who of the shop's people did something to a message", async () => {
    const who = someone();
    const order = buy(who);
    await engine.settle();
    const [message] = (await rowOf(order))!.messages;
    await forShop(engine.shop.id, (tx) =>
      cancelMessage(tx, engine.shop.id, message!.id, "user:4711", new Date()),
    );
    const buyer = { customerId: null, email: who.email, phone: null, orders: [] };
    await forShop(engine.shop.id, (tx) =>
      startRequest(tx, engine.shop, "merchant/export", { buyer }, "user:7", new Date()),
    );
    await engine.settle();
    const found = await forShop(engine.shop.id, async (tx) =>
      readExport(tx, engine.shop.id, (await last()).id),
    );
    expect(JSON.stringify(found?.content.held.messages)).toContain('"kind":"cancelled"');
    expect(JSON.stringify(found)).not.toContain("user:4711");
  });
});

describe("customers/redact", () => {
  test("erases the buyer everywhere; what was sent stays on record without them; nothing brings them back", async () => {
    const who = someone();
    const sent = buy(who);
    await engine.settle();
    later(24);
    await engine.dispatch();
    engine.setTime(null);
    await engine.sandbox.control("fulfil", {
      order: sent.id,
      trackingCompany: "DHL",
      trackingNumber: "TRACKMARK77",
    });
    const waiting = buy(who, { lines: [{ product: SLOW }], tags: ["TAGMARK77"] });
    await engine.settle();
    await engine.sandbox.control("data-request", { email: who.email });
    await engine.settle();
    const exported = await last();
    expect(await traces(who)).toEqual([
      "messages",
      "orders",
      "privacy_exports",
      "privacy_requests",
      "sections",
    ]);
    const before = await rowsOfOther();

    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    const request = await last();
    expect(request).toMatchObject({ kind: "customers/redact", state: "done", subjectSealed: null });
    expect(await traces(who)).toEqual([]);
    const all = await dump();
    for (const mark of ["TRACKMARK77", "TAGMARK77", sent.customerId!]) expect(all).not.toContain(mark);
    expect(await rowsOfOther()).toBe(before);

    expect(await rowOf(sent)).toMatchObject({
      name: sent.name,
      erasedAt: expect.any(Date),
      messages: [{ state: "sent", attempts: [{ outcome: "accepted" }], sections: [{ state: "frozen" }] }],
    });
    expect(await rowOf(waiting)).toMatchObject({
      messages: [{ state: "cancelled", reason: "buyer_erased" }],
    });
    expect((await requests()).find(({ id }) => id === exported.id)).toMatchObject({
      state: "nothing_held",
      reason: "erased",
    });

    const receipt = await forPlatform("privacy", (tx) =>
      tx.receipt.findFirstOrThrow({ where: { requestId: request.id } }),
    );
    expect(receipt).toMatchObject({
      kind: "buyer_redaction",
      counts: { orders: 2, messages: 2, sections: 2, order_tombstones: 2, privacy_exports: 1 },
    });
    expect(await isGenuine(receipt)).toBe(true);
    const journal = (await readJournal(new Date(0))).filter(
      (entry) => entry.kind === "buyer" && entry.requestId === request.id,
    );
    expect(journal).toMatchObject([
      { shopId: engine.shop.id, recipientIndexes: [expect.any(String)] },
      { shopId: engine.shop.id, orderIds: [expect.any(String), expect.any(String)] },
    ]);
    expect(JSON.stringify(journal)).not.toContain(who.email);

    // The same orders come again, by webhook and by reconciliation.
    await engine.sandbox.control("edit-order", { order: waiting.id, note: "late" });
    await engine.sandbox.control("fulfil", { order: waiting.id });
    await engine.settle();
    const shopNow = await forPlatform("setup", (tx) =>
      tx.shop.findUniqueOrThrow({ where: { id: engine.shop.id } }),
    );
    expect(await reconcileOrders({ ...engine.shop, installedAt: shopNow.installedAt }, engine.clock())).toBe(
      0,
    );
    expect(await traces(who)).toEqual([]);
    expect((await rowOf(waiting))?.messages).toMatchObject([{ state: "cancelled" }]);
  });

  test("concerns the orders, never the person: a later order of theirs is served like any other", async () => {
    const who = someone();
    buy(who);
    await engine.settle();
    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    const again = buy(who);
    await engine.settle();
    later(24);
    await engine.dispatch();
    expect(await rowOf(again)).toMatchObject({ erasedAt: null, messages: [{ state: "sent" }] });
  });

  test("keeps an opt-out as a hash that no longer says whose message it was", async () => {
    const who = someone();
    const order = buy(who);
    await engine.settle();
    later(24);
    await engine.dispatch();
    engine.setTime(null);
    const [message] = (await rowOf(order))!.messages;
    const recipientIndex = (await openVault(engine.shop.id)).blindIndex("email", who.email);
    await forShop(engine.shop.id, (tx) =>
      tx.suppression.create({
        data: {
          shopId: engine.shop.id,
          channel: "email",
          recipientIndex,
          reason: "complained",
          messageId: message!.id,
        },
      }),
    );
    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    expect(await traces(who)).toEqual(["suppressions"]);
    const kept = await forShop(engine.shop.id, (tx) =>
      tx.suppression.findFirst({ where: { shopId: engine.shop.id, recipientIndex } }),
    );
    expect(kept).toMatchObject({ reason: "complained", messageId: null });
    const again = buy(who);
    await engine.settle();
    expect((await rowOf(again))?.messages).toMatchObject([{ state: "skipped", reason: "suppressed" }]);
  });

  test.each([
    ["and by number", (email: string) => ({ id: 77001, email, phone: null })],
    ["alone", (email: string) => ({ id: null, email, phone: null })],
  ])(
    "takes the copy of somebody of whom nothing but an opt-out is held, asked by address %s",
    async (_, of) => {
      const { email } = someone();
      const vault = await openVault(engine.shop.id);
      await forShop(engine.shop.id, (tx) =>
        tx.suppression.create({
          data: {
            shopId: engine.shop.id,
            channel: "email",
            recipientIndex: vault.blindIndex("email", email),
            reason: "complained",
          },
        }),
      );
      const tell = async (topic: string, body: object) => {
        engine.sandbox.webhooks.emit(engine.sandbox.shops[engine.shop.domain]!, topic, {
          shop_domain: engine.shop.domain,
          ...body,
        });
        await engine.settle();
        return last();
      };
      const asked = await tell("customers/data_request", { customer: of(email), orders_requested: [] });
      expect(asked).toMatchObject({ state: "ready" });
      const erased = await tell("customers/redact", {
        customer: { id: 77001, email, phone: null },
        orders_to_redact: [],
      });
      expect(erased).toMatchObject({ state: "done", counts: { privacy_exports: 1 }, subjectIndexes: [] });
      expect(await forShop(engine.shop.id, (tx) => readExport(tx, engine.shop.id, asked.id))).toBeNull();
      expect((await requests()).find(({ id }) => id === asked.id)).toMatchObject({
        state: "nothing_held",
        reason: "erased",
        subjectSealed: null,
        subjectIndexes: [],
      });
      expect((await readJournal(new Date(0))).at(-1)).toMatchObject({ requestIds: [asked.id] });
    },
  );

  test("of an order that was never held plants its tombstone all the same", async () => {
    const who = someone();
    engine.sandbox.state.faults.push({ api: "webhooks", kind: "lose", times: 9, match: "orders/" });
    const order = buy(who);
    await engine.settle();
    await engine.sandbox.control("clear-faults");
    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    await engine.sandbox.control("edit-order", { order: order.id, note: "late" });
    await engine.settle();
    expect(await rowOf(order)).toBeNull();
    expect(await last()).toMatchObject({ state: "nothing_held" });
    expect(await traces(who)).toEqual([]);
  });

  test("takes the bodies of webhooks that waited or were given up", async () => {
    const who = someone();
    const order = buy(who);
    await engine.settle();
    // An older release could not read it: a dead letter with everything in it.
    await engine.sandbox.control("edit-order", { order: order.id, note: "x" });
    await engine.settle();
    const dead = engine.sandbox.state.deliveries.filter(({ topic }) => topic === "orders/updated").at(-1)!;
    const webhookId = Object.entries(dead.headers).find(([name]) => /webhook-id/i.test(name))![1];
    const { rows } = await rawPool().query<{ id: string }>("SELECT id FROM inbox WHERE webhook_id = $1", [
      webhookId,
    ]);
    const id = rows[0]!.id;
    const sealed = sealBody(await inboxKey(new Date()), id, Buffer.from(dead.body));
    await rawPool().query("UPDATE inbox SET state = 'dead', body_sealed = $2 WHERE id = $1", [id, sealed]);
    expect(await traces(who)).toContain("inbox");
    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    expect(await traces(who)).toEqual([]);
  });

  test("settles a batch in doubt as unknown, and its bytes are never repeated", async () => {
    const who = someone();
    const order = buy(who);
    await engine.settle();
    later(24);
    engine.sandbox.state.faults.push({ api: "resend", kind: "status", status: 500, times: 1 });
    await engine.dispatch();
    expect((await rowOf(order))?.messages).toMatchObject([{ state: "sending" }]);
    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    const [message] = (await rowOf(order))!.messages;
    expect(message).toMatchObject({ state: "unknown", frozenSealed: null });
    const batch = await forPlatform("dispatch", (tx) =>
      tx.batch.findUniqueOrThrow({ where: { id: message!.batchId! } }),
    );
    expect(batch).toMatchObject({ state: "unknown", code: "member_erased" });
    await rawPool().query("UPDATE batches SET next_at = now() - interval '1 hour'");
    await engine.dispatch();
    expect(engine.sandbox.mails().filter(({ to }) => to.includes(who.email))).toEqual([]);
  });

  test("that fails is told to staff, tried again, and goes on where it stopped", async () => {
    const who = someone();
    const [first, second] = [buy(who), buy(who)];
    await engine.settle();
    const { shop } = engine;
    const rename = (from: string, to: string) =>
      forShop(shop.id, (tx) =>
        tx.connection.updateMany({ where: { shopId: shop.id, source: from }, data: { source: to } }),
      );
    const [erased] = await forShop(shop.id, (tx) =>
      tx.order.findMany({ where: { shopId: shop.id, externalId: first.id }, select: { id: true } }),
    );
    await forPlatform("privacy", (tx) => redactOrders(tx, shop.id, [erased!.id], new Date()));
    await rename("shopify", "elsewhere");
    await engine.sandbox.control("redact-customer", { email: who.email });
    await vi.waitFor(async () => expect(await last()).toMatchObject({ state: "failed" }), {
      timeout: 10_000,
    });
    const request = await last();
    const told = await forPlatform("privacy", (tx) =>
      tx.notice.findFirst({ where: { shopId: null, key: `failed-${request.id}` } }),
    );
    expect(told).toMatchObject({ kind: "request_failed" });
    await rename("elsewhere", "shopify");
    // The job that failed waits for its next try; the round does not.
    await answerRequest.run(
      { shopId: shop.id, requestId: request.id },
      { clock: engine.clock, signal: AbortSignal.timeout(60_000) },
    );
    expect(await last()).toMatchObject({ state: "done", reason: null, counts: { orders: 1 } });
    expect((await rowOf(second))?.erasedAt).not.toBeNull();
    expect(await traces(who)).toEqual([]);
  });

  test("is final: a failed message of theirs can't be sent again", async () => {
    const who = someone();
    const order = buy(who);
    await engine.settle();
    await forShop(engine.shop.id, (tx) =>
      tx.message.updateMany({
        where: { shopId: engine.shop.id, order: { externalId: order.id } },
        data: { state: "failed" },
      }),
    );
    await engine.sandbox.control("redact-customer", { email: who.email });
    await engine.settle();
    const [message] = (await rowOf(order))!.messages;
    await expect(
      forShop(engine.shop.id, (tx) => retryMessage(tx, engine.shop.id, message!.id, "user:1", new Date())),
    ).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("bad input is recorded, answered with 200, and touches nothing else", () => {
  const emit = (topic: string, body: object, domain = engine.shop.domain) =>
    engine.sandbox.webhooks.emit(engine.sandbox.shops[domain]!, topic, body as Record<string, unknown>);
  const statuses = (topic: string) =>
    new Set(
      engine.sandbox.state.deliveries
        .filter((each) => each.topic === topic)
        .flatMap(({ attempts }) => attempts.map(({ status }) => status)),
    );

  test.each([
    ["an empty body", {}, "nothing_held"],
    ["nulls", { customer: { id: null, email: null, phone: null }, orders_to_redact: null }, "nothing_held"],
    ["no customer", { customer: null, orders_to_redact: [] }, "nothing_held"],
    [
      "an unknown customer",
      { customer: { id: 1, email: "nobody@example.com" }, orders_to_redact: [2] },
      "nothing_held",
    ],
    [
      "ids beyond 2^53",
      { customer: { id: "9007199254740993000" }, orders_to_redact: ["9007199254740993001"] },
      "nothing_held",
    ],
    ["a customer's id of 41 digits", { customer: { id: "9".repeat(41), email: "a@example.com" } }, "failed"],
    ["an order's id of 41 digits", { customer: { id: 5 }, orders_to_redact: ["9".repeat(41)] }, "failed"],
    ["ids that are none", { customer: { id: "x'; --" }, orders_to_redact: [{}] }, "failed"],
    [
      "an address with NUL",
      { customer: { id: 3, email: "a\u0000@example.com" }, orders_to_redact: [] },
      "nothing_held",
    ],
    ["a list", [1, 2], "failed"],
  ])("%s", async (_, body, state) => {
    const before = await forShop(engine.shop.id, (tx) =>
      tx.order.findMany({ where: { shopId: engine.shop.id }, orderBy: { id: "asc" } }),
    );
    const bystander = await rowsOfOther();
    const known = (await requests()).length;
    emit("customers/redact", body);
    await engine.settle();
    expect(statuses("customers/redact")).toEqual(new Set([200]));
    expect(await requests()).toHaveLength(known + 1);
    expect(await last()).toMatchObject({ state, subjectSealed: null });
    const after = await forShop(engine.shop.id, (tx) =>
      tx.order.findMany({ where: { shopId: engine.shop.id }, orderBy: { id: "asc" } }),
    );
    expect(after).toEqual(before);
    expect(await rowsOfOther()).toBe(bystander);
  });

  test("the same request ten times at once is one", async () => {
    const who = someone();
    buy(who);
    await engine.settle();
    const known = (await requests()).length;
    engine.sandbox.webhooks.weather.duplicates = 9;
    await engine.sandbox.control("redact-customer", { email: who.email });
    engine.sandbox.webhooks.weather.duplicates = 0;
    await engine.settle();
    expect(await requests()).toHaveLength(known + 1);
    expect(await last()).toMatchObject({ state: "done" });
  });

  test("an unknown shop, and one that is gone with its key", async () => {
    emit("customers/redact", { customer: { id: 1 }, orders_to_redact: [] }, "greenhouse-nord.myshopify.com");
    await engine.settle();
    expect(await last()).toMatchObject({ shopId: null, state: "nothing_held", subjectSealed: null });
    await destroyShopKey(other.id);
    forgetVault(other.id);
    emit("customers/redact", { customer: { id: 1 }, orders_to_redact: [] }, other.domain);
    await engine.settle();
    expect(await last()).toMatchObject({ shopId: other.id, state: "nothing_held", subjectSealed: null });
  });
});
