// Guarantee: every erasure the journal tells of is made again, by the code that made it first; to repeat one that stands does nothing.
import { plantTombstones } from "#app/features/orders/erase.server.ts";
import { eraseConnection, eraseEarlierInstalls, eraseShop } from "#app/features/privacy/purges.server.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { readJournal, type JournalEntry } from "#app/platform/journal.ts";

/** How many erasures of each kind were made again. */
export type Replayed = Record<`${JournalEntry["kind"]}s`, number>;

/** Repeats what was erased since. */
export async function replayErasures(since: Date, clock: Clock): Promise<Replayed> {
  const replayed: Replayed = { shops: 0, generations: 0, buyers: 0, connections: 0 };
  const entries = await readJournal(since);
  // Shops first: of one that is gone nothing else can be opened, nor need it be.
  for (const entry of entries.sort((a, b) => Number(b.kind === "shop") - Number(a.kind === "shop"))) {
    await repeat(entry, clock);
    replayed[`${entry.kind}s`] += 1;
  }
  return replayed;
}

async function repeat(entry: JournalEntry, clock: Clock): Promise<void> {
  const { shopId } = entry;
  if (entry.kind === "buyer") {
    await forPlatform("restore", async (tx) => {
      if (!(await tx.shop.findUnique({ where: { id: shopId }, select: { id: true } }))) return;
      await plantTombstones(tx, shopId, entry.orderIndexes, clock());
      await redactOrders(tx, shopId, entry.orderIds, clock());
    });
  } else if (entry.kind === "shop") await eraseShop(shopId, clock);
  else if (entry.kind === "generation") await eraseEarlierInstalls(shopId, entry.generation, clock);
  else await eraseConnection(shopId, entry.connectionId, clock, "restored");
}
