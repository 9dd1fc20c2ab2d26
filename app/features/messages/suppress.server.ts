// Guarantee: an address that refuses us for good is written to no more, not even after a backup from before is restored.
import type { Tx } from "#app/platform/db/db.ts";
import { appendJournal } from "#app/platform/journal.ts";

export type OptOut = { channel: string; recipientIndex: string; reason: string; messageId?: string };

/** Writes to the address no more; once is enough. */
export async function suppress(tx: Tx, shopId: string, optOut: OptOut): Promise<void> {
  const { channel, recipientIndex, reason, messageId } = optOut;
  const { count } = await tx.suppression.createMany({
    data: [{ shopId, channel, recipientIndex, reason, messageId }],
    skipDuplicates: true,
  });
  if (count === 0) return;
  const at = new Date().toISOString();
  await appendJournal({ kind: "opted_out", at, shopId, channel, recipientIndex, reason });
}
