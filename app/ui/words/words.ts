import { useRouteLoaderData } from "@remix-run/react";
import { en, type Words } from "#app/ui/words/en.ts";

/** The languages the app itself speaks (the mails speak whatever the templates do). */
export const LANGUAGES = { en } satisfies Record<string, Words>;
export type Language = keyof typeof LANGUAGES;

/** The app's language for a member of staff, from the language tag Shopify tells. */
export function languageFor(tag: string | null): Language {
  const language = tag?.toLowerCase().split("-")[0] ?? "";
  return language in LANGUAGES ? (language as Language) : "en";
}

/** For loaders and actions that answer with a sentence. */
export function wordsFor(language: Language): Words {
  return LANGUAGES[language];
}

/** The words of the page's language: `const words = useWords(); words.home.title`. */
export function useWords(): Words {
  return wordsFor(useLanguage());
}

/** The language dates and numbers are written in, the same on the server and in the browser. */
export function useLanguage(): Language {
  return useRouteLoaderData<{ locale?: Language }>("routes/app")?.locale ?? "en";
}
