// Guarantee: a person stops only what has not left, and repeats only what certainly was not delivered.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import type { TimelineEntry } from "#app/features/messages/messages.ts";
import { DUE_CHANNEL, setState } from "#app/features/messages/schedule.server.ts";
import type { Message } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

async function lockMessage(tx: Tx, shopId: string, id: string): Promise<Message> {
  // Order first, as the dispatcher and the planner do.
  await tx.$queryRaw`
    SELECT o.id FROM orders o JOIN messages m ON m.shop_id = o.shop_id AND m.order_id = o.id
    WHERE m.shop_id = ${shopId}::uuid AND m.id = ${id}::uuid FOR UPDATE OF o, m`;
  const message = await tx.message.findUnique({ where: { shopId_id: { shopId, id } } });
  if (!message)
    throw new AppError("not_found", "no such message", { forPerson: "This message no longer exists." });
  return message;
}

/** Stops a planned message for good. @throws AppError conflict when it has left already, not_found */
export async function cancelMessage(
  tx: Tx,
  shopId: string,
  id: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  const message = await lockMessage(tx, shopId, id);
  if (message.state !== "planned") {
    throw new AppError("conflict", `message is ${message.state}`, {
      forPerson: "This message can no longer be cancelled: it has already left or was stopped before.",
    });
  }
  await setState(tx, shopId, message, "cancelled", "merchant_cancelled", {
    at: now.toISOString(),
    kind: "cancelled",
    detail: actor,
  });
  await tx.section.updateMany({
    where: { shopId, messageId: id, state: "planned" },
    data: { state: "stopped", reason: "merchant_cancelled" },
  });
  await recordAudit(tx, shopId, { actor, action: "message.cancelled", subject: id });
}

/** Sends a failed message again; it is planned again first, like any other. @throws AppError conflict, not_found */
export async function retryMessage(
  tx: Tx,
  shopId: string,
  id: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  const message = await lockMessage(tx, shopId, id);
  if (message.state !== "failed") {
    throw new AppError("conflict", `message is ${message.state}`, {
      forPerson: "Only a message that failed can be sent again.",
    });
  }
  const entry: TimelineEntry = { at: now.toISOString(), kind: "retried", detail: actor };
  const order = await tx.order.findUnique({ where: { shopId_id: { shopId, id: message.orderId } } });
  if (order?.erasedAt) {
    throw new AppError("conflict", "the buyer was erased", {
      forPerson: "The buyer’s data was erased, so there is nobody to send this to.",
    });
  }
  await tx.message.update({
    where: { shopId_id: { shopId, id } },
    data: {
      state: "planned",
      reason: null,
      dueAt: now,
      batchId: null,
      batchPosition: null,
      timeline: [...(message.timeline as TimelineEntry[]), entry],
    },
  });
  await tx.section.updateMany({
    where: { shopId, messageId: id, state: "frozen" },
    data: { state: "planned", reason: null },
  });
  await recordAudit(tx, shopId, { actor, action: "message.retried", subject: id });
  await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
}
