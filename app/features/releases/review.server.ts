// Guarantee: a release goes live only through `goLive`: answered in full, by somebody who may, and fit to be sent. A trigger has at
// most one live release and one in review; everything is audited with what was before.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import {
  contentOf,
  findLiveRelease,
  getRelease,
  isIntact,
  isSame,
  releaseFromRow,
  type Release,
} from "#app/features/releases/releases.server.ts";
import {
  REVIEW_QUESTIONS,
  serves,
  succeed,
  type Approval,
  type ReleaseContent,
  type ReleaseState,
  type Review,
} from "#app/features/releases/releases.ts";
import { getShop } from "#app/features/shops/shops.server.ts";
import { refusing, type Finding } from "#app/features/templates/policy.ts";
import { checkDraft, checkDraftPolicy } from "#app/features/templates/render.server.ts";
import { getTemplate, listVersionAuthors } from "#app/features/templates/templates.server.ts";
import { deleteTrigger, getTrigger } from "#app/features/triggers/triggers.server.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

/**
 * Freezes a trigger's draft and asks for a review. What was in review of it before is withdrawn; submitted again unchanged, it stays.
 * @throws AppError conflict when it says the same as what is live, invalid when the template has faults, not_found
 */
export async function submitForReview(
  tx: Tx,
  shopId: string,
  triggerId: string,
  actor: Actor,
  now: Date,
): Promise<Release> {
  await takeTurn(tx, shopId, triggerId);
  const trigger = await getTrigger(tx, shopId, triggerId);
  const template = await getTemplate(tx, shopId, trigger.templateId);
  const content = contentOf(trigger, template);
  const live = await findLiveRelease(tx, shopId, triggerId);
  // What went live before there were reviews may be reviewed as it is.
  if (live?.reviewedAt && isSame(live.content, content)) {
    throw new AppError("conflict", "the draft is what is live", {
      forPerson: `There is nothing to review: “${trigger.name}” says exactly what is live already.`,
    });
  }
  const waiting = await findInReview(tx, shopId, triggerId);
  if (waiting && isSame(waiting.content, content)) return waiting;
  await requireFit(content, null);
  if (waiting) await end(tx, shopId, waiting, "withdrawn", actor, now);
  const since = live?.content.template.id === template.id ? live.content.template.number : 0;
  const writers = await listVersionAuthors(tx, shopId, template.id, since);
  return create(tx, shopId, {
    triggerId,
    content,
    authors: [...new Set([actor, trigger.updatedBy, template.version.createdBy, ...writers])].sort(),
    rolledBackFrom: null,
    actor,
    now,
  });
}

/**
 * Approves what is in review: from now on it is what orders get.
 * @throws AppError conflict when it is not in review any more, forbidden when its author may not approve it, invalid when it must not
 * be sent, not_found
 */
export async function approve(
  tx: Tx,
  shopId: string,
  id: string,
  approval: Approval,
  actor: Actor,
  now: Date,
): Promise<Release> {
  const release = await takeInReview(tx, shopId, id);
  if (!(await mayApprove(tx, shopId, release, actor))) {
    throw new AppError("forbidden", "an author approves their own release", {
      forPerson: "You wrote this, and in your shop somebody else has to approve it.",
    });
  }
  const { answers, note, waiting, includePaid, overruled } = approval;
  return goLive(tx, shopId, release, { answers, note, waiting, includePaid, overruled }, actor, now);
}

/** Whether this person may approve a release: where the shop wants two people, nobody who wrote it. */
export async function mayApprove(tx: Tx, shopId: string, release: Release, actor: Actor): Promise<boolean> {
  const { settings } = await getShop(tx, shopId);
  return settings.review === "self" || !release.authors.includes(actor);
}

/** Sends what is in review back to its author, with a note. @throws AppError conflict when it is not in review any more, not_found */
export async function returnForChanges(
  tx: Tx,
  shopId: string,
  id: string,
  note: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  const release = await takeInReview(tx, shopId, id);
  const review: Review = { answers: null, note, waiting: null, includePaid: false, overruled: [] };
  await tx.release.update({
    where: { shopId_id: { shopId, id } },
    data: { state: "returned" satisfies ReleaseState, reviewedAt: now, reviewedBy: actor, review },
  });
  await recordAudit(tx, shopId, {
    actor,
    action: "release.returned",
    subject: id,
    before: { state: release.state },
    after: { ...told(release), state: "returned", note },
  });
}

/**
 * Makes what an earlier approved release says live again, as a new release; what waits moves to it.
 * @throws AppError conflict when that release was never approved, was altered, or is live; invalid when it must not be sent any more
 */
