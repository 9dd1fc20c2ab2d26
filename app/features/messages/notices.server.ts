// Guarantee: a notice is kept with the change it tells of, or not at all, and told once for its key.
import type { NoticeFacts, NoticeKind } from "#app/features/messages/notices.ts";
import { DUE_CHANNEL } from "#app/features/messages/schedule.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

export type { NoticeFacts, NoticeKind } from "#app/features/messages/notices.ts";

/**
 * A mail from us, in the caller's transaction (of the shop it is to, or of the platform; staff's need the platform's).
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
  const { count } = await tx.notice.createMany({
    data: [{ shopId, kind, facts, key, dueAt: now, createdAt: now }],
    skipDuplicates: true,
  });
  if (count > 0) await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
  return count > 0;
}
