// Every word a person reads, one file an area. A translation is another file of the same type.
import { alerts } from "#app/ui/words/en/alerts.ts";
import { audit } from "#app/ui/words/en/audit.ts";
import { agreement } from "#app/ui/words/en/agreement.ts";
import { domain } from "#app/ui/words/en/domain.ts";
import { evidence } from "#app/ui/words/en/evidence.ts";
import { exchange } from "#app/ui/words/en/exchange.ts";
import { help } from "#app/ui/words/en/help.ts";
import { holdings } from "#app/ui/words/en/holdings.ts";
import { home } from "#app/ui/words/en/home.ts";
import { landing } from "#app/ui/words/en/landing.ts";
import { ledger } from "#app/ui/words/en/ledger.ts";
import { messages } from "#app/ui/words/en/messages.ts";
import { orders } from "#app/ui/words/en/orders.ts";
import { pack } from "#app/ui/words/en/pack.ts";
import { people } from "#app/ui/words/en/people.ts";
import { policy } from "#app/ui/words/en/policy.ts";
import { privacy } from "#app/ui/words/en/privacy.ts";
import { promises } from "#app/ui/words/en/promises.ts";
import { publicPages } from "#app/ui/words/en/public.ts";
import { releases } from "#app/ui/words/en/releases.ts";
import { settings } from "#app/ui/words/en/settings.ts";
import { shell } from "#app/ui/words/en/shell.ts";
import { suppressions } from "#app/ui/words/en/suppressions.ts";
import { templates } from "#app/ui/words/en/templates.ts";
import { triggers } from "#app/ui/words/en/triggers.ts";
import { trust } from "#app/ui/words/en/trust.ts";

export const en = {
  shell,
  home,
  help,
  landing,
  messages,
  orders,
  ledger,
  suppressions,
  settings,
  people,
  alerts,
  domain,
  templates,
  policy,
  triggers,
  releases,
  exchange,
  privacy,
  holdings,
  audit,
  trust,
  promises,
  evidence,
  agreement,
  publicPages,
  pack,
};
export type Words = typeof en;
