// Tables of assignments: whatever a spreadsheet writes is read; what we write, no spreadsheet runs as a formula.
import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import {
  ASSIGNMENT_COLUMNS,
  type AssignmentError,
  type AssignmentRow,
} from "#app/features/triggers/exchange.ts";

const LARGEST_TABLE = 5_000_000;
const MOST_ROWS = 10_000;

/** Excel writes UTF-16 or the old code page of Windows as readily as UTF-8. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The separator of the heading: where a comma is the decimal sign, spreadsheets write semicolons. */
function separatorOf(text: string): string {
  const heading = text.slice(0, Math.max(0, text.search(/\r|\n|$/)));
  const count = (separator: string) => heading.split(separator).length;
  return [",", ";", "\t"].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

/** Takes back the quote that our own export puts before what a spreadsheet would run. */
const plain = (text: string) => text.replace(/^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/, "").trim();

/** Reads a table with a heading; columns may come in any order, and others are ignored. Blank rows are skipped. */
export function readAssignments(bytes: Uint8Array): { rows: AssignmentRow[]; errors: AssignmentError[] } {
  const fail = (line: number, message: string) => ({ rows: [], errors: [{ line, column: null, message }] });
  if (bytes.byteLength > LARGEST_TABLE) return fail(1, "This file is too large. Use at most 5 MB.");
  const text = decode(bytes);
  if (text.includes("\0"))
    return fail(1, "This is not a CSV file. Save the spreadsheet as CSV and try again.");
  const errors: AssignmentError[] = [];
  let heading: string[] = [];
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: 20_000,
    }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fail(
      Number(error.lines) || 1,
      "From this line on the file can't be read. Is a quotation mark missing?",
    );
  }
  const [first, ...others] = records;
  heading = (first?.record ?? []).map((name) =>
    plain(name)
      .toLowerCase()
      .replace(/[\s-]+/g, "_"),
  );
  const places = Object.fromEntries(
    ASSIGNMENT_COLUMNS.map((column) => [column, heading.indexOf(column)]),
  ) as Record<(typeof ASSIGNMENT_COLUMNS)[number], number>;
  if (places.template < 0 || (places.product_handle < 0 && places.variant_sku < 0))
    return fail(1, `The first line must name the columns: ${ASSIGNMENT_COLUMNS.join(", ")}.`);
  if (others.length > MOST_ROWS) return fail(1, "Use at most 10,000 rows in one file.");
  const rows: AssignmentRow[] = [];
  for (const { record, info } of others) {
    const line = info.lines;
    if (record.length > heading.length) {
      errors.push({ line, column: null, message: "This row has more columns than the first line." });
      continue;
    }
    const cell = (column: (typeof ASSIGNMENT_COLUMNS)[number]) => plain(record[places[column]] ?? "");
    const cells = Object.fromEntries(ASSIGNMENT_COLUMNS.map((column) => [column, cell(column)]));
    rows.push({ line, ...cells } as AssignmentRow);
  }
  return { rows, errors };
}

/** A table that opens as UTF-8 in every spreadsheet, without a cell that could run as a formula. */
export function writeAssignments(rows: Omit<AssignmentRow, "line">[]): string {
  return stringify(rows, {
    header: true,
    columns: [...ASSIGNMENT_COLUMNS],
    bom: true,
    escape_formulas: true,
    record_delimiter: "\r\n",
  });
}
