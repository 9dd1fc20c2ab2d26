import { expect, test } from "vitest";
import { MAIL_LANGUAGES } from "#app/features/templates/mail.words.ts";
import { BUYER_LANGUAGES, languageOf } from "#app/ui/words/buyers.ts";

test("a buyer's page speaks every language that a mail's frame speaks", () => {
  expect([...BUYER_LANGUAGES].sort()).toEqual([...MAIL_LANGUAGES].sort());
});

test("it speaks the one that the browser wants most, English where there is none", () => {
  const asked = [
    "de-AT,de;q=0.9,en;q=0.8",
    "xx, pt-BR;q=0.5, fr;q=0.4",
    "no",
    "en;q=0, tlh",
    "",
    null,
    ";q=,,",
  ];
  expect(asked.map(languageOf)).toEqual(["de", "pt-br", "nb", "en", "en", "en", "en"]);
});
