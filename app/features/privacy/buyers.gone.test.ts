import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { backUp } from "#app/features/privacy/backup.server.ts";
import { answerRequest } from "#app/features/privacy/buyers.jobs.ts";
import { saveRequest, sealSubject } from "#app/features/privacy/requests.server.ts";
import { restore } from "#app/features/privacy/restore.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop, rawPool } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { inboxKey, sealBody } from "#app/platform/inbox/keys.ts";
import { useDatabases } from "#tests/databases.ts";
import { arrive, daysAgo, holdOrder, makeShop } from "#tests/factories/held.ts";

const NOW = new Date();
const clock = () => NOW;
const EMAIL = "unmistakable@buyers.test";

const { folder, connectNew } = useDatabases();

/** A webhook as it lies in the inbox. @returns its row's id */
async function store(shop: Shop, state: string, topic: string, body: object): Promise<string> {
  const id = newId();
  const at = new Date(NOW.getTime() - 3_600_000);
  await rawPool().query(
    `INSERT INTO inbox (id, source, topic, shop_domain, webhook_id, received_at, body_sealed, state)
     VALUES ($1, 'shopify', $2, $3, $4, $5, $6, $7)`,
    [
      id,
      topic,
      shop.domain,
      randomUUID(),
      at,
      sealBody(await inboxKey(at), id, Buffer.from(JSON.stringify(body))),
      state,
    ],
  );
  return id;
}

const withBody = async () => {
  const { rows } = await rawPool().query<{ id: string }>(
    "SELECT id FROM inbox WHERE body_sealed IS NOT NULL ORDER BY id",
  );
  return rows.map(({ id }) => id);
};

async function erase(shop: Shop, orders: string[]): Promise<void> {
  const id = newId();
  const buyer = { customerId: "99", email: EMAIL, phone: null, orders };
  const sealed = await sealSubject(shop.id, id, { buyer });
  await forPlatform("privacy", (tx) =>
    saveRequest(tx, {
      id,
      shopDomain: shop.domain,
      shopId: shop.id,
      kind: "customers/redact",
      actor: "shopify",
      receivedAt: NOW,
      ...sealed,
    }),
  );
  await answerRequest.run({ shopId: shop.id, requestId: id }, { clock, signal: AbortSignal.timeout(60_000) });
}

/** Does something while somebody else waits to read the inbox. */
async function beforeInbox(work: () => Promise<unknown>): Promise<void> {
  const client = await rawPool().connect();
  try {
    await client.query("BEGIN; LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE");
    await vi.waitFor(
      async () => {
        const { rowCount } = await rawPool().query(
          "SELECT 1 FROM pg_locks WHERE relation = 'inbox'::regclass AND NOT granted",
        );
        if (rowCount === 0) throw new Error("nobody waits");
      },
      { timeout: 20_000 },
    );
    await work();
  } finally {
    await client.query("COMMIT");
    client.release();
  }
}

test("an order that is taken in while the erasure looks is erased as well", async () => {
  await connectNew();
  const shop = await makeShop("race");
  await holdOrder(shop, { placedAt: daysAgo(NOW, 2), email: EMAIL, externalId: "4711" });
  // It was in the inbox when the erasure looked for orders, and no longer when it looked there.
  const late = {
    placedAt: daysAgo(NOW, 1),
    email: EMAIL,
    externalId: "4712",
    header: { customerId: "99" },
  };
  const locked = beforeInbox(() => holdOrder(shop, late));
  await Promise.all([locked, erase(shop, ["4711"])]);
  const orders = await forShop(shop.id, (tx) => tx.order.findMany({ where: { shopId: shop.id } }));
  expect(orders).toMatchObject([
    { personSealed: null, erasedAt: expect.any(Date) },
    { personSealed: null, erasedAt: expect.any(Date) },
  ]);
  expect(await arrive(shop, late)).toBeNull();
  const request = await forPlatform("privacy", (tx) => tx.privacyRequest.findFirstOrThrow());
  expect(request).toMatchObject({ state: "done", counts: { orders: 2, order_tombstones: 2 } });
});

test("a restore brings no webhook of an erased buyer back: neither what was erased nor what was done with before", async () => {
  const source = await connectNew();
  const shop = await makeShop("inbox");
  await holdOrder(shop, { placedAt: daysAgo(NOW, 1), email: EMAIL, externalId: "4711" });
  const customer = { id: 99, email: EMAIL, first_name: "Mara" };
  const dead = await store(shop, "dead", "orders/paid", { id: 4712, email: EMAIL, customer });
  const nameless = await store(shop, "dead", "orders/paid", { note: `write to ${EMAIL}` });
  const waiting = await store(shop, "pending", "orders/updated", { id: 4711, email: EMAIL, customer });
  const stranger = await store(shop, "dead", "orders/paid", { id: 5, email: "another@buyers.test" });
  const { data } = await backUp(join(folder, "backups"), 30, clock);
  expect(await withBody()).toEqual([dead, nameless, waiting, stranger]);

  // Handled between the backup and the erasure, which so never saw it.
  await rawPool().query("UPDATE inbox SET body_sealed = NULL, state = 'done' WHERE id = $1", [waiting]);
  await erase(shop, ["4711"]);
  expect(await withBody()).toEqual([stranger]);

  await connectNew(source);
  await restore({ from: data.file }, clock);
  expect(await withBody()).toEqual([stranger]);
});
