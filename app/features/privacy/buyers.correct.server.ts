// Guarantee: a corrected name or address holds on every order of the buyer, and what waits for them is planned with it.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { planOrder } from "#app/features/messages/schedule.server.ts";
import { correctOrder, listOrdersOf } from "#app/features/orders/buyer.server.ts";
import type { Asked } from "#app/features/privacy/buyers.jobs.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { lockRequest, withoutSubject } from "#app/features/privacy/requests.server.ts";
import type { RequestState } from "#app/features/privacy/requests.ts";
import { getShop } from "#app/features/shops/shops.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";

/** Puts a buyer's name or address right, order by order. */
export async function correctBuyer({ request, shop, subject }: Asked, clock: Clock): Promise<void> {
  const startedAt = clock();
  const { correction = {}, buyer } = subject;
  const orders = await forShop(shop.id, (tx) => listOrdersOf(tx, shop.id, buyer));
  for (const { id } of orders) {
    // One order at a time, as everybody who plans does; a repeat finds it corrected and only plans.
    await forShop(shop.id, async (tx) => {
      await correctOrder(tx, shop.id, id, correction);
      await planOrder(tx, await getShop(tx, shop.id), id, clock());
    });
  }
  await forPlatform("privacy", async (tx) => {
    if (!(await lockRequest(tx, request.id))) return;
    const now = clock();
    const counts = { orders: orders.length };
    const fields = Object.keys(correction).sort();
    const receiptId = await issueReceipt(tx, {
      kind: "buyer_correction",
      shopId: shop.id,
      shopDomain: shop.domain,
      requestId: request.id,
      startedAt,
      finishedAt: now,
      counts,
      details: { fields },
    });
    const state: RequestState = orders.length > 0 ? "done" : "nothing_held";
    await tx.privacyRequest.update({
      where: { id: request.id },
      data: { state, reason: null, counts, completedAt: now, receiptId, ...withoutSubject },
    });
    await recordAudit(tx, shop.id, {
      actor: request.actor as Actor,
      action: "privacy.corrected",
      subject: request.id,
      after: { fields, orders: orders.length },
    });
  });
}
