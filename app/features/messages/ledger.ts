import { z } from "zod";

/** What an export of the ledger covers: days of the shop's calendar, both included. */
export const ledgerSpanSchema = z
  .object({
    from: z.iso.date("Choose a day."),
    to: z.iso.date("Choose a day."),
    format: z.enum(["csv", "json"], "Choose a format."),
  })
  .refine(({ from, to }) => from <= to, { path: ["to"], error: "Choose a day that isn’t before the first." });
export type LedgerSpan = z.infer<typeof ledgerSpanSchema>;

/** A message's id, or the SHA-256 of a mail's bytes. */
export const proofSchema = z.object({
  proof: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(
      z.union(
        [z.uuid(), z.string().regex(/^[0-9a-f]{64}$/)],
        "Enter a message’s id, or a SHA-256: 64 digits and letters from a to f.",
      ),
    ),
});

/**
 * `same`: the mail that is held has the ledger's hash, or the hash is the ledger's. `other`: the mail that is held has another.
 * `bytes_gone`: the ledger has a hash, and the mail is no longer held. `no_hash`: nothing was handed over, or before there was a ledger.
 */
export type Verdict =
  | { kind: "unknown" }
  | { kind: "same" | "other" | "bytes_gone" | "no_hash"; messageId: string; hash: string | null };
