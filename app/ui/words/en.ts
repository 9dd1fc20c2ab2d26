// Every word a person reads, one file an area. A translation is another file of the same type.
import { domain } from "#app/ui/words/en/domain.ts";
import { exchange } from "#app/ui/words/en/exchange.ts";
import { help } from "#app/ui/words/en/help.ts";
import { home } from "#app/ui/words/en/home.ts";
import { landing } from "#app/ui/words/en/landing.ts";
import { messages } from "#app/ui/words/en/messages.ts";
import { settings } from "#app/ui/words/en/settings.ts";
import { shell } from "#app/ui/words/en/shell.ts";
import { templates } from "#app/ui/words/en/templates.ts";
import { triggers } from "#app/ui/words/en/triggers.ts";

export const en = { shell, home, help, landing, messages, settings, domain, templates, triggers, exchange };
export type Words = typeof en;
