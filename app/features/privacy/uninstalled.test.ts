import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { takeInUninstall } from "#app/features/privacy/uninstalled.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { dispatchRound } from "#app/features/messages/dispatch.server.ts";
import { forPlatform, rawPool } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import { installShop } from "#tests/purging.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await engine.addTrigger();
});
afterAll(() => engine.stop());

/** A shop that sends what is bought there at once. */
async function openShop(): Promise<Shop> {
  const shop = await installShop(engine, `leaver-${newId()}.myshopify.com`);
  await engine.addTrigger({ shop });
  return shop;
}

async function buy(...shops: Shop[]): Promise<string[]> {
  const emails = shops.map(({ domain }) => {
    const email = `buyer-${newId()}@example.com`;
    engine.sandbox.placeOrder({ shop: domain, email, lines: [{ product: BATTERY }] });
    return email;
  });
  await engine.settle();
  return emails;
}

async function leave(shop: Shop): Promise<void> {
  const now = new Date(Date.now() + 1_000);
  await takeInUninstall(
    {
      inboxId: newId(),
      source: "shopify",
      topic: "app/uninstalled",
      shopDomain: shop.domain,
      webhookId: newId(),
      eventId: null,
      apiVersion: "2026-10",
      triggeredAt: now,
      receivedAt: now,
    },
    await forPlatform("webhooks", (tx) => getShop(tx, shop.id)),
  );
}

const mailsTo = (email: string) => engine.sandbox.mails().filter(({ to }) => to.includes(email));
const messageOf = (shop: Shop) =>
  forPlatform("webhooks", (tx) => tx.message.findFirst({ where: { shopId: shop.id } }));
const expireLeases = () => rawPool().query("UPDATE batches SET next_at = now() WHERE state = 'frozen'");
const fail = (kind: "rate_limit" | "reset_after") =>
  void engine.sandbox.state.faults.push({ api: "resend", kind, times: 1 });

test("what was frozen and surely not sent is never sent; of another shop in the batch it still is", async () => {
  const [leaver, stayer] = [await openShop(), await openShop()];
  fail("rate_limit");
  const [gone = "", kept = ""] = await buy(leaver, stayer);
  await engine.dispatch();
  expect(await messageOf(leaver)).toMatchObject({ state: "sending" });
  expect((await messageOf(stayer))?.batchId).toBe((await messageOf(leaver))?.batchId);
  await leave(leaver);
  await rawPool().query("UPDATE provider_accounts SET next_slot_at = now()");
  await expireLeases();
  await engine.dispatch();
  expect(mailsTo(gone)).toEqual([]);
  expect(await messageOf(leaver)).toMatchObject({
    state: "cancelled",
    reason: "uninstalled",
    frozenSealed: null,
  });
  expect(mailsTo(kept)).toHaveLength(1);
});

test("what may have been sent is settled as unknown and not repeated", async () => {
  const shop = await openShop();
  fail("reset_after");
  const [email = ""] = await buy(shop);
  await engine.dispatch();
  await leave(shop);
  await expireLeases();
  await engine.dispatch();
  expect(mailsTo(email)).toHaveLength(1);
  expect(await messageOf(shop)).toMatchObject({ state: "unknown" });
});

test("what waits for its turn at the provider while the shop leaves stays", async () => {
  const [leaver, stayer] = [await openShop(), await openShop()];
  const [gone = "", kept = ""] = await buy(leaver, stayer);
  await rawPool().query(
    "INSERT INTO provider_accounts (id, next_slot_at) VALUES ('email:default', now() + interval '3 s') ON CONFLICT (id) DO UPDATE SET next_slot_at = now() + interval '3 s'",
  );
  const round = dispatchRound("email", engine.clock);
  await vi.waitFor(async () => expect(await messageOf(leaver)).toMatchObject({ state: "sending" }));
  await leave(leaver);
  await round;
  expect(await messageOf(leaver)).toMatchObject({ state: "cancelled", reason: "uninstalled" });
  await engine.dispatch();
  expect(mailsTo(gone)).toEqual([]);
  expect(mailsTo(kept)).toHaveLength(1);
});
