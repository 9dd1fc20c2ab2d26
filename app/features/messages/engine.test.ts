import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { cancelMessage, retryMessage } from "#app/features/messages/act.server.ts";
import { reconcileOrders } from "#app/features/messages/intake.server.ts";
import { previewMessage } from "#app/features/messages/preview.server.ts";
import { replanEnded } from "#app/features/messages/replan.server.ts";
import { listServingReleases } from "#app/features/releases/releases.server.ts";
import { deleteAndWithdraw } from "#app/features/releases/review.server.ts";
import { getShop, saveSettings, setSending } from "#app/features/shops/shops.server.ts";
import { openPerson } from "#app/features/orders/orders.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";
import { saveLive } from "#tests/factories/releases.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
// Each test has triggers of its own and sees only its own orders.
beforeEach(async () => {
  const { shop } = engine;
  engine.setTime(null);
  await forShop(shop.id, async (tx) => {
    const releases = await listServingReleases(tx, shop.id);
    for (const triggerId of new Set(releases.map((release) => release.triggerId)))
      await deleteAndWithdraw(tx, shop.id, triggerId, "user:1", new Date());
  });
  await replanEnded(new Date());
  name += 1;
});

let name = 0;
const unique = () => `Trigger ${name}.${Math.random().toString(36).slice(2, 8)}`;
const inBattery = () => ({
  mode: "any" as const,
  rules: [{ kind: "product" as const, values: [{ id: engine.productId(BATTERY), label: BATTERY }] }],
});
const buy = (over: object = {}) =>
  engine.sandbox.placeOrder({
    email: `buyer${Math.random().toString(36).slice(2)}@example.com`,
    lines: [{ product: BATTERY }],
    ...over,
  });
const mailsOf = (order: { name: string }) =>
  engine.sandbox.mails().filter((mail) => mail.subject.endsWith(order.name));
const messagesOf = (order: { name: string }) =>
  forShop(engine.shop.id, (tx) =>
    tx.message.findMany({
      where: { shopId: engine.shop.id, order: { name: order.name } },
      include: { sections: true, attempts: true },
      orderBy: { dueAt: "asc" },
    }),
  );

/** Waits until the provider's events have brought the order's message there. */
const becomes = (order: { name: string }, state: string) =>
  vi.waitFor(
    async () => {
      engine.sandbox.mailEvents.release();
      engine.sandbox.mailEvents.weather.hold = true;
      const [message] = await messagesOf(order);
      expect(message?.state).toBe(state);
      return message;
    },
    { timeout: 10_000, interval: 20 },
  );

