// Guarantee: an evidence pack holds nothing of a buyer and no secret; whoever has it can check it without us. Making one is audited.
import { strToU8, zipSync } from "fflate";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { listErasedBefore, RECEIPTS_MOST, statementOf } from "#app/features/privacy/receipts.server.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { RETENTION } from "#app/features/privacy/retention.ts";
import { COMMITMENTS } from "#app/features/trust/commitments.ts";
import { findVerdict } from "#app/features/trust/dependencies.server.ts";
import type { Trust } from "#app/features/trust/trust.server.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import { forShop } from "#app/platform/db/db.ts";

/** The files of a pack by name; `summary` is the page a person reads. */
export async function collectPack(
  shop: { id: string; domain: string; retention: unknown },
  trust: Trust,
  documents: Record<string, string>,
  actor: Actor,
): Promise<Record<string, string>> {
  const signer = await openSigner();
  const own = await forShop(shop.id, async (tx) => {
    await recordAudit(tx, shop.id, { actor, action: "evidence.packed", after: { at: trust.at } });
    return tx.receipt.findMany({
      where: { shopId: shop.id },
      orderBy: { finishedAt: "desc" },
      take: RECEIPTS_MOST,
    });
  });
  const receipts = [...own, ...(await listErasedBefore(shop))];
  const { rows, readings, suppliers, announcements, changes, reviews, agreement } = trust;
  return {
    ...documents,
    "commitments.json": text({
      shop: shop.domain,
      at: trust.at,
      commitments: rows.map((row) => ({ ...row, ...COMMITMENTS[row.id] })),
    }),
    "evidence.json": text({ shop: shop.domain, at: trust.at, readings }),
    // A member of staff is a person; the audit log inside the app tells who.
    "agreement.json": text({
      version: agreement.version,
      accepted: agreement.acceptance && {
        version: agreement.acceptance.version,
        at: agreement.acceptance.at,
      },
    }),
    "sub-processors.json": text({ suppliers, announcements }),
    "changes.json": text({ changes, reviews }),
    "retention.json": text({ classes: RETENTION, chosen: shop.retention }),
    "register.json": text({ tables: RULES }),
    "dependencies.json": text(await findVerdict()),
    "receipts.json": text(
      receipts.map((row) => ({
        id: row.id,
        kind: row.kind,
        finishedAt: row.finishedAt,
        statement: statementOf(row),
        hash: row.hash,
        signature: row.signature,
        keyId: row.keyId,
      })),
    ),
    "public-key.pem": signer.publicKey,
  };
}

/** Puts the files into one archive, with a signed list of what each of them is. */
export async function sealPack(files: Record<string, string>): Promise<Uint8Array> {
  const signer = await openSigner();
  const manifest = canonicalJson(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])),
  );
  const archive = Object.entries({ ...files, "manifest.json": manifest }).map(
    ([name, content]) => [name, strToU8(content)] as const,
  );
  // As bytes, so that openssl takes it as it is.
  const signature = new Uint8Array(Buffer.from(signer.sign(manifest).signature, "base64url"));
  return zipSync(Object.fromEntries([...archive, ["manifest.sig", signature] as const]), { level: 6 });
}

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
