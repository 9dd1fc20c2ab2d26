import { expect, test } from "vitest";
import { DEEDS, may, ROLES, type Deed } from "#app/features/shops/roles.ts";

const OWNERS_ALONE: Deed[] = [
  "erase",
  "export",
  "retention",
  "suppressions",
  "agreement",
  "people",
  "alerts",
];

test("whoever may more may everything that somebody below may", () => {
  for (const deed of DEEDS) {
    const able = ROLES.map((role) => may(role, deed));
    expect(able, deed).toEqual(able.toSorted((a, b) => Number(b) - Number(a)));
    expect(may("owner", deed), deed).toBe(true);
  }
});

test("only owners erase, export, change retention and opt-outs, sign, and manage people", () => {
  expect(DEEDS.filter((deed) => !may("approver", deed)).sort()).toEqual(OWNERS_ALONE.sort());
});

test("an editor writes and submits, and neither approves nor sends", () => {
  expect(["edit", "submit"].every((deed) => may("editor", deed as Deed))).toBe(true);
  expect(["approve", "sending", "domains", "evidence"].some((deed) => may("editor", deed as Deed))).toBe(
    false,
  );
});

test("a viewer looks", () => {
  expect(DEEDS.filter((deed) => may("viewer", deed))).toEqual(["view"]);
});
