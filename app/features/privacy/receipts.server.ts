// Guarantee: a receipt is signed, is written with what it tells of, holds no personal data, and is never changed.
import {
  countsSchema,
  detailsSchema,
  type ReceiptContent,
  type ReceiptKind,
  type ReceiptOutline,
} from "#app/features/privacy/receipts.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import type { Receipt } from "#app/platform/db/generated/client.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";

/** What is hashed and signed: the receipt's id and all it says. */
function statement(id: string, content: ReceiptContent): string {
  return canonicalJson({ id, ...content });
}

/** Writes a receipt in the transaction of what it is evidence of. @returns its id */
export async function issueReceipt(tx: Tx, content: ReceiptContent): Promise<string> {
  const id = newId();
  const checked = {
    ...content,
    counts: countsSchema.parse(content.counts),
    details: detailsSchema.parse(content.details),
  };
  const text = statement(id, checked);
  const signer = await openSigner();
  await tx.receipt.create({ data: { id, ...checked, hash: sha256(text), ...signer.sign(text) } });
  return id;
}

/** The very text a receipt's hash and signature are of, for those who check for themselves. */
export function statementOf(row: Receipt): string {
  const { id, hash: _hash, signature: _signature, keyId: _keyId, ...content } = row;
  return statement(id, content as ReceiptContent);
}

/** Whether a receipt says what it said when it was signed. */
export async function isGenuine(row: Receipt): Promise<boolean> {
  const { hash, signature, keyId } = row;
  const text = statementOf(row);
  const signer = await openSigner();
  return hash === sha256(text) && signer.verify(text, { keyId, signature });
}

/** The newest receipts of a shop. */
export async function listReceipts(
  tx: Tx,
  shopId: string,
  kinds: ReceiptKind[],
  most: number,
): Promise<ReceiptOutline[]> {
  const rows = await tx.receipt.findMany({
    where: { shopId, kind: { in: kinds } },
    orderBy: { finishedAt: "desc" },
    take: most,
  });
  return Promise.all(rows.map(outline));
}

async function outline(row: Receipt): Promise<ReceiptOutline> {
  const { reason } = detailsSchema.parse(row.details);
  return {
    id: row.id,
    kind: row.kind,
    at: row.finishedAt.toISOString(),
    counts: countsSchema.parse(row.counts),
    reason: typeof reason === "string" ? reason : null,
    genuine: await isGenuine(row),
  };
}

/** More than a shop's reviewer reads. */
export const RECEIPTS_MOST = 1_000;

type ShopName = { id: string; domain: string };

/** What is erased of a shop as a whole, not for one buyer and not because its time is up. */
const ERASURES: ReceiptKind[] = ["shop_purge", "generation_purge", "connection_purge"];

/**
 * Receipts of what was erased under a shop's domain before it came, or came back, as this shop, newest first: they name a shop that
 * nobody has any more, or none.
 */
export function listErasedBefore({ id, domain }: ShopName, most = RECEIPTS_MOST): Promise<Receipt[]> {
  return forPlatform("privacy", (tx) =>
    tx.receipt.findMany({
      where: {
        shopDomain: domain,
        kind: { in: ERASURES },
        OR: [{ shopId: null }, { shopId: { not: id } }],
      },
      orderBy: { finishedAt: "desc" },
      take: most,
    }),
  );
}

/** The newest receipts of what was erased of a shop as a whole, since it came and before. */
export async function listErasures(shop: ShopName, most: number): Promise<ReceiptOutline[]> {
  const own = await forShop(shop.id, (tx) => listReceipts(tx, shop.id, ERASURES, most));
  const before = await Promise.all((await listErasedBefore(shop, most)).map(outline));
  return [...own, ...before].sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, most);
}

/**
 * A receipt for whoever checks for themselves: `statement` is what was hashed and signed (Ed25519), byte for byte. Null when the shop
 * has no such receipt.
 */
export async function exportReceipt(shop: ShopName, id: string): Promise<object | null> {
  const own = await forShop(shop.id, (tx) => tx.receipt.findFirst({ where: { shopId: shop.id, id } }));
  const row = own ?? (await listErasedBefore(shop)).find((before) => before.id === id);
  if (!row) return null;
  const { hash, signature, keyId, ...said } = row;
  const { publicKey } = await openSigner();
  return { receipt: said, statement: statementOf(row), sha256: hash, signature, keyId, publicKey };
}
