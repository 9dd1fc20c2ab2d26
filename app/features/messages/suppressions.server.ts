// Guarantee: the list shows and changes only the shop's own entries; a person's change stands in the audit log, which names no address.
import { classifyAddress } from "#app/connectors/registry.ts";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { addressPlace, lift, suppress } from "#app/features/messages/suppress.server.ts";
import {
  isReason,
  kindOf,
  NOT_AN_ADDRESS,
  reasonsOf,
  SUPPRESSIONS,
  type SuppressionFilter,
  type SuppressionKind,
  type SuppressionRow,
} from "#app/features/messages/suppressions.ts";
import { openVault, type Vault } from "#app/features/vault/vault.server.ts";
import type { Prisma, Suppression } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

const PAGE = 50;

export type SuppressionPage = { rows: SuppressionRow[]; newer: string | null; older: string | null };

/** One page of the list, newest first. */
export async function listSuppressions(
  tx: Tx,
  shopId: string,
  { kind, after, before }: SuppressionFilter,
): Promise<SuppressionPage> {
  // Ids are sorted by time, and a page's place is the id at its edge.
  const direction = before ? "asc" : "desc";
  const found = await tx.suppression.findMany({
    where: {
      AND: [ofKind(shopId, kind), before ? { id: { gt: before } } : after ? { id: { lt: after } } : {}],
    },
    orderBy: { id: direction },
    take: PAGE + 1,
  });
  const more = found.length > PAGE;
  const page = found.slice(0, PAGE);
  if (before) page.reverse();
  const vault = await openVault(shopId);
  return {
    rows: page.map((row) => toRow(vault, row)),
    newer: page[0] && (before ? more : after !== null) ? page[0].id : null,
    older: page.length > 0 && (before !== null || more) ? page.at(-1)!.id : null,
  };
}

/** Entries of a kind; what has no reason that we know stops everything. */
export function ofKind(shopId: string, kind: SuppressionKind | null): Prisma.SuppressionWhereInput {
  const opted = reasonsOf("opted_out");
  if (kind === null) return { shopId };
  return { shopId, reason: kind === "opted_out" ? { in: opted } : { notIn: opted } };
}

/** An entry as the list shows it. */
function toRow(vault: Vault, row: Suppression): SuppressionRow {
  const reason = isReason(row.reason) ? row.reason : null;
  return {
    id: row.id,
    reason,
    kind: kindOf([row.reason]) ?? "undeliverable",
    lifts: reason !== null && SUPPRESSIONS[reason].lifts,
    address: addressOf(vault, row),
    messageId: row.messageId,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The address of an entry, opened; null where it is no longer held. */
export function addressOf(vault: Vault, row: Pick<Suppression, "id" | "addressSealed">): string | null {
  return row.addressSealed && vault.open(addressPlace(row.id), row.addressSealed);
}

/** Why an address is written to no more; none = it may be. */
export async function findSuppressions(tx: Tx, shopId: string, address: string): Promise<SuppressionRow[]> {
  const vault = await openVault(shopId);
  const rows = await tx.suppression.findMany({
    where: { shopId, recipientIndex: vault.blindIndex("email", address) },
    orderBy: { id: "desc" },
  });
  return rows.map((row) => toRow(vault, row));
}

/**
 * Puts an address on the list for a buyer who asked.
 * @returns whether it was not on it for that reason yet
 * @throws AppError invalid when it is no address
 */
export async function addManually(tx: Tx, shopId: string, address: string, actor: Actor): Promise<boolean> {
  if (!isAddress(address)) throw new AppError("invalid", "not an address", { forPerson: NOT_AN_ADDRESS });
  const recipientIndex = (await openVault(shopId)).blindIndex("email", address);
  const reason = "manual";
  const added = await suppress(tx, shopId, { channel: "email", recipientIndex, reason, address });
  if (added) await recordAudit(tx, shopId, { actor, action: "suppression.added", after: { reason } });
  return added;
}

/** Whether somebody could be meant. A marketplace's relay may stand on the list, although nobody writes there anyway. */
export const isAddress = (text: string): boolean => ["ok", "proxy"].includes(classifyAddress(text));

/**
 * Takes an entry off the list, with the reason in the audit log. What was skipped meanwhile stays skipped.
 * @throws AppError conflict when it is a complaint, not_found when it is gone
 */
export async function liftManually(
  tx: Tx,
  shopId: string,
  { id, why }: { id: string; why: string },
  actor: Actor,
): Promise<void> {
  const row = await tx.suppression.findUnique({ where: { shopId_id: { shopId, id } } });
  if (!row)
    throw new AppError("not_found", "no such suppression", { forPerson: "This entry is no longer there." });
  const { reason } = row;
  if (!isReason(reason) || !SUPPRESSIONS[reason].lifts)
    throw new AppError("conflict", "a complaint can't be lifted", {
      forPerson: "Who called a mail spam is written to no more. Only they could take that back.",
    });
  await lift(tx, shopId, row);
  await recordAudit(tx, shopId, {
    actor,
    action: "suppression.removed",
    subject: id,
    before: { reason },
    after: { why },
  });
}
