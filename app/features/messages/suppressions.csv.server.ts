// Guarantee: a list of any origin is read row by row and never held whole; each of its rows is on our list afterwards, was there before,
// or is reported by its line. What we write, no spreadsheet runs as a formula.
import { parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { suppressAll, type OptOut } from "#app/features/messages/suppress.server.ts";
import { addressOf, isAddress, ofKind } from "#app/features/messages/suppressions.server.ts";
import {
  isReason,
  type ImportFault,
  type ImportReport,
  type SuppressionKind,
} from "#app/features/messages/suppressions.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { forShop } from "#app/platform/db/db.ts";

const MOST_ROWS = 50_000;
const LARGEST = 20_000_000;
/** Rows of one transaction. */
const AT_ONCE = 500;

const HEADINGS = new Set(["email", "e-mail", "email address", "e-mail address", "email_address", "address"]);

type Row = { line: number; address: string; reason: string };

/** Takes a list of addresses in. What was taken in before the file broke off stays, and can be sent again. */
export async function importSuppressions(
  shopId: string,
  file: ReadableStream<Uint8Array>,
  actor: Actor,
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, known: 0, bad: [], unreadFrom: null };
  const vault = await openVault(shopId);
  let batch: OptOut[] = [];
  const store = async () => {
    const added = await forShop(shopId, (tx) => suppressAll(tx, shopId, batch));
    report.added += added;
    report.known += batch.length - added;
    batch = [];
  };
  try {
    for await (const { line, address, reason } of readRows(file, report)) {
      const fault: ImportFault | null = !address
        ? "no_address"
        : !isAddress(address)
          ? "not_an_address"
          : isReason(reason)
            ? null
            : "unknown_reason";
      if (fault) report.bad.push({ line, fault });
      else
        batch.push({ channel: "email", recipientIndex: vault.blindIndex("email", address), reason, address });
      if (batch.length === AT_ONCE) await store();
    }
    if (batch.length > 0) await store();
  } finally {
    const { added, known, bad } = report;
    await forShop(shopId, (tx) =>
      recordAudit(tx, shopId, {
        actor,
        action: "suppression.imported",
        after: { added, known, bad: bad.length },
      }),
    );
  }
  return report;
}

/** The rows with something in them; from where on nothing can be read is noted in the report. */
async function* readRows(file: ReadableStream<Uint8Array>, report: ImportReport): AsyncGenerator<Row> {
  let columns: { address: number; reason: number } | null = null;
  let rows = 0;
  for await (const { cells, line } of readRecords(file, report)) {
    if (!columns) {
      const names = cells.map((cell) => cell.toLowerCase());
      const address = names.findIndex((name) => HEADINGS.has(name));
      columns = { address: Math.max(0, address), reason: address < 0 ? -1 : names.indexOf("reason") };
      if (address >= 0) continue;
    }
    if (++rows > MOST_ROWS) {
      report.unreadFrom = line;
      return;
    }
    yield { line, address: cells[columns.address] ?? "", reason: cells[columns.reason] || "manual" };
  }
}

type Record = { cells: string[]; line: number };

/** Chunk by chunk. What was read before the parser gave up is handed on as well, which its own stream would drop. */
async function* readRecords(file: ReadableStream<Uint8Array>, report: ImportReport): AsyncGenerator<Record> {
  let read: Record[] = [];
  let [size, lines, failed] = [0, 0, false];
  const parser = parse({
    bom: true,
    delimiter: [",", ";", "\t"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: 20_000,
    on_record: (cells: string[], { lines: line }) => {
      read.push({ cells: cells.map(plain), line });
      return null;
    },
  });
  parser.on("error", () => (failed = true)).resume();
  const drain = () => {
    const records = read;
    read = [];
    lines = records.at(-1)?.line ?? lines;
    return records;
  };
  for await (const chunk of file as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size <= LARGEST) await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
    yield* drain();
    if (failed || size > LARGEST) break;
  }
  if (!failed) await new Promise<void>((resolve) => parser.end(() => resolve()));
  yield* drain();
  // Where a quotation mark is never closed nobody can tell where a row ends.
  if (failed || size > LARGEST) report.unreadFrom = lines + 1;
}

/** Takes back the quote that our own export puts before what a spreadsheet would run. */
const plain = (text: string) => text.replace(/^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/, "").trim();

/** As a table, oldest first: the entries whose address is still held. */
export async function* exportSuppressions(
  shopId: string,
  kind: SuppressionKind | null,
): AsyncGenerator<string> {
  const write = (rows: unknown[][], bom = false) =>
    stringify(rows, { bom, escape_formulas: true, record_delimiter: "\r\n" });
  const vault = await openVault(shopId);
  yield write([["email", "reason", "since"]], true);
  for (let after: string | null = null; ;) {
    const page = await forShop(shopId, (tx) =>
      tx.suppression.findMany({
        where: {
          AND: [ofKind(shopId, kind), { addressSealed: { not: null } }, after ? { id: { gt: after } } : {}],
        },
        orderBy: { id: "asc" },
        take: AT_ONCE,
      }),
    );
    const last = page.at(-1);
    if (!last) return;
    yield write(page.map((row) => [addressOf(vault, row), row.reason, row.createdAt.toISOString()]));
    after = last.id;
  }
}
