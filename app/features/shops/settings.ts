import { z } from "zod";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Use a time such as 09:30.");

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

export const localeTag = z
  .string()
  .trim()
  .min(2)
  .max(35)
  .refine(isLocale, "Use a language code such as en or pt-BR.");

/** Within these a merchant sets how late is too late, and how many messages a buyer gets in how many days. */
export const LATE_AFTER_DAYS = { min: 1, max: 60, start: 14 } as const;
export const CAP_MESSAGES = { min: 1, max: 50 } as const;
export const CAP_DAYS = { min: 1, max: 90 } as const;

const within = ({ min, max }: { min: number; max: number }, what: string) =>
  z
    .number(`Enter a number of ${what}.`)
    .int(`Use whole ${what}.`)
    .min(min, `Use ${min} or more.`)
    .max(max, `Use ${max} or less.`);

/** Everything a merchant sets for the whole shop. Times of day are in `timeZone`, or the recipient's (`quietZone`). */
export const shopSettingsSchema = z.object({
  sender: z.object({
    name: z
      .string()
      .trim()
      .min(1, "Enter the name buyers should see.")
      .max(80)
      .regex(/^[^<>"\\\r\n]*$/, "Leave out quotes, backslashes and angle brackets."),
    replyTo: z
      .string()
      .trim()
      .pipe(z.union([z.literal(""), z.email("Enter a full email address.").max(254)])),
  }),
  footer: z.object({
    legalName: z.string().trim().max(120, "Keep it under 120 characters."),
    address: z.string().trim().max(400, "Keep it under 400 characters."),
    contact: z.string().trim().max(200, "Keep it under 200 characters."),
  }),
  brand: z.object({
    logoUrl: z
      .string()
      .trim()
      .pipe(
        z.union([
          z.literal(""),
          z.url({ protocol: /^https$/, message: "Use an address that starts with https://." }).max(2000),
        ]),
      ),
    color: z.string().regex(/^#[0-9a-fA-F]{6}$/, "Use a color such as #1f5f4a."),
  }),
  timeZone: z.string().refine(isTimeZone, "Choose a time zone from the list."),
  locale: localeTag,
  quietHours: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
  /** Whose clock quiet hours and times of day are read from. Settings saved before there was a choice have none. */
  quietZone: z.enum(["shop", "recipient"]).default("shop"),
  /** The most messages a buyer gets within so many days; warnings are never held back. null = no limit. */
  frequencyCap: z
    .object({ messages: within(CAP_MESSAGES, "messages"), days: within(CAP_DAYS, "days") })
    .nullable()
    .default(null),
  /** What was due longer ago than this is not sent any more. */
  lateAfterDays: within(LATE_AFTER_DAYS, "days").default(LATE_AFTER_DAYS.start),
  /** Mails ask "Did this help?", with two links. */
  askHelped: z.boolean().default(true),
  /** Triggers that fire for one order within this many minutes share one mail. 0 = never merge. */
  mergeWindowMinutes: z
    .number("Enter a number of minutes.")
    .int("Use whole minutes.")
    .min(0, "Use 0 or more.")
    .max(1440, "Use at most 1440 minutes, a day."),
  /** Who approves a release: also its author, or somebody else. */
  review: z.enum(["self", "two_people"]).default("self"),
});
export type ShopSettings = z.infer<typeof shopSettingsSchema>;

/**
 * @param shop what Shopify told at install, which has rules of its own for names and addresses: what does not pass as a setting is
 * left out, since settings that do not parse would keep the shop from everything. The rest is a sane start.
 */
export function defaultSettings(shop: {
  name: string;
  email: string | null;
  timeZone: string;
  locale: string;
  /** The company, where it is not the shop's name. */
  legalName?: string;
  address?: string | null;
  logoUrl?: string | null;
}): ShopSettings {
  const { sender, footer, brand, timeZone, locale } = shopSettingsSchema.shape;
  const fit = (field: z.ZodType<string>, value: string | null | undefined, otherwise: string): string =>
    field.safeParse(value ?? "").data ?? otherwise;
  return {
    sender: {
      name: fit(
        sender.shape.name,
        shop.name
          .replace(/[<>"\\\r\n]/g, "")
          .trim()
          .slice(0, 80),
        "Shop",
      ),
      replyTo: fit(sender.shape.replyTo, shop.email, ""),
    },
    footer: {
      legalName: (shop.legalName ?? shop.name).trim().slice(0, 120),
      address: (shop.address ?? "").trim().slice(0, 400),
      contact: fit(footer.shape.contact, shop.email, ""),
    },
    brand: { logoUrl: fit(brand.shape.logoUrl, shop.logoUrl, ""), color: "#1f5f4a" },
    timeZone: fit(timeZone, shop.timeZone, "UTC"),
    locale: fit(locale, shop.locale, "en"),
    quietHours: null,
    quietZone: "shop",
    frequencyCap: null,
    lateAfterDays: LATE_AFTER_DAYS.start,
    askHelped: true,
    mergeWindowMinutes: 15,
    review: "self",
  };
}
