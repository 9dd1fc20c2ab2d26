import { z } from "zod";

/**
 * How long each class of data is kept, in days. `choice`: the bounds within which a merchant may choose; without it the time is ours.
 * `marketplace`: for orders of a marketplace, whose terms end the use of buyers' data 30 days after delivery.
 */
export const RETENTION = {
  /** Names and addresses of buyers, counted from the order's last event. */
  buyer: { days: 180, choice: { min: 30, max: 730 }, marketplace: { days: 30, max: 30 } },
  /** Mails exactly as they left. */
  mail: { days: 90, choice: { min: 7, max: 365 }, marketplace: { days: 30, max: 30 } },
  /** Orders without their buyer, and what became of their messages. */
  records: { days: 730, choice: { min: 90, max: 1_095 }, marketplace: null },
  /** Who did what. */
  audit: { days: 1_095, choice: { min: 365, max: 2_190 }, marketplace: null },
  /** Bodies of webhooks that could not be read, and rows of the inbox that were. */
  inbox: { days: 14, choice: null, marketplace: null },
  /** What was put together for a buyer who asked. */
  export: { days: 30, choice: null, marketplace: null },
  /** Requests and receipts: they prove that the rest is gone. */
  evidence: { days: 2_190, choice: null, marketplace: null },
  /** Of the installation itself, as long as it stands. */
  platform: { days: null, choice: null, marketplace: null },
} as const satisfies Record<
  string,
  {
    days: number | null;
    choice: { min: number; max: number } | null;
    marketplace: { days: number; max: number } | null;
  }
>;
export type RetentionClass = keyof typeof RETENTION;

/** The key store's own backups are kept this long: so many days after a shop's key was destroyed nothing opens its data, nowhere. */
export const KEY_BACKUP_DAYS = 7;

/** A time in days within bounds; a merchant reads the messages beside the field. */
function days({ min, max, standard }: { min: number; max: number; standard: number }) {
  return z
    .number("Enter a number of days.")
    .int("Use whole days.")
    .min(min, `Keep it at least ${min} ${min === 1 ? "day" : "days"}.`)
    .max(max, `Keep it at most ${max} days.`)
    .default(standard);
}

const chosen = (name: "buyer" | "mail" | "records" | "audit") =>
  days({ ...RETENTION[name].choice, standard: RETENTION[name].days });
const ofMarketplaces = (name: "buyer" | "mail") =>
  days({ min: 1, max: RETENTION[name].marketplace.max, standard: RETENTION[name].marketplace.days });

const shape = z.object({
  buyer: chosen("buyer"),
  mail: chosen("mail"),
  records: chosen("records"),
  audit: chosen("audit"),
  marketplaceBuyer: ofMarketplaces("buyer"),
  marketplaceMail: ofMarketplaces("mail"),
});

/** How many days a shop keeps what it may decide about. What is not said is as it comes. */
export const retentionSchema = shape.superRefine((times, context) => {
  // An order that is deleted takes its buyer and its mails with it.
  for (const part of ["buyer", "mail"] as const)
    if (times[part] > times.records)
      context.addIssue({
        code: "custom",
        path: [part],
        message: `Orders are deleted after ${times.records} days: choose no more than that.`,
      });
});
export type Retention = z.infer<typeof retentionSchema>;
export const RETENTION_FIELDS = Object.keys(shape.shape) as (keyof Retention)[];

export const standardRetention: Retention = retentionSchema.parse({});

/** The bounds of a field. */
export function boundsOf(field: keyof Retention): { min: number; max: number } {
  if (field === "marketplaceBuyer") return { min: 1, max: RETENTION.buyer.marketplace.max };
  if (field === "marketplaceMail") return { min: 1, max: RETENTION.mail.marketplace.max };
  return RETENTION[field].choice;
}

/** What a shop stored, brought within today's bounds: they may have become narrower since. */
export function retentionOf(stored: unknown): Retention {
  const known = z.record(z.string(), z.unknown()).catch({}).parse(stored);
  const within = RETENTION_FIELDS.map((field) => {
    const { min, max } = boundsOf(field);
    const value = known[field];
    return [
      field,
      typeof value === "number" && Number.isFinite(value)
        ? Math.min(max, Math.max(min, Math.round(value)))
        : standardRetention[field],
    ] as const;
  });
  const times = Object.fromEntries(within) as Retention;
  const { records } = times;
  return { ...times, buyer: Math.min(times.buyer, records), mail: Math.min(times.mail, records) };
}

/** What a choice would erase at once. */
export type Expiring = { buyers: number; mails: number; orders: number; audits: number };
