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
