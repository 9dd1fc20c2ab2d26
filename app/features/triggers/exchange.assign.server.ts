// Guarantee: assigning products in bulk does all of what its preview said, or nothing; rows with errors change nothing.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { listTemplates } from "#app/features/templates/templates.server.ts";
import {
  formatDelay,
  parseDelay,
  type AssignmentError,
  type AssignmentGroup,
  type AssignmentMode,
  type AssignmentPlan,
  type AssignmentRow,
  type AssignmentStart,
} from "#app/features/triggers/exchange.ts";
import { listTriggers, saveTrigger, type Trigger } from "#app/features/triggers/triggers.server.ts";
import { emptyDefinition, LONGEST_DELAY_DAYS, START_EVENTS } from "#app/features/triggers/triggers.ts";
import type { Rule, TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type CatalogueProduct = { productId: string; title: string; handle: string };
export type CatalogueVariant = CatalogueProduct & { variantId: string; variantTitle: string; sku: string };
/** What the shop's catalogue knows of the handles (lower case) and SKUs of a table. */
export type Catalogue = {
  products: Map<string, CatalogueProduct>;
  variants: Map<string, CatalogueVariant[]>;
};

/** Handles and SKUs to ask the catalogue for. */
export function namesOf(rows: AssignmentRow[]): { handles: string[]; skus: string[] } {
  const unique = (names: string[]) => [...new Set(names.filter(Boolean))];
  return { handles: unique(rows.map(handleOf)), skus: unique(rows.map((row) => row.variant_sku)) };
}

/** A handle as Shopify keeps it; a whole address of a product page will do, too. */
function handleOf({ product_handle: text }: AssignmentRow): string {
  return (/\/products\/([^/?#]+)/.exec(text)?.[1] ?? text).trim().toLowerCase();
}

type Item = { id: string; label: string };
type Found = { products: Item[]; variants: Item[] };

function findItems(row: AssignmentRow, { products, variants }: Catalogue): Found | AssignmentError {
  const { line, variant_sku: sku } = row;
  const handle = handleOf(row);
  if (!handle && !sku)
    return { line, column: "product_handle", message: "Name a product, or a variant by its SKU." };
  const product = handle ? products.get(handle) : undefined;
  if (handle && !product)
    return { line, column: "product_handle", message: `There is no product with the handle “${handle}”.` };
  if (!sku)
    return { products: product ? [{ id: product.productId, label: product.title }] : [], variants: [] };
  const matching = (variants.get(sku) ?? []).filter(
    (variant) => !product || variant.productId === product.productId,
  );
  if (matching.length === 0)
    return {
      line,
      column: "variant_sku",
      message: product
        ? `“${product.title}” has no variant with the SKU “${sku}”.`
        : `There is no variant with the SKU “${sku}”.`,
    };
  return {
    products: [],
    variants: matching.map(({ variantId, title, variantTitle }) => ({
      id: variantId,
      label: `${title}: ${variantTitle}`,
    })),
  };
}

const DEFAULT_START: AssignmentStart = { event: emptyDefinition.start.event, delay: emptyDefinition.delay };
const MINUTES = { minutes: 1, hours: 60, days: 1440 };

function startOf({ line, event, delay }: AssignmentRow): AssignmentStart | AssignmentError {
  const chosen = START_EVENTS.find((name) => name === event.toLowerCase());
  if (event && !chosen)
    return { line, column: "event", message: `Use ${START_EVENTS.join(", ")} or leave it empty.` };
  const waits = delay ? parseDelay(delay) : DEFAULT_START.delay;
  if (!waits || waits.amount * MINUTES[waits.unit] > LONGEST_DELAY_DAYS * 1440)
    return {
      line,
      column: "delay",
      message: `Write a delay such as “30 minutes”, “12 hours” or “3 days”, at most ${LONGEST_DELAY_DAYS} days.`,
    };
  return { event: chosen ?? DEFAULT_START.event, delay: waits };
}

const isError = (result: object): result is AssignmentError => "message" in result;

const sameDelay = (a: AssignmentStart["delay"], b: AssignmentStart["delay"]) =>
  a.amount * MINUTES[a.unit] === b.amount * MINUTES[b.unit];

const LISTS = ["product", "variant"] as const;

/** Triggers that only list products and variants are those that a table can be read from and written to. */
const isList = ({ include }: TriggerDefinition) =>
  include.mode === "any" && include.rules.every(({ kind }) => (LISTS as readonly string[]).includes(kind));

const itemsOf = ({ include }: TriggerDefinition, kind: (typeof LISTS)[number]): Item[] =>
  include.rules.filter((rule) => rule.kind === kind).flatMap(({ values }) => values);

function union(one: Item[], other: Item[]): Item[] {
  return [...new Map([...one, ...other].map((item) => [item.id, item])).values()];
}

const missingIn = (list: Item[], items: Item[]) => {
  const ids = new Set(list.map(({ id }) => id));
  return items.filter(({ id }) => !ids.has(id)).length;
};

/** A rule holds 2,000 values. */
const RULE_SIZE = 2_000;

function rulesOf(kind: (typeof LISTS)[number], items: Item[]): Rule[] {
  return Array.from({ length: Math.ceil(items.length / RULE_SIZE) }, (_, index) => ({
    kind,
    values: items
      .slice(index * RULE_SIZE, (index + 1) * RULE_SIZE)
      .map(({ id, label }) => ({ id, label: label.slice(0, 500) })),
  }));
}

/**
 * What a table of assignments would do: one trigger per template, event and delay. Rows with errors are listed and left
 * out; writes nothing.
 */
export async function planAssignments(
  tx: Tx,
  shopId: string,
  rows: AssignmentRow[],
  catalogue: Catalogue,
  mode: AssignmentMode,
): Promise<AssignmentPlan> {
  const templates = new Map(
    (await listTemplates(tx, shopId)).map((template) => [template.name.toLowerCase(), template]),
  );
  const triggers = await listTriggers(tx, shopId);
  const errors: AssignmentError[] = [];
  const lines = new Map<string, number>();
  const groups = new Map<string, AssignmentGroup>();
  let good = 0;

  for (const row of rows) {
    const template = templates.get(row.template.toLowerCase());
    const start = startOf(row);
    const found = findItems(row, catalogue);
    const wrong: AssignmentError[] = [found, start].filter(isError);
    if (!template) {
      const message = row.template ? `There is no template “${row.template}”.` : "Name a template.";
      wrong.push({ line: row.line, column: "template", message });
    }
    if (isError(start) || isError(found) || !template) {
      errors.push(...wrong);
      continue;
    }
    const key = JSON.stringify([template.id, start.event, start.delay.amount * MINUTES[start.delay.unit]]);
    const itemKey = JSON.stringify([key, found]);
    const before = lines.get(itemKey);
    if (before !== undefined) {
      errors.push({ line: row.line, column: null, message: `This says the same as line ${before}.` });
      continue;
    }
    lines.set(itemKey, row.line);
    good++;
    const group = groups.get(key) ?? newGroup(template, start, triggers);
    groups.set(key, {
      ...group,
      products: union(group.products, found.products),
      variants: union(group.variants, found.variants),
    });
  }

  const planned = [...groups.values()].map((group) => countChanges(group, triggers, mode));
  const taken = new Set(triggers.map(({ name }) => name));
  for (const group of planned) if (!group.trigger) group.name = freeName(group, taken);
  const touched = planned.map(
    ({ trigger }) => triggers.find(({ id }) => id === trigger?.id)?.updatedAt.toISOString() ?? null,
  );
  errors.sort((a, b) => a.line - b.line);
  return {
    groups: planned,
    errors,
    rows: good,
    fingerprint: sha256(canonicalJson([mode, planned, touched])),
  };
}

function newGroup(
  { id, name }: { id: string; name: string },
  start: AssignmentStart,
  triggers: Trigger[],
): AssignmentGroup {
  const trigger = triggers.find(
    ({ templateId, definition }) =>
      templateId === id &&
      definition.start.event === start.event &&
      sameDelay(definition.delay, start.delay) &&
      isList(definition),
  );
  const known = trigger ? { id: trigger.id, name: trigger.name } : null;
  return {
    ...start,
    template: { id, name },
    trigger: known,
    name: trigger?.name ?? name,
    products: [],
    variants: [],
    added: 0,
    removed: 0,
  };
}

function countChanges(group: AssignmentGroup, triggers: Trigger[], mode: AssignmentMode): AssignmentGroup {
  const definition = triggers.find(({ id }) => id === group.trigger?.id)?.definition ?? emptyDefinition;
  const [hadProducts, hadVariants] = [itemsOf(definition, "product"), itemsOf(definition, "variant")];
  const added = missingIn(hadProducts, group.products) + missingIn(hadVariants, group.variants);
  const removed =
    mode === "add" ? 0 : missingIn(group.products, hadProducts) + missingIn(group.variants, hadVariants);
  return { ...group, added, removed };
}

function freeName({ template, event, delay }: AssignmentGroup, taken: Set<string>): string {
  const ending = ` (${formatDelay(delay)} after ${event})`;
  const stem = `${template.name.slice(0, 110 - ending.length)}${ending}`;
  let name = stem;
  for (let count = 2; taken.has(name); count++) name = `${stem} ${count}`;
  taken.add(name);
  return name;
}

export type AssignOptions = {
  mode: AssignmentMode;
  /** Of the plan that the person confirmed. */
  fingerprint: string;
};

/**
 * Does what the plan of these rows said, in the caller's transaction.
 * @returns how many triggers were made or changed
 * @throws AppError conflict when the shop changed since the plan, invalid when no row is left
 */
export async function applyAssignments(
  tx: Tx,
  shopId: string,
  rows: AssignmentRow[],
  catalogue: Catalogue,
  { mode, fingerprint }: AssignOptions,
  actor: Actor,
  now: Date,
): Promise<number> {
  const plan = await planAssignments(tx, shopId, rows, catalogue, mode);
  if (plan.fingerprint !== fingerprint)
    throw new AppError("conflict", "the shop changed since the preview", {
      forPerson:
        "Something changed in the shop since you looked. Nothing was assigned. Look at the changes again.",
    });
  if (plan.groups.length === 0)
    throw new AppError("invalid", "no assignment left", { forPerson: "There is no row without an error." });
  const triggers = new Map((await listTriggers(tx, shopId)).map((trigger) => [trigger.id, trigger]));
  const changed = plan.groups.filter(({ added, removed }) => added + removed > 0);
  for (const group of changed) {
    const old = group.trigger ? triggers.get(group.trigger.id) : undefined;
    const definition = old?.definition ?? {
      ...emptyDefinition,
      start: { ...emptyDefinition.start, event: group.event },
      delay: group.delay,
    };
    const keep = mode === "add" ? definition : emptyDefinition;
    const rules = [
      ...rulesOf("product", union(itemsOf(keep, "product"), group.products)),
      ...rulesOf("variant", union(itemsOf(keep, "variant"), group.variants)),
    ];
    const draft = {
      name: group.name,
      priority: old?.priority ?? 0,
      templateId: group.template.id,
      definition: { ...definition, include: { mode: "any" as const, rules } },
    };
    await saveTrigger(tx, shopId, old?.id ?? null, draft, actor, now);
  }
  const after = { mode, rows: plan.rows, left: plan.errors.length, triggers: changed.length };
  await recordAudit(tx, shopId, { actor, action: "import.applied", subject: "assignments", after });
  return changed.length;
}

/** What the catalogue calls the products and variants that triggers list, by id. */
export type CatalogueNames = {
  products: Map<string, { handle: string }>;
  variants: Map<string, { handle: string; sku: string }>;
};

/** Ids that an export needs the names of. */
export async function assignedIds(
  tx: Tx,
  shopId: string,
): Promise<{ productIds: string[]; variantIds: string[] }> {
  const lists = (await listTriggers(tx, shopId)).filter(({ definition }) => isList(definition));
  const ids = (kind: (typeof LISTS)[number]) => [
    ...new Set(lists.flatMap(({ definition }) => itemsOf(definition, kind).map(({ id }) => id))),
  ];
  return { productIds: ids("product"), variantIds: ids("variant") };
}

/**
 * The rows of what is assigned now, ready for a table that can be read back.
 * @returns also how many could not be written: the shop no longer has them, or the variant has no SKU
 */
export async function exportAssignments(
  tx: Tx,
  shopId: string,
  names: CatalogueNames,
): Promise<{ rows: Omit<AssignmentRow, "line">[]; left: number }> {
  const templates = new Map((await listTemplates(tx, shopId)).map(({ id, name }) => [id, name]));
  const rows: Omit<AssignmentRow, "line">[] = [];
  let left = 0;
  for (const { definition, templateId } of await listTriggers(tx, shopId)) {
    const template = templates.get(templateId);
    if (!template || !isList(definition)) continue;
    const rest = { template, event: definition.start.event, delay: formatDelay(definition.delay) };
    for (const { id } of itemsOf(definition, "product")) {
      const product = names.products.get(id);
      if (product) rows.push({ product_handle: product.handle, variant_sku: "", ...rest });
      else left++;
    }
    for (const { id } of itemsOf(definition, "variant")) {
      const variant = names.variants.get(id);
      if (variant?.sku) rows.push({ product_handle: variant.handle, variant_sku: variant.sku, ...rest });
      else left++;
    }
  }
  return { rows, left };
}