export async function rollBack(
  tx: Tx,
  shopId: string,
  id: string,
  actor: Actor,
  now: Date,
): Promise<Release> {
  const { triggerId } = await getRelease(tx, shopId, id);
  await takeTurn(tx, shopId, triggerId);
  await getTrigger(tx, shopId, triggerId);
  const earlier = await getRelease(tx, shopId, id);
  if (!wasApproved(earlier)) {
    throw new AppError("conflict", "rolling back to what was never approved", {
      forPerson: "Only a release that was reviewed and approved can go live again.",
    });
  }
  if (!isIntact(earlier)) throw altered();
  const live = await findLiveRelease(tx, shopId, triggerId);
  if (live && isSame(live.content, earlier.content)) {
    throw new AppError("conflict", "rolling back to what is live", {
      forPerson: "This is what is live already.",
    });
  }
  const release = await create(tx, shopId, {
    triggerId,
    content: earlier.content,
    authors: [actor],
    rolledBackFrom: earlier,
    actor,
    now,
  });
  const { answers = null, overruled = [] } = earlier.review ?? {};
  const review: LiveReview = { answers, note: "", waiting: "move", includePaid: false, overruled };
  return goLive(tx, shopId, release, review, actor, now);
}

/** Whether a release was approved by somebody, be it that it ended since. */
export const wasApproved = (release: Release): boolean =>
  release.servesFrom !== null &&
  REVIEW_QUESTIONS.every((question) => release.review?.answers?.[question] === true);

/**
 * Stops a trigger: none of its releases answers any order, so what waits is cancelled.
 * @throws AppError conflict when nothing of it is live
 */
export async function withdraw(
  tx: Tx,
  shopId: string,
  triggerId: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  await takeTurn(tx, shopId, triggerId);
  const ended = await endServing(tx, shopId, triggerId, actor, now);
  if (ended === 0)
    throw new AppError("conflict", "nothing is live", { forPerson: "Nothing of this trigger is live." });
}

/** Takes a trigger away, and with it everything of it that is live or in review. @throws AppError not_found */
export async function deleteAndWithdraw(
  tx: Tx,
  shopId: string,
  triggerId: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  await takeTurn(tx, shopId, triggerId);
  await getTrigger(tx, shopId, triggerId);
  await endServing(tx, shopId, triggerId, actor, now);
  const waiting = await findInReview(tx, shopId, triggerId);
  if (waiting) await end(tx, shopId, waiting, "withdrawn", actor, now);
  await deleteTrigger(tx, shopId, triggerId, actor, now);
}

/** Notes that every order a release includes has been planned. */
export async function markIncluded(tx: Tx, shopId: string, id: string, now: Date): Promise<void> {
  await tx.release.update({ where: { shopId_id: { shopId, id } }, data: { includedAt: now } });
}

type LiveReview = Review & { waiting: Approval["waiting"] };

/** The only way to live: for a release that was submitted, and as its review says. */
async function goLive(
  tx: Tx,
  shopId: string,
  release: Release,
  review: LiveReview,
  actor: Actor,
  now: Date,
): Promise<Release> {
  if (!isIntact(release)) throw altered();
  await requireFit(
    release.content,
    review.overruled.map(({ ruleId }) => ruleId),
  );
  const serving = await listServing(tx, shopId, release.triggerId);
  const { before, next } = succeed(serving, review, now);
  for (const [index, { id, servesUntil }] of before.entries()) {
    const was = serving[index]!;
    if (was.servesUntil?.getTime() === servesUntil?.getTime()) continue;
    await tx.release.update({
      where: { shopId_id: { shopId, id } },
      data: { state: "superseded" satisfies ReleaseState, servesUntil, endedAt: now },
    });
  }
  const row = await tx.release.update({
    where: { shopId_id: { shopId, id: release.id } },
    data: {
      ...next,
      state: "live" satisfies ReleaseState,
      includedAt: null,
      reviewedAt: now,
      reviewedBy: actor,
      review,
    },
  });
  const predecessor = serving.find(({ state }) => state === "live");
  await recordAudit(tx, shopId, {
    actor,
    action: "release.live",
    subject: release.id,
    before: predecessor ? told(predecessor) : null,
    after: {
      ...told(release),
      ...review,
      rolledBackFrom: release.rolledBackFrom,
    },
  });
  return releaseFromRow(row);
}

/**
 * What every release must be before it may be sent, whoever says so.
 * @param overruled ids of the rules an approver overruled; null before anybody could: then only what can't be overruled refuses
 * @throws AppError invalid
 */
async function requireFit(content: ReleaseContent, overruled: readonly string[] | null): Promise<void> {
  const problems = await checkDraft(content.template.draft);
  if (problems.length === 0) return requireKeptRules(content, overruled);
  const [{ locale, line, message }] = problems as [(typeof problems)[number]];
  const more = problems.length > 1 ? ` There are ${problems.length - 1} more.` : "";
  throw new AppError("invalid", `release with ${problems.length} problems`, {
    forPerson: `The template “${content.template.draft.name}” has a mistake (${locale}, line ${line}): ${message}${more}`,
  });
}

