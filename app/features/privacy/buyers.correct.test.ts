import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { getBuyer, getRequest, listRequests } from "#app/features/privacy/buyers.list.server.ts";
import { exportPage } from "#app/features/privacy/buyers.page.ts";
import { exportSchema } from "#app/features/privacy/buyers.ts";
import { startRequest } from "#app/features/privacy/buyers.server.ts";
import { readRequestFilter } from "#app/features/privacy/requests.ts";
import { findOrderByWords } from "#app/features/orders/buyer.server.ts";
import type { Correction } from "#app/features/orders/buyer.ts";
import { forShop } from "#app/platform/db/db.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await engine.addTrigger();
});
afterAll(() => engine.stop());
beforeEach(() => engine.setTime(null));

let count = 0;
const buy = () => {
  count += 1;
  return engine.sandbox.placeOrder({
    email: `typo${count}@exmaple.com`,
    firstName: "Mria",
    lastName: "Doe",
    lines: [{ product: BATTERY }],
  });
};

async function correct(order: { name: string }, correction: Correction): Promise<string> {
  const { shop } = engine;
  const id = await forShop(shop.id, async (tx) => {
    const orderId = await findOrderByWords(tx, shop.id, order.name);
    const { buyer } = await getBuyer(tx, shop.id, orderId!);
    return startRequest(tx, shop, "merchant/correction", { buyer, correction }, "user:5", new Date());
  });
  await engine.settle();
  return id;
}
const personOf = (order: { name: string }) =>
  forShop(engine.shop.id, async (tx) => {
    const orderId = await findOrderByWords(tx, engine.shop.id, order.name);
    return (await getBuyer(tx, engine.shop.id, orderId!)).person;
  });

test("a correction holds on every order of the buyer; what waits leaves with it", async () => {
  const order = buy();
  await engine.settle();
  const email = `right${count}@example.com`;
  const id = await correct(order, { email, firstName: "Maria" });
  expect(await forShop(engine.shop.id, (tx) => getRequest(tx, engine.shop.id, id))).toMatchObject({
    state: "done",
    actor: "user:5",
    counts: { orders: 1 },
    receipt: { genuine: true },
  });
  engine.setTime(new Date(Date.now() + 24 * 3_600_000));
  await engine.dispatch();
  const mails = engine.sandbox.mails().filter((mail) => mail.subject.endsWith(order.name));
  expect(mails).toMatchObject([{ to: [email] }]);
  expect(mails[0]?.text).toContain("Hello Maria");
  const audit = await forShop(engine.shop.id, (tx) =>
    tx.auditEvent.findMany({ where: { shopId: engine.shop.id, subject: id }, orderBy: { id: "asc" } }),
  );
  expect(audit).toMatchObject([
    { action: "privacy.recorded", actor: "user:5" },
    { action: "privacy.corrected", actor: "user:5", after: { fields: ["email", "firstName"], orders: 1 } },
  ]);
  expect(JSON.stringify(audit)).not.toContain(email);
});

test("it stays when Shopify repeats what it said before, and yields to what is new", async () => {
  const order = buy();
  await engine.settle();
  await correct(order, { email: "correct@example.com", lastName: "Dough" });
  await engine.sandbox.control("edit-order", { order: order.id, note: "nothing new about the person" });
  await engine.settle();
  expect(await personOf(order)).toEqual({
    email: "correct@example.com",
    firstName: "Mria",
    lastName: "Dough",
  });
  await engine.sandbox.control("edit-order", { order: order.id, email: "newest@example.com" });
  await engine.settle();
  expect(await personOf(order)).toEqual({
    email: "newest@example.com",
    firstName: "Mria",
    lastName: "Dough",
  });
});

test("only what differs is a correction, and one more changes nothing", async () => {
  const order = buy();
  await engine.settle();
  const before = await personOf(order);
  await correct(order, { firstName: "Mria" });
  expect(await personOf(order)).toEqual(before);
  await correct(order, { firstName: null });
  await correct(order, { firstName: null });
  expect(await personOf(order)).toEqual({ ...before, firstName: null });
});

test("requests are listed newest first, by what is asked and by what is open", async () => {
  const list = (query: string) =>
    forShop(engine.shop.id, (tx) =>
      listRequests(tx, engine.shop.id, readRequestFilter(new URLSearchParams(query))),
    );
  const all = await list("");
  expect(all.rows.length).toBeGreaterThan(1);
  expect((await list("does=correct")).rows).toHaveLength(all.rows.length);
  expect((await list("does=erase")).rows).toEqual([]);
  expect((await list("show=open")).rows).toEqual([]);
  expect((await list(`before=${all.rows[0]!.id}`)).rows).toHaveLength(all.rows.length - 1);
  expect(await list("show=x&does=y&before=z")).toEqual(all);
});

test("the page of an export holds whatever a buyer typed as text, and never falls over what it holds", () => {
  const content = (held: object) =>
    exportSchema.parse({
      format: "aftercare-buyer-export",
      version: 1,
      madeAt: "2026-11-27T00:00:00.000Z",
      shop: { name: "A & B", domain: "a.myshopify.com" },
      request: { id: crypto.randomUUID(), kind: "x", receivedAt: "2026-11-27T00:00:00.000Z" },
      about: { customerId: null, email: null, phone: null, orders: [] },
      held,
    });
  const row = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.record({ orders: fc.array(row), messages: fc.array(row), suppressions: fc.array(row) }),
      (held) => {
        expect(exportPage(content(held))).toContain("</html>");
      },
    ),
  );
  const html = exportPage(
    content({
      orders: [{ id: "1", name: "#1", person: { firstName: "<script>alert(1)</script>", email: "a@b.c" } }],
      messages: [
        { id: "2", orderId: "1", state: "sent", frozen: { subject: "<img>", to: "a@b.c", text: "hello" } },
      ],
    }),
  );
  expect(html).not.toContain("<script");
  expect(html).not.toContain("<img>");
  expect(html).toContain("a@b.c");
});
