// Guarantee: reads only; memory does not grow with the chain; the first entry that is not as it was written is found and named.
import type { Broken } from "#app/features/audit/broken.ts";
import {
  beginningAfter,
  genesis,
  headStatement,
  linkHash,
  PLATFORM,
  type Link,
} from "#app/features/audit/chain.ts";
import { readRemoval, REMOVALS } from "#app/features/audit/removals.server.ts";
import { findCheckpoints, type Checkpoint } from "#app/platform/crypto/checkpoints.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";
import { openSigner, type Signer } from "#app/platform/crypto/signing.ts";
import { isId } from "#app/platform/db/ids.ts";
import { inSnapshot, type ReadBytes, type Snapshot } from "#app/platform/db/snapshot.ts";
import { AppError } from "#app/platform/errors.ts";

export type ChainReport = {
  chain: string;
  /** Entries that were read. */
  entries: number;
  /** The last entry that was found in its place. */
  seq: number;
  broken: Broken | null;
};

/** Places that are looked at together, and that are asked for at once: so far is read on behind a broken entry. */
const PAGE = 2_000;
const RUN = 20 * PAGE;

/** Verifies one chain: a shop's by its id, or the platform's. @throws AppError not_found for what names no chain */
export async function verifyChain(chain: string): Promise<ChainReport> {
  if (chain !== PLATFORM && !isId(chain)) throw new AppError("not_found", "no such chain");
  const signer = await openSigner();
  // Before the snapshot: a checkpoint is of what was committed, so the snapshot holds at least that.
  const checkpoint = (await findCheckpoints([chain])).get(chain);
  return inSnapshot("audit", async (read, readBytes) => {
    const base = await readBase(read, chain, signer);
    if ("fault" in base) return { chain, entries: 0, seq: 0, broken: base };
    const walked = await walk(readPages(read, readBytes, chain), base, checkpoint);
    const { entries, end } = walked;
    const broken = walked.broken ?? (await judgeEnd(read, chain, base, end, checkpoint, signer));
    return { chain, entries, seq: end.seq, broken };
  });
}

/** Where the chain begins: at its genesis, or after what was rightly removed. */
async function readBase(read: Snapshot, chain: string, signer: Signer): Promise<Link | Broken> {
  let base = genesis(chain);
  if (chain === PLATFORM) return base;
  const told = await read<{ after: unknown }>(
    "SELECT after FROM platform_audit_events WHERE subject = $1 AND action = ANY($2) ORDER BY seq",
    [chain, REMOVALS],
  );
  for (const { after } of told) {
    const removal = readRemoval(after, chain, signer);
    const follows = removal?.first.seq === base.seq + 1 && removal.last.seq === base.seq + removal.count;
    if (!follows) return { seq: base.seq + 1, fault: "removal" };
    base = removal.last;
  }
  return base;
}

type Walked = { entries: number; end: Link; broken: Broken | null };

/** From entry to entry, as far as each follows from the one before. */
async function walk(
  pages: AsyncIterable<Buffer>,
  base: Link,
  checkpoint: Checkpoint | undefined,
): Promise<Walked> {
  let end = base;
  let entries = 0;
  for await (const page of pages) {
    // What an entry's hash was made of, where the page itself does not hold it: at its beginning.
    let entryEnd = lineEnd(page, 0);
    let linked: Buffer = Buffer.concat([Buffer.from(`${end.hash}\n`), page.subarray(0, entryEnd)]);
    while (entryEnd < page.length) {
      const hashEnd = lineEnd(page, entryEnd + 1);
      const hashStart = Math.max(entryEnd + 1, hashEnd - HEX);
      entries += 1;
      const hash = page.toString("latin1", hashStart, hashEnd);
      const detail = hashStart > entryEnd + 1 ? page.toString("latin1", entryEnd + 1, hashStart) : "";
      const broken = judge(end, linked, hash, detail);
      if (broken) return { entries, end, broken };
      end = { seq: end.seq + 1, hash };
      if (end.seq === checkpoint?.seq && hash !== checkpoint.hash)
        return { entries, end, broken: { seq: end.seq, fault: "checkpoint" } };
      entryEnd = lineEnd(page, hashEnd + 1);
      linked = page.subarray(hashStart, entryEnd);
    }
  }
  return { entries, end, broken: null };
}

/** How long a hash is as text. */
const HEX = 64;
const NEW_LINE = 10;
/** The lowest place that the database can hold. */
const LOWEST = -(2 ** 31);

function lineEnd(page: Buffer, start: number): number {
  const found = page.indexOf(NEW_LINE, start);
  return found < 0 ? page.length : found;
}

