// Guarantee: of a release that is not what was approved, merchant, staff and the audit log hear once.
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import type { Release } from "#app/features/releases/releases.server.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { log } from "#app/platform/log.ts";

/** Sounds the alarm, in a transaction of the platform. */
export async function tellBroken(
  tx: Tx,
  shopId: string,
  release: Pick<Release, "id" | "number" | "hash" | "triggerId">,
  now: Date,
): Promise<void> {
  const { id, number, hash, triggerId } = release;
  log.error({ shop: shopId, release: id }, "a release is not what was approved; nothing of it is sent");
  const facts = { releaseId: id, number };
  const key = `release_broken:${id}`;
  if (!(await enqueueNotice(tx, { shopId, kind: "release_broken", facts, key, now }))) return;
  await enqueueNotice(tx, {
    shopId: null,
    kind: "release_altered",
    facts: { ...facts, shop: shopId },
    key,
    now,
  });
  await recordAudit(tx, shopId, {
    actor: "system",
    action: "release.broken",
    subject: id,
    before: { hash },
    after: { trigger: triggerId, number },
  });
}
