// Guarantee: a list of any origin is read row by row and never held whole; each of its rows is on our list afterwards, was there before,
// or is reported by its line. What we write, no spreadsheet runs as a formula.
import { Readable } from "node:stream";
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

/** The rows with something in them; what can't be read is noted in the report. */
async function* readRows(file: ReadableStream<Uint8Array>, report: ImportReport): AsyncGenerator<Row> {
  let read = 0;
  const bytes = async function* () {
    for await (const chunk of file as unknown as AsyncIterable<Uint8Array>) {
      read += chunk.byteLength;
      if (read > LARGEST) return;
      yield chunk;
    }
  };
  const parser = parse({
    bom: true,
    delimiter: [",", ";", "\t"],
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: 20_000,
  });
  const source = Readable.from(bytes());
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let columns: { address: number; reason: number } | null = null;
  let rows = 0;
  let line = 0;
  try {
    for await (const each of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const { info } = each;
      const record = each.record.map(plain);
      // A record's own line, where it is on one.
      line = info.lines;
      if (!columns) {
        const names = record.map((cell) => cell.toLowerCase());
        const address = names.findIndex((name) => HEADINGS.has(name));
        columns = { address: Math.max(0, address), reason: address < 0 ? -1 : names.indexOf("reason") };
        if (address >= 0) continue;
      }
      if (++rows > MOST_ROWS) {
        report.unreadFrom = line;
        return;
      }
      yield { line, address: record[columns.address] ?? "", reason: record[columns.reason] || "manual" };
    }
    if (read > LARGEST) report.unreadFrom = line + 1;
  } catch (error) {
    // From there on nobody can tell where a row ends, such as after a quotation mark that is never closed.
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("CSV_"))) throw error;
    report.unreadFrom = line + 1;
  } finally {
    source.destroy();
  }
}

/** Takes back the quote that our own export puts before what a spreadsheet would run. */
const plain = (text: string) => text.replace(/^'(?=[=+\-@\t\r])/, "").trim();

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
