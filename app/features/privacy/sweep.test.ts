import { beforeAll, expect, test } from "vitest";
import { countExpiring } from "#app/features/privacy/expired.server.ts";
import { isGenuine } from "#app/features/privacy/receipts.server.ts";
import { retentionOf, retentionSchema, standardRetention } from "#app/features/privacy/retention.ts";
import { readRetention, saveRetention } from "#app/features/privacy/retention.server.ts";
import { sweepAll, sweepPlatform, sweepShop } from "#app/features/privacy/sweep.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { listPlatformKeys } from "#app/platform/crypto/keystore.copy.ts";
import { forPlatform, forShop, rawPool } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { inboxKey, openBody, sealBody } from "#app/platform/inbox/keys.ts";
import { useDatabases } from "#tests/databases.ts";
import { arrive, daysAgo, holdMessage, holdOrder, makeShop } from "#tests/factories/held.ts";

const NOW = new Date();
const clock = () => NOW;
const ago = (days: number) => daysAgo(NOW, days);

const { connectNew } = useDatabases();
beforeAll(async () => void (await connectNew()));

const findOrder = (shop: Shop, id: string) =>
  forShop(shop.id, (tx) => tx.order.findUnique({ where: { shopId_id: { shopId: shop.id, id } } }));
const findMessage = (shop: Shop, id: string) =>
  forShop(shop.id, (tx) => tx.message.findUnique({ where: { shopId_id: { shopId: shop.id, id } } }));
const namesBuyer = async (shop: Shop, id: string) => {
  const order = await findOrder(shop, id);
  return order === null ? "deleted" : order.personSealed !== null || order.buyerIndex !== null;
};
const receiptsOf = (shopId: string | null) =>
  forPlatform("retention", (tx) =>
    tx.receipt.findMany({ where: { kind: "retention_sweep", shopId }, orderBy: { id: "asc" } }),
  );

test("a buyer goes when the order's last event is old enough, and stays while something waits to be sent", async () => {
  const shop = await makeShop("buyers");
  const old = await holdOrder(shop, { placedAt: ago(181) });
  const young = await holdOrder(shop, { placedAt: ago(179) });
  const deliveredLate = await holdOrder(shop, { placedAt: ago(400), deliveredAt: ago(10) });
  const deliveredLong = await holdOrder(shop, { placedAt: ago(400), deliveredAt: ago(181) });
  const waiting = await holdOrder(shop, { placedAt: ago(300) });
  await holdMessage(shop, waiting, { state: "planned", dueAt: NOW });
  const waitingTooLong = await holdOrder(shop, { placedAt: ago(729), deliveredAt: ago(731) });
  await holdMessage(shop, waitingTooLong, { state: "planned", dueAt: NOW });
  const ancient = await holdOrder(shop, { placedAt: ago(1), header: { placedAt: ago(731).toISOString() } });

  await sweepShop(shop, clock);
  expect(await namesBuyer(shop, old)).toBe(false);
  expect(await namesBuyer(shop, young)).toBe(true);
  expect(await namesBuyer(shop, deliveredLate)).toBe(true);
  expect(await namesBuyer(shop, deliveredLong)).toBe(false);
  expect(await namesBuyer(shop, waiting)).toBe(true);
  expect(await namesBuyer(shop, waitingTooLong)).toBe(true);
  expect(await namesBuyer(shop, ancient)).toBe("deleted");
  const long = () => new Date(NOW.getTime() + 3 * 86_400_000);
  await sweepShop(shop, long);
  expect(await namesBuyer(shop, waitingTooLong)).not.toBe(true);
});

test("a marketplace's buyer goes 30 days after delivery, whatever was chosen for the others", async () => {
  const shop = await makeShop("market");
  const imported = { importedFrom: "amazon" };
  const market = await holdOrder(shop, { placedAt: ago(60), deliveredAt: ago(31), header: imported });
  const fresh = await holdOrder(shop, { placedAt: ago(60), deliveredAt: ago(29), header: imported });
  const own = await holdOrder(shop, { placedAt: ago(60), deliveredAt: ago(31) });
  const mail = await holdMessage(shop, fresh, { state: "sent", dueAt: ago(31), sentAt: ago(31) });
  await forShop(shop.id, (tx) =>
    saveRetention(tx, shop.id, { ...standardRetention, buyer: 730, mail: 365 }, "user:1"),
  );
  await sweepShop(shop, clock);
  expect(await namesBuyer(shop, market)).toBe(false);
  expect(await namesBuyer(shop, fresh)).toBe(true);
  expect(await namesBuyer(shop, own)).toBe(true);
  expect((await findMessage(shop, mail))?.frozenSealed).toBeNull();
});

