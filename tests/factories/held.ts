// Shops with orders of a known age, as the product itself would have stored them.
import { randomBytes, randomUUID } from "node:crypto";
import { mergeIn } from "#app/features/orders/orders.server.ts";
import { ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import type { OrderHeader, OrderParts } from "#app/connectors/orders.ts";
import { forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import * as make from "#tests/factories/orders.ts";

const DAY_MS = 86_400_000;
export const daysAgo = (now: Date, days: number) => new Date(now.getTime() - days * DAY_MS);

/** What the environment must say where a test needs no vendor. */
export function plainEnvironment(folder: string): Record<string, string> {
  return {
    NODE_ENV: "test",
    DATA_DIR: folder,
    JOURNAL_DIR: `${folder}/journal`,
    KEYRING: `k1:${randomBytes(32).toString("base64")}`,
    SHOPIFY_API_KEY: "held-key",
    SHOPIFY_API_SECRET: "held-secret-0123456789",
    SHOPIFY_APP_URL: "http://127.0.0.1:3000",
    RESEND_API_KEY: "re_held",
    RESEND_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString("base64")}`,
    MAIL_SHARED_DOMAIN: "mail.aftercare.test",
    SUPPORT_EMAIL: "support@aftercare.test",
  };
}

export function makeShop(name: string): Promise<Shop> {
  return ensureShop(`${name}-${randomUUID().slice(0, 8)}.myshopify.com`, new Date());
}

type HeldOrder = {
  placedAt: Date;
  deliveredAt?: Date;
  header?: Partial<OrderHeader>;
  email?: string;
  externalId?: string;
};

/** An order that is taken in. @returns its row's id */
export async function holdOrder(shop: Shop, order: HeldOrder): Promise<string> {
  const id = await arrive(shop, order);
  if (!id) throw new Error("the order was not taken in");
  return id;
}

/** An order as it arrives, with its buyer. @returns null where it was not taken in */
export async function arrive(shop: Shop, order: HeldOrder): Promise<string | null> {
  const { placedAt, deliveredAt, email = `${randomUUID()}@buyers.test` } = order;
  const at = placedAt.toISOString();
  const delivered = deliveredAt?.toISOString() ?? null;
  const parts: OrderParts = {
    source: "shopify",
    externalId: order.externalId ?? String(Math.floor(Math.random() * 1e15)),
    header: make.header({ version: at, placedAt: at, paidAt: at, ...order.header }),
    lines: [make.line({ version: at })],
    fulfillments: delivered
      ? [make.fulfillment({ version: delivered, fulfilledAt: at, deliveredAt: delivered })]
      : [],
    person: { email, firstName: "Mara", lastName: "Marker" },
  };
  return forShop(shop.id, async (tx) => {
    const connection = await tx.connection.findFirstOrThrow({ where: { shopId: shop.id } });
    const merged = await mergeIn(tx, shop.id, connection.id, parts, new Date());
    return merged?.orderId ?? null;
  });
}

type HeldMessage = { state: string; dueAt: Date; sentAt?: Date; batchId?: string };

/** A message of an order, with its section, and with its mail where one was made. @returns its id */
export async function holdMessage(shop: Shop, orderId: string, message: HeldMessage): Promise<string> {
  const { state, dueAt, sentAt = null, batchId = null } = message;
  const id = newId();
  const left = state !== "planned" && state !== "cancelled";
  const vault = await openVault(shop.id);
  const place = { table: "messages", column: "frozen_sealed", row: id };
  await forShop(shop.id, async (tx) => {
    const { buyerIndex } = await tx.order.findUniqueOrThrow({
      where: { shopId_id: { shopId: shop.id, id: orderId } },
    });
    await tx.message.create({
      data: {
        shopId: shop.id,
        id,
        orderId,
        channel: "email",
        state,
        dueAt,
        sentAt,
        batchId,
        frozenSealed: left ? vault.seal(place, JSON.stringify({ to: "mara@marker.test" })) : null,
        recipientIndex: left ? buyerIndex : null,
        createdAt: dueAt,
      },
    });
    await tx.section.create({
      data: {
        shopId: shop.id,
        messageId: id,
        orderId,
        triggerId: newId(),
        channel: "email",
        releaseId: newId(),
        state: left ? "frozen" : "planned",
        dueAt,
        buyerIndex,
      },
    });
    if (sentAt) {
      await tx.attempt.create({
        data: {
          shopId: shop.id,
          messageId: id,
          batchId: newId(),
          number: 1,
          outcome: "accepted",
          startedAt: sentAt,
          finishedAt: sentAt,
        },
      });
    }
  });
  return id;
}
