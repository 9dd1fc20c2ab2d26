// Guarantee: what is asked for a buyer is recorded together with the job that answers it, or not at all.
import type { Actor } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import type { Buyer } from "#app/features/orders/buyer.ts";
import { answerRequest } from "#app/features/privacy/buyers.jobs.ts";
import {
  recordRequest,
  REQUEST_KINDS,
  saveRequest,
  sealSubject,
} from "#app/features/privacy/requests.server.ts";
import type { BuyerRequestKind, Subject } from "#app/features/privacy/requests.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";
import { enqueue } from "#app/platform/queue/queue.ts";

/**
 * `customers/data_request` and `customers/redact`.
 * @param buyer null = the body does not say whom it is about
 * @returns why nothing is to be done, if so
 */
export async function takeInBuyerRequest(
  webhook: Webhook,
  shop: Shop | null,
  buyer: Buyer | null,
  now: Date,
): Promise<string | void> {
  const id = newId();
  const sealed = shop && buyer && (await sealUnlessPurged(shop.id, id, { buyer }));
  return forPlatform("webhooks", async (tx) => {
    if (!buyer) {
      const recorded = await recordRequest(tx, webhook, shop?.id ?? null, {
        id,
        state: "failed",
        reason: "unreadable",
      });
      if (recorded) await tellStaff(tx, webhook, id, now);
      return;
    }
    if (!sealed) {
      await recordRequest(tx, webhook, shop?.id ?? null, { id, state: "nothing_held", completedAt: now });
      return shop ? "purged shop" : "unknown shop";
    }
    const recorded = await recordRequest(tx, webhook, shop.id, { id, ...sealed });
    if (recorded) await enqueue(tx, answerRequest, { shopId: shop.id, requestId: id }, { key: id });
  });
}

/** A shop whose key is gone holds nothing any more. */
async function sealUnlessPurged(shopId: string, id: string, subject: Subject) {
  try {
    return await sealSubject(shopId, id, subject);
  } catch (error) {
    if (error instanceof AppError && error.code === "unavailable") return null;
    throw error;
  }
}

async function tellStaff(tx: Tx, webhook: Webhook, requestId: string, now: Date): Promise<void> {
  const kind = webhook.topic as BuyerRequestKind;
  const dueAt = new Date(webhook.receivedAt.getTime() + REQUEST_KINDS[kind].hours * 3_600_000);
  await enqueueNotice(tx, {
    shopId: null,
    kind: "request_unreadable",
    facts: { requestId, kind, dueAt: dueAt.toISOString() },
    key: `unreadable-${requestId}`,
    now,
  });
}

/** A merchant's own request for a buyer. @returns its id */
export async function startRequest(
  tx: Tx,
  shop: { id: string; domain: string },
  kind: Extract<BuyerRequestKind, `merchant/${string}`>,
  subject: Subject,
  actor: Actor,
  now: Date,
): Promise<string> {
  const id = newId();
  const sealed = await sealSubject(shop.id, id, subject);
  await saveRequest(tx, {
    id,
    shopDomain: shop.domain,
    shopId: shop.id,
    kind,
    actor,
    receivedAt: now,
    ...sealed,
  });
  await enqueue(tx, answerRequest, { shopId: shop.id, requestId: id }, { key: id });
  return id;
}
