import { expect, test } from "vitest";
import { metafieldText } from "#app/features/templates/metafields.ts";
import { chooseLocale, PURPOSES, templateDraftSchema } from "#app/features/templates/templates.ts";
import { exampleContext, metafieldInsert, VARIABLES } from "#app/features/templates/variables.ts";

test.each([
  [["en", "de"], "de", "de"],
  [["en", "de"], "de-AT", "de"],
  [["en", "pt-BR"], "pt", "pt-BR"],
  [["en", "de-CH"], "de-AT", "de-CH"],
  [["en", "de"], "fr", "en"],
  [["en", "de"], null, "en"],
  [["EN", "De"], "de", "De"],
])("of %j a buyer who reads %s gets %s", (available, wanted, chosen) => {
  expect(chooseLocale(available, wanted, available[0] as string)).toBe(chosen);
});

test("the fallback language needs a text of its own", () => {
  const draft = {
    name: "x",
    purpose: "care",
    fallbackLocale: "en",
    locales: { de: { subject: "a", body: "b" } },
  };
  expect(templateDraftSchema.safeParse(draft).error?.issues).toMatchObject([{ path: ["fallbackLocale"] }]);
  const inherited = {
    ...draft,
    fallbackLocale: "en",
    locales: Object.create({ en: { subject: "a", body: "b" } }) as object,
  };
  expect(templateDraftSchema.safeParse(inherited).success).toBe(false);
});

test("a template serves one of the five purposes, and no other", () => {
  const draft = { name: "x", fallbackLocale: "en", locales: { en: { subject: "a", body: "b" } } };
  expect(PURPOSES).toEqual(["usage", "warning", "delivery", "care", "faq"]);
  for (const purpose of PURPOSES)
    expect(templateDraftSchema.safeParse({ ...draft, purpose }).success, purpose).toBe(true);
  for (const purpose of ["marketing", "", null, undefined])
    expect(templateDraftSchema.safeParse({ ...draft, purpose }).error?.issues).toMatchObject([
      { path: ["purpose"] },
    ]);
});

test("the example order has a value for every variable", () => {
  const context = exampleContext();
  expect(context.customer.first_name).toBe("Anna");
  expect(context.line.quantity).toBe(1);
  expect(VARIABLES.map(({ path }) => path)).toContain("tracking.url");
  expect(new Set(VARIABLES.map(({ label }) => label)).size).toBe(VARIABLES.length);
});

test("metafields are inserted as Liquid can read them", () => {
  expect(metafieldInsert("product", "custom", "care_text")).toBe("{{ product.metafields.custom.care_text }}");
  expect(metafieldInsert("variant", "my fields", "2nd")).toBe('{{ variant.metafields["my fields"]["2nd"] }}');
});

test.each([
  ["plain", "plain"],
  ["", ""],
  ['["a","b"]', ["a", "b"]],
  ["[1,2]", ["1", "2"]],
  ['[{"a":1}]', '[{"a":1}]'],
  ["[not json", "[not json"],
  ['{"amount":"12.50","currency_code":"EUR"}', "12.50 EUR"],
  ['{"value":2,"unit":"CUBIC_METERS"}', "2 cubic meters"],
  ['{"type":"root","children":"no list"}', '{"type":"root","children":"no list"}'],
  ['{"type":"root","children":[null]}', '{"type":"root","children":[null]}'],
  ["null", "null"],
  [
    '{"type":"root","children":[{"type":"heading","level":2,"children":[{"type":"text","value":"Care"}]},{"type":"list","listType":"unordered","children":[{"type":"list-item","children":[{"type":"link","url":"https://a.example","children":[{"type":"text","value":"Wash"}]}]},{"type":"list-item","children":[{"type":"text","value":"Dry"}]}]}]}',
    "Care\n\n• Wash (https://a.example)\n• Dry",
  ],
])("the metafield %s reads %j", (stored, text) => {
  expect(metafieldText(stored)).toEqual(text);
});
