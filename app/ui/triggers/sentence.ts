import type { RuleSet, TriggerDefinition } from "#app/features/triggers/triggers.ts";
import type { triggers } from "#app/ui/words/en/triggers.ts";

/** What the sentence needs of a trigger; a draft that is still being written may say too little. */
export type SentenceDraft = { definition: TriggerDefinition };
/** Name of the template (null: none chosen yet) and the shop's time zone. */
export type SentenceAbout = { templateName: string | null; timeZone: string };
type Words = (typeof triggers)["sentence"];

const SHOWN = 1;

/** Says in one sentence what a trigger will do: who gets which message when, and how often. */
export function sentence({ definition }: SentenceDraft, about: SentenceAbout, words: Words): string {
  const buyers = describeRules(definition.include, words);
  if (!buyers) return words.nobody;
  const { start, timeOfDay, exclusions, frequency } = definition;
  const some = exclusions.minimumQuantity > 1 ? words.atLeast(exclusions.minimumQuantity, buyers) : buyers;
  const except = describeRules(definition.exclude, words);
  return words.whole({
    buyers: except ? some + words.except(except) : some,
    message: about.templateName === null ? words.noTemplate : words.template(about.templateName),
    when: describeDelay(definition, words),
    at: timeOfDay ? words.at(timeOfDay, about.timeZone) : "",
    often: words.frequency[frequency],
    fallback: start.event === "delivered" ? describeFallback(start.fallbackDays, words) : "",
  });
}

/** Says which orders get nothing; "" where all do. */
export function leftOut(exclusions: TriggerDefinition["exclusions"], words: Words): string {
  const list = listLeftOut(exclusions, words);
  return list && words.leavesOut(list);
}

/** Which orders get nothing, without a sentence around it; "" where all do. */
export function listLeftOut(exclusions: TriggerDefinition["exclusions"], words: Words): string {
  const { orderTags, customerTags } = exclusions;
  const flags = [
    "testOrders",
    "pos",
    "b2b",
    "giftCards",
    "subscriptionRenewals",
    "replacements",
    "importedOrders",
  ] as const;
  const parts = [
    ...(orderTags.length ? [words.leftOut.orderTags(words.list(orderTags, 0))] : []),
    ...(customerTags.length ? [words.leftOut.customerTags(words.list(customerTags, 0))] : []),
    ...flags.filter((flag) => exclusions[flag]).map((flag) => words.leftOut[flag]),
  ];
  return words.and(parts);
}

function describeRules({ mode, rules }: RuleSet, words: Words): string {
  const parts = rules
    .filter((rule) => rule.values.length > 0)
    .map((rule) => {
      const names = rule.values.map((value) => value.label || value.id);
      // One name too many to show is shown: "or 1 more" is no shorter than the name.
      const shown = names.length <= SHOWN + 1 ? names : names.slice(0, SHOWN);
      return words.kinds[rule.kind](words.list(shown, names.length - shown.length));
    });
  return words.joined[mode](parts);
}

function describeDelay({ start, delay }: TriggerDefinition, words: Words): string {
  const { now, then } = words.after[start.event];
  return delay.amount > 0 ? then(words.wait[delay.unit](delay.amount)) : now;
}

function describeFallback(days: number | null, words: Words): string {
  return days === null ? words.noFallback : words.fallback(days);
}
