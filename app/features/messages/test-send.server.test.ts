import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { pruneAuditChain } from "#app/features/audit/close.server.ts";
import {
  listPreviewOrders,
  readPreviewSubject,
  renderDraft,
} from "#app/features/messages/draft-preview.server.ts";
import { sendTest, TESTS_AN_HOUR } from "#app/features/messages/test-send.server.ts";
import { countWaiting } from "#app/features/messages/waiting.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
let shop: Shop;
const actor = "user:7";
const content = {
  subject: "About {{ order.name }}",
  body: "Hello {{ customer.first_name }}, your {{ line.title }}.",
};

beforeAll(async () => {
  engine = await startEngine();
  shop = await forShop(engine.shop.id, (tx) => getShop(tx, engine.shop.id));
});
afterAll(() => engine.stop());
beforeEach(() => {
  const now = new Date();
  return forShop(shop.id, (tx) => pruneAuditChain(tx, shop.id, now, now));
});

const inShop = <T>(work: Parameters<typeof forShop<T>>[1]) => forShop(shop.id, work);
const draw = async (orderId = "", lineId = "") =>
  renderDraft(
    shop,
    content,
    "en",
    await inShop((tx) => readPreviewSubject(tx, shop, { orderId, lineId, locale: "en" })),
  );
const send = async (to: string) =>
  sendTest(shop, { to, mail: await draw(), templateId: null }, actor, new Date());
const mailsTo = (to: string) => engine.sandbox.mails().filter((mail) => JSON.stringify(mail.to).includes(to));

test("a draft is shown with an invented order while the shop has none, in the shop's own name", async () => {
  expect(await inShop((tx) => listPreviewOrders(tx, shop.id))).toEqual([]);
  const mail = await draw();
  expect(mail).toMatchObject({ subject: "About #1042" });
  expect(mail.text).toContain("Hello Anna");
  expect(mail.html).toContain(shop.settings.sender.name);
});

test("a draft is shown with the order and line that were chosen", async () => {
  engine.sandbox.placeOrder({ email: "eve@example.com", firstName: "Eve", lines: [{ product: BATTERY }] });
  await engine.settle();
  const [early] = await inShop((tx) => listPreviewOrders(tx, shop.id));
  // From before anything was switched on: nobody is kept of it.
  expect((await draw(early?.id)).text).toContain("Hello Anna");

  await engine.addTrigger();
  const order = engine.sandbox.placeOrder({
    email: "mia@example.com",
    firstName: "Mia",
    lines: [{ product: BATTERY }, { product: "Gift Card" }],
  });
  await engine.settle();
  const [listed] = await inShop((tx) => listPreviewOrders(tx, shop.id));
  expect(listed).toMatchObject({ name: order.name });
  expect(JSON.stringify(listed)).not.toContain("Mia");
  const [first, second] = listed?.lines ?? [];
  expect((await draw(listed?.id, second?.id)).text).toContain(
    `Hello Mia, your ${second?.title.split(" – ")[0]}`,
  );
  expect((await draw(listed?.id, "gone")).text).toContain(`your ${first?.title.split(" – ")[0]}`);
  expect((await draw(newId())).subject).toBe("About #1042");
});

test("a test mail reaches the address that was typed, marked, from the shop's sender, and is audited without it", async () => {
  await send("ada@example.com");
  const [mail] = mailsTo("ada@example.com");
  expect(mail).toMatchObject({ subject: "[Test] About #1042" });
  expect(JSON.stringify(mail)).toContain(shop.settings.sender.name);
  const events = await inShop((tx) =>
    tx.auditEvent.findMany({ where: { shopId: shop.id, action: "template.tested" } }),
  );
  expect(events).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain("ada@");
});

test("an address that can't or mustn't be written to is refused before anything is counted", async () => {
  await expect(send("nobody")).rejects.toMatchObject({ code: "invalid" });
  await expect(send("abc@marketplace.amazon.com")).rejects.toMatchObject({ code: "invalid" });
  const recipientIndex = (await openVault(shop.id)).blindIndex("email", "gone@example.com");
  await inShop((tx) =>
    tx.suppression.create({ data: { shopId: shop.id, channel: "email", recipientIndex, reason: "bounced" } }),
  );
  await expect(send("gone@example.com")).rejects.toMatchObject({ code: "conflict" });
  expect(mailsTo("gone@example.com")).toEqual([]);
  expect(
    await inShop((tx) => tx.auditEvent.count({ where: { shopId: shop.id, action: "template.tested" } })),
  ).toBe(0);
});

test("a shop sends only so many tests within an hour, also when it asks all at once", async () => {
  const tries = Array.from({ length: TESTS_AN_HOUR + 3 }, () => send("often@example.com"));
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(TESTS_AN_HOUR);
  expect(
    outcomes
      .filter(({ status }) => status === "rejected")
      .map((outcome) => (outcome as PromiseRejectedResult).reason as unknown),
  ).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining({ message: "too many tests" }) as unknown),
  );
  expect(mailsTo("often@example.com")).toHaveLength(TESTS_AN_HOUR);
});

test("a provider that refuses is told in words, and nothing pretends to have been sent", async () => {
  await engine.sandbox.control("fault", { api: "resend", kind: "status", status: 422, times: 1 });
  await expect(send("ada2@example.com")).rejects.toMatchObject({ name: "AppError" });
  expect(mailsTo("ada2@example.com")).toEqual([]);
});

test("waiting messages are counted by the triggers they come from", async () => {
  const { triggerId } = await engine.addTrigger({ name: "Waits" });
  engine.sandbox.placeOrder({ email: "waits@example.com", lines: [{ product: BATTERY }] });
  await engine.settle();
  const planned = await inShop((tx) =>
    tx.section.count({ where: { shopId: shop.id, triggerId, state: "planned" } }),
  );
  expect(await inShop((tx) => countWaiting(tx, shop.id, [triggerId]))).toBe(planned);
  expect(await inShop((tx) => countWaiting(tx, shop.id, [newId()]))).toBe(0);
  expect(planned).toBeGreaterThan(0);
});