describe("the main job", () => {
  test("paid order → planned → sent once → delivered, with a record of every step", async () => {
    const { triggerId } = await engine.addTrigger({ name: unique() });
    const order = buy({ email: "delivered@resend.dev", firstName: "Mira" });
    await engine.settle();
    expect(await messagesOf(order)).toMatchObject([{ state: "planned", channel: "email" }]);
    await engine.dispatch();
    await engine.dispatch();
    const [mail] = mailsOf(order);
    expect(mailsOf(order)).toHaveLength(1);
    expect(mail).toMatchObject({
      to: ["delivered@resend.dev"],
      subject: `About ${BATTERY} in ${order.name}`,
    });
    expect(mail?.html).toContain("Mira");
    const message = await becomes(order, "delivered");
    expect(message).toMatchObject({
      state: "delivered",
      providerId: mail?.id,
      sections: [{ triggerId, state: "frozen" }],
    });
    expect(message?.attempts).toMatchObject([{ outcome: "accepted", number: 1, providerId: mail?.id }]);
    const kinds = (message?.timeline as { kind: string }[]).map((entry) => entry.kind);
    expect(kinds).toEqual(expect.arrayContaining(["planned", "frozen", "accepted", "delivered"]));
  });

  test("while nothing is switched on, nobody is kept of an order", async () => {
    const shop = await engine.install("blue-kiln.myshopify.com");
    const [product] = engine.sandbox.shops[shop.domain]!.products;
    const order = (email: string) =>
      engine.sandbox.placeOrder({ shop: shop.domain, email, lines: [{ product: product!.title }] });
    const people = () =>
      forShop(shop.id, async (tx) => {
        const rows = await tx.order.findMany({ where: { shopId: shop.id }, orderBy: { createdAt: "asc" } });
        const vault = await openVault(shop.id);
        return rows.map((row) => [openPerson(vault, row).email, row.buyerIndex !== null]);
      });
    order("early@example.com");
    await engine.settle();
    expect(await people()).toEqual([[null, false]]);

    await engine.addTrigger({ shop, name: unique() });
    order("buyer@example.com");
    await engine.settle();
    expect(await people()).toEqual([
      [null, false],
      ["buyer@example.com", true],
    ]);
  });

  test("what is stored of the buyer and of the mail is sealed", async () => {
    await engine.addTrigger({ name: unique() });
    const order = buy({ email: "secret-person@example.com", firstName: "Ottoline" });
    await engine.settle();
    await engine.dispatch();
    expect(mailsOf(order)).toHaveLength(1);
    const rows = await forShop(
      engine.shop.id,
      (tx) =>
        tx.$queryRaw<{ row: string }[]>`
        SELECT o::text || coalesce((SELECT string_agg(m::text, '') FROM messages m WHERE m.order_id = o.id), '') AS row
        FROM orders o WHERE o.shop_id = ${engine.shop.id}::uuid AND o.name = ${order.name}`,
    );
    expect(rows).toHaveLength(1);
    const plain = rows[0]!.row;
    // bytea shows as hex: look for both spellings.
    for (const secret of ["secret-person", "Ottoline"]) {
      expect(plain).not.toContain(secret);
      expect(plain).not.toContain(Buffer.from(secret).toString("hex"));
    }
  });

  test("an order without an address leaves a record that says so", async () => {
    await engine.addTrigger({ name: unique() });
    const order = buy({ email: null });
    await engine.settle();
    await engine.dispatch();
    expect(await messagesOf(order)).toMatchObject([{ state: "skipped", reason: "no_email" }]);
    expect(mailsOf(order)).toEqual([]);
    engine.sandbox.editOrder({ order: order.id, email: "late@example.com" });
    await engine.settle();
    await engine.dispatch();
    expect(await messagesOf(order)).toMatchObject([{ state: "sent" }]);
  });

  test("a proxy address of a marketplace is never written to", async () => {
    await engine.addTrigger({
      name: unique(),
      trigger: {
        definition: make.definition({
          include: inBattery(),
          exclusions: { ...make.definition().exclusions, importedOrders: false },
        }),
      },
    });
    const order = buy({ email: "x1y2z3@marketplace.amazon.de" });
    await engine.settle();
    await engine.dispatch();
    expect(await messagesOf(order)).toMatchObject([{ state: "skipped", reason: "marketplace_address" }]);
    expect(mailsOf(order)).toEqual([]);
  });
});

