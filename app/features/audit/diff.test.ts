import fc from "fast-check";
import { expect, test } from "vitest";
import { changesOf } from "#app/features/audit/diff.ts";

test("what changed is told fact by fact", () => {
  const before = { name: "Old", quiet: { start: "21:00", days: [1, 2] }, same: true, gone: null };
  const after = {
    name: "New",
    quiet: { start: "21:00", days: [1, 2, 3] },
    same: true,
    rules: [{ kind: "tag" }],
  };
  expect(changesOf(before, after)).toEqual([
    { path: ["name"], before: "Old", after: "New" },
    { path: ["quiet", "days"], before: [1, 2], after: [1, 2, 3] },
    { path: ["rules", "1", "kind"], before: undefined, after: "tag" },
    { path: ["gone"], before: null, after: undefined },
  ]);
});

test("what is made is told as new, what is deleted as gone", () => {
  expect(changesOf(null, { name: "New" })).toEqual([{ path: ["name"], before: undefined, after: "New" }]);
  expect(changesOf({ name: "Old" }, null)).toEqual([{ path: ["name"], before: "Old", after: undefined }]);
});

test("any two documents can be compared; the same ones have no difference", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(changesOf(one, structuredClone(one))).toEqual([]);
      for (const { before, after } of changesOf(one, other)) expect(before).not.toEqual(after);
    }),
  );
});
