// Guarantee: after a restore nothing is sent a second time: what had fallen due, or was on its way, is settled as unclear.
import type { MessageReason, TimelineEntry } from "#app/features/messages/messages.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** Settles a shop's messages that may have left between the backup and now. @returns how many */
export async function settleRestored(tx: Tx, shopId: string, now: Date): Promise<number> {
  const reason: MessageReason = "restored";
  const entry: TimelineEntry = { at: now.toISOString(), kind: "unknown", detail: reason };
  await tx.$executeRaw`
    UPDATE sections s SET state = 'frozen', reason = NULL
    FROM messages m
    WHERE s.shop_id = ${shopId}::uuid AND s.state = 'planned' AND m.shop_id = s.shop_id AND m.id = s.message_id
      AND m.state = 'planned' AND m.due_at <= ${now}`;
  return tx.$executeRaw`
    UPDATE messages SET state = 'unknown', reason = ${reason}, updated_at = now(), timeline = timeline || ${JSON.stringify([entry])}::jsonb
    WHERE shop_id = ${shopId}::uuid AND (state = 'sending' OR (state = 'planned' AND due_at <= ${now}))`;
}

/** No batch or notice of before is repeated: the provider may have had it, and its key may have run out. */
export async function settleRestoredBatches(tx: Tx, now: Date): Promise<void> {
  await tx.batch.updateMany({
    where: { state: "frozen" },
    data: { state: "unknown", code: "restored", settledAt: now },
  });
  await tx.notice.updateMany({
    where: { OR: [{ state: "sending" }, { state: "planned", dueAt: { lte: now } }] },
    data: { state: "unknown", reason: "restored", frozenSealed: null, settledAt: now },
  });
}