describe("send-time truth", () => {
  test.each([
    [
      "cancelled",
      (order: { id: string }) => engine.sandbox.cancelOrder({ order: order.id, refund: false }),
      "order_cancelled",
    ],
    ["refunded", (order: { id: string }) => engine.sandbox.refundOrder({ order: order.id }), "line_refunded"],
  ])("an order %s while it waits gets nothing", async (_, act, reason) => {
    await engine.addTrigger({
      name: unique(),
      trigger: { definition: make.definition({ include: inBattery(), delay: { amount: 1, unit: "hours" } }) },
    });
    const order = buy();
    await engine.settle();
    expect(await messagesOf(order)).toMatchObject([{ state: "planned" }]);
    act(order);
    await engine.settle();
    engine.setTime(new Date(Date.now() + 2 * 3_600_000));
    await engine.dispatch();
    expect(mailsOf(order)).toEqual([]);
    expect(await messagesOf(order)).toMatchObject([{ state: "cancelled", reason }]);
  });

  test("a trigger switched off takes back what waits", async () => {
    const { triggerId } = await engine.addTrigger({ name: unique() });
    const order = buy();
    await engine.settle();
    await forShop(engine.shop.id, (tx) =>
      deleteAndWithdraw(tx, engine.shop.id, triggerId, "user:1", new Date()),
    );
    await engine.dispatch();
    expect(await messagesOf(order)).toMatchObject([{ state: "cancelled", reason: "trigger_off" }]);
    expect(mailsOf(order)).toEqual([]);
  });

  test("what waits follows an edited release, and a deleted trigger, before it is due", async () => {
    const definition = make.definition({ include: inBattery(), delay: { amount: 1, unit: "hours" } });
    const { triggerId, templateId } = await engine.addTrigger({ name: unique(), trigger: { definition } });
    const order = buy();
    await engine.settle();
    const [before] = await messagesOf(order);
    const later = { ...definition, delay: { amount: 3, unit: "hours" as const } };
    const draft = { name: unique(), priority: 0, templateId, definition: later };
    await forShop(engine.shop.id, (tx) =>
      saveLive(tx, engine.shop.id, triggerId, draft, "user:1", new Date()),
    );
    expect(await replanEnded(new Date())).toBe(1);
    const [moved] = await messagesOf(order);
    expect(moved!.dueAt.getTime() - before!.dueAt.getTime()).toBe(2 * 3_600_000);
    await forShop(engine.shop.id, (tx) =>
      deleteAndWithdraw(tx, engine.shop.id, triggerId, "user:1", new Date()),
    );
    expect(await replanEnded(new Date())).toBe(1);
    expect(await messagesOf(order)).toMatchObject([{ state: "cancelled", reason: "trigger_off" }]);
    expect(await replanEnded(new Date())).toBe(0);
  });

  test("paused: nothing leaves; switched on again it does, to the address of today", async () => {
    await engine.addTrigger({ name: unique() });
    const { shop } = engine;
    await forShop(shop.id, (tx) => setSending(tx, shop.id, false, "user:1"));
    const order = buy({ email: "old@example.com" });
    await engine.settle();
    await engine.dispatch();
    expect(mailsOf(order)).toEqual([]);
    engine.sandbox.editOrder({ order: order.id, email: "new@example.com" });
    await engine.settle();
    await forShop(shop.id, (tx) => setSending(tx, shop.id, true, "user:1"));
    await engine.dispatch();
    expect(mailsOf(order)).toMatchObject([{ to: ["new@example.com"] }]);
  });

  test("an altered release sends nothing", async () => {
    const { triggerId } = await engine.addTrigger({ name: unique() });
    const order = buy();
    await engine.settle();
    const alter = (tx: Tx) =>
      tx.$executeRaw`UPDATE releases SET content = jsonb_set(content, '{template,draft,locales,en,body}', '"Buy more!"') WHERE shop_id = ${engine.shop.id}::uuid AND trigger_id = ${triggerId}::uuid`;
    await expect(forShop(engine.shop.id, alter)).rejects.toThrow("a release never changes");
    await forShop(engine.shop.id, async (tx) => {
      await tx.$executeRaw`ALTER TABLE releases DISABLE TRIGGER releases_never_change`;
      await alter(tx);
      await tx.$executeRaw`ALTER TABLE releases ENABLE TRIGGER releases_never_change`;
    });
    await engine.dispatch();
    expect(mailsOf(order)).toEqual([]);
    expect(await messagesOf(order)).toMatchObject([{ state: "failed", reason: "release_broken" }]);
    const { told, alarms } = await forShop(engine.shop.id, async (tx) => ({
      told: await tx.notice.findMany({ where: { shopId: engine.shop.id, kind: "release_broken" } }),
      alarms: await tx.auditEvent.count({ where: { shopId: engine.shop.id, action: "release.broken" } }),
    }));
    expect(told).toHaveLength(1);
    expect(alarms).toBe(1);
    const staff = await forPlatform("notices", (tx) =>
      tx.notice.count({ where: { kind: "release_altered" } }),
    );
    expect(staff).toBe(1);
  });

  test("what may never be sent is not sent; a name is nobody's offer", async () => {
    const offer = {
      subject: "About {{ line.title }} in {{ order.name }}",
      body: "Hello {{ customer.first_name }}, charge it fully. Take 20{% if customer.first_name == 'Offer' %} %{% else %} minutes{% endif %} off.",
    };
    await engine.addTrigger({ name: unique(), draft: { locales: { en: offer } } });
    const [refused, sent] = [buy({ firstName: "Offer" }), buy({ firstName: "Sale: 20% off" })];
    await engine.settle();
    await engine.dispatch();
    expect(mailsOf(refused)).toEqual([]);
    expect(await messagesOf(refused)).toMatchObject([{ state: "failed", reason: "policy_refused" }]);
    expect(mailsOf(sent)).toHaveLength(1);
  });

  test("once for a buyer and product, whichever of two orders comes in first", async () => {
    await engine.addTrigger({
      name: unique(),
      trigger: { definition: make.definition({ include: inBattery(), frequency: "buyer_product" }) },
    });
    const first = buy({ email: "twice@example.com" });
    const second = buy({ email: "TWICE@example.com" });
    await engine.settle();
    await engine.dispatch();
    expect([...mailsOf(first), ...mailsOf(second)]).toHaveLength(1);
  });
});