test("mails are cleared, orders deleted with all that is theirs, and the receipt says how many", async () => {
  const shop = await makeShop("records");
  const kept = await holdOrder(shop, { placedAt: ago(100) });
  const oldMail = await holdMessage(shop, kept, { state: "delivered", dueAt: ago(91), sentAt: ago(91) });
  const newMail = await holdMessage(shop, kept, { state: "delivered", dueAt: ago(89), sentAt: ago(89) });
  const underway = await holdMessage(shop, kept, { state: "sending", dueAt: ago(95), batchId: newId() });
  const whole = await holdOrder(shop, { placedAt: ago(731) });
  const itsMail = await holdMessage(shop, whole, { state: "sent", dueAt: ago(730), sentAt: ago(730) });

  await sweepShop(shop, clock);
  expect((await findMessage(shop, oldMail))?.frozenSealed).toBeNull();
  expect((await findMessage(shop, newMail))?.frozenSealed).not.toBeNull();
  expect((await findMessage(shop, underway))?.frozenSealed).not.toBeNull();
  expect(await findOrder(shop, whole)).toBeNull();
  expect(await findMessage(shop, itsMail)).toBeNull();
  const [receipt, ...more] = await receiptsOf(shop.id);
  expect(more).toEqual([]);
  expect(receipt?.counts).toEqual({
    "orders.buyer": 1,
    orders: 1,
    messages: 1,
    sections: 1,
    attempts: 1,
    "messages.mail": 1,
  });
  expect(receipt?.shopDomain).toBe(shop.domain);
  expect(await isGenuine(receipt!)).toBe(true);
  // Nothing more to erase leaves nothing to tell.
  await sweepShop(shop, clock);
  expect(await receiptsOf(shop.id)).toHaveLength(1);
});

test("an order that was deleted is not taken in again when the source tells of it once more", async () => {
  const shop = await makeShop("returning");
  const told = { placedAt: ago(731), externalId: "4711" };
  const order = await holdOrder(shop, told);
  await sweepShop(shop, clock);
  expect(await findOrder(shop, order)).toBeNull();
  expect(await arrive(shop, told)).toBeNull();
});

test("a shop whose sweep fails holds up no other, and one that was cut off is gone on with", async () => {
  const broken = await makeShop("a-broken");
  const fine = await makeShop("z-fine");
  const old = await holdOrder(fine, { placedAt: ago(731) });
  const stuck = await holdOrder(broken, { placedAt: ago(731) });
  // A document no code of ours would write: reading it fails in the database.
  await forShop(broken.id, (tx) =>
    tx.order.update({
      where: { shopId_id: { shopId: broken.id, id: stuck } },
      data: { document: { fulfillments: "none" } },
    }),
  );
  await sweepAll(clock, new AbortController().signal);
  expect(await findOrder(fine, old)).toBeNull();
  expect(await findOrder(broken, stuck)).not.toBeNull();
  const platform = (await receiptsOf(null)).at(-1);
  expect(platform?.details).toMatchObject({ failed: 1 });

  // What a killed sweep had erased so far stands beside what the next one erases.
  const again = await holdOrder(fine, { placedAt: ago(731) });
  await forShop(fine.id, (tx) =>
    tx.sweep.create({ data: { shopId: fine.id, startedAt: ago(1), counts: { orders: 500 } } }),
  );
  await sweepShop(fine, clock);
  expect(await findOrder(fine, again)).toBeNull();
  const receipt = (await receiptsOf(fine.id)).at(-1);
  expect(receipt).toMatchObject({ startedAt: ago(1), counts: { orders: 501 } });
});

