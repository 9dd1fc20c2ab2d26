import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "#app/features/releases/diff.ts";

const side = (lines: ReturnType<typeof diffLines>, without: "added" | "removed") =>
  lines.filter(({ kind }) => kind !== without).map(({ text }) => text);

test("both texts can be read from what is shown, and what is the same is shown once", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (old, now) => {
      const lines = diffLines(old.join("\n"), now.join("\n"));
      const read = (of: string[]) => (of.join("\n") === "" ? [] : of);
      expect(side(lines, "added")).toEqual(read(old));
      expect(side(lines, "removed")).toEqual(read(now));
    }),
  );
  expect(diffLines("same\ntext", "same\ntext").every(({ kind }) => kind === "same")).toBe(true);
});

test("a changed line stands between those that stayed", () => {
  expect(diffLines("Hello\nCharge it.\nBye", "Hello\nCharge it fully.\nBye")).toEqual([
    { kind: "same", text: "Hello" },
    { kind: "removed", text: "Charge it." },
    { kind: "added", text: "Charge it fully." },
    { kind: "same", text: "Bye" },
  ]);
});
