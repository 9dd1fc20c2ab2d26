// Guarantee: a request of Shopify's is recorded once however often its webhook is handled, also for a shop we do not know.
import { recordAudit } from "#app/features/audit/audit.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";

/** What is asked of us, and within how many hours it must be done. */
export const REQUEST_KINDS = {
  "customers/data_request": { hours: 30 * 24 },
  "customers/redact": { hours: 30 * 24 },
  "shop/redact": { hours: 30 * 24 },
  "app/uninstalled": { hours: 48 },
} as const;
export type RequestKind = keyof typeof REQUEST_KINDS;

/** Records one of the three compliance requests; whom it is about stays sealed in the inbox. */
export async function takeInRequest(webhook: Webhook, shop: Shop | null): Promise<void> {
  await forPlatform("webhooks", (tx) => recordRequest(tx, webhook, shop?.id ?? null));
}

/** @returns its id, or null when it was recorded before */
export async function recordRequest(tx: Tx, webhook: Webhook, shopId: string | null): Promise<string | null> {
  const kind = webhook.topic as RequestKind;
  const [made] = await tx.privacyRequest.createManyAndReturn({
    select: { id: true },
    data: [
      {
        shopDomain: webhook.shopDomain,
        shopId,
        kind,
        inboxId: webhook.inboxId,
        receivedAt: webhook.receivedAt,
        dueAt: new Date(webhook.receivedAt.getTime() + REQUEST_KINDS[kind].hours * 3_600_000),
      },
    ],
    skipDuplicates: true,
  });
  if (!made) return null;
  if (shopId) {
    await recordAudit(tx, shopId, {
      actor: "shopify",
      action: "privacy.recorded",
      subject: webhook.inboxId,
      after: { kind },
    });
  }
  return made.id;
}
