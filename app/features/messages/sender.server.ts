// Guarantee: until a shop's own domain is verified its mails leave from the app's domain, and never more than the daily cap.
import type { ShopSettings } from "#app/features/shops/settings.ts";
import { env } from "#app/platform/env.ts";
import type { Tx } from "#app/platform/db/db.ts";

export type Sender = {
  /** `"Name" <address>` as the provider takes it. */
  from: string;
  replyTo: string | null;
  shared: boolean;
};

/** Who a shop's mails come from right now. */
export async function readSender(
  tx: Tx,
  shop: { id: string; domain: string; settings: ShopSettings },
): Promise<Sender> {
  const own = await tx.sendingDomain.findFirst({
    where: { shopId: shop.id, state: "verified" },
    orderBy: { createdAt: "asc" },
  });
  const address = own
    ? `${own.localPart}@${own.domain}`
    : `${shop.domain.split(".")[0]}@${env().MAIL_SHARED_DOMAIN}`;
  return {
    from: `"${shop.settings.sender.name}" <${address}>`,
    replyTo: shop.settings.sender.replyTo || null,
    shared: own === null,
  };
}

/** How many more mails may leave from the shared domain within the last 24 hours' allowance. */
export async function readSharedAllowance(tx: Tx, shopId: string, now: Date): Promise<number> {
  const since = new Date(now.getTime() - 86_400_000);
  const left = await tx.message.count({
    where: { shopId, sharedDomain: true, OR: [{ state: "sending" }, { sentAt: { gt: since } }] },
  });
  return Math.max(0, env().MAIL_SHARED_DAILY_CAP - left);
}
