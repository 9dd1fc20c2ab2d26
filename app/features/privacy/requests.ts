import { z } from "zod";
import { buyerSchema, correctionSchema } from "#app/features/orders/buyer.ts";

/**
 * What is asked of us, within how many hours it must be done, and what it does: about a buyer, or to `clear` what a shop's earlier
 * installs left. null: nothing that a merchant would look for.
 */
export const REQUEST_KINDS = {
  "customers/data_request": { hours: 30 * 24, does: "export" },
  "customers/redact": { hours: 30 * 24, does: "erase" },
  "shop/redact": { hours: 30 * 24, does: "clear" },
  "app/uninstalled": { hours: 48, does: null },
  "merchant/export": { hours: 30 * 24, does: "export" },
  "merchant/correction": { hours: 30 * 24, does: "correct" },
  "merchant/erasure": { hours: 30 * 24, does: "erase" },
} as const;
export type RequestKind = keyof typeof REQUEST_KINDS;

type KindThat<Does extends string> = {
  [Kind in RequestKind]: (typeof REQUEST_KINDS)[Kind]["does"] extends Does ? Kind : never;
}[RequestKind];

/** Those about a buyer. */
export type BuyerRequestKind = KindThat<"export" | "correct" | "erase">;
/** Those a merchant sees. A `shop/redact` is seen by one who has the app again. */
export type ListedKind = KindThat<string>;

export const LISTED_KINDS = (Object.keys(REQUEST_KINDS) as RequestKind[]).filter(
  (kind): kind is ListedKind => REQUEST_KINDS[kind].does !== null,
);

export const REQUEST_STATES = [
  /** Being worked on. */
  "recorded",
  /** The export can be read and handed over. */
  "ready",
  "delivered",
  /** Nobody came for the export while it was kept. */
  "lapsed",
  "nothing_held",
  /** Corrected, or erased. */
  "done",
  /** Tried again until it works, or a person looks at it. */
  "failed",
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** States in which something is still to be done before the deadline. */
export const OPEN_STATES: readonly RequestState[] = ["recorded", "ready", "failed"];

/** Whom a request is about, and what is to be put right; sealed until it is done. */
export const subjectSchema = z.object({ buyer: buyerSchema, correction: correctionSchema.optional() });
export type Subject = z.infer<typeof subjectSchema>;

export const SHOWN = ["all", "open", "closed"] as const;
const DOES = ["export", "correct", "erase", "clear"] as const;
export type RequestFilter = {
  show: (typeof SHOWN)[number];
  does: (typeof DOES)[number] | null;
  /** The id of the last request of the page before. */
  before: string | null;
};

const filterSchema = z.object({
  show: z.enum(SHOWN).catch("all"),
  does: z.enum(DOES).nullable().catch(null),
  before: z.uuid().nullable().catch(null),
});

/** From a page's address; what makes no sense is left out. */
export function readRequestFilter(query: URLSearchParams): RequestFilter {
  return filterSchema.parse({
    show: query.get("show"),
    does: query.get("does"),
    before: query.get("before"),
  });
}

/** What a merchant types to find a buyer. */
export const findSchema = z.object({
  words: z
    .string()
    .trim()
    .min(1, "Enter an order number or an email address.")
    .max(320, "That is too long for an order number or an email address."),
});

const correctedName = z.string().trim().max(200, "A name has at most 200 characters.");
/** A buyer's name and address as the merchant puts them right; an empty field takes the value away. */
export const correctionForm = z.object({
  email: z.union([z.literal(""), z.email("Enter an email address, or leave the field empty.").max(320)]),
  firstName: correctedName,
  lastName: correctedName,
});
export type CorrectionForm = z.infer<typeof correctionForm>;
