// What a chain is: entries of text, each hashed together with the hash before it, and a signed end. Both writing and verifying read this.
import { hash } from "node:crypto";
import { canonicalJson } from "#app/platform/crypto/crypto.ts";

/** The name of the platform's own chain; a shop's is its id. */
export const PLATFORM = "platform";

/** A place in a chain: how many entries there were up to here, and the hash of the last. */
export type Link = { seq: number; hash: string };

/** What an entry says, in the order in which it is written. The sequence comes first, so that verifying need not parse. */
export type EntryContent = {
  seq: number;
  /** SHA-256 of the sealed detail, where there is one. */
  detail?: string;
  id: string;
  at: string;
  actor: string;
  action: string;
  subject?: string;
  /** The shop it is about, in the platform's chain. */
  shop?: string;
  /** The request or job that brought it about. */
  request?: string;
  before?: unknown;
  after?: unknown;
};

/** Where a chain begins that nothing was ever removed from; named after the chain, so that no entry fits into another's. */
export function genesis(chain: string): Link {
  return { seq: 0, hash: hash("sha256", `aftercare audit ${chain}`, "hex") };
}

export function entryHash(before: string, entry: string): string {
  return linkHash(`${before}\n${entry}`);
}

/** @param linked the hash before an entry, a line break, and the entry */
export function linkHash(linked: string | Buffer): string {
  return hash("sha256", linked, "hex");
}

/** The text of an entry. What PostgreSQL's JSON cannot hold becomes U+FFFD. */
export function writeEntry(content: EntryContent): string {
  const { seq, detail, id, at, actor, action, subject, shop, request, before, after } = content;
  return JSON.stringify(
    {
      seq,
      detail,
      id,
      at,
      actor,
      action,
      subject,
      shop,
      request,
      before: sorted(before),
      after: sorted(after),
    },
    (_, value: unknown) =>
      typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\uFFFD") : value,
  );
}

function sorted(value: unknown): unknown {
  return value === undefined || value === null ? undefined : JSON.parse(canonicalJson(value));
}

/** How the entry after `before` begins, if it is in its place. */
export function beginningAfter(before: Link): string {
  return `{"seq":${before.seq + 1},`;
}

/** What the signature of a chain's end vouches for. */
export function headStatement(chain: string, head: Link, at: Date): string {
  return ["aftercare audit head", chain, head.seq, head.hash, at.toISOString()].join("\n");
}

/** Entries that were removed from the beginning of a shop's chain. */
export type Removal = { count: number; first: Link; last: Link };

/** What the signature of a removal's checkpoint vouches for. */
export function removalStatement(chain: string, removal: Removal): string {
  const { count, first, last } = removal;
  return `aftercare audit removal\n${chain}\n${canonicalJson({ count, first, last })}`;
}
