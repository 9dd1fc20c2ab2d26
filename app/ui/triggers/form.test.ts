import { describe, expect, it } from "vitest";
import { emptyDefinition, triggerDraftSchema, type TriggerDraft } from "#app/features/triggers/triggers.ts";
import { parseInput } from "#app/platform/forms.ts";
import { draftOfForm, formOf } from "#app/ui/triggers/form.ts";

const draft: TriggerDraft = {
  name: "Batteries",
  templateId: "01890a5d-ac96-774b-bcce-b302099a8057",
  priority: -5,
  definition: {
    ...emptyDefinition,
    include: { mode: "all", rules: [{ kind: "tag", values: [{ id: "lithium", label: "lithium" }] }] },
    timeOfDay: "08:30",
    delay: { amount: 3, unit: "hours" },
  },
};

describe("the trigger form", () => {
  it.each([
    draft,
    {
      ...draft,
      definition: {
        ...draft.definition,
        timeOfDay: null,
        start: { event: "paid" as const, fallbackDays: null },
      },
    },
    {
      ...draft,
      definition: { ...draft.definition, start: { event: "delivered" as const, fallbackDays: null } },
    },
  ])("gives back the trigger it was opened with", (trigger) => {
    expect(draftOfForm(formOf(trigger))).toEqual(trigger);
  });

  it.each([
    ["priority", { priority: "" }],
    ["definition.delay.amount", { delayAmount: "soon" }],
    ["definition.start.fallbackDays", { fallbackDays: "" }],
    ["definition.exclusions.minimumQuantity", { minimumQuantity: "1.5" }],
    ["definition.timeOfDay", { timeOfDay: "" }],
    ["name", { name: "  " }],
  ])("tells a mistake at %s, also after its journey as JSON", (field, change) => {
    const sent = JSON.parse(JSON.stringify(draftOfForm({ ...formOf(draft), ...change }))) as unknown;
    const parsed = parseInput(triggerDraftSchema, sent);
    expect(parsed).toMatchObject({ ok: false });
    expect(Object.keys(parsed.ok ? {} : parsed.errors)).toEqual([field]);
  });
});
