import fc from "fast-check";
import { expect, test } from "vitest";
import { readAssignments, writeAssignments } from "#app/features/triggers/exchange.csv.server.ts";
import {
  EXCHANGE_FORMAT,
  formatDelay,
  parseDelay,
  parseExchange,
  type Exchange,
} from "#app/features/triggers/exchange.ts";
import { emptyDefinition } from "#app/features/triggers/triggers.ts";

const definition = {
  ...emptyDefinition,
  include: { mode: "any" as const, rules: [{ kind: "tag" as const, values: [{ id: "plant", label: "" }] }] },
};
const file = (): Exchange => ({
  format: EXCHANGE_FORMAT,
  version: 1,
  exportedAt: "2026-11-21T10:00:00.000Z",
  shop: "a.myshopify.com",
  templates: [
    {
      name: "Orchids",
      purpose: "care",
      fallbackLocale: "en",
      locales: { en: { subject: "Care", body: "Water" } },
    },
  ],
  triggers: [{ name: "After delivery", priority: 0, template: "Orchids", definition }],
});
const problems = (change: (file: Record<string, never>) => void) => {
  const changed = structuredClone(file()) as unknown as Record<string, never>;
  change(changed);
  return parseExchange(JSON.stringify(changed)).problems;
};

test("a file comes back as it was written, with or without a byte order mark", () => {
  expect(parseExchange(JSON.stringify(file(), null, 2))).toEqual({ file: file(), problems: [] });
  expect(parseExchange(`\uFEFF${JSON.stringify(file())}`).problems).toEqual([]);
});

test.each([
  ["", "This is not readable as JSON"],
  ['{"format": "after', "This is not readable as JSON"],
  ["[]", "expected object"],
  ["null", "expected object"],
  ['"x"', "expected object"],
])("%j is no file", (text, message) => {
  const { file: none, problems: found } = parseExchange(text);
  expect(none).toBeNull();
  expect(found[0]?.message).toContain(message);
});

test("a place in broken JSON is told by line and column", () => {
  expect(parseExchange('{\n  "format": x\n}').problems[0]?.where).toBe("Line 2, column 13");
});

type Loose = {
  format: string;
  version: number;
  templates: Record<string, unknown>[];
  triggers: Record<string, unknown>[];
};
test.each<[string, (file: Loose) => void, string, string | RegExp]>([
  [
    "another format",
    (f) => void (f.format = "x"),
    "format",
    "This is not a file of triggers and templates from this app.",
  ],
  [
    "another version",
    (f) => void (f.version = 2),
    "version",
    "This file comes from another version of the app.",
  ],
  [
    "no purpose",
    (f) => void (f.templates[0]!.purpose = "sale"),
    "Template 1 “Orchids” › Purpose",
    "Choose what the message is for.",
  ],
  [
    "an empty subject",
    (f) => void (f.templates[0]!.locales = { en: { subject: " ", body: "x" } }),
    "Template 1 “Orchids” › en › Subject",
    "Enter a subject.",
  ],
  [
    "a wrong delay",
    (f) => void (f.triggers[0]!.definition = { ...definition, delay: { amount: -1, unit: "days" } }),
    "Trigger 1 “After delivery” › Delay › Amount",
    "Use 0 or more.",
  ],
  [
    "a rule without values",
    (f) =>
      void (f.triggers[0]!.definition = {
        ...definition,
        include: { mode: "any", rules: [{ kind: "tag", values: [] }] },
      }),
    "Trigger 1 “After delivery” › Products › Rule 1 › Value",
    "Choose at least one.",
  ],
  ["a nameless trigger", (f) => void delete f.triggers[0]!.name, "Trigger 1 › Name", /./],
  [
    "a name twice",
    (f) => void f.templates.push(f.templates[0]!),
    "Template 2 “Orchids”",
    "This name is in the file more than once.",
  ],
])("%s is told with a way to it", (_, change, where, message) => {
  const found = problems(change as never);
  expect(found).toHaveLength(1);
  expect(found[0]).toEqual({
    where,
    message: typeof message === "string" ? message : (expect.stringMatching(message) as string),
  });
});

test("every fault is told at once", () => {
  expect(
    problems(((f: Loose) => {
      f.templates[0]!.name = "";
      f.triggers[0]!.priority = 1.5;
    }) as never),
  ).toHaveLength(2);
});

test("no JSON at all makes it throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const read = parseExchange(text);
      expect(read.file === null).toBe(read.problems.length > 0);
      for (const { where } of read.problems) expect(where).not.toBe("");
    }),
  );
});

