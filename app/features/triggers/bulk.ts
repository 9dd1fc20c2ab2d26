import { z } from "zod";
import { ruleSchema, type Rule, type TriggerDefinition } from "#app/features/triggers/triggers.ts";

/** Many products for one template at once: into a trigger of it that exists, or into a new one. */
export const bulkSchema = z.object({
  templateId: z.uuid("Choose a template."),
  /** null = a new trigger. */
  triggerId: z.uuid().nullable(),
  rules: z.array(ruleSchema).min(1, "Choose products first.").max(20),
});

/** Whether more products can be put into a trigger: with "all" every further condition would make it fit fewer. */
export const canTakeMore = ({ include }: TriggerDefinition): boolean =>
  include.mode === "any" || include.rules.length === 0;

/** A definition that also fits what the rules name. */
export function withRules(definition: TriggerDefinition, rules: Rule[]): TriggerDefinition {
  const merged = new Map<Rule["kind"], Rule>();
  for (const { kind, values } of [...definition.include.rules, ...rules]) {
    const all = [...(merged.get(kind)?.values ?? []), ...values];
    merged.set(kind, { kind, values: [...new Map(all.map((value) => [value.id, value])).values()] });
  }
  return { ...definition, include: { mode: "any", rules: [...merged.values()] } };
}

/** How many values the rules name that the definition does not have yet. */
export function countNew(definition: TriggerDefinition, rules: Rule[]): number {
  const count = ({ include }: TriggerDefinition) =>
    include.rules.reduce((sum, { values }) => sum + values.length, 0);
  return count(withRules(definition, rules)) - count(withRules(definition, []));
}
