// Guarantee: an entry tells what was handed over, by its hash, and what was answered, and nothing of the buyer; an export is written page
// by page, whatever its length, and no cell of the table can run as a formula.
import { stringify } from "csv-stringify/sync";
import type { ChannelName, Mail } from "#app/connectors/channels.ts";
import { hashOfMail } from "#app/features/messages/claim.server.ts";
import type { LedgerSpan, Verdict } from "#app/features/messages/ledger.ts";
import { timelineSchema } from "#app/features/messages/messages.ts";
import { findVault } from "#app/features/messages/suppress.server.ts";
import { spanOf } from "#app/platform/days.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import type { Prisma } from "#app/platform/db/generated/client.ts";
import { isId } from "#app/platform/db/ids.ts";

const PAGE = 500;
const COLUMNS = [
  "message",
  "channel",
  "state",
  "reason",
  "frozen",
  "sent",
  "delivered",
  "sha256",
  "releases",
  "provider_id",
  "attempts",
  "events",
] as const;

// Details are left out: a provider's may quote an address.
const entryColumns = {
  id: true,
  channel: true,
  state: true,
  reason: true,
  frozenAt: true,
  sentAt: true,
  deliveredAt: true,
  sentHash: true,
  providerId: true,
  timeline: true,
  sections: { where: { state: "frozen" }, orderBy: { id: "asc" }, select: { releaseId: true } },
  attempts: {
    orderBy: [{ startedAt: "asc" }, { id: "asc" }],
    select: { outcome: true, httpStatus: true, code: true, startedAt: true, finishedAt: true },
  },
} as const satisfies Prisma.MessageSelect;
type Row = Prisma.MessageGetPayload<{ select: typeof entryColumns }>;

type Span = Pick<LedgerSpan, "from" | "to">;

const within = (shopId: string, { from, to }: Span, timeZone: string) => ({
  shopId,
  frozenAt: spanOf(from, to, timeZone),
});

/** How many entries an export has. */
export function countLedger(tx: Tx, shopId: string, span: Span, timeZone: string): Promise<number> {
  return tx.message.count({ where: within(shopId, span, timeZone) });
}

/** As a table, oldest first. */
export async function* exportLedgerCsv(shopId: string, span: Span, timeZone: string): AsyncGenerator<string> {
  const write = (rows: unknown[][], bom = false) =>
    stringify(rows, { bom, escape_formulas: true, record_delimiter: "\r\n" });
  yield write([[...COLUMNS]], true);
  for await (const page of readPages(shopId, span, timeZone)) yield write(page.map(cellsOf));
}

/** As JSON, oldest first, an entry a line. */
export async function* exportLedgerJson(
  shopId: string,
  span: Span,
  timeZone: string,
): AsyncGenerator<string> {
  const { from, to } = span;
  yield `{"from":${JSON.stringify(from)},"to":${JSON.stringify(to)},"timeZone":${JSON.stringify(timeZone)},"messages":[`;
  let separator = "\n";
  for await (const page of readPages(shopId, span, timeZone)) {
    yield separator + page.map((row) => JSON.stringify(entryOf(row))).join(",\n");
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** One page, from a place on; pages follow one another by the time the bytes were fixed. */
export function readLedgerPage(
  tx: Tx,
  shopId: string,
  span: Span,
  timeZone: string,
  after: Row | null,
): Promise<Row[]> {
  const at = after?.frozenAt;
  return tx.message.findMany({
    where: {
      AND: [
        within(shopId, span, timeZone),
        // The bound alone is what the index is entered by; mails of one batch share their time.
        at ? { frozenAt: { gte: at }, OR: [{ frozenAt: { gt: at } }, { id: { gt: after.id } }] } : {},
      ],
    },
    orderBy: [{ frozenAt: "asc" }, { id: "asc" }],
    take: PAGE,
    select: entryColumns,
  });
}

async function* readPages(shopId: string, span: Span, timeZone: string): AsyncGenerator<Row[]> {
  for (let after: Row | null = null; ;) {
    const place: Row | null = after;
    const page: Row[] = await forShop(shopId, (tx) => readLedgerPage(tx, shopId, span, timeZone, place));
    after = page.at(-1) ?? null;
    if (!after) return;
    yield page;
  }
}

function entryOf(row: Row) {
  return {
    message: row.id,
    channel: row.channel,
    state: row.state,
    reason: row.reason,
    frozen: row.frozenAt,
    sent: row.sentAt,
    delivered: row.deliveredAt,
    sha256: row.sentHash,
    releases: row.sections.map(({ releaseId }) => releaseId),
    providerId: row.providerId,
    attempts: row.attempts.map(({ startedAt, finishedAt, outcome, httpStatus, code }) => ({
      started: startedAt,
      finished: finishedAt,
      outcome,
      httpStatus,
      code,
    })),
    events: timelineSchema.parse(row.timeline).map(({ at, kind }) => ({ at, kind })),
  };
}

function cellsOf(row: Row): unknown[] {
  const { frozen, sent, delivered, releases, attempts, events, ...entry } = entryOf(row);
  const time = (at: Date | null) => at?.toISOString() ?? "";
  return [
    entry.message,
    entry.channel,
    entry.state,
    entry.reason,
    time(frozen),
    time(sent),
    time(delivered),
    entry.sha256,
    releases.join(" "),
    entry.providerId,
    attempts
      .map(({ finished, outcome, httpStatus, code }) =>
        [finished.toISOString(), outcome, httpStatus, code].filter((part) => part !== null).join(" "),
      )
      .join("; "),
    events.map(({ at, kind }) => `${at} ${kind}`).join("; "),
  ];
}

/** Holds a message, or the hash of a mail's bytes, against the ledger. */
export async function checkProof(tx: Tx, shopId: string, proof: string): Promise<Verdict> {
  const message = await tx.message.findFirst({
    where: { shopId, ...(isId(proof) ? { id: proof } : { sentHash: proof }) },
    select: { id: true, channel: true, sentHash: true, frozenSealed: true },
  });
  if (!message) return { kind: "unknown" };
  const { id: messageId, channel, sentHash: hash, frozenSealed } = message;
  if (!isId(proof)) return { kind: "same", messageId, hash };
  if (hash === null) return { kind: "no_hash", messageId, hash };
  const vault = frozenSealed && (await findVault(shopId));
  if (!vault) return { kind: "bytes_gone", messageId, hash };
  const place = { table: "messages", column: "frozen_sealed", row: messageId };
  const mail = JSON.parse(vault.open(place, frozenSealed)) as Mail;
  const kind = hashOfMail(channel as ChannelName, mail) === hash ? "same" : "other";
  return { kind, messageId, hash };
}
