import { describe, expect, it } from "vitest";
import { canTakeMore, countNew, withRules } from "#app/features/triggers/bulk.ts";
import { emptyDefinition, triggerDefinitionSchema, type Rule } from "#app/features/triggers/triggers.ts";

const rule = (kind: Rule["kind"], ...ids: string[]): Rule => ({
  kind,
  values: ids.map((id) => ({ id, label: `No. ${id}` })),
});
const having = (...rules: Rule[]) => ({ ...emptyDefinition, include: { mode: "any" as const, rules } });

describe("assigning in bulk", () => {
  it("adds to the condition of the same kind, once each, and keeps the rest of the trigger", () => {
    const before = { ...having(rule("product", "1", "2"), rule("tag", "new")), timeOfDay: "09:00" };
    const after = withRules(before, [rule("product", "2", "3"), rule("collection", "9")]);
    expect(after.include.rules).toEqual([
      rule("product", "1", "2", "3"),
      rule("tag", "new"),
      rule("collection", "9"),
    ]);
    expect(after).toMatchObject({ timeOfDay: "09:00", start: before.start });
    expect(triggerDefinitionSchema.safeParse(after).success).toBe(true);
    expect(countNew(before, [rule("product", "2", "3"), rule("collection", "9")])).toBe(2);
  });

  it("adds nothing that is there already", () => {
    expect(countNew(having(rule("vendor", "Acme")), [rule("vendor", "Acme")])).toBe(0);
  });

  it("leaves triggers alone that want all of their conditions", () => {
    const rules = [rule("tag", "a"), rule("vendor", "b")];
    expect(canTakeMore({ ...emptyDefinition, include: { mode: "all", rules } })).toBe(false);
    expect(canTakeMore(having(...rules))).toBe(true);
  });
});
