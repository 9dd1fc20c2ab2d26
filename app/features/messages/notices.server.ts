// Guarantee: a notice is kept with the change it tells of, or not at all, and told once for its key.
import { listTargets } from "#app/features/messages/alerts.server.ts";
import type { NoticeFacts, NoticeKind } from "#app/features/messages/notices.ts";
import { DUE_CHANNEL } from "#app/features/messages/schedule.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

export type { NoticeFacts, NoticeKind } from "#app/features/messages/notices.ts";

/**
 * A mail from us to everybody whom such things are told, in the caller's transaction (of the shop it is to, or of the platform; staff's need the platform's).
 * @param notice.shopId null = to staff
 * @param notice.key the same key is told once
 * @param notice.now when it is due
 * @returns whether it is new
 */
export async function enqueueNotice(
  tx: Tx,
  notice: { shopId: string | null; kind: NoticeKind; facts: NoticeFacts; key: string; now: Date },
): Promise<boolean> {
  const { shopId, kind, facts, key, now } = notice;
  const targets = shopId
    ? await listTargets(tx, shopId, kind)
    : [{ recipientId: null, pace: "at_once" as const }];
  const rows = targets.map(({ recipientId, pace }) => ({
    shopId,
    kind,
    facts,
    recipientId,
    key: recipientId ? `${key}|${recipientId}` : key,
    state: pace === "daily" ? ("gathered" as const) : ("planned" as const),
    dueAt: now,
    createdAt: now,
  }));
  // Whoever joined since was not to hear of it.
  const told = await tx.notice.count({
    where: { shopId, key: { in: [key, ...rows.map((row) => row.key)] } },
  });
  if (told > 0) return false;
  const { count } = await tx.notice.createMany({ data: rows, skipDuplicates: true });
  if (rows.some(({ state }) => state === "planned"))
    await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
  return count > 0;
}