test("a buyer whose first message failed gets it with the next order", async () => {
  await engine.addTrigger({
    name: unique(),
    trigger: { definition: make.definition({ include: inBattery(), frequency: "buyer_product" }) },
  });
  engine.sandbox.state.faults.push({ api: "resend", kind: "status", status: 422, times: 1 });
  const first = buy({ email: "again@example.com" });
  await engine.settle();
  await engine.dispatch();
  expect(await messagesOf(first)).toMatchObject([{ state: "failed" }]);
  const second = buy({ email: "again@example.com" });
  await engine.settle();
  await engine.dispatch();
  expect(mailsOf(second)).toHaveLength(1);
});

test("once for a buyer: when the earlier order is cancelled, the later one gets its message", async () => {
  await engine.addTrigger({
    name: unique(),
    trigger: {
      definition: make.definition({
        include: inBattery(),
        frequency: "buyer_product",
        delay: { amount: 1, unit: "hours" },
      }),
    },
  });
  const first = buy({ email: "patient@example.com" });
  await engine.settle();
  const second = buy({ email: "patient@example.com" });
  await engine.settle();
  expect(await messagesOf(second)).toEqual([]);
  engine.sandbox.cancelOrder({ order: first.id, refund: false });
  await engine.settle();
  expect(await messagesOf(second)).toMatchObject([{ state: "planned" }]);
});

test("two products that one trigger is about are both explained, in one mail", async () => {
  const other = "Gasfire Mini Stove";
  const values = [BATTERY, other].map((title) => ({ id: engine.productId(title), label: title }));
  await engine.addTrigger({
    name: unique(),
    draft: {
      locales: { en: { subject: "About {{ order.name }}", body: "Read this about {{ product.title }}." } },
    },
    trigger: {
      definition: make.definition({ include: { mode: "any", rules: [{ kind: "product", values }] } }),
    },
  });
  const order = buy({ lines: [{ product: BATTERY }, { product: other }] });
  await engine.settle();
  await engine.dispatch();
  const [mail, ...more] = mailsOf(order);
  expect(more).toEqual([]);
  for (const title of [BATTERY, other]) expect(mail?.text).toContain(`Read this about ${title}.`);
});

