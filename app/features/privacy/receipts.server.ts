// Guarantee: a receipt is signed, is written with what it tells of, holds no personal data, and is never changed.
import {
  countsSchema,
  detailsSchema,
  type ReceiptContent,
  type ReceiptKind,
} from "#app/features/privacy/receipts.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import type { Receipt } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
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
export function listReceipts(tx: Tx, shopId: string, kinds: ReceiptKind[], most = 50): Promise<Receipt[]> {
  return tx.receipt.findMany({
    where: { shopId, kind: { in: kinds } },
    orderBy: { finishedAt: "desc" },
    take: most,
  });
}

/**
 * A receipt for whoever checks for themselves: `statement` is what was hashed and signed (Ed25519), byte for byte. Null when the shop
 * has no such receipt.
 */
export async function exportReceipt(tx: Tx, shopId: string, id: string): Promise<object | null> {
  const row = await tx.receipt.findFirst({ where: { shopId, id } });
  if (!row) return null;
  const { hash, signature, keyId, ...said } = row;
  const { id: own, ...content } = said;
  const { publicKey } = await openSigner();
  return {
    receipt: said,
    statement: statement(own, content as ReceiptContent),
    sha256: hash,
    signature,
    keyId,
    publicKey,
  };
}
