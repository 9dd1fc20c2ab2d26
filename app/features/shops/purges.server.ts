// Guarantee: for one thing one purge waits; it is written, called off and begun together with the shop's own state, under
// the lock of the shop's row.
import {
  DEADLINE_HOURS,
  HOUR_MS,
  NOT_AT_PROVIDER,
  type PurgeReason,
  type PurgeScope,
} from "#app/features/shops/purges.ts";
import type { Purge, Shop as ShopRow } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";

/** States of a purge that is still to come to its end. */
export const OPEN_PURGES = ["waiting", "running", "held"];

type NewPurge = {
  shopId: string | null;
  shopDomain: string;
  scope: PurgeScope;
  generation: number;
  connectionId?: string;
  reason: PurgeReason;
  requestId?: string | null;
  state?: "waiting" | "held";
  /** What the deadline counts from. */
  since: Date;
  startsAt: Date;
};

/** Locks a shop's row for as long as the transaction lasts: installs, uninstalls and purges take turns. */
export async function lockShop(tx: Tx, shopId: string): Promise<ShopRow | null> {
  await tx.$queryRaw`SELECT 1 FROM shops WHERE id = ${shopId}::uuid FOR UPDATE`;
  return tx.shop.findUnique({ where: { id: shopId } });
}

/** Writes that something is to be erased. Where the same waits already, the earlier start counts, and the firmer word. */
export async function schedulePurge(tx: Tx, wanted: NewPurge): Promise<Purge> {
  const { shopId, scope, connectionId = null, state = "waiting", requestId = null } = wanted;
  const deadlineAt = new Date(wanted.since.getTime() + DEADLINE_HOURS * HOUR_MS);
  // One that runs is past what it has read: what is asked for now is done after it.
  const open =
    shopId &&
    (await tx.purge.findFirst({
      where: { shopId, scope, connectionId, state: { in: ["waiting", "held"] } },
    }));
  if (!open) return tx.purge.create({ data: { ...wanted, connectionId, state, requestId, deadlineAt } });
  const firmer = open.state === "held" && state === "waiting";
  return tx.purge.update({
    where: { id: open.id },
    data: {
      requestId: open.requestId ?? requestId,
      generation: Math.max(open.generation, wanted.generation),
      startsAt: wanted.startsAt < open.startsAt || firmer ? wanted.startsAt : open.startsAt,
      ...(firmer ? { state, reason: wanted.reason, since: wanted.since, deadlineAt } : {}),
    },
  });
}

/** The purge that an uninstall at `at` brings about, after the grace in which the merchant may think better of it. */
export function schedulePurgeOf(
  tx: Tx,
  shop: ShopRow,
  at: Date,
  reason: PurgeReason,
  requestId: string | null = null,
): Promise<Purge> {
  return schedulePurge(tx, {
    shopId: shop.id,
    shopDomain: shop.domain,
    scope: "shop",
    generation: shop.generation,
    reason,
    requestId,
    since: at,
    startsAt: new Date(at.getTime() + env().UNINSTALL_GRACE_HOURS * HOUR_MS),
  });
}

/** Calls off what has not begun. @returns what that was */
export function cancelPurges(tx: Tx, shopId: string, now: Date): Promise<Purge[]> {
  return tx.purge.updateManyAndReturn({
    where: { shopId, scope: "shop", state: { in: ["waiting", "held"] } },
    data: { state: "cancelled", finishedAt: now },
  });
}

/**
 * From here on the shop is past saving: it is nobody's shop any more, and whoever comes with its domain gets a new one.
 * @returns the provider's ids of its sending domains
 */
export async function beginErasing(tx: Tx, shopId: string): Promise<string[]> {
  await tx.shop.updateMany({
    where: { id: shopId },
    data: { state: "erasing", domain: `erasing:${shopId}`, sending: false, pauseReason: "erasing" },
  });
  await tx.session.deleteMany({ where: { shopId } });
  const domains = await tx.sendingDomain.findMany({
    where: { shopId, providerId: { not: NOT_AT_PROVIDER } },
    select: { providerId: true },
  });
  return domains.map(({ providerId }) => providerId);
}
