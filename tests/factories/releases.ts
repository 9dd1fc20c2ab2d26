// What is live, the way people make it so: saved, submitted, approved.
import type { Actor } from "#app/features/audit/audit.server.ts";
import { approve, submitForReview } from "#app/features/releases/review.server.ts";
import type { Release } from "#app/features/releases/releases.server.ts";
import type { Approval } from "#app/features/releases/releases.ts";
import { saveTrigger, type Trigger } from "#app/features/triggers/triggers.server.ts";
import type { TriggerDraft } from "#app/features/triggers/triggers.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** An approval with every question answered; what waits moves along. */
export const approval = (over: Partial<Approval> = {}): Approval => ({
  answers: { trigger: true, content: true, purpose: true, rules: true },
  waiting: "move",
  includePaid: false,
  note: "",
  overruled: [],
  ...over,
});

/** Makes a trigger's draft live. */
export async function publish(
  tx: Tx,
  shopId: string,
  triggerId: string,
  actor: Actor,
  now: Date,
  over: Partial<Approval> = {},
): Promise<Release> {
  const { id } = await submitForReview(tx, shopId, triggerId, actor, now);
  return approve(tx, shopId, id, approval(over), actor, now);
}

/** Saves a trigger and makes it live. */
export async function saveLive(
  tx: Tx,
  shopId: string,
  id: string | null,
  draft: TriggerDraft,
  actor: Actor,
  now: Date,
): Promise<Trigger> {
  const trigger = await saveTrigger(tx, shopId, id, draft, actor, now);
  await publish(tx, shopId, trigger.id, actor, now);
  return trigger;
}
