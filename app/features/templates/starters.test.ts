import { expect, test } from "vitest";
import { checkTemplate } from "#app/features/templates/check.server.ts";
import { makeMail } from "#app/features/templates/mail.server.ts";
import { starterDraft, STARTERS } from "#app/features/templates/starters.ts";
import { PURPOSES, templateDraftSchema } from "#app/features/templates/templates.ts";
import type { TemplateContent } from "#app/features/templates/templates.ts";
import { envelopeWith } from "#tests/factories/mails.ts";

test("every purpose has at least two", () => {
  for (const purpose of PURPOSES)
    expect(STARTERS.filter((starter) => starter.purpose === purpose).length).toBeGreaterThanOrEqual(2);
});

test("keys and names are each used once", () => {
  const unique = (names: string[]) => expect(new Set(names).size).toBe(names.length);
  unique(STARTERS.map(({ key }) => key));
  unique(STARTERS.map(({ en }) => en.name));
  unique(STARTERS.map(({ de }) => de.name));
});

test("the shop's language decides the name and the fallback", () => {
  expect(starterDraft("orchid_care", "de-AT")).toMatchObject({
    name: "Orchideen: die ersten Wochen",
    fallbackLocale: "de",
  });
  expect(starterDraft("orchid_care", "fr")).toMatchObject({
    name: "Orchids: the first weeks",
    fallbackLocale: "en",
  });
});

test.each(STARTERS.map(({ key }) => key))("%s can be used as it is, in both languages", (key) => {
  const draft = starterDraft(key, "en");
  expect(templateDraftSchema.parse(draft)).toEqual(draft);
  expect(checkTemplate(draft)).toEqual([]);
  for (const locale of ["en", "de"]) {
    const { subject, body } = draft.locales[locale] as TemplateContent;
    const bare = makeMail(
      envelopeWith({
        locale,
        subject,
        body,
        context: (context) => {
          context.customer.first_name = "";
          context.tracking = { company: "", number: "", url: "" };
          context.product.image = "";
          context.line.variant_title = "";
        },
      }),
    );
    const full = makeMail(envelopeWith({ locale, subject, body }));
    for (const mail of [bare, full]) {
      expect(mail.subject).toMatch(/Cast-iron skillet|#1042/);
      expect(mail.text).not.toMatch(/\{\{|\{%|\(\)|\[\]| ,| \.|\n\n\n/);
      expect(mail.text).toMatch(/Warm regards\nHearth & Co\.|Herzliche Grüße\nHearth & Co\./);
      expect(mail.html.length).toBeLessThan(102_000);
    }
    expect(full.text).toMatch(/^(Hello Anna,|Hallo Anna!)\n\n[A-ZÄÖÜ]/);
    expect(bare.text).toMatch(/^(Hello,|Hallo!)\n\n[A-ZÄÖÜ]/);
  }
});

test("none of them sells anything", () => {
  const all = STARTERS.map(({ en, de }) => `${en.subject} ${en.body} ${de.subject} ${de.body}`).join(" ");
  expect(all).not.toMatch(
    /discount|coupon|sale\b|newsletter|review us|rate us|% off|Rabatt|Gutschein|Angebot|Bewert/i,
  );
});
