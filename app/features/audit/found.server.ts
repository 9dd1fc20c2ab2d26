// Guarantee: an end without a signature is signed once in an installation's life, and the platform's chain tells of it first.
import { flushAudit, recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { holdPlatformHead } from "#app/features/audit/append.server.ts";
import { headStatement } from "#app/features/audit/chain.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import { forPlatform } from "#app/platform/db/db.ts";

/**
 * Signs the chains that a migration made of an older log, as it has no key. From then on an unsigned end is a broken chain, so this
 * happens only while the platform's own chain is empty.
 */
export async function foundAuditChains(): Promise<void> {
  const founded = await forPlatform("audit", (tx) =>
    tx.platformAuditEvent.findFirst({ select: { seq: true } }),
  );
  if (founded) return;
  await forPlatform("audit", async (tx) => {
    if ((await holdPlatformHead(tx)).seq > 0) return;
    const signer = await openSigner();
    const heads = await tx.auditHead.findMany({ where: { signature: null } });
    await recordPlatformAudit(tx, {
      actor: "system",
      action: "audit.founded",
      after: { chains: heads.length },
    });
    await flushAudit(tx);
    for (const { shopId, at, ...head } of heads)
      await tx.auditHead.update({ where: { shopId }, data: signer.sign(headStatement(shopId, head, at)) });
  });
}
