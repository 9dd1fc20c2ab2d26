import { z } from "zod";

/** `opted_out`: wants no more of it, warnings still go. `undeliverable`: nothing goes, the buyer can't be reached. */
export type SuppressionKind = "opted_out" | "undeliverable";

/** Why an address is written to no more. `lifts`: whether a merchant may take it back, with a written reason. */
export const SUPPRESSIONS = {
  /** The buyer, by the link in a mail. */
  unsubscribed: { kind: "opted_out", lifts: true },
  /** The merchant, for a buyer who asked. */
  manual: { kind: "opted_out", lifts: true },
  bounced: { kind: "undeliverable", lifts: true },
  /** Called spam by its owner: nobody takes that back for them. */
  complained: { kind: "undeliverable", lifts: false },
  /** On the list that the mail service keeps of our whole account: says nothing of what any shop sent. */
  suppressed: { kind: "undeliverable", lifts: true },
} as const satisfies Record<string, { kind: SuppressionKind; lifts: boolean }>;
export type SuppressionReason = keyof typeof SUPPRESSIONS;
export const SUPPRESSION_REASONS = Object.keys(SUPPRESSIONS) as SuppressionReason[];

/** Whether what is stored as a reason is one; others stop everything. */
export const isReason = (reason: string): reason is SuppressionReason => Object.hasOwn(SUPPRESSIONS, reason);

/** What an address's reasons add up to; null where there are none. */
export function kindOf(reasons: readonly string[]): SuppressionKind | null {
  if (reasons.length === 0) return null;
  const opted = (reason: string) => isReason(reason) && SUPPRESSIONS[reason].kind === "opted_out";
  return reasons.every(opted) ? "opted_out" : "undeliverable";
}

/** Reasons that add up to a kind. */
export const reasonsOf = (kind: SuppressionKind): SuppressionReason[] =>
  SUPPRESSION_REASONS.filter((reason) => SUPPRESSIONS[reason].kind === kind);

export const NOT_AN_ADDRESS = "Enter a full email address.";

/** An address that a merchant puts on the list, or looks for there. */
export const addressSchema = z.object({
  address: z.string().trim().min(3, NOT_AN_ADDRESS).max(254, NOT_AN_ADDRESS),
});

/** Why an entry is taken off the list. It stays in the audit log for years, so it names nobody. */
export const liftSchema = z.object({
  id: z.uuid(),
  why: z
    .string()
    .trim()
    .min(10, "Say in a few words why, such as “The buyer asked by phone”.")
    .max(300, "Keep it under 300 characters.")
    .refine((text) => !text.includes("@"), "Leave out addresses: this stays in the activity log."),
});

/** How the list is narrowed, as it stands in the page's address. Anything unreadable is left out. */
export const suppressionFilterSchema = z.object({
  kind: z.enum(["opted_out", "undeliverable"]).nullable().catch(null),
  after: z.uuid().nullable().catch(null),
  before: z.uuid().nullable().catch(null),
});
export type SuppressionFilter = z.infer<typeof suppressionFilterSchema>;

export function readSuppressionFilter(query: URLSearchParams): SuppressionFilter {
  const one = (name: string) => query.get(name) || null;
  return suppressionFilterSchema.parse({ kind: one("kind"), after: one("after"), before: one("before") });
}

export type ImportFault = "no_address" | "not_an_address" | "unknown_reason";
/** What became of a file's rows. `unreadFrom`: the line from which on none was read. */
export type ImportReport = {
  added: number;
  known: number;
  bad: { line: number; fault: ImportFault }[];
  unreadFrom: number | null;
};

/** An entry as the list shows it. */
export type SuppressionRow = {
  id: string;
  reason: SuppressionReason | null;
  kind: SuppressionKind;
  lifts: boolean;
  /** Null where it is no longer held: then only the keyed hash is left, which still keeps mails away. */
  address: string | null;
  /** The message that it came of. */
  messageId: string | null;
  createdAt: string;
};