describe("envelopes", () => {
  test("triggers that fire within the window share one mail, the higher priority first", async () => {
    await engine.addTrigger({
      name: unique(),
      draft: { locales: { en: { subject: "Low {{ order.name }}", body: "Second part." } } },
    });
    await engine.addTrigger({
      name: unique(),
      draft: { locales: { en: { subject: "High {{ order.name }}", body: "First part." } } },
      trigger: {
        priority: 5,
        definition: make.definition({ include: inBattery(), delay: { amount: 10, unit: "minutes" } }),
      },
    });
    const order = buy();
    await engine.settle();
    expect(await messagesOf(order)).toHaveLength(1);
    engine.setTime(new Date(Date.now() + 11 * 60_000));
    await engine.dispatch();
    const [mail, ...more] = mailsOf(order);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(`High ${order.name}`);
    expect(mail!.html!.indexOf("First part")).toBeLessThan(mail!.html!.indexOf("Second part"));
  });

  test("further apart they are two mails", async () => {
    await engine.addTrigger({ name: unique() });
    await engine.addTrigger({
      name: unique(),
      trigger: { definition: make.definition({ include: inBattery(), delay: { amount: 2, unit: "hours" } }) },
    });
    const order = buy();
    await engine.settle();
    expect(await messagesOf(order)).toHaveLength(2);
  });
});

