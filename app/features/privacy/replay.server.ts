// Guarantee: every erasure the journal tells of is made again, by the code that made it first; to repeat one that stands does nothing.
import { cancelWaiting } from "#app/features/messages/schedule.server.ts";
import { forgetAddresses, lift, suppress } from "#app/features/messages/suppress.server.ts";
import { plantTombstones } from "#app/features/orders/erase.server.ts";
import { dropErased } from "#app/features/privacy/buyers.inbox.server.ts";
import { runPurge } from "#app/features/privacy/purge.server.ts";
import { closeRequests, redactOrders } from "#app/features/privacy/redact.server.ts";
import { cancelPurges, lockShop, schedulePurge } from "#app/features/shops/purges.server.ts";
import { findShopById } from "#app/features/shops/shops.server.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { destroyShopKey, findShopKey } from "#app/platform/crypto/keystore.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { dropBodies } from "#app/platform/inbox/erase.ts";
import { readJournal, type JournalEntry } from "#app/platform/journal.ts";

/** How much of each kind was made again. */
export type Replayed = Record<
  "shops" | "generations" | "buyers" | "connections" | "uninstalls" | "optOuts",
  number
>;

/** Repeats what was erased since, and that somebody left. */
export async function replayErasures(since: Date, clock: Clock): Promise<Replayed> {
  const replayed: Replayed = {
    shops: 0,
    generations: 0,
    buyers: 0,
    connections: 0,
    uninstalls: 0,
    optOuts: 0,
  };
  const entries = await readJournal(since);
  // Shops first: of one that is gone nothing else can be opened, nor need it be.
  for (const entry of entries.sort((a, b) => Number(b.kind === "shop") - Number(a.kind === "shop"))) {
    const counted = await repeat(entry, entries, clock);
    if (counted) replayed[counted] += 1;
  }
  await dropErasedOf(new Set(entries.flatMap((entry) => (entry.kind === "buyer" ? entry.shopId : []))));
  return replayed;
}

async function repeat(
  entry: JournalEntry,
  entries: JournalEntry[],
  clock: Clock,
): Promise<keyof Replayed | null> {
  switch (entry.kind) {
    case "buyer":
      await eraseBuyerAgain(entry, clock());
      return "buyers";
    case "opted_out":
    case "lifted":
      await suppressAgain(entry);
      return entry.kind === "opted_out" ? "optOuts" : null;
    case "returned":
      return null;
    case "uninstalled":
      if (
        entries.some(
          ({ kind, shopId, at }) => kind === "returned" && shopId === entry.shopId && at > entry.at,
        )
      )
        return null;
      await uninstallAgain(entry, clock());
      return "uninstalls";
    default:
      await purgeAgain(entry, clock);
      return `${entry.kind}s`;
  }
}

type Of<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: Kind }>;

async function eraseBuyerAgain(entry: Of<"buyer">, now: Date): Promise<void> {
  const { shopId, orderIds, orderIndexes, inboxIds = [], requestIds = [], recipientIndexes = [] } = entry;
  await forPlatform("restore", async (tx) => {
    await dropBodies(tx, inboxIds, "erased");
    if (!(await lockShop(tx, shopId))) return;
    await plantTombstones(tx, shopId, orderIndexes, now);
    await redactOrders(tx, shopId, orderIds, now);
    await forgetAddresses(tx, shopId, recipientIndexes);
    await closeRequests(tx, shopId, requestIds, now);
  });
}

async function dropErasedOf(shopIds: Set<string>): Promise<void> {
  for (const shopId of shopIds) {
    const shop = await forPlatform("restore", (tx) => findShopById(tx, shopId));
    // Without its key nobody can tell what its tombstones stand for, nor open anything else of it.
    if (shop && (await findShopKey(shopId))) await dropErased(shop);
  }
}

async function suppressAgain({
  kind,
  shopId,
  at: _at,
  ...optOut
}: Of<"opted_out" | "lifted">): Promise<void> {
  await forPlatform("restore", async (tx) => {
    if (await lockShop(tx, shopId)) await (kind === "lifted" ? lift : suppress)(tx, shopId, optOut);
  });
}

/** Its purge is due when it would have been. */
async function uninstallAgain({ shopId, at }: Of<"uninstalled" | "returned">, now: Date): Promise<void> {
  await forPlatform("restore", async (tx) => {
    const leaving = await uninstallShop(tx, shopId, new Date(at));
    if (leaving === "left") await cancelWaiting(tx, shopId, "uninstalled", now);
  });
}

async function purgeAgain(entry: Of<"shop" | "generation" | "connection">, clock: Clock): Promise<void> {
  const { kind, shopId } = entry;
  // Also of a shop that came and went after the backup, whose key came back with the keys'.
  if (kind === "shop") await destroyShopKey(shopId);
  const now = clock();
  const purge = await forPlatform("restore", async (tx) => {
    const shop = await lockShop(tx, shopId);
    if (!shop) return null;
    // What was only planned at the backup's moment is overtaken: this has happened.
    if (kind === "shop") await cancelPurges(tx, shopId, now);
    return schedulePurge(tx, {
      shopId,
      shopDomain: shop.domain,
      scope: kind,
      generation: kind === "connection" ? shop.generation : entry.generation,
      connectionId: kind === "connection" ? entry.connectionId : undefined,
      reason: "restored",
      since: now,
      startsAt: now,
    });
  });
  if (purge && !(await runPurge(purge.id, clock)))
    throw new AppError("conflict", `the purge ${purge.id} could not be made again`);
}
