// Guarantee: an address that refuses us, or whose owner wants no more, stays on the list until it is lifted, also after a backup from
// before is restored; and of a buyer who was erased only the keyed hash is left there.
import { z } from "zod";
import { kindOf, type SuppressionKind } from "#app/features/messages/suppressions.ts";
import { openVault, type Vault } from "#app/features/vault/vault.server.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { appendJournal } from "#app/platform/journal.ts";

/** `address`: where it is known, for the merchant's own export. */
export type OptOut = {
  channel: string;
  recipientIndex: string;
  reason: string;
  messageId?: string;
  address?: string | null;
};

export const addressPlace = (row: string) => ({ table: "suppressions", column: "address_sealed", row });

/** Writes to the address no more; once for each reason is enough. @returns whether it is new */
export async function suppress(tx: Tx, shopId: string, optOut: OptOut): Promise<boolean> {
  return (await suppressAll(tx, shopId, [optOut])) === 1;
}

/** The same of many. @returns how many were new */
export async function suppressAll(tx: Tx, shopId: string, optOuts: OptOut[]): Promise<number> {
  const vault = optOuts.some(({ address }) => address) ? await findVault(shopId) : null;
  const rows = optOuts.map(({ address, ...optOut }) => {
    const id = newId();
    return { ...optOut, id, sealed: address && vault ? vault.seal(addressPlace(id), address.trim()) : null };
  });
  const added = await tx.$queryRaw<{ channel: string; recipientIndex: string; reason: string }[]>`
    INSERT INTO suppressions (shop_id, id, channel, recipient_index, reason, message_id, address_sealed)
    SELECT ${shopId}::uuid, f.* FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ channel }) => channel)}::text[],
      ${rows.map(({ recipientIndex }) => recipientIndex)}::text[], ${rows.map(({ reason }) => reason)}::text[],
      ${rows.map(({ messageId }) => messageId ?? null)}::uuid[], ${rows.map(({ sealed }) => sealed)}::bytea[]) f
    ON CONFLICT DO NOTHING
    RETURNING channel, recipient_index AS "recipientIndex", reason`;
  const at = new Date().toISOString();
  await appendJournal(...added.map((row) => ({ kind: "opted_out" as const, at, shopId, ...row })));
  return added.length;
}

/** A shop that is being erased may have lost its key already; the hash does without. */
export async function findVault(shopId: string): Promise<Vault | null> {
  try {
    return await openVault(shopId);
  } catch (error) {
    if (error instanceof AppError && error.code === "unavailable") return null;
    throw error;
  }
}

/** Takes a reason back. @returns whether it was there */
export async function lift(
  tx: Tx,
  shopId: string,
  { channel, recipientIndex, reason }: Pick<OptOut, "channel" | "recipientIndex" | "reason">,
): Promise<boolean> {
  const { count } = await tx.suppression.deleteMany({ where: { shopId, channel, recipientIndex, reason } });
  if (count === 0) return false;
  const at = new Date().toISOString();
  await appendJournal({ kind: "lifted", at, shopId, channel, recipientIndex, reason });
  return true;
}

/** Whom these keyed hashes stand for is forgotten, that they are not written to is not. @returns rows changed */
export async function forgetAddresses(tx: Tx, shopId: string, recipientIndexes: string[]): Promise<number> {
  const where = { shopId, recipientIndex: { in: recipientIndexes }, addressSealed: { not: null } };
  return (await tx.suppression.updateMany({ where, data: { addressSealed: null, messageId: null } })).count;
}

/** What these addresses' reasons add up to; those that may be written to are left out. */
export async function readSuppressed(
  tx: Tx,
  shopId: string,
  recipientIndexes: string[],
): Promise<Map<string, SuppressionKind>> {
  const rows = await tx.suppression.findMany({
    where: { shopId, channel: "email", recipientIndex: { in: recipientIndexes } },
    select: { recipientIndex: true, reason: true },
  });
  const found = new Map<string, SuppressionKind>();
  for (const [index, all] of Map.groupBy(rows, (row) => row.recipientIndex)) {
    const kind = kindOf(all.map(({ reason }) => reason));
    if (kind) found.set(index, kind);
  }
  return found;
}

/** Whether nothing arrives at an address, whoever writes; who only opted out of buyers' messages can still be told something. */
export async function isUndeliverable(tx: Tx, shopId: string, recipientIndex: string): Promise<boolean> {
  return (await readSuppressed(tx, shopId, [recipientIndex])).get(recipientIndex) === "undeliverable";
}

const addressed = z.object({ to: z.string().min(1) });

/** Whom a mail went to, from its own bytes; null once they are gone. */
export async function recipientOf(
  shopId: string,
  message: { id: string; frozenSealed: Uint8Array | null },
): Promise<string | null> {
  const vault = message.frozenSealed ? await findVault(shopId) : null;
  if (!vault || !message.frozenSealed) return null;
  const place = { table: "messages", column: "frozen_sealed", row: message.id };
  return addressed.parse(JSON.parse(vault.open(place, message.frozenSealed))).to;
}
