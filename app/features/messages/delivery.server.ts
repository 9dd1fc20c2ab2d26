// Guarantee: an event of the provider moves a message only forward, and an address that refuses us for good is written to no more.
import type { DeliveryEvent } from "#app/connectors/channels.ts";
import type { MessageReason, MessageState, TimelineEntry } from "#app/features/messages/messages.ts";
import { recipientOf, suppress } from "#app/features/messages/suppress.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";

/** How far along a state is; an event never takes a message back. */
const rank: Partial<Record<MessageState, number>> = {
  sending: 0,
  unknown: 0,
  sent: 1,
  failed: 2,
  delivered: 2,
  bounced: 3,
  complained: 4,
};

const becomes: Partial<Record<DeliveryEvent["kind"], MessageState>> = {
  sent: "sent",
  delivered: "delivered",
  bounced: "bounced",
  complained: "complained",
  failed: "failed",
  suppressed: "bounced",
};

const tells: Partial<Record<DeliveryEvent["kind"], TimelineEntry["kind"]>> = {
  delivered: "delivered",
  delayed: "delayed",
  bounced: "bounced",
  complained: "complained",
  failed: "failed",
  suppressed: "bounced",
};

/** The provider took it and kept it: the address is on its own list. */
const NOT_SENT: MessageReason = "suppressed_by_provider";

/** Takes in what the provider says became of a mail. An event for no message of ours is ignored (test mails). */
export async function recordDelivery(event: DeliveryEvent): Promise<"recorded" | "ignored"> {
  const messageId = event.messageId;
  if (!messageId || !isId(messageId)) return "ignored";
  const found = await forPlatform("delivery", (tx) =>
    tx.message.findFirst({ where: { id: messageId }, select: { shopId: true } }),
  );
  if (!found) return recordNoticeDelivery(event, messageId);
  const { shopId } = found;
  await forShop(shopId, async (tx) => {
    await tx.$queryRaw`SELECT id FROM messages WHERE shop_id = ${shopId}::uuid AND id = ${messageId}::uuid FOR UPDATE`;
    const message = await tx.message.findUniqueOrThrow({ where: { shopId_id: { shopId, id: messageId } } });
    const next = becomes[event.kind];
    const forward = next && (rank[next] ?? 0) > (rank[message.state as MessageState] ?? 9);
    const kind = tells[event.kind];
    const entry: TimelineEntry[] = kind
      ? [{ at: event.at, kind, detail: event.permanent ? "permanent" : null }]
      : [];
    const unsent = event.kind === "suppressed" || message.reason === NOT_SENT;
    await tx.message.update({
      where: { shopId_id: { shopId, id: messageId } },
      data: {
        state: forward ? next : message.state,
        // "We could not find out" is over once the provider tells.
        reason: forward ? (event.kind === "suppressed" ? NOT_SENT : null) : message.reason,
        providerId: message.providerId ?? event.providerId,
        sentAt: unsent ? null : (message.sentAt ?? new Date(event.at)),
        deliveredAt:
          event.kind === "delivered" ? (message.deliveredAt ?? new Date(event.at)) : message.deliveredAt,
        timeline: [...(message.timeline as TimelineEntry[]), ...entry],
      },
    });
    if (!forGood(event) || !message.recipientIndex) return;
    const { channel, recipientIndex } = message;
    const address = await recipientOf(shopId, message);
    await suppress(tx, shopId, { channel, recipientIndex, reason: event.kind, messageId, address });
  });
  return "recorded";
}

const forGood = (event: DeliveryEvent) =>
  event.kind === "complained" || event.kind === "suppressed" || (event.kind === "bounced" && event.permanent);

/** Of a notice only the bad news counts: it did not arrive, and where for good, no other goes to that address. */
async function recordNoticeDelivery(event: DeliveryEvent, noticeId: string): Promise<"recorded" | "ignored"> {
  return forPlatform("delivery", async (tx) => {
    const notice = await tx.notice.findUnique({ where: { id: noticeId } });
    if (!notice) return "ignored";
    if (!forGood(event) && event.kind !== "failed") return "recorded";
    await tx.notice.updateMany({
      where: { id: noticeId, state: { in: ["sending", "sent", "unknown"] } },
      data: {
        state: "failed",
        reason: event.kind,
        frozenSealed: null,
        settledAt: notice.settledAt ?? new Date(event.at),
      },
    });
    const { shopId, recipientIndex } = notice;
    if (shopId && recipientIndex && forGood(event))
      await suppress(tx, shopId, { channel: "email", recipientIndex, reason: event.kind });
    return "recorded";
  });
}
