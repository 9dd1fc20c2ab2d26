// Guarantee: a trigger is stored only with a valid definition and a template of the same shop; every change is audited.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import {
  triggerDefinitionSchema,
  triggerDraftSchema,
  type TriggerDefinition,
  type TriggerDraft,
} from "#app/features/triggers/triggers.ts";
import type { Trigger as TriggerRow } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

export type Trigger = Omit<TriggerRow, "definition"> & { definition: TriggerDefinition };

function fromRow(row: TriggerRow): Trigger {
  return { ...row, definition: triggerDefinitionSchema.parse(row.definition) };
}

/** All triggers, by priority, then name. */
export async function listTriggers(tx: Tx, shopId: string): Promise<Trigger[]> {
  const rows = await tx.trigger.findMany({
    where: { shopId, deletedAt: null },
    orderBy: [{ priority: "desc" }, { name: "asc" }],
  });
  return rows.map(fromRow);
}

export async function listTriggersOfTemplate(tx: Tx, shopId: string, templateId: string): Promise<Trigger[]> {
  const rows = await tx.trigger.findMany({
    where: { shopId, templateId, deletedAt: null },
    orderBy: { name: "asc" },
  });
  return rows.map(fromRow);
}

export async function findTrigger(tx: Tx, shopId: string, id: string): Promise<Trigger | null> {
  const row = await tx.trigger.findFirst({ where: { shopId, id, deletedAt: null } });
  return row && fromRow(row);
}

/** @throws AppError not_found */
export async function getTrigger(tx: Tx, shopId: string, id: string): Promise<Trigger> {
  const trigger = await findTrigger(tx, shopId, id);
  if (!trigger)
    throw new AppError("not_found", "no such trigger", { forPerson: "This trigger no longer exists." });
  return trigger;
}

/**
 * Creates (`id` null) or changes a trigger. What is live stays as it is: see features/releases.
 * @throws AppError invalid when it asks for too much, conflict when the name is taken, not_found when trigger or template is not
 * of this shop
 */
export async function saveTrigger(
  tx: Tx,
  shopId: string,
  id: string | null,
  draft: TriggerDraft,
  actor: Actor,
  now: Date,
): Promise<Trigger> {
  // Products are also added to triggers that were valid before; what is stored too large could never be read again.
  const [fault] = triggerDraftSchema.safeParse(draft).error?.issues ?? [];
  if (fault) throw new AppError("invalid", `trigger: ${fault.code}`, { forPerson: fault.message });
  const before = id ? await getTrigger(tx, shopId, id) : null;
  const template = await tx.template.findFirst({
    where: { shopId, id: draft.templateId, currentVersionId: { not: null } },
    select: { id: true },
  });
  if (!template)
    throw new AppError("not_found", "no such template", {
      forPerson: "Choose a template that still exists.",
    });
  const twin = await tx.trigger.findFirst({
    where: { shopId, name: draft.name, deletedAt: null, NOT: { id: id ?? newId() } },
    select: { id: true },
  });
  if (twin)
    throw new AppError("conflict", "trigger name taken", { forPerson: "Another trigger has this name." });
  const data = {
    name: draft.name,
    definition: draft.definition,
    templateId: draft.templateId,
    priority: draft.priority,
    updatedAt: now,
    updatedBy: actor,
  };
  const row = before
    ? await tx.trigger.update({ where: { shopId_id: { shopId, id: before.id } }, data })
    : await tx.trigger.create({ data: { shopId, id: newId(), ...data } });
  await recordAudit(tx, shopId, {
    actor,
    action: "trigger.saved",
    subject: row.id,
    before: before && draftOf(before),
    after: draft,
  });
  return fromRow(row);
}

/** What the editor edits of a stored trigger. */
export function draftOf(trigger: Trigger): TriggerDraft {
  const { name, templateId, priority, definition } = trigger;
  return { name, templateId, priority, definition };
}

/** Takes a trigger away; its releases and messages keep their history. */
export async function deleteTrigger(
  tx: Tx,
  shopId: string,
  id: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  const trigger = await getTrigger(tx, shopId, id);
  await tx.trigger.update({
    where: { shopId_id: { shopId, id } },
    data: { deletedAt: now },
  });
  await recordAudit(tx, shopId, { actor, action: "trigger.deleted", subject: id, before: draftOf(trigger) });
}
