import { z } from "zod";
import { localeTag } from "#app/features/shops/settings.ts";

/** The five things a message may be for; there is no sixth, and none is marketing. */
export const PURPOSES = ["usage", "warning", "delivery", "care", "faq"] as const;
export type Purpose = (typeof PURPOSES)[number];

export const templateContentSchema = z.object({
  subject: z.string().trim().min(1, "Enter a subject.").max(200, "Keep the subject under 200 characters."),
  /** Markdown with Liquid. */
  body: z.string().min(1, "Write the message.").max(50_000, "Keep the message under 50,000 characters."),
});
export type TemplateContent = z.infer<typeof templateContentSchema>;

/** What a merchant edits. `locales` maps a language tag to its text; `fallbackLocale` must be one of them. */
export const templateDraftSchema = z
  .object({
    name: z.string().trim().min(1, "Give the template a name.").max(120),
    purpose: z.enum(PURPOSES, "Choose what the message is for."),
    fallbackLocale: localeTag,
    locales: z.record(localeTag, templateContentSchema),
  })
  .refine((draft) => draft.fallbackLocale in draft.locales, {
    path: ["fallbackLocale"],
    message: "The fallback language needs a text.",
  });
export type TemplateDraft = z.infer<typeof templateDraftSchema>;

/** A fault in a template's text, to be shown beside its field. Lines and columns count from 1. */
export type TemplateProblem = {
  locale: string;
  field: "subject" | "body";
  line: number;
  column: number;
  message: string;
};

/** What Liquid sees. Everything a buyer could have typed is escaped when rendered. */
export type MessageContext = {
  /** `date`: the day in the shop's time zone as "2026-11-21"; it is shown in the language of the mail. */
  order: { name: string; date: string };
  customer: { first_name: string; last_name: string };
  line: { title: string; variant_title: string; quantity: number; sku: string };
  product: {
    title: string;
    url: string;
    image: string;
    type: string;
    vendor: string;
    metafields: Record<string, Record<string, string>>;
  };
  variant: { title: string; sku: string; metafields: Record<string, Record<string, string>> };
  tracking: { company: string; number: string; url: string };
  shop: { name: string; email: string; url: string };
};

/** One text in an envelope. An envelope with several merges triggers that fired for one order. */
export type RenderSection = {
  content: TemplateContent;
  context: MessageContext;
  /** Where "Did this help?" is answered; sections that share it ask once, after the last of them. */
  helpedUrl?: string | undefined;
};

export type RenderEnvelope = {
  locale: string;
  sections: RenderSection[];
  shopName: string;
  orderName: string;
  brand: { logoUrl: string; color: string };
  footer: { legalName: string; address: string; contact: string };
  /** Where the buyer opts out. `past`: they have, and it comes all the same. */
  optOut?: { url: string; past: boolean };
};

export type RenderedMail = { subject: string; html: string; text: string };

/** Picks the language for a buyer: exact tag, then the language alone, then the fallback. */
export function chooseLocale(available: string[], wanted: string | null, fallback: string): string {
  if (!wanted) return fallback;
  const lower = wanted.toLowerCase();
  const exact = available.find((tag) => tag.toLowerCase() === lower);
  if (exact) return exact;
  const language = lower.split("-")[0];
  return (
    available.find((tag) => tag.toLowerCase() === language) ??
    available.find((tag) => tag.toLowerCase().split("-")[0] === language) ??
    fallback
  );
}
