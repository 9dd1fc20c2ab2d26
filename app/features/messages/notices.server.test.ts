import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordDelivery } from "#app/features/messages/delivery.server.ts";
import { adminUrl, noticeMail } from "#app/features/messages/notices.mail.ts";
import { NOTICE_KINDS } from "#app/features/messages/notices.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { applyShopInfo } from "#app/features/shops/shops.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
const contact = "owner@acme.example";
const info = {
  name: "Acme Outdoor",
  legalName: "Acme Ltd",
  email: contact,
  timeZone: "UTC",
  locale: "en",
  address: null,
  logoUrl: null,
};
beforeAll(async () => {
  engine = await startEngine();
  await applyShopInfo(engine.shop.id, info);
});
afterAll(() => engine.stop());
beforeEach(() => engine.setTime(null));

let count = 0;
const facts = { requestId: "0197a000-0000-7000-8000-000000000001", dueAt: "2026-12-27T00:00:00Z" };

/** A notice of its own. @returns how to find it */
async function notify(shopId: string | null = engine.shop.id, key = `key-${(count += 1)}`) {
  const now = engine.clock();
  await forPlatform("notices", (tx) => enqueueNotice(tx, { shopId, kind: "export_ready", facts, key, now }));
  return () => forPlatform("notices", (tx) => tx.notice.findFirstOrThrow({ where: { shopId, key } }));
}
const mailsTo = (address: string) => engine.sandbox.mails().filter((mail) => mail.to.includes(address));
/** The provider's and the lease's waits are over. */
const hasten = () => forPlatform("notices", (tx) => tx.notice.updateMany({ data: { nextAt: new Date(0) } }));

describe("a notice", () => {
  test("goes to the shop's own contact, with a link into the app, once for its key", async () => {
    const find = await notify(engine.shop.id, "once");
    await notify(engine.shop.id, "once");
    await engine.dispatch();
    const [mail, ...others] = mailsTo(contact);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      subject: "A customer’s data is ready for you to hand over",
      reply_to: ["support@aftercare.test"],
    });
    const link = adminUrl("acme-outdoor.myshopify.com", "aftercare", `/app/privacy/${facts.requestId}`);
    expect(mail?.text).toContain(link);
    expect(mail?.html).toContain(link);
    expect(await find()).toMatchObject({ state: "sent", attempts: 1, frozenSealed: null });
  });

  test("without a shop goes to staff", async () => {
    const find = await notify(null);
    await engine.dispatch();
    expect(mailsTo("support@aftercare.test")).toHaveLength(1);
    expect(await find()).toMatchObject({ state: "sent" });
  });

  test("in doubt is repeated unchanged under its key, and arrives once", async () => {
    await engine.sandbox.control("fault", { api: "resend", kind: "reset_after", times: 1 });
    const before = mailsTo(contact).length;
    const find = await notify();
    await engine.dispatch();
    expect(await find()).toMatchObject({ state: "sending", frozenSealed: expect.anything() });
    // What the shop says of itself since changes nothing of a mail in doubt.
    await applyShopInfo(engine.shop.id, { ...info, name: "Other", email: "other@acme.example" });
    await hasten();
    await engine.dispatch();
    await applyShopInfo(engine.shop.id, info);
    expect(await find()).toMatchObject({ state: "sent", attempts: 2 });
    expect(mailsTo(contact)).toHaveLength(before + 1);
    expect(mailsTo("other@acme.example")).toEqual([]);
  });

  test("in doubt for 23 hours is settled unknown", async () => {
    await engine.sandbox.control("fault", { api: "resend", kind: "status", status: 500, times: 1 });
    const find = await notify();
    await engine.dispatch();
    engine.setTime(new Date(Date.now() + 23 * 3_600_000 + 1_000));
    await hasten();
    await engine.dispatch();
    expect(await find()).toMatchObject({ state: "unknown", reason: "provider_silent", frozenSealed: null });
  });

  test("to an address that bounced for good does not leave", async () => {
    const bounced = await notify();
    await engine.dispatch();
    const { id } = await bounced();
    await recordDelivery({
      eventId: "e1",
      messageId: id,
      providerId: "p1",
      kind: "bounced",
      permanent: true,
      detail: null,
      at: new Date().toISOString(),
    });
    expect(await bounced()).toMatchObject({ state: "failed", reason: "bounced" });
    const before = mailsTo(contact).length;
    const find = await notify();
    await engine.dispatch();
    expect(await find()).toMatchObject({ state: "failed", reason: "suppressed" });
    expect(mailsTo(contact)).toHaveLength(before);
  });

  test("for a shop that has gone is cancelled", async () => {
    const find = await notify();
    await forPlatform("setup", (tx) =>
      tx.shop.update({ where: { id: engine.shop.id }, data: { state: "uninstalled" } }),
    );
    await engine.dispatch();
    expect(await find()).toMatchObject({ state: "cancelled", reason: "uninstalled" });
    await forPlatform("setup", (tx) =>
      tx.shop.update({ where: { id: engine.shop.id }, data: { state: "installed" } }),
    );
  });
});

test.each(NOTICE_KINDS)("%s has words, also where a fact is missing", (kind) => {
  const shop = { domain: "acme.myshopify.com", name: "<Acme>" };
  const sender = { domain: "mail.test", support: "help@mail.test", appHandle: "aftercare" };
  const mail = noticeMail({
    id: "1",
    kind,
    facts: { shop: "<b>", dueAt: "never" },
    to: contact,
    shop,
    sender,
  });
  expect(mail.subject.length).toBeGreaterThan(10);
  expect(mail.text).toContain("<Acme>");
  expect(mail.html).not.toContain("<b>");
  expect(mail.html).not.toContain("<Acme>");
});
