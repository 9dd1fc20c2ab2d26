import type { Rule, RuleKind, TriggerDefinition } from "#app/features/triggers/triggers.ts";
import type { triggers } from "#app/ui/words/en/triggers.ts";

/** "product:42" → what Shopify calls it today; null = deleted there. What is absent could not be asked. */
export type Names = Record<string, string | null>;

type Words = (typeof triggers)["editor"]["products"];

/** What to show for a value: today's name, the kept one marked as deleted, or its number. */
export function nameOf(kind: RuleKind, value: Rule["values"][number], names: Names, words: Words): string {
  const today = names[`${kind}:${value.id}`];
  if (today) return today;
  const kept = value.label || words.unnamed(value.id);
  return today === null ? words.deleted(kept) : kept;
}

/** A definition with today's names, to read aloud; never to save. */
export function withNames(definition: TriggerDefinition, names: Names, words: Words): TriggerDefinition {
  const rename = (set: TriggerDefinition["include"]) => ({
    ...set,
    rules: set.rules.map((rule) => ({
      ...rule,
      values: rule.values.map((value) => ({ ...value, label: nameOf(rule.kind, value, names, words) })),
    })),
  });
  return { ...definition, include: rename(definition.include), exclude: rename(definition.exclude) };
}
