import { describe, expect, it } from "vitest";
import { emptyDefinition, type Rule, type TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { leftOut, sentence } from "#app/ui/triggers/sentence.ts";
import { triggers } from "#app/ui/words/en/triggers.ts";

const words = triggers.sentence;
const about = { templateName: "First use", timeZone: "Europe/Berlin" };
const rule = (kind: Rule["kind"], ...labels: string[]): Rule => ({
  kind,
  values: labels.map((label, index) => ({ id: String(index + 1), label })),
});
const battery = rule("product", "Lithium Battery", "Charger", "Cable");
const say = (change: Partial<TriggerDefinition>, templateName: string | null = about.templateName) =>
  sentence(
    { definition: { ...emptyDefinition, include: { mode: "any", rules: [battery] }, ...change } },
    { ...about, templateName },
    words,
  );

describe("sentence", () => {
  it("says who gets what when, how often, and what happens without a delivery event", () => {
    expect(say({ timeOfDay: "09:00" })).toBe(
      "Buyers of Lithium Battery or 2 more get “First use” by email 1 day after delivery, at 09:00 (Europe/Berlin), once per product; if no delivery is reported, the wait starts 7 days after shipping.",
    );
  });

  it("says that without a fallback an unreported delivery sends nothing", () => {
    expect(say({ start: { event: "delivered", fallbackDays: null } })).toContain(
      "; never if no delivery is reported.",
    );
  });

  it.each([
    ["paid", 0, "minutes", "as soon as the order is paid"],
    ["paid", 1, "minutes", "1 minute after payment"],
    ["fulfilled", 2, "hours", "2 hours after shipping"],
  ] as const)("tells the delay: %s, %d %s", (event, amount, unit, said) => {
    const text = say({ start: { event, fallbackDays: null }, delay: { amount, unit } });
    expect(text).toContain(` by email ${said}, once per product.`);
    expect(text).not.toContain("reported");
  });

  it("joins conditions by what the mode means, and names exceptions", () => {
    const rules = [rule("collection", "Batteries"), rule("tag", "outdoor", "winter")];
    expect(say({ include: { mode: "any", rules } })).toContain(
      "products in Batteries or products tagged outdoor or winter get",
    );
    expect(say({ include: { mode: "all", rules } })).toContain(
      "products in Batteries that are also products tagged",
    );
    expect(say({ exclude: { mode: "any", rules: [rule("vendor", "Acme")] } })).toContain(
      "Lithium Battery or 2 more, but not products by Acme, get",
    );
  });

  it("shows an id where no name is known", () => {
    expect(say({ include: { mode: "any", rules: [rule("variant", "")] } })).toContain("Buyers of 1 get");
  });

  it("tells minimum quantity and repeats", () => {
    const exclusions = { ...emptyDefinition.exclusions, minimumQuantity: 3 };
    expect(say({ exclusions, frequency: "order" })).toMatch(
      /^Buyers of at least 3 of Lithium .* with every order;/,
    );
  });

  it("says what is still missing of a draft", () => {
    expect(sentence({ definition: emptyDefinition }, about, words)).toBe(words.nobody);
    expect(say({ include: { mode: "any", rules: [{ kind: "tag", values: [] }] } })).toBe(words.nobody);
    expect(say({}, null)).toContain("get a message you have yet to choose by email");
  });
});

describe("leftOut", () => {
  it("lists what gets nothing", () => {
    expect(
      leftOut(
        { ...emptyDefinition.exclusions, orderTags: ["wholesale", "b-stock"], importedOrders: false },
        words,
      ),
    ).toBe(
      "Leaves out orders tagged wholesale or b-stock, test orders, gift cards, subscription renewals and products at zero price.",
    );
  });

  it("is silent where nothing is left out", () => {
    const none = Object.fromEntries(
      Object.entries(emptyDefinition.exclusions).map(([key, value]) => [
        key,
        typeof value === "boolean" ? false : value,
      ]),
    ) as TriggerDefinition["exclusions"];
    expect(leftOut(none, words)).toBe("");
  });
});