describe("a person's hand", () => {
  test("cancelling a planned message stops it for good, whatever the order does", async () => {
    await engine.addTrigger({ name: unique() });
    const { shop } = engine;
    await forShop(shop.id, (tx) => setSending(tx, shop.id, false, "user:1"));
    const order = buy();
    await engine.settle();
    const [message] = await messagesOf(order);
    await forShop(shop.id, (tx) => cancelMessage(tx, shop.id, message!.id, "user:1", new Date()));
    engine.sandbox.editOrder({ order: order.id, tags: ["seen"] });
    await engine.settle();
    await forShop(shop.id, (tx) => setSending(tx, shop.id, true, "user:1"));
    await engine.dispatch();
    expect(mailsOf(order)).toEqual([]);
    await expect(
      forShop(shop.id, (tx) => cancelMessage(tx, shop.id, message!.id, "user:1", new Date())),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("the preview of a planned message is what is sent", async () => {
    await engine.addTrigger({ name: unique() });
    const order = buy();
    await engine.settle();
    const [message] = await messagesOf(order);
    const preview = await previewMessage(engine.shop.id, message!.id);
    await engine.dispatch();
    const [mail] = mailsOf(order);
    expect(preview).toMatchObject({ subject: mail?.subject, html: mail?.html, text: mail?.text });
  });

  test("a failed message can be sent again", async () => {
    await engine.addTrigger({ name: unique() });
    engine.sandbox.state.faults.push({ api: "resend", kind: "status", status: 422, times: 1 });
    const order = buy();
    await engine.settle();
    await engine.dispatch();
    const [failed] = await messagesOf(order);
    expect(failed).toMatchObject({ state: "failed", reason: "refused_by_provider" });
    await forShop(engine.shop.id, (tx) => retryMessage(tx, engine.shop.id, failed!.id, "user:1", new Date()));
    await engine.dispatch();
    expect(mailsOf(order)).toHaveLength(1);
    expect((await messagesOf(order))[0]).toMatchObject({
      state: "sent",
      attempts: [{ outcome: "refused" }, { outcome: "accepted" }],
    });
  });
});

describe("the provider's answers", () => {
  const expireLeases = () =>
    forShop(
      engine.shop.id,
      (tx) => tx.$executeRaw`UPDATE batches SET next_at = now() WHERE state = 'frozen'`,
    );

  test.each([
    ["the connection breaks after the mails were accepted", { kind: "reset_after" as const }],
    ["the connection breaks before", { kind: "reset_before" as const }],
    ["a server error", { kind: "status" as const, status: 500 }],
    ["too many requests", { kind: "rate_limit" as const }],
  ])("%s: the same bytes go again under the same key, and one mail arrives", async (_, fault) => {
    await engine.addTrigger({ name: unique() });
    engine.sandbox.state.faults.push({ api: "resend", times: 1, ...fault });
    const order = buy();
    await engine.settle();
    await engine.dispatch();
    expect(await messagesOf(order)).toMatchObject([{ state: "sending" }]);
    // What happened to the order since makes no difference to a batch in doubt.
    engine.sandbox.cancelOrder({ order: order.id });
    await engine.settle();
    await expireLeases();
    await engine.dispatch();
    expect(mailsOf(order)).toHaveLength(1);
    const [message] = await messagesOf(order);
    expect(["sent", "delivered"]).toContain(message?.state);
  });

  const letIn = () =>
    forShop(engine.shop.id, (tx) => tx.$executeRaw`UPDATE provider_accounts SET next_slot_at = now()`);

  test("a quota is not doubt: what is cancelled before it ends is never sent, the others are", async () => {
    await engine.addTrigger({ name: unique() });
    engine.sandbox.state.faults.push({ api: "resend", kind: "daily_quota", times: 1 });
    const [gone, kept] = [buy(), buy()];
    await engine.settle();
    await engine.dispatch();
    for (const order of [gone, kept]) {
      expect(await messagesOf(order)).toMatchObject([
        { state: "planned", attempts: [{ outcome: "later", code: "daily_quota_exceeded" }] },
      ]);
    }
    engine.sandbox.cancelOrder({ order: gone.id });
    await engine.settle();
    // Until the account may be asked again nothing is frozen.
    await engine.dispatch();
    expect(await messagesOf(kept)).toMatchObject([{ state: "planned" }]);
    await letIn();
    await engine.dispatch();
    expect(mailsOf(gone)).toHaveLength(0);
    // Shopify tells of the refund and of the cancellation apart, and either may come first.
    expect(await messagesOf(gone)).toMatchObject([{ state: "cancelled" }]);
    expect(mailsOf(kept)).toHaveLength(1);
  });

  test("a batch refused for one member is split, and only that member fails", async () => {
    await engine.addTrigger({ name: unique() });
    const orders = [buy(), buy()];
    await engine.settle();
    const refusal = { api: "resend" as const, kind: "status" as const, status: 422, times: 1 };
    engine.sandbox.state.faults.push({ ...refusal }, { ...refusal });
    await engine.dispatch();
    const states = await Promise.all(orders.map(async (order) => (await messagesOf(order))[0]?.state));
    expect(states.sort()).toEqual(["failed", "sent"]);
    expect(orders.flatMap(mailsOf)).toHaveLength(1);
  });

  test("in doubt for longer than the provider remembers: unknown, and never repeated", async () => {
    await engine.addTrigger({ name: unique() });
    engine.sandbox.state.faults.push({ api: "resend", kind: "reset_after", times: 1 });
    const order = buy();
    await engine.settle();
    await engine.dispatch();
    engine.setTime(new Date(Date.now() + 23.5 * 3_600_000));
    await expireLeases();
    await engine.dispatch();
    expect(await messagesOf(order)).toMatchObject([{ state: "unknown", reason: "provider_silent" }]);
    expect(mailsOf(order)).toHaveLength(1);
    // The provider's own word settles it.
    expect(await becomes(order, "delivered")).toMatchObject({ reason: null });
  });

  test("a hard bounce is the last mail to that address", async () => {
    await engine.addTrigger({
      name: unique(),
      trigger: { definition: make.definition({ include: inBattery(), frequency: "order" }) },
    });
    const first = buy({ email: "bounced@resend.dev" });
    await engine.settle();
    await engine.dispatch();
    await becomes(first, "bounced");
    const second = buy({ email: "bounced@resend.dev" });
    await engine.settle();
    await engine.dispatch();
    expect(await messagesOf(second)).toMatchObject([{ state: "skipped", reason: "suppressed" }]);
  });
});

describe("what webhooks lose", () => {
  test("is found by reconciliation, and planned like the rest", async () => {
    await engine.addTrigger({ name: unique() });
    engine.sandbox.webhooks.weather.loss = 1;
    const order = buy();
    await engine.settle();
    engine.sandbox.webhooks.weather.loss = 0;
    expect(await messagesOf(order)).toEqual([]);
    const shop = await forShop(engine.shop.id, (tx) => getShop(tx, engine.shop.id));
    expect(await reconcileOrders(shop, new Date())).toBeGreaterThan(0);
    await engine.dispatch();
    expect(mailsOf(order)).toHaveLength(1);
  });

  test("a lost payment is found although a later webhook told of the order", async () => {
    await engine.addTrigger({ name: unique() });
    engine.sandbox.webhooks.weather.loss = 1;
    const order = buy();
    await engine.settle();
    engine.sandbox.webhooks.weather.loss = 0;
    engine.sandbox.editOrder({ order: order.id, tags: ["seen"] });
    await engine.settle();
    await engine.dispatch();
    expect(mailsOf(order)).toEqual([]);
    const shop = await forShop(engine.shop.id, (tx) => getShop(tx, engine.shop.id));
    await reconcileOrders(shop, new Date());
    await engine.dispatch();
    expect(mailsOf(order)).toHaveLength(1);
  });

  test("what was bought while the shop was without the app is left alone when it comes back", async () => {
    const { shop } = engine;
    await engine.addTrigger({ name: unique() });
    engine.sandbox.webhooks.weather.loss = 1;
    const order = buy();
    await engine.settle();
    engine.sandbox.webhooks.weather.loss = 0;
    const away = (installedAt: Date) =>
      forShop(shop.id, (tx) => tx.shop.update({ where: { id: shop.id }, data: { installedAt } }));
    await away(new Date(Date.now() + 60_000));
    const back = await forShop(shop.id, (tx) => getShop(tx, shop.id));
    await reconcileOrders(back, new Date());
    await engine.dispatch();
    await away(shop.installedAt);
    expect(await messagesOf(order)).toEqual([]);
    expect(mailsOf(order)).toEqual([]);
  });

  test("a store that refuses our token stops sending, with the reason", async () => {
    await engine.addTrigger({ name: unique() });
    const order = buy();
    await engine.settle();
    engine.sandbox.tokens.revoke(engine.sandbox.shops[engine.shop.domain]!);
    const shop = await forShop(engine.shop.id, (tx) => getShop(tx, engine.shop.id));
    await expect(reconcileOrders(shop, new Date())).rejects.toMatchObject({ kind: "refused" });
    await engine.dispatch();
    expect(mailsOf(order)).toEqual([]);
    const connection = await forShop(shop.id, (tx) =>
      tx.connection.findFirstOrThrow({ where: { shopId: shop.id } }),
    );
    expect(connection).toMatchObject({ state: "refused", stateReason: expect.any(String) as string });
    await engine.install(engine.shop.domain);
    await engine.dispatch();
    expect(mailsOf(order)).toHaveLength(1);
  });
});

test("quiet hours hold a message until they end", async () => {
  const { shop } = engine;
  const { settings } = await forShop(shop.id, (tx) => getShop(tx, shop.id));
  const quiet = { ...settings, timeZone: "UTC", quietHours: { from: "00:00", to: "23:59" } };
  await forShop(shop.id, (tx) => saveSettings(tx, shop.id, quiet, "user:1"));
  await engine.addTrigger({ name: unique() });
  const order = buy();
  await engine.settle();
  await engine.dispatch();
  await forShop(shop.id, (tx) => saveSettings(tx, shop.id, settings, "user:1"));
  expect(mailsOf(order)).toEqual([]);
  const [message] = await messagesOf(order);
  expect(message?.dueAt.toISOString()).toMatch(/T23:59:00\.000Z$/);
});

test("sections of a merged mail drop out one by one as their lines are refunded", async () => {
  const wrap = "Beeswax Wrap Set";
  const about = (title: string) => ({
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: engine.productId(title), label: title }] }],
  });
  const delay = { amount: 1, unit: "hours" as const };
  for (const title of [BATTERY, wrap])
    await engine.addTrigger({
      name: unique(),
      trigger: { definition: make.definition({ include: about(title), delay, frequency: "order" }) },
    });
  const both = { lines: [{ product: BATTERY }, { product: wrap }] };
  const [kept, half, none] = [buy(both), buy(both), buy(both)];
  await engine.settle();
  for (const order of [kept, half, none])
    expect((await messagesOf(order)).map(({ sections }) => sections.length)).toEqual([2]);
  const refund = (order: ReturnType<typeof buy>, index: number) =>
    engine.sandbox.refundOrder({ order: order.id, lines: [{ line: order.lines[index]!.id, quantity: 1 }] });
  refund(half, 0);
  refund(none, 0);
  await engine.settle();
  const states = async (order: { name: string }) =>
    (await messagesOf(order)).map(({ state, sections }) => [
      state,
      sections.map((section) => section.state).sort(),
    ]);
  expect(await states(none)).toEqual([["planned", ["planned", "skipped"]]]);
  refund(none, 1);
  await engine.settle();
  engine.setTime(new Date(Date.now() + 2 * 3_600_000));
  await engine.dispatch();
  expect(await states(kept)).toEqual([["sent", ["frozen", "frozen"]]]);
  expect(await states(half)).toEqual([["sent", ["frozen", "skipped"]]]);
  expect(await states(none)).toEqual([["cancelled", ["skipped", "skipped"]]]);
  expect([mailsOf(kept), mailsOf(half), mailsOf(none)].map((mails) => mails.length)).toEqual([1, 1, 0]);
  expect(mailsOf(half)[0]!.subject).toContain(wrap);
});

