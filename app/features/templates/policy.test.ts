import { expect, test } from "vitest";
import { checkPolicy, type Finding } from "#app/features/templates/policy.ts";
import { MARKETING } from "#tests/corpora/marketing.ts";
import { SERVICE } from "#tests/corpora/service.ts";

const draftOf = (body: string, subject = "About your order", locale = "en") => ({
  name: "x",
  purpose: "usage" as const,
  fallbackLocale: locale,
  locales: { [locale]: { subject, body } },
});
const findings = (body: string, subject?: string, locale?: string): Finding[] =>
  checkPolicy({ channel: "email", purpose: "usage", draft: draftOf(body, subject, locale) });

const marketing = Object.entries(MARKETING).flatMap(([language, rows]) =>
  rows.map(([sign, text]) => [language, sign, text] as const),
);
const service = Object.entries(SERVICE).flatMap(([language, texts]) =>
  texts.map((text) => [language, text] as const),
);

test.each(marketing)("%s: %s: %s", (language, sign, text) => {
  const letter = `Hello,\n\nthank you for your order.\n\n${text}\n\nRegards`;
  expect(findings(letter, undefined, language).map(({ about }) => about)).toContain(sign);
  expect(findings("Hello", text, language).map(({ about, field }) => `${field} ${about}`)).toContain(
    `subject ${sign}`,
  );
});

test.each(service)("%s, nothing to object to: %s", (language, text) => {
  expect(findings(`Hello,\n\n${text}\n\nRegards`, text, language)).toEqual([]);
});
