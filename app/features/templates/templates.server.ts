// Guarantee: a template's versions never change, and no version exists that doesn't compile; every change is audited.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { checkDraft } from "#app/features/templates/render.server.ts";
import { templateDraftSchema } from "#app/features/templates/templates.ts";
import type { TemplateDraft, TemplateProblem } from "#app/features/templates/templates.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import type { Template as TemplateRow, TemplateVersion } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { isId, newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

export type Template = {
  id: string;
  name: string;
  purpose: TemplateDraft["purpose"];
  draft: TemplateDraft;
  version: { id: string; number: number; hash: string; createdAt: Date; createdBy: string };
  createdAt: Date;
  updatedAt: Date;
};

/** The texts have faults; each is to be shown beside its field. Nothing was saved. */
export class TemplateProblemsError extends AppError {
  readonly problems: TemplateProblem[];
  constructor(problems: TemplateProblem[]) {
    const count = problems.length === 1 ? "one mistake" : `${problems.length} mistakes`;
    super("invalid", `template with ${problems.length} problems`, {
      forPerson: `The message has ${count}. Correct it to save.`,
    });
    this.name = "TemplateProblemsError";
    this.problems = problems;
  }
}

/** The identity of a template's content: the same for the same words, whatever the order of its languages. */
export const draftHash = (draft: TemplateDraft): string => sha256(canonicalJson(draft));

function fromRows(row: TemplateRow, version: TemplateVersion): Template {
  const draft = templateDraftSchema.parse(version.content);
  const { id, name, createdAt, updatedAt } = row;
  const { number, hash, createdAt: versionAt, createdBy } = version;
  const current = { id: version.id, number, hash, createdAt: versionAt, createdBy };
  return { id, name, purpose: draft.purpose, draft, version: current, createdAt, updatedAt };
}

