// Guarantee: a release never changes; a trigger has at most one live release; what is switched off has none.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { releaseContentSchema, type ReleaseContent } from "#app/features/releases/releases.ts";
import { getTemplate } from "#app/features/templates/templates.server.ts";
import {
  getTrigger,
  listTriggersOfTemplate,
  deleteTrigger,
  saveTrigger,
  type Trigger,
} from "#app/features/triggers/triggers.server.ts";
import type { TriggerDraft } from "#app/features/triggers/triggers.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import type { Release as ReleaseRow } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type Release = Omit<ReleaseRow, "content"> & { content: ReleaseContent };

function fromRow(row: ReleaseRow): Release {
  return { ...row, content: releaseContentSchema.parse(row.content) };
}

export async function listLiveReleases(tx: Tx, shopId: string): Promise<Release[]> {
  const rows = await tx.release.findMany({ where: { shopId, state: "live" } });
  return rows.map(fromRow);
}

/** Whether anything is switched on. */
export async function isAnyLive(tx: Tx, shopId: string): Promise<boolean> {
  return (await tx.release.findFirst({ where: { shopId, state: "live" }, select: { id: true } })) !== null;
}

export async function listReleasesById(tx: Tx, shopId: string, ids: string[]): Promise<Release[]> {
  const rows = await tx.release.findMany({ where: { shopId, id: { in: ids } } });
  return rows.map(fromRow);
}

/** Whether a release still is what was released. */
export function isIntact(release: Release): boolean {
  return sha256(canonicalJson(release.content)) === release.hash;
}

/** Saves a trigger and makes what is live follow it, in one transaction. */
export async function saveAndRelease(
  tx: Tx,
  shopId: string,
  id: string | null,
  draft: TriggerDraft,
  actor: Actor,
  now: Date,
): Promise<Trigger> {
  const trigger = await saveTrigger(tx, shopId, id, draft, actor, now);
  await followTrigger(tx, shopId, trigger, actor, now);
  return trigger;
}

/** After a template's new version: every trigger that is on and uses it gets a release with the new text. */
export async function releaseTemplate(
  tx: Tx,
  shopId: string,
  templateId: string,
  actor: Actor,
  now: Date,
): Promise<number> {
  const triggers = (await listTriggersOfTemplate(tx, shopId, templateId)).filter((trigger) => trigger.active);
  for (const trigger of triggers) await followTrigger(tx, shopId, trigger, actor, now);
  return triggers.length;
}

/** Takes a trigger away and ends what was live of it. */
export async function deleteAndWithdraw(
  tx: Tx,
  shopId: string,
  id: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  await getTrigger(tx, shopId, id);
  await endLive(tx, shopId, id, "withdrawn", actor, now);
  await deleteTrigger(tx, shopId, id, actor, now);
}

async function followTrigger(
  tx: Tx,
  shopId: string,
  trigger: Trigger,
  actor: Actor,
  now: Date,
): Promise<void> {
  // Two saves at once must not number two releases alike.
  await tx.$queryRaw`SELECT id FROM triggers WHERE shop_id = ${shopId}::uuid AND id = ${trigger.id}::uuid FOR UPDATE`;
  if (!trigger.active) return endLive(tx, shopId, trigger.id, "withdrawn", actor, now);
  const template = await getTemplate(tx, shopId, trigger.templateId);
  const content: ReleaseContent = {
    channel: "email",
    trigger: { name: trigger.name, priority: trigger.priority, definition: trigger.definition },
    template: {
      id: template.id,
      versionId: template.version.id,
      number: template.version.number,
      draft: template.draft,
    },
  };
  const hash = sha256(canonicalJson(content));
  const live = await tx.release.findFirst({
    where: { shopId, triggerId: trigger.id, state: "live" },
    select: { hash: true },
  });
  if (live?.hash === hash) return;
  await endLive(tx, shopId, trigger.id, "superseded", actor, now);
  const last = await tx.release.aggregate({
    where: { shopId, triggerId: trigger.id },
    _max: { number: true },
  });
  const release = await tx.release.create({
    data: {
      shopId,
      triggerId: trigger.id,
      templateVersionId: template.version.id,
      number: (last._max.number ?? 0) + 1,
      content,
      hash,
      state: "live",
      liveSince: requireLiveSince(trigger),
      createdAt: now,
      createdBy: actor,
    },
  });
  await recordAudit(tx, shopId, {
    actor,
    action: "release.live",
    subject: release.id,
    after: { trigger: trigger.id, name: trigger.name, number: release.number, hash },
  });
}

function requireLiveSince(trigger: Trigger): Date {
  if (!trigger.liveSince) throw new AppError("internal", "an active trigger without liveSince");
  return trigger.liveSince;
}

async function endLive(
  tx: Tx,
  shopId: string,
  triggerId: string,
  state: "superseded" | "withdrawn",
  actor: Actor,
  now: Date,
): Promise<void> {
  const live = await tx.release.findFirst({
    where: { shopId, triggerId, state: "live" },
    select: { id: true },
  });
  if (!live) return;
  await tx.release.update({ where: { shopId_id: { shopId, id: live.id } }, data: { state, endedAt: now } });
  await recordAudit(tx, shopId, { actor, action: "release.ended", subject: live.id, after: { state } });
}