/**
 * A page of entries is one text, since to take a million rows apart costs more than to verify them: a line for the entry, and a line that
 * ends with its hash. So each hash stands before the next entry, just as they were hashed together. No text of ours has a line break in
 * it; in one that somebody else put there the line that is cut off follows from nothing.
 */
async function* readPages(read: Snapshot, readBytes: ReadBytes, chain: string): AsyncGenerator<Buffer> {
  const from =
    chain === PLATFORM
      ? "(SELECT *, NULL::bytea AS detail_sealed FROM platform_audit_events) entries WHERE true"
      : `audit_events WHERE shop_id = '${chain}'`;
  for (let next = LOWEST; ; next += RUN) {
    // What is out of its place may be far away.
    const [there] = await read<{ seq: number | null }>(
      `SELECT min(seq) AS seq FROM ${from} AND seq >= ${next}`,
    );
    if (typeof there?.seq !== "number") return;
    next = there.seq;
    // By range, not by count: two entries in one place are never parted. One query for many pages: PostgreSQL puts the next ones
    // together while this one is hashed.
    yield* readBytes(
      `SELECT page FROM generate_series(${next}, ${next + RUN - 1}, ${PAGE}) AS start, LATERAL (
         SELECT string_agg(CASE WHEN detail_sealed IS NULL THEN entry || E'\\n' || hash
                                ELSE entry || E'\\n' || encode(detail_sealed, 'hex') || hash END, E'\\n' ORDER BY seq) AS page
           FROM ${from} AND seq >= start AND seq < start + ${PAGE}) AS pages`,
    );
  }
}

/**
 * What is wrong with an entry that should follow `before`.
 * @param linked the hash before it, a line break, and the entry
 */
function judge(before: Link, linked: Buffer, hash: string, detail: string): Broken | null {
  const seq = before.seq + 1;
  const beginning = beginningAfter(before);
  // As far as it is looked into: sequence, and the hash of a detail.
  const head = linked.toString("latin1", HEX + 1, HEX + 1 + 120);
  if (!head.startsWith(beginning)) {
    const told = /^\{"seq":(\d+),/.exec(head);
    const found = Number(told?.[1] ?? seq);
    if (found > seq) return { seq, fault: "missing" };
    return { seq: found, fault: found < seq ? "repeated" : "altered" };
  }
  if (hash !== linkHash(linked)) return { seq, fault: "altered" };
  const fits = detail
    ? head.startsWith(`"detail":"${sha256(Buffer.from(detail, "hex"))}"`, beginning.length)
    : !head.startsWith('"detail":', beginning.length);
  return fits ? null : { seq, fault: "detail" };
}

type Head = Link & { at: Date; signature: string | null; keyId: string | null };

/** Whether the chain ends where its signed head and the checkpoint outside this database say. */
async function judgeEnd(
  read: Snapshot,
  chain: string,
  base: Link,
  end: Link,
  checkpoint: Checkpoint | undefined,
  signer: Signer,
): Promise<Broken | null> {
  if (checkpoint) {
    if (checkpoint.seq > end.seq) return { seq: end.seq + 1, fault: "checkpoint" };
    if (!signer.verify(headStatement(chain, checkpoint, checkpoint.at), checkpoint))
      return { seq: checkpoint.seq, fault: "checkpoint" };
  }
  const head = await readHead(read, chain);
  // A chain that was closed has no head, and no entries.
  if (!head) {
    if (end.seq > base.seq) return { seq: base.seq + 1, fault: "end" };
    return base.seq === 0 ? { seq: 1, fault: "gone" } : null;
  }
  if (head.seq !== end.seq) return { seq: Math.min(head.seq, end.seq) + 1, fault: "end" };
  if (head.hash !== end.hash) return { seq: end.seq, fault: "end" };
  const { signature, keyId, at } = head;
  const unwritten = chain === PLATFORM && head.seq === 0;
  const genuine = signature && keyId && signer.verify(headStatement(chain, head, at), { signature, keyId });
  return genuine || unwritten ? null : { seq: head.seq, fault: "signature" };
}

async function readHead(read: Snapshot, chain: string): Promise<Head | undefined> {
  const columns = `seq, hash, at, signature, key_id AS "keyId"`;
  const [head] =
    chain === PLATFORM
      ? await read<Head>(`SELECT ${columns} FROM platform_audit_heads`)
      : await read<Head>(`SELECT ${columns} FROM audit_heads WHERE shop_id = $1`, [chain]);
  return head;
}
