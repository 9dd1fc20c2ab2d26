import { z } from "zod";

/** What a receipt is evidence of. */
export const RECEIPT_KINDS = [
  /** Everything of a shop that uninstalled, or that Shopify asked us to erase. */
  "shop_purge",
  /** What earlier installs of a shop left, of one that is installed again. */
  "generation_purge",
  "buyer_redaction",
  "buyer_export",
  "buyer_correction",
  /** A source of orders whose authorisation ended. */
  "connection_purge",
  "retention_sweep",
  "restore",
  /** A purge or a restore that was only rehearsed. */
  "drill",
] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

/** What a drill was of: its receipt's `of`. */
export const DRILL_OF_PURGE = "purge";

/** Rows per table, by the table's name in the database. */
export const countsSchema = z.record(z.string(), z.number().int().nonnegative());
export type Counts = z.infer<typeof countsSchema>;

/** Facts of a receipt beyond its counts: dates, numbers and codes, never a person. */
export const detailsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
export type Details = z.infer<typeof detailsSchema>;

export type ReceiptContent = {
  kind: ReceiptKind;
  shopId: string | null;
  shopDomain: string | null;
  requestId: string | null;
  startedAt: Date;
  finishedAt: Date;
  counts: Counts;
  details: Details;
};

/** What a list tells of a receipt. */
export type ReceiptOutline = {
  id: string;
  kind: string;
  at: string;
  counts: Counts;
  /** Of a purge: why. */
  reason: string | null;
  genuine: boolean;
};
