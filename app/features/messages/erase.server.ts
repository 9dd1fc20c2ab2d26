// Guarantee: once this commits, nothing of these orders leaves any more, and no bytes of theirs are repeated.
import type { MessageReason, TimelineEntry } from "#app/features/messages/messages.ts";
import { cancelWaiting } from "#app/features/messages/schedule.server.ts";
import { returnUnsentIn, settleUnknownIn } from "#app/features/messages/settle.server.ts";
import { Prisma } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";

/**
 * Cancels what waits for these orders, whose rows the caller has locked, and ends the batches that one of them is in. The caller,
 * whose transaction must see all shops, deletes the frozen bytes in the same commit.
 */
export async function withdrawMessages(tx: Tx, shopId: string, orderIds: string[], now: Date): Promise<void> {
  await endBatches(tx, shopId, orderIds, now);
  const reason: MessageReason = "buyer_erased";
  const entry: TimelineEntry = { at: now.toISOString(), kind: "cancelled", detail: reason };
  await tx.section.updateMany({
    where: { shopId, orderId: { in: orderIds }, state: "planned" },
    data: { state: "skipped", reason },
  });
  await tx.$executeRaw`
    UPDATE messages SET state = 'cancelled', reason = ${reason}, updated_at = now(), timeline = timeline || ${JSON.stringify([entry])}::jsonb
    WHERE shop_id = ${shopId}::uuid AND order_id = ANY (${orderIds}::uuid[]) AND state = 'planned'`;
  // An opt-out stays, but no longer says whose message it was about.
  await tx.$executeRaw`
    UPDATE suppressions s SET message_id = NULL FROM messages m
    WHERE m.shop_id = ${shopId}::uuid AND m.order_id = ANY (${orderIds}::uuid[]) AND s.shop_id = m.shop_id AND s.message_id = m.id`;
}

/**
 * The shop has left, in the caller's transaction, which must see all shops and has its row locked: what waits is cancelled, and the
 * bytes of what is frozen are gone before anybody hands them over (again).
 */
export async function stopMessages(tx: Tx, shopId: string, now: Date): Promise<void> {
  // Whoever records an answer now holds the batch and waits for the shop's row: it is left to them, as if it were with the provider.
  await endBatches(tx, shopId, null, now, Prisma.sql`SKIP LOCKED`);
  await tx.message.updateMany({ where: { shopId, state: "sending" }, data: { frozenSealed: null } });
  await cancelWaiting(tx, shopId, "uninstalled", now);
}

/**
 * A batch without one of its members can't be repeated. One that waits to be is settled now: as unknown where it may have arrived;
 * where it surely has not, its messages wait again as if they had never been in it, and the caller takes back those that are to go.
 * One that is with the provider this moment is left to whoever sends it: accepted, its answer tells the truth of all members; else
 * the repeat finds bytes missing.
 * @param orderIds null = all of the shop
 */
export async function endBatches(
  tx: Tx,
  shopId: string,
  orderIds: string[] | null,
  now: Date,
  locked = Prisma.empty,
): Promise<void> {
  // The batch before its messages, as whoever records an answer does.
  const batches = await tx.$queryRaw<{ id: string; inHand: boolean; inDoubt: boolean }[]>`
    SELECT b.id, b.next_at > clock_timestamp() AND b.attempts > told.answers AS "inHand",
      b.attempts > told.answers OR told.uncertain AS "inDoubt"
    FROM batches b CROSS JOIN LATERAL (
      SELECT count(DISTINCT a.number) AS answers, coalesce(bool_or(a.outcome = 'uncertain'), false) AS uncertain
      FROM attempts a JOIN messages m ON m.shop_id = a.shop_id AND m.id = a.message_id
      WHERE m.batch_id = b.id AND a.batch_id = b.id) told
    WHERE b.state = 'frozen' AND b.id IN (
      SELECT batch_id FROM messages WHERE shop_id = ${shopId}::uuid AND state = 'sending'
        AND (${orderIds}::uuid[] IS NULL OR order_id = ANY (${orderIds}::uuid[])))
    ORDER BY b.id FOR UPDATE OF b ${locked}`;
  for (const { id, inDoubt } of batches.filter(({ inHand }) => !inHand)) {
    const rows = await tx.message.findMany({ where: { batchId: id }, select: { shopId: true, id: true } });
    const members = rows.map((row) => ({ shopId: row.shopId, messageId: row.id }));
    const end = inDoubt ? settleUnknownIn : returnUnsentIn;
    await end(tx, id, members, "member_erased", now);
  }
}
