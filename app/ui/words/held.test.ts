import { expect, test } from "vitest";
import { en } from "#app/ui/words/en.ts";
import { held, told, type PersonalClass } from "#app/ui/words/en/held.ts";

test("what is held of a person is told alike in the app, to the public and in the agreement", () => {
  for (const kind of Object.keys(held) as PersonalClass[]) {
    expect(en.holdings.kinds[kind].what, kind).toContain(told(held[kind]));
    expect(en.publicPages.privacy.holds.classes[kind][1], kind).toContain(told(held[kind]));
  }
  const [, processed] = en.agreement.sections[0]!;
  for (const kind of ["buyer", "purchase", "staff"] as const)
    for (const part of held[kind]) expect(processed).toContain(part);
});

test("parcel numbers, tags, the customer's number and network addresses are named", () => {
  expect(told(held.purchase)).toMatch(/parcel numbers.*tags.*company.*customer number/);
  expect(told(held.staff)).toContain("network address");
});

test("a public text does not point at what its page lacks", () => {
  for (const [id, { how }] of Object.entries(en.promises.rows))
    expect(how, id).not.toMatch(/\b(below|here)\b/);
});
