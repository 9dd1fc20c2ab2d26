import type { TriggerDefinition, TriggerDraft } from "#app/features/triggers/triggers.ts";

type Exclusions = TriggerDefinition["exclusions"];

/** A trigger while it is edited: numbers are what was typed, and switched-off choices keep their values. */
export type TriggerForm = Pick<TriggerDraft, "name" | "templateId"> &
  Pick<TriggerDefinition, "include" | "exclude" | "frequency"> & {
    priority: string;
    event: TriggerDefinition["start"]["event"];
    fallback: boolean;
    fallbackDays: string;
    delayAmount: string;
    delayUnit: TriggerDefinition["delay"]["unit"];
    timed: boolean;
    timeOfDay: string;
    exclusions: Omit<Exclusions, "minimumQuantity">;
    minimumQuantity: string;
  };

export function formOf(draft: TriggerDraft): TriggerForm {
  const { include, exclude, frequency, start, delay, timeOfDay, exclusions } = draft.definition;
  const { minimumQuantity, ...others } = exclusions;
  return {
    name: draft.name,
    templateId: draft.templateId,
    priority: String(draft.priority),
    include,
    exclude,
    frequency,
    event: start.event,
    fallback: start.fallbackDays !== null,
    fallbackDays: String(start.fallbackDays ?? 7),
    delayAmount: String(delay.amount),
    delayUnit: delay.unit,
    timed: timeOfDay !== null,
    timeOfDay: timeOfDay ?? "09:00",
    exclusions: others,
    minimumQuantity: String(minimumQuantity),
  };
}

/** What the form says, unchecked: a number that is none becomes NaN, which no schema lets pass. */
export function draftOfForm(form: TriggerForm): TriggerDraft {
  return {
    name: form.name,
    templateId: form.templateId,
    priority: number(form.priority),
    definition: {
      include: form.include,
      exclude: form.exclude,
      start: {
        event: form.event,
        // NaN travels as null, which would mean "wait for ever"; 0 is refused with words for the person.
        fallbackDays: form.event === "delivered" && form.fallback ? number(form.fallbackDays) || 0 : null,
      },
      delay: { amount: number(form.delayAmount), unit: form.delayUnit },
      timeOfDay: form.timed ? form.timeOfDay : null,
      exclusions: { ...form.exclusions, minimumQuantity: number(form.minimumQuantity) },
      frequency: form.frequency,
    },
  };
}

const number = (text: string) => (text.trim() === "" ? NaN : Number(text));