async function requireKeptRules(content: ReleaseContent, overruled: readonly string[] | null): Promise<void> {
  const refused = refusing(await readFindings(content), overruled);
  if (refused.length === 0) return;
  const [{ locale, field, line, excerpt }] = refused as [Finding];
  throw new AppError("invalid", `policy: ${[...new Set(refused.map(({ ruleId }) => ruleId))].join(", ")}`, {
    forPerson: `The message says something that may not be sent: “${excerpt}” (${locale}, ${field}, line ${line}). Open the template and change it.`,
  });
}

/** What a release says against its channel's rules. */
export function readFindings({ channel, template }: ReleaseContent): Promise<Finding[]> {
  return checkDraftPolicy({ channel, purpose: template.draft.purpose, draft: template.draft });
}

/** Makes what is done to one trigger's releases wait for each other: numbers and states are decided by reading first. */
async function takeTurn(tx: Tx, shopId: string, triggerId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM triggers WHERE shop_id = ${shopId}::uuid AND id = ${triggerId}::uuid FOR UPDATE`;
}

async function takeInReview(tx: Tx, shopId: string, id: string): Promise<Release> {
  const { triggerId } = await getRelease(tx, shopId, id);
  await takeTurn(tx, shopId, triggerId);
  const release = await getRelease(tx, shopId, id);
  if (release.state !== "in_review") {
    throw new AppError("conflict", `release is ${release.state}`, {
      forPerson:
        "This release is not in review any more. Somebody else was faster, or it was submitted anew.",
    });
  }
  return release;
}

async function findInReview(tx: Tx, shopId: string, triggerId: string): Promise<Release | null> {
  const row = await tx.release.findFirst({ where: { shopId, triggerId, state: "in_review" } });
  return row && releaseFromRow(row);
}

async function listServing(tx: Tx, shopId: string, triggerId: string): Promise<Release[]> {
  const rows = await tx.release.findMany({
    where: { shopId, triggerId, state: { in: ["live", "superseded"] } },
    orderBy: { number: "asc" },
  });
  return rows.filter(serves).map(releaseFromRow);
}

type Submission = {
  triggerId: string;
  content: ReleaseContent;
  authors: string[];
  rolledBackFrom: Release | null;
  actor: Actor;
  now: Date;
};

async function create(tx: Tx, shopId: string, submission: Submission): Promise<Release> {
  const { triggerId, content, authors, rolledBackFrom, actor, now } = submission;
  const last = await tx.release.aggregate({ where: { shopId, triggerId }, _max: { number: true } });
  const row = await tx.release.create({
    data: {
      shopId,
      triggerId,
      templateVersionId: content.template.versionId,
      number: (last._max.number ?? 0) + 1,
      content,
      hash: sha256(canonicalJson(content)),
      // What goes live in the same breath is not in review beside what else is.
      state: (rolledBackFrom ? "superseded" : "in_review") satisfies ReleaseState,
      submittedAt: now,
      submittedBy: actor,
      authors,
      rolledBackFrom: rolledBackFrom?.id ?? null,
    },
  });
  const release = releaseFromRow(row);
  await recordAudit(tx, shopId, {
    actor,
    action: rolledBackFrom ? "release.rolled_back" : "release.submitted",
    subject: release.id,
    before: rolledBackFrom ? told(rolledBackFrom) : null,
    after: told(release),
  });
  return release;
}

async function endServing(
  tx: Tx,
  shopId: string,
  triggerId: string,
  actor: Actor,
  now: Date,
): Promise<number> {
  const serving = await listServing(tx, shopId, triggerId);
  for (const release of serving) await end(tx, shopId, release, "withdrawn", actor, now);
  return serving.length;
}

async function end(
  tx: Tx,
  shopId: string,
  release: Release,
  state: "withdrawn",
  actor: Actor,
  now: Date,
): Promise<void> {
  await tx.release.update({
    where: { shopId_id: { shopId, id: release.id } },
    data: { state, servesUntil: release.servesFrom, endedAt: now },
  });
  await recordAudit(tx, shopId, {
    actor,
    action: "release.ended",
    subject: release.id,
    before: { state: release.state },
    after: { ...told(release), state },
  });
}

/** Enough to know which release; its words are in the release itself, which never changes. */
const told = ({ triggerId, number, hash, content }: Release) => ({
  trigger: triggerId,
  name: content.trigger.name,
  template: content.template.draft.name,
  number,
  hash,
});

const altered = () =>
  new AppError("conflict", "the release is not what was submitted", {
    forPerson: "This release is no longer what was submitted. Nothing of it is sent. Submit the draft anew.",
  });
