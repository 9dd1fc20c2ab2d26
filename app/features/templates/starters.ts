import { CARE_STARTERS } from "#app/features/templates/starters.care.ts";
import { DELIVERY_STARTERS } from "#app/features/templates/starters.delivery.ts";
import { FAQ_STARTERS } from "#app/features/templates/starters.faq.ts";
import { USAGE_STARTERS } from "#app/features/templates/starters.usage.ts";
import { WARNING_STARTERS } from "#app/features/templates/starters.warning.ts";
import type { Purpose, TemplateContent, TemplateDraft } from "#app/features/templates/templates.ts";

type StarterText = TemplateContent & { name: string };
/** A text to start from, in both languages. Metafields it reads are named in its body; where a shop has none, their lines vanish. */
export type Starter<Key extends string = string> = {
  key: Key;
  purpose: Purpose;
  en: StarterText;
  de: StarterText;
};

export const STARTERS = [
  ...USAGE_STARTERS,
  ...WARNING_STARTERS,
  ...DELIVERY_STARTERS,
  ...CARE_STARTERS,
  ...FAQ_STARTERS,
] as const satisfies readonly Starter[];
export type StarterKey = (typeof STARTERS)[number]["key"];

/** A new template from a starter: both languages in it, named and falling back in the one that suits the shop. */
export function starterDraft(key: StarterKey, locale: string): TemplateDraft {
  const { purpose, en, de } = STARTERS.find((starter) => starter.key === key) as Starter;
  const fallbackLocale = locale.toLowerCase().split("-")[0] === "de" ? "de" : "en";
  const content = ({ subject, body }: StarterText): TemplateContent => ({ subject, body });
  const locales = { en: content(en), de: content(de) };
  return { name: (fallbackLocale === "de" ? de : en).name, purpose, fallbackLocale, locales };
}
