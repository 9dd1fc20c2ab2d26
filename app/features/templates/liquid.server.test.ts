import { expect, test } from "vitest";
import { compile } from "#app/features/templates/compile.server.ts";
import {
  FILTER_NAMES,
  longDate,
  RunError,
  runLiquid,
  TAG_NAMES,
} from "#app/features/templates/liquid.server.ts";
import { cleanText } from "#app/features/templates/slots.ts";

const options = { locale: "en", dates: new Map<string, string>() };
const run = (source: string, scope: object = {}) =>
  runLiquid(compile(source), scope, { ...options, slots: false }).text;

function failure(source: string, scope: object = {}): RunError {
  try {
    run(source, scope);
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
  throw new Error("it ran to its end");
}

test("only what a letter needs is there", () => {
  for (const tag of [
    "include",
    "render",
    "layout",
    "block",
    "tablerow",
    "liquid",
    "echo",
    "cycle",
    "increment",
  ])
    expect(TAG_NAMES).not.toContain(tag);
  // `raw` would print a value as markup; `json`, `inspect` and the array expressions reach into whatever is there.
  for (const filter of [
    "raw",
    "json",
    "inspect",
    "jsonify",
    "map",
    "where_exp",
    "find_exp",
    "sha256",
    "base64_decode",
    "constructor",
  ])
    expect(FILTER_NAMES).not.toContain(filter);
});

test.each([
  ["{{ 'a' | upcase }}", "A"],
  ["{{ '' | default: 'there' }}", "there"],
  ["{{ 'a,b' | split: ',' | last }}", "b"],
  ["{{ 'a,b' | split: ',' }}", "a, b"],
  ["{{ '<b>x</b>' | strip_html }}", "x"],
  ["{{ 'a & b' | escape }}", "a & b"],
  ["{{ 'ä b' | url_encode }}", "%C3%A4+b"],
  ["{{ 7 | divided_by: 2.0 | round }}", "4"],
  ["{% raw %}{{ shop.name }}{% endraw %}", "{{ shop.name }}"],
  ["{% comment %}{{ nothing | at_all }}{% endcomment %}x", "x"],
  ["{% capture both %}{{ 'a' }}-{{ 'b' }}{% endcapture %}{{ both | upcase }}", "A-B"],
  ["{% case 2 %}{% when 1 %}one{% when 2 or 3 %}some{% else %}many{% endcase %}", "some"],
  ["- a\n{% for i in (1..2) %}\n- {{ i }}\n{% endfor %}\nend", "- a\n- 1\n- 2\nend"],
  ["a {% if true %}b{% endif %} c", "a b c"],
])("%s", (source, text) => {
  expect(compile(source).faults).toEqual([]);
  expect(run(source)).toBe(text);
});

test("a date is written in the mail's language, and never the day of sending", () => {
  const dates = new Map([["21. November 2026", "2026-11-21"]]);
  const german = (source: string) =>
    runLiquid(compile(source), { date: "21. November 2026" }, { locale: "de", dates, slots: false }).text;
  expect(german("{{ date }}")).toBe("21. November 2026");
  expect(german("{{ date | date: '%d.%m.%y' }}")).toBe("21.11.26");
  expect(german("{{ date | date: '%A, %e. %B' }}")).toBe("Samstag, 21. November");
  expect(german("{{ '2026-12-24T23:30:00+13:00' | date: '%d %H:%M' }}")).toBe("24 23:30");
  expect(german("{{ '2026-12-24' | date }}")).toBe("24. Dezember 2026");
  expect(german("{{ 'soon' | date: '%Y' }}")).toBe("soon");
  expect(run("{% assign day = 'n' | append: 'ow' %}{{ day | date: '%Y' }}")).toBe("now");
  expect(compile("{{ 'now' | date: '%Y' }}").faults).toMatchObject([
    { code: "current_date", line: 1, column: 4 },
  ]);
  expect(longDate("2026-11-21T00:30:00+13:00", "ja")).toBe("2026年11月21日");
  expect(longDate("yesterday", "en")).toBe("yesterday");
});

test.each([
  "{% for i in (1..100000000) %}x{% endfor %}",
  "{% for i in (1..1000) %}{% for j in (1..1000) %}{% endfor %}{% endfor %}",
  `{% for i in (1..5000) %}${"x".repeat(1000)}{% endfor %}`,
  "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..100) %}{% assign a = a | append: a %}{% endfor %}",
  "{% assign a = 'x' %}{% for i in (1..100) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
  "{% assign a = 'x,x' | split: ',' %}{% for i in (1..100) %}{% assign a = a | concat: a %}{% endfor %}",
  "{% assign a = 'xx' %}{% for i in (1..100) %}{% assign a = a | replace: 'x', 'xxxxxxxxxx' %}{% endfor %}",
])("%s ends at a limit, the same each time", (source) => {
  expect(failure(source)).toMatchObject({ tooLarge: true });
  expect(failure(source)).toMatchObject({ tooLarge: true });
});

test("blocks can be nested as deep as anybody needs, and no deeper", () => {
  const nested = (depth: number) => `${"{% if true %}".repeat(depth)}x${"{% endif %}".repeat(depth)}`;
  expect(run(nested(50))).toBe("x");
  expect(compile(nested(51)).faults).toEqual([
    { code: "too_deep", name: "if", line: 1, column: 50 * 13 + 1 },
  ]);
  expect(compile(nested(2_400)).faults).toHaveLength(1);
  expect(compile("{% if true %}x{% endif %}\n".repeat(500)).faults).toEqual([]);
});

test("nothing behind the values can be reached", () => {
  const scope = { text: "a", list: ["b"], own: { key: "c" } };
  for (const path of [
    "text.constructor",
    "text.__proto__",
    "list.constructor",
    "list.push",
    "own.constructor",
    "own.constructor.name",
    "own.__proto__",
    "own.toString",
    "constructor",
    "__proto__",
    "toString",
    "globalThis",
    "process",
    "own['__proto__']['polluted']",
  ])
    expect(run(`[{{ ${path} }}]`, scope)).toBe("[]");
  expect(run("[{{ own }}]", scope)).toBe("[]");
  expect(run("{% assign __proto__ = 'x' %}{% assign constructor = 'y' %}[{{ own.x }}]", scope)).toBe("[]");
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test("printed values stay apart from the text, but for captures, which become text", () => {
  const { text, values } = runLiquid(
    compile("**{{ name }}** {% capture it %}*{{ name }}*{% endcapture %}{{ it }}"),
    { name: "A\u0000\u202E\uFDD01\uFDD1" },
    { ...options, slots: true },
  );
  expect(text).toBe("**\uFDD00\uFDD1** \uFDD01\uFDD1");
  expect(values).toEqual(["A1", "*A1*"]);
});

test("what a text can't hold is taken out of it", () => {
  expect(cleanText("a\r\nb\rc\u0007\u2066d\uD800")).toBe("a\nb\ncd\uFFFD");
  expect(cleanText("שלום 日本 👩‍🔬 é")).toBe("שלום 日本 👩‍🔬 é");
});

test("the same text is parsed once", () => {
  expect(compile("Hello {{ shop.name }} again")).toBe(compile("Hello {{ shop.name }} again"));
  const first = compile("the oldest");
  for (let index = 0; index < 600; index++) compile(`text ${index}`);
  expect(compile("the oldest")).not.toBe(first);
});