test("more than one transaction takes is swept all the same", async () => {
  const shop = await makeShop("many");
  const connection = await forShop(shop.id, (tx) =>
    tx.connection.findFirstOrThrow({ where: { shopId: shop.id } }),
  );
  await forShop(shop.id, (tx) =>
    tx.order.createMany({
      data: Array.from({ length: 1_203 }, (_, index) => ({
        shopId: shop.id,
        id: newId(),
        connectionId: connection.id,
        source: "shopify",
        externalId: `m${index}`,
        placedAt: ago(index % 3 === 0 ? 10 : 800),
        document: { header: null, fulfillments: [] },
      })),
    }),
  );
  await sweepShop(shop, clock);
  expect(await forShop(shop.id, (tx) => tx.order.count({ where: { shopId: shop.id } }))).toBe(401);
  expect((await receiptsOf(shop.id)).at(-1)?.counts).toEqual({ orders: 802 });
});

test("webhooks go after their time, and then the key of their day; what still waits keeps both", async () => {
  const put = async (receivedAt: Date, state: string, webhookId: string) => {
    const id = newId();
    const body = sealBody(await inboxKey(receivedAt), id, Buffer.from("{}"));
    await rawPool().query(
      `INSERT INTO inbox (id, source, topic, shop_domain, webhook_id, received_at, body_sealed, state)
       VALUES ($1, 'shopify', 'orders/paid', 's.myshopify.com', $2, $3, $4, $5)`,
      [id, webhookId, receivedAt, body, state],
    );
    return { id, body };
  };
  const dead = await put(ago(20), "dead", "w1");
  await put(ago(30), "pending", "w2");
  await put(ago(2), "dead", "w3");
  await sweepPlatform(clock);
  const { rows } = await rawPool().query<{ webhook_id: string }>("SELECT webhook_id FROM inbox ORDER BY 1");
  expect(rows.map((row) => row.webhook_id)).toEqual(["w2", "w3"]);
  const day = (days: number) => `inbox-${ago(days).toISOString().slice(0, 10)}`;
  expect(await listPlatformKeys("inbox-")).toEqual([day(30), day(2)]);
  await expect(openBody(dead.id, dead.body)).rejects.toThrow("the key of the stored body is gone");
  const receipt = (await receiptsOf(null)).at(-1);
  expect(receipt).toMatchObject({ counts: { inbox: 1 }, details: { dayKeysDestroyed: 1 } });
});

test("a choice is kept within bounds, audited with what it was, and told beforehand what it erases", async () => {
  const shop = await makeShop("choice");
  await holdOrder(shop, { placedAt: ago(100) });
  await holdOrder(shop, { placedAt: ago(40) });
  const choice = { ...standardRetention, buyer: 60, records: 95 };
  expect(await forShop(shop.id, (tx) => countExpiring(tx, shop.id, choice, NOW))).toEqual({
    buyers: 1,
    mails: 0,
    orders: 1,
    audits: 0,
  });
  await forShop(shop.id, (tx) => saveRetention(tx, shop.id, choice, "user:7"));
  expect(await forShop(shop.id, (tx) => readRetention(tx, shop.id))).toEqual(choice);
  const entry = await forShop(shop.id, (tx) =>
    tx.auditEvent.findFirstOrThrow({ where: { shopId: shop.id, action: "retention.saved" } }),
  );
  expect(entry).toMatchObject({ actor: "user:7", before: standardRetention, after: choice });

  const tell = (input: object) =>
    retentionSchema
      .safeParse({ ...standardRetention, ...input })
      .error?.issues.map(({ path }) => path.join("."));
  expect(tell({ buyer: 29 })).toEqual(["buyer"]);
  expect(tell({ marketplaceBuyer: 31, audit: 1.5 })).toEqual(["audit", "marketplaceBuyer"]);
  expect(tell({ records: 90, buyer: 91, mail: 60 })).toEqual(["buyer"]);
  // Whatever was stored once, today's bounds hold.
  expect(retentionOf({ buyer: 9_999, mail: "x", records: -1, other: 1 })).toEqual({
    ...standardRetention,
    records: 90,
    buyer: 90,
  });
  expect(retentionOf(null)).toEqual(standardRetention);
});
