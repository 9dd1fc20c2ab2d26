// Guarantee: what a shop's webhooks said is gone; a request of its that was not worked on yet stays until it was.
import { Prisma } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";

export type Forget = {
  shopDomain: string;
  /** Only what was received before this. */
  before: Date;
  /** Topics whose rows stay as a record of the request, without their body once it was worked on. */
  keep: string[];
  /** The most rows to look at in one go. */
  limit: number;
};

/** Forgets some of a shop's webhooks. @returns how many; fewer than `limit` when none are left */
export async function forgetWebhooks(tx: Tx, forget: Forget): Promise<number> {
  const { shopDomain, before, keep, limit } = forget;
  const ofShop = Prisma.sql`shop_domain = ${shopDomain} AND received_at < ${before}`;
  const deleted = await tx.$executeRaw`
    DELETE FROM inbox WHERE id IN (
      SELECT id FROM inbox WHERE ${ofShop} AND topic <> ALL (${keep}) ORDER BY received_at LIMIT ${limit})`;
  if (deleted === limit) return deleted;
  const cleared = await tx.$executeRaw`
    UPDATE inbox SET body_sealed = NULL WHERE id IN (
      SELECT id FROM inbox WHERE ${ofShop} AND topic = ANY (${keep}) AND state <> 'pending' AND body_sealed IS NOT NULL
      ORDER BY received_at LIMIT ${limit - deleted})`;
  return deleted + cleared;
}
