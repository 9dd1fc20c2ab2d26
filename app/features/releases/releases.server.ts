// Guarantee: a release is what was submitted, to the byte; whoever reads one can tell whether it still is.
import type { Actor } from "#app/features/audit/audit.server.ts";
import {
  releaseContentSchema,
  reviewSchema,
  saysTheSame,
  serves,
  type ReleaseContent,
  type ReleaseState,
  type Review,
  type TriggerStanding,
} from "#app/features/releases/releases.ts";
import type { Template } from "#app/features/templates/templates.server.ts";
import type { Trigger } from "#app/features/triggers/triggers.server.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import type { Release as ReleaseRow } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type Release = Omit<ReleaseRow, "content" | "state" | "review" | "submittedBy" | "reviewedBy"> & {
  content: ReleaseContent;
  /** As it lies in the database: what the hash is of. */
  stored: unknown;
  state: ReleaseState;
  review: Review | null;
  submittedBy: Actor;
  reviewedBy: Actor | null;
};

/** Reads a stored release. */
export function releaseFromRow(row: ReleaseRow): Release {
  return {
    ...row,
    content: releaseContentSchema.parse(row.content),
    stored: row.content,
    state: row.state as ReleaseState,
    review: row.review === null ? null : reviewSchema.parse(row.review),
    submittedBy: row.submittedBy as Actor,
    reviewedBy: row.reviewedBy as Actor | null,
  };
}

/** Every release that answers orders: live ones, and those before them that keep the orders they had. */
export async function listServingReleases(tx: Tx, shopId: string): Promise<Release[]> {
  const rows = await tx.release.findMany({ where: { shopId, state: { in: ["live", "superseded"] } } });
  return rows.filter(serves).map(releaseFromRow);
}

/** The triggers of which something is live. */
export async function listLiveTriggerIds(tx: Tx, shopId: string): Promise<Set<string>> {
  const rows = await tx.release.findMany({ where: { shopId, state: "live" }, select: { triggerId: true } });
  return new Set(rows.map(({ triggerId }) => triggerId));
}

/** Whether anything is switched on. */
export async function isAnyLive(tx: Tx, shopId: string): Promise<boolean> {
  return (await tx.release.findFirst({ where: { shopId, state: "live" }, select: { id: true } })) !== null;
}

export async function listReleasesById(tx: Tx, shopId: string, ids: string[]): Promise<Release[]> {
  const rows = await tx.release.findMany({ where: { shopId, id: { in: ids } } });
  return rows.map(releaseFromRow);
}

/** All releases of a trigger, the newest first. */
export async function listReleasesOfTrigger(tx: Tx, shopId: string, triggerId: string): Promise<Release[]> {
  const rows = await tx.release.findMany({ where: { shopId, triggerId }, orderBy: { number: "desc" } });
  return rows.map(releaseFromRow);
}

/** The live release of a trigger. */
export async function findLiveRelease(tx: Tx, shopId: string, triggerId: string): Promise<Release | null> {
  const row = await tx.release.findFirst({ where: { shopId, triggerId, state: "live" } });
  return row && releaseFromRow(row);
}

/** @throws AppError not_found */
export async function getRelease(tx: Tx, shopId: string, id: string): Promise<Release> {
  const row = await tx.release.findUnique({ where: { shopId_id: { shopId, id } } });
  if (!row)
    throw new AppError("not_found", "no such release", { forPerson: "This release no longer exists." });
  return releaseFromRow(row);
}

/** Whether a release still is what was released. Of what is stored, not of what we read into it. */
export function isIntact(release: Pick<Release, "stored" | "hash">): boolean {
  return sha256(canonicalJson(release.stored)) === release.hash;
}

/** What a trigger's draft would become, were it released now. */
export function contentOf(trigger: Trigger, template: Template): ReleaseContent {
  return {
    channel: "email",
    trigger: { name: trigger.name, priority: trigger.priority, definition: trigger.definition },
    template: {
      id: template.id,
      versionId: template.version.id,
      number: template.version.number,
      draft: template.draft,
    },
  };
}

/** Whether two releases say the same. */
export const isSame = (a: ReleaseContent, b: ReleaseContent): boolean => saysTheSame(a, b, canonicalJson);

/** How each of these triggers stands, by id. A draft whose template is gone counts as changed. */
export async function readStandings(
  tx: Tx,
  shopId: string,
  triggers: Trigger[],
  templates: Template[],
): Promise<Map<string, TriggerStanding>> {
  const rows = await tx.release.findMany({
    where: {
      shopId,
      triggerId: { in: triggers.map(({ id }) => id) },
      state: { in: ["live", "in_review"] },
    },
  });
  const releases = rows.map(releaseFromRow);
  const byId = new Map(templates.map((template) => [template.id, template]));
  return new Map(
    triggers.map((trigger) => {
      const of = (state: ReleaseState) =>
        releases.find((release) => release.triggerId === trigger.id && release.state === state);
      const [live, inReview] = [of("live"), of("in_review")];
      const template = byId.get(trigger.templateId);
      return [
        trigger.id,
        {
          live: live
            ? {
                id: live.id,
                number: live.number,
                since: (live.reviewedAt ?? live.servesFrom ?? live.submittedAt).toISOString(),
                reviewed: live.reviewedAt !== null,
              }
            : null,
          inReview: inReview ? { id: inReview.id, number: inReview.number } : null,
          changed: !!live && !(template && isSame(contentOf(trigger, template), live.content)),
        },
      ];
    }),
  );
}
