// Guarantee: an export is written page by page, whatever its length, and no cell of the table can run as a formula.
import { stringify } from "csv-stringify/sync";
import { canonicalJson } from "#app/platform/crypto/crypto.ts";
import { genesis } from "#app/features/audit/chain.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import { whereOf } from "#app/features/audit/list.server.ts";
import type { AuditFilter } from "#app/features/audit/list.ts";
import type { AuditEvent } from "#app/platform/db/generated/client.ts";
import { forShop } from "#app/platform/db/db.ts";

const PAGE = 500;
const COLUMNS = ["number", "at", "who", "action", "subject", "before", "after", "request", "hash"] as const;

/** As a table, oldest first. */
export async function* exportCsv(
  shopId: string,
  filter: AuditFilter,
  timeZone: string,
): AsyncGenerator<string> {
  const write = (rows: unknown[][], bom: boolean) =>
    stringify(rows, { bom, escape_formulas: true, record_delimiter: "\r\n" });
  yield write([[...COLUMNS]], true);
  for await (const page of readPages(shopId, filter, timeZone)) yield write(page.map(cellsOf), false);
}

function cellsOf(event: AuditEvent): unknown[] {
  const json = (value: unknown) => (value === null ? "" : canonicalJson(value));
  return [
    event.seq,
    event.at.toISOString(),
    event.actor,
    event.action,
    event.subject,
    json(event.before),
    json(event.after),
    event.request,
    event.hash,
  ];
}

/**
 * As JSON, oldest first: each entry exactly as it was hashed, the signed end of the chain, and the key to check its signature with.
 * Whoever has the whole chain can verify it without us. Of a narrowed one, which says so, each entry can be verified by itself: the hash
 * before it stands with it.
 */
export async function* exportJson(
  shopId: string,
  filter: AuditFilter,
  timeZone: string,
): AsyncGenerator<string> {
  const head = await forShop(shopId, (tx) => tx.auditHead.findUnique({ where: { shopId } }));
  const { publicKey } = await openSigner();
  const chain = {
    id: shopId,
    rule: 'hash = SHA-256(hash of the entry before + "\\n" + entry)',
    signed: "aftercare audit head\\n{id}\\n{number}\\n{hash}\\n{at}",
    end: head && { number: head.seq, hash: head.hash, at: head.at, signature: head.signature },
    publicKey,
  };
  yield `{"chain":${JSON.stringify(chain)},"filter":${JSON.stringify(narrowing(filter))},"entries":[`;
  let separator = "\n";
  for await (const page of readPages(shopId, filter, timeZone)) {
    const before = await hashesBefore(shopId, page);
    const entries = page.map(({ seq, entry, hash }) =>
      JSON.stringify({ before: before.get(seq - 1), hash, entry }),
    );
    yield separator + entries.join(",\n");
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** What an export was narrowed to; null when it is the whole chain. */
export function narrowing({ areas, who, from, to }: AuditFilter) {
  const narrowed = {
    ...(areas.length > 0 ? { areas } : {}),
    ...(who ? { who } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
  return Object.keys(narrowed).length > 0 ? narrowed : null;
}

/** The hashes that these entries follow, by their places; there is none where it was pruned. */
async function hashesBefore(shopId: string, page: AuditEvent[]): Promise<Map<number, string>> {
  const links = await forShop(shopId, (tx) =>
    tx.auditEvent.findMany({
      where: { shopId, seq: { in: page.map(({ seq }) => seq - 1) } },
      select: { seq: true, hash: true },
    }),
  );
  const before = new Map(links.map(({ seq, hash }) => [seq, hash]));
  return before.set(0, genesis(shopId).hash);
}

async function* readPages(
  shopId: string,
  filter: AuditFilter,
  timeZone: string,
): AsyncGenerator<AuditEvent[]> {
  let after = 0;
  for (;;) {
    const page = await forShop(shopId, (tx) =>
      tx.auditEvent.findMany({
        where: { AND: [whereOf(shopId, filter, timeZone), { seq: { gt: after } }] },
        orderBy: { seq: "asc" },
        take: PAGE,
      }),
    );
    const last = page.at(-1);
    if (!last) return;
    yield page;
    after = last.seq;
  }
}
