// What people write down about the installation. Browser-safe.
import { z } from "zod";
import { ATTESTED_IDS } from "#app/features/trust/commitments.ts";

export const DAY_MS = 86_400_000;
/** Policies are reviewed, and words renewed, at least once in so many days. */
export const YEAR_DAYS = 365;
/** Merchants hear of a change of suppliers so many days before it happens. */
export const NOTICE_DAYS = 30;

/** What is reviewed yearly: the two policies the public reads, and the companies that process data for us. */
export const POLICIES = ["privacy", "security", "suppliers"] as const;
/** Those with a page of their own. */
export const PUBLIC_POLICIES = [
  "privacy",
  "security",
] as const satisfies readonly (typeof POLICIES)[number][];
export type Policy = (typeof POLICIES)[number];

const name = z.string().trim().min(2, "names the person").max(80);
const note = z.string().trim().max(400).optional();

export const attestSchema = z.object({
  commitment: z.enum(ATTESTED_IDS as [string, ...string[]], `is one of ${ATTESTED_IDS.join(", ")}`),
  by: name,
  note,
});
export const reviewSchema = z.object({
  policy: z.enum(POLICIES, `is one of ${POLICIES.join(", ")}; or name a --change`),
  by: name,
  note,
});
export const changeReviewSchema = z.object({
  change: z.uuid("is the id of a change"),
  policy: z.undefined("and --change are two reviews: name one").optional(),
  by: name,
  note,
});
export const announceSchema = z.object({
  supplier: z.string().trim().min(2, "names the company").max(80),
  text: z.string().trim().min(10, "says what changes").max(400),
  from: z.iso.date("is a date such as 2027-03-01"),
  by: name,
});

/** The text of the agreements is in ui/words/en/agreement.ts; a test holds version and text together. */
export const AGREEMENTS = { processing: { version: "2026-11-27.3" } } as const;
export type AgreementName = keyof typeof AGREEMENTS;