/** All templates with their current text, by name. */
export async function listTemplates(tx: Tx, shopId: string): Promise<Template[]> {
  const rows = await tx.template.findMany({
    where: { shopId, currentVersionId: { not: null } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const ids = rows.map((row) => row.currentVersionId as string);
  const versions = await tx.templateVersion.findMany({ where: { shopId, id: { in: ids } } });
  const byId = new Map(versions.map((version) => [version.id, version]));
  return rows.map((row) => fromRows(row, byId.get(row.currentVersionId as string) as TemplateVersion));
}

export async function findTemplate(tx: Tx, shopId: string, id: string): Promise<Template | null> {
  if (!isId(id)) return null;
  const row = await tx.template.findFirst({ where: { shopId, id, currentVersionId: { not: null } } });
  if (!row) return null;
  const where = { shopId_id: { shopId, id: row.currentVersionId as string } };
  return fromRows(row, await tx.templateVersion.findUniqueOrThrow({ where }));
}

/** @throws AppError not_found */
export async function getTemplate(tx: Tx, shopId: string, id: string): Promise<Template> {
  const template = await findTemplate(tx, shopId, id);
  if (!template)
    throw new AppError("not_found", "no such template", { forPerson: "This template no longer exists." });
  return template;
}

/** Who wrote the versions of a template that came after this number. */
export async function listVersionAuthors(
  tx: Tx,
  shopId: string,
  templateId: string,
  after: number,
): Promise<string[]> {
  const rows = await tx.templateVersion.findMany({
    where: { shopId, templateId, number: { gt: after } },
    select: { createdBy: true },
    distinct: ["createdBy"],
  });
  return rows.map(({ createdBy }) => createdBy);
}

/** Makes saves of one shop's templates wait for each other: names and version numbers are decided by reading first. */
async function takeTurn(tx: Tx, shopId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('templates:' || ${shopId}, 0))::text`;
}

/**
 * Creates (`id` null) or changes a template. A changed text becomes a new version; the same text changes nothing.
 * Does not release: see features/releases.
 * @throws TemplateProblemsError when a text doesn't compile, AppError conflict when the name is taken, not_found
 */
export async function saveTemplate(
  tx: Tx,
  shopId: string,
  id: string | null,
  draft: TemplateDraft,
  actor: Actor,
  now: Date,
): Promise<Template> {
  const problems = await checkDraft(draft);
  if (problems.length > 0) throw new TemplateProblemsError(problems);
  await takeTurn(tx, shopId);
  const before = id ? await getTemplate(tx, shopId, id) : null;
  const hash = draftHash(draft);
  if (before?.version.hash === hash) return before;
  const twin = await tx.template.findUnique({
    where: { shopId_name: { shopId, name: draft.name } },
    select: { id: true },
  });
  if (twin && twin.id !== id)
    throw new AppError("conflict", "template name taken", { forPerson: "Another template has this name." });

  const templateId = before?.id ?? newId();
  const versionId = newId();
  const current = { name: draft.name, purpose: draft.purpose, currentVersionId: versionId, updatedAt: now };
  const number = (before?.version.number ?? 0) + 1;
  const row = before
    ? await tx.template.update({ where: { shopId_id: { shopId, id: templateId } }, data: current })
    : await tx.template.create({ data: { shopId, id: templateId, ...current, createdAt: now } });
  const version = await tx.templateVersion.create({
    data: {
      shopId,
      id: versionId,
      templateId,
      number,
      content: draft,
      hash,
      createdAt: now,
      createdBy: actor,
    },
  });
  const after = fromRows(row, version);
  await recordAudit(tx, shopId, {
    actor,
    action: "template.saved",
    subject: templateId,
    before: before && auditOf(before),
    after: auditOf(after),
  });
  return after;
}

/** Enough to know the version; its words are in the version itself, which never changes. */
const auditOf = ({ name, purpose, version, draft }: Template) => ({
  name,
  purpose,
  number: version.number,
  hash: version.hash,
  locales: Object.keys(draft.locales).sort(),
});

/** A copy under a name of its own. @throws AppError not_found */
export async function duplicateTemplate(
  tx: Tx,
  shopId: string,
  id: string,
  actor: Actor,
  now: Date,
): Promise<Template> {
  const { draft } = await getTemplate(tx, shopId, id);
  await takeTurn(tx, shopId);
  const taken = new Set(
    (await tx.template.findMany({ where: { shopId }, select: { name: true } })).map(({ name }) => name),
  );
  let copy = 1;
  const nameOf = (ending: string) => `${draft.name.slice(0, 120 - ending.length).trimEnd()}${ending}`;
  while (taken.has(nameOf(copy === 1 ? " (copy)" : ` (copy ${copy})`))) copy++;
  const name = nameOf(copy === 1 ? " (copy)" : ` (copy ${copy})`);
  return saveTemplate(tx, shopId, null, { ...draft, name }, actor, now);
}

/**
 * Takes a template away. Its versions stay, since releases tell by them what was sent; its name is free again.
 * @param usedBy names of the triggers that use it: while there are any, it stays
 * @throws AppError conflict, not_found
 */
export async function deleteTemplate(
  tx: Tx,
  shopId: string,
  id: string,
  usedBy: string[],
  actor: Actor,
  now: Date,
): Promise<void> {
  const template = await getTemplate(tx, shopId, id);
  if (usedBy.length > 0) {
    const names = new Intl.ListFormat("en").format(usedBy.slice(0, 3).map((name) => `“${name}”`));
    const others = usedBy.length > 3 ? ` and ${usedBy.length - 3} more` : "";
    throw new AppError("conflict", "template in use", {
      forPerson: `This template is used by ${names}${others}. Choose another template there first.`,
    });
  }
  const data = { currentVersionId: null, name: `${template.name} (deleted ${id})`, updatedAt: now };
  await tx.template.update({ where: { shopId_id: { shopId, id } }, data });
  await recordAudit(tx, shopId, {
    actor,
    action: "template.deleted",
    subject: id,
    before: auditOf(template),
  });
}