test.each([
  ["2 days", { amount: 2, unit: "days" }],
  ["1d", { amount: 1, unit: "days" }],
  [" 12 H ", { amount: 12, unit: "hours" }],
  ["90min", { amount: 90, unit: "minutes" }],
  ["0", { amount: 0, unit: "minutes" }],
  ["3", null],
  ["-1 day", null],
  ["1.5 days", null],
  ["soon", null],
  ["2 weeks", null],
])("the delay %j", (text, delay) => {
  expect(parseDelay(text)).toEqual(delay);
  if (delay) expect(parseDelay(formatDelay(delay as never))).toEqual(delay);
});

const bytes = (text: string) => new TextEncoder().encode(text);
const row = (line: number, product_handle: string, more = {}) => ({
  line,
  product_handle,
  variant_sku: "",
  template: "Care",
  event: "",
  delay: "",
  ...more,
});

test.each([
  ["commas", "product_handle,template\norchid,Care\n"],
  ["semicolons", "product_handle;template\r\norchid;Care\r\n"],
  ["tabs", "product_handle\ttemplate\norchid\tCare"],
  ["quotes and a byte order mark", '\uFEFF"Product Handle","Template"\n"orchid","Care"\n'],
  ["other columns in another order", "note,template,variant-sku,product handle\nhello,Care,,orchid\n"],
])("a table with %s is read", (_, text) => {
  expect(readAssignments(bytes(text))).toEqual({ rows: [row(2, "orchid")], errors: [] });
});

test("tables as Excel writes them: UTF-16, and the old code page", () => {
  const text = "product_handle;template\nkäsebrett;Öl & Pflege\n";
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(new Uint16Array([...text].map((char) => char.charCodeAt(0))).buffer),
  ]);
  const latin = Uint8Array.from(text, (char) => char.charCodeAt(0));
  for (const table of [bytes(text), utf16, latin])
    expect(readAssignments(table).rows).toEqual([row(2, "käsebrett", { template: "Öl & Pflege" })]);
});

test("lines count as a person counts them, past blank lines and line breaks in cells", () => {
  const { rows, errors } = readAssignments(
    bytes('product_handle,template,delay\na,Care,\n\nb,"Care\n2",1d\nc,Care,1d,too much\n,,\nd,Care\n'),
  );
  expect(rows.map(({ line, product_handle }) => [line, product_handle])).toEqual([
    [2, "a"],
    [5, "b"],
    [8, "d"],
  ]);
  expect(errors).toEqual([
    { line: 6, column: null, message: "This row has more columns than the first line." },
  ]);
});

test.each([
  ["no heading", "orchid,Care\n", 1, /must name the columns/],
  ["nothing", "", 1, /must name the columns/],
  ["an open quotation mark", 'product_handle,template\n"orchid,Care\nx,y\n', 2, /quotation mark/],
  ["a spreadsheet instead of a table", "PK\u0003\u0004\0\0", 1, /not a CSV file/],
])("%s is one clear error", (_, text, line, message) => {
  const read = readAssignments(bytes(text));
  expect(read.rows).toEqual([]);
  expect(read.errors).toEqual([
    { line: expect.any(Number) as number, column: null, message: expect.stringMatching(message) as string },
  ]);
  expect(read.errors[0]?.line).toBeGreaterThanOrEqual(line);
});

test("what could run as a formula is defused on the way out and the same again on the way in", () => {
  const rows = [
    '=HYPERLINK("http://x")',
    "+1",
    "-2",
    "@SUM(A1)",
    "plain",
    "a,b;c",
    'say "hi"',
    "=1+1\n=2",
  ].map((template) => ({
    product_handle: "orchid",
    variant_sku: "-SKU",
    template,
    event: "paid",
    delay: "1 day",
  }));
  const table = writeAssignments(rows);
  for (const cell of table.split(/\r\n/).slice(1, 5)) expect(cell).toMatch(/^orchid,'-SKU,"?'[=+\-@]/);
  expect(readAssignments(bytes(table)).rows.map(({ line: _, ...cells }) => cells)).toEqual(rows);
});

test("any cells come back as they were", () => {
  const cell = fc
    .string({ unit: "grapheme", maxLength: 20 })
    .map((text) => text.replace(/\r\n?|\0/g, "").trim())
    .filter((text) => !text.startsWith("'"));
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          product_handle: cell,
          variant_sku: cell,
          template: cell.map((text) => text || "t"),
          event: cell,
          delay: cell,
        }),
        { minLength: 1, maxLength: 5 },
      ),
      (rows) => {
        const read = readAssignments(bytes(writeAssignments(rows)));
        expect(read.errors).toEqual([]);
        expect(read.rows.map(({ line: _, ...cells }) => cells)).toEqual(rows);
      },
    ),
  );
});

test("no bytes at all make it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, headed) => {
      const heading = headed ? bytes("product_handle,template\n") : new Uint8Array();
      const { rows, errors } = readAssignments(new Uint8Array([...heading, ...noise]));
      for (const { line } of [...rows, ...errors]) expect(line).toBeGreaterThan(0);
    }),
  );
});
