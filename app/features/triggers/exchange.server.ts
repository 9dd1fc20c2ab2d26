// Guarantee: an import does all of what its preview said, or nothing.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { checkDraft } from "#app/features/templates/render.server.ts";
import { draftHash, listTemplates, saveTemplate } from "#app/features/templates/templates.server.ts";
import type { Template } from "#app/features/templates/templates.server.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import {
  EXCHANGE_FORMAT,
  EXCHANGE_VERSION,
  whereOf,
  type ConflictChoice,
  type Exchange,
  type ExchangeChange,
  type ExchangedTemplate,
  type ExchangedTrigger,
  type ExchangeItem,
  type ExchangePlan,
  type ExchangeProblem,
} from "#app/features/triggers/exchange.ts";
import { listTriggers, saveTrigger, type Trigger } from "#app/features/triggers/triggers.server.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type Shop = { id: string; domain: string };

type Present = {
  templates: Map<string, Template>;
  triggers: Map<string, Trigger>;
  templateNames: Map<string, string>;
};

async function readPresent(tx: Tx, shopId: string): Promise<Present> {
  const templates = await listTemplates(tx, shopId);
  const triggers = await listTriggers(tx, shopId);
  return {
    templates: new Map(templates.map((template) => [template.name, template])),
    triggers: new Map(triggers.map((trigger) => [trigger.name, trigger])),
    templateNames: new Map(templates.map(({ id, name }) => [id, name])),
  };
}

function exchanged(
  { name, priority, definition, templateId }: Trigger,
  names: Map<string, string>,
): ExchangedTrigger {
  return { name, priority, template: names.get(templateId) ?? "", definition };
}

const draftOf = ({ base: _, ...draft }: ExchangedTemplate): TemplateDraft => draft;

function triggerHash({ base: _, ...trigger }: ExchangedTrigger): string {
  return sha256(canonicalJson(trigger));
}

/** Everything a merchant has set up, in one file. A trigger whose template is gone is left out: it could not be read back. */
export async function exportConfiguration(tx: Tx, shop: Shop, now: Date): Promise<Exchange> {
  const { templates, triggers, templateNames } = await readPresent(tx, shop.id);
  return {
    format: EXCHANGE_FORMAT,
    version: EXCHANGE_VERSION,
    exportedAt: now.toISOString(),
    shop: shop.domain,
    templates: [...templates.values()].map(({ draft, version }) => ({ ...draft, base: version.hash })),
    triggers: [...triggers.values()]
      .filter(({ templateId }) => templateNames.has(templateId))
      .map((trigger) => {
        const content = exchanged(trigger, templateNames);
        return { ...content, base: triggerHash(content) };
      }),
  };
}

function changeOf(inFile: string, base: string | undefined, inShop: string | null): ExchangeChange {
  if (inShop === null) return "new";
  if (inShop === inFile) return "unchanged";
  return inShop === base ? "changed" : "conflict";
}

const namesPlatformIds = ({ definition }: ExchangedTrigger) =>
  [...definition.include.rules, ...definition.exclude.rules].some(({ kind }) =>
    ["product", "variant", "collection"].includes(kind),
  );

/** What importing a file would do, item by item, and what keeps it from being imported. Writes nothing. */
export async function planImport(tx: Tx, shop: Shop, file: Exchange): Promise<ExchangePlan> {
  const present = await readPresent(tx, shop.id);
  const problems: ExchangeProblem[] = [];
  const items: ExchangeItem[] = [];
  const seen: unknown[] = [];

  for (const [index, template] of file.templates.entries()) {
    const inShop = present.templates.get(template.name)?.version.hash ?? null;
    const hash = draftHash(draftOf(template));
    const change = changeOf(hash, template.base, inShop);
    items.push({ kind: "template", name: template.name, change, note: null });
    seen.push([template.name, hash, inShop]);
    if (change === "unchanged") continue;
    for (const { locale, field, line, column, message } of await checkDraft(draftOf(template))) {
      const where = `${whereOf(["templates", index, "locales", locale, field], file)} › line ${line}, column ${column}`;
      problems.push({ where, message });
    }
  }

  const known = new Set([...file.templates.map(({ name }) => name), ...present.templates.keys()]);
  for (const [index, trigger] of file.triggers.entries()) {
    const old = present.triggers.get(trigger.name);
    const inShop = old ? triggerHash(exchanged(old, present.templateNames)) : null;
    const hash = triggerHash(trigger);
    const change = changeOf(hash, trigger.base, inShop);
    items.push({
      kind: "trigger",
      name: trigger.name,
      change,
      note: file.shop !== shop.domain && namesPlatformIds(trigger) ? "elsewhere" : null,
    });
    seen.push([trigger.name, hash, inShop]);
    if (!known.has(trigger.template))
      problems.push({
        where: whereOf(["triggers", index, "template"], file),
        message: `There is no template “${trigger.template}”, neither in the file nor in the shop.`,
      });
  }
  return { items, problems, fingerprint: sha256(canonicalJson(seen)) };
}

export type ImportOptions = {
  /** Of the plan that the person confirmed. */
  fingerprint: string;
  conflicts: ConflictChoice;
};

/**
 * Imports a file as its plan said, in the caller's transaction. Nothing is removed that the file doesn't name.
 * @returns how many items were written
 * @throws AppError conflict when the shop changed since the plan, invalid when the file has problems
 */
export async function applyImport(
  tx: Tx,
  shop: Shop,
  file: Exchange,
  { fingerprint, conflicts }: ImportOptions,
  actor: Actor,
  now: Date,
): Promise<number> {
  const plan = await planImport(tx, shop, file);
  if (plan.problems.length > 0)
    throw new AppError("invalid", "import with problems", {
      forPerson: "The file has mistakes. Nothing was imported.",
    });
  if (plan.fingerprint !== fingerprint)
    throw new AppError("conflict", "the shop changed since the preview", {
      forPerson:
        "Something changed in the shop since you looked. Nothing was imported. Look at the changes again.",
    });
  const wanted = new Set(
    plan.items
      .filter(
        ({ change }) =>
          change === "new" || change === "changed" || (change === "conflict" && conflicts === "replace"),
      )
      .map(({ kind, name }) => `${kind}:${name}`),
  );
  const present = await readPresent(tx, shop.id);
  const templateIds = new Map([...present.templates].map(([name, { id }]) => [name, id]));
  for (const template of file.templates) {
    if (!wanted.has(`template:${template.name}`)) continue;
    const saved = await saveTemplate(
      tx,
      shop.id,
      templateIds.get(template.name) ?? null,
      draftOf(template),
      actor,
      now,
    );
    templateIds.set(saved.name, saved.id);
  }
  for (const given of file.triggers) {
    if (!wanted.has(`trigger:${given.name}`)) continue;
    const { base: _, template, ...trigger } = given;
    const templateId = templateIds.get(template);
    if (!templateId) throw new AppError("internal", "a planned trigger without its template");
    const old = present.triggers.get(given.name);
    await saveTrigger(tx, shop.id, old?.id ?? null, { ...trigger, templateId }, actor, now);
  }
  const counts = Object.fromEntries(
    ["new", "changed", "unchanged", "conflict"].map((change) => [
      change,
      plan.items.filter((item) => item.change === change).length,
    ]),
  );
  await recordAudit(tx, shop.id, {
    actor,
    action: "import.applied",
    subject: "file",
    after: { ...counts, conflicts, written: wanted.size },
  });
  return wanted.size;
}
