import { describe, expect, it } from "vitest";
import { indexOf, insert, link, prefixLines, wrap, type Edit } from "#app/ui/templates/edit.ts";

/** Text with the selection in brackets: "a [b] c". */
function read(marked: string) {
  const from = marked.indexOf("[");
  const to = marked.indexOf("]") - 1;
  return { source: marked.replace("[", "").replace("]", ""), selection: { from, to } };
}
function show(source: string, { from, to, text, select }: Edit): string {
  const result = source.slice(0, from) + text + source.slice(to);
  return `${result.slice(0, select[0])}[${result.slice(...select)}]${result.slice(select[1])}`;
}

describe("wrap", () => {
  it.each([
    ["a [b] c", "**", "a **[b]** c"],
    ["a []c", "**", "a **[bold]**c"],
    ["a **[b]** c", "**", "a [b] c"],
    ["a *[b]* c", "*", "a [b] c"],
    ["a **[b]** c", "*", "a ***[b]*** c"],
    ["a ***[b]*** c", "*", "a **[b]** c"],
    ["[x]", "*", "*[x]*"],
  ])("%s with %s → %s", (marked, mark, expected) => {
    const { source, selection } = read(marked);
    expect(show(source, wrap(source, selection, mark, "bold"))).toBe(expected);
  });
});

describe("prefixLines", () => {
  const bullets = (marked: string) => {
    const { source, selection } = read(marked);
    return show(
      source,
      prefixLines(source, selection, () => "- ", /^- /, "Item"),
    );
  };
  it.each([
    ["[]", "[- Item]"],
    ["o[n]e", "[- one]"],
    ["[one\ntwo]", "[- one\n- two]"],
    ["[one\ntwo\n]three", "[- one\n- two]\nthree"],
    ["- o[n]e", "[one]"],
    ["[- one\ntwo]", "[- one\n- two]"],
    ["text\no[n]e", "text\n\n[- one]"],
    ["text\n\no[n]e\nmore", "text\n\n[- one]\nmore"],
  ])("%j → %j", (marked, expected) => {
    expect(bullets(marked)).toBe(expected);
  });

  it("numbers a list", () => {
    const edit = prefixLines("a\nb", { from: 0, to: 3 }, (index) => `${index + 1}. `, /^\d+\. /, "Item");
    expect(show("a\nb", edit)).toBe("[1. a\n2. b]");
  });
});

it("makes a link and selects its address", () => {
  expect(show("see manual", link("see manual", { from: 4, to: 10 }, "text"))).toBe(
    "see [manual]([https://])",
  );
});

it("inserts over a selection", () => {
  expect(show("Hi X!", insert({ from: 3, to: 4 }, "{{ a }}"))).toBe("Hi {{ a }}[]!");
});

it("finds a line and column, and never leaves the text", () => {
  expect(indexOf("ab\ncde", 2, 3)).toBe(5);
  expect(indexOf("ab", 9, 9)).toBe(2);
});