test("after sending was off for long, what is too late is not sent, and says so", async () => {
  await engine.addTrigger({ name: unique() });
  const order = buy();
  await engine.settle();
  await forShop(engine.shop.id, (tx) => setSending(tx, engine.shop.id, false, "user:1"));
  engine.setTime(new Date(Date.now() + 15 * 86_400_000));
  await forShop(engine.shop.id, (tx) => setSending(tx, engine.shop.id, true, "user:1"));
  await engine.dispatch();
  expect(mailsOf(order)).toEqual([]);
  expect(await messagesOf(order)).toMatchObject([{ state: "cancelled", reason: "too_late" }]);
});

test("one message too many for a buyer waits for the cap, and leaves at once where the other is cancelled", async () => {
  const { shop } = engine;
  const { settings } = await forShop(shop.id, (tx) => getShop(tx, shop.id));
  const capped = { ...settings, frequencyCap: { messages: 1, days: 7 } };
  await forShop(shop.id, (tx) => saveSettings(tx, shop.id, capped, "user:1"));
  const definition = make.definition({
    include: inBattery(),
    frequency: "order",
    delay: { amount: 1, unit: "hours" },
  });
  await engine.addTrigger({ name: unique(), trigger: { definition } });
  const email = `often${Math.random().toString(36).slice(2)}@example.com`;
  const first = buy({ email });
  await engine.settle();
  const second = buy({ email });
  await engine.settle();
  const due = async (order: { name: string }) => (await messagesOf(order))[0]!.dueAt.getTime();
  expect((await due(second)) - (await due(first))).toBeGreaterThanOrEqual(7 * 86_400_000);
  engine.sandbox.cancelOrder({ order: first.id, refund: false });
  await engine.settle();
  engine.setTime(new Date(Date.now() + 2 * 3_600_000));
  await engine.dispatch();
  expect([mailsOf(first).length, mailsOf(second).length]).toEqual([0, 1]);
  await forShop(shop.id, (tx) => saveSettings(tx, shop.id, settings, "user:1"));
});
