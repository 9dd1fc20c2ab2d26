// One line per channel and per source of orders. Leaving one out does not compile.
import type { Catalogue } from "#app/connectors/catalogue.ts";
import type { Channel, ChannelName, Supplier } from "#app/connectors/channels.ts";
import type { MailDomains } from "#app/connectors/domains.ts";
import { readDmarc } from "#app/connectors/email/dmarc.ts";
import {
  createDomain,
  deleteDomain,
  getDomain,
  listDomains,
  verifyDomain,
} from "#app/connectors/email/domains.ts";
import { resendSubject } from "#app/connectors/email/subjects.ts";
import { emailChannel } from "#app/connectors/email/resend.ts";
import { resend } from "#app/connectors/email/supplier.ts";
import { OPTIONAL_SCOPES, PROTECTED_DATA, REQUIRED_SCOPES, SCOPES } from "#app/connectors/shopify/access.ts";
import { shopifyCatalogue } from "#app/connectors/shopify/catalogue.ts";
import { parseBody } from "#app/connectors/shopify/json.ts";
import { shopifySubject } from "#app/connectors/shopify/subjects.ts";
import { shopifySource } from "#app/connectors/shopify/source.ts";
import { nobodys, type WebhookSubject } from "#app/connectors/subjects.ts";
import type { OrderSource } from "#app/connectors/sources.ts";
import { env } from "#app/platform/env.ts";

export { classifyAddress } from "#app/connectors/email/addresses.ts";

const resendAccount = () => ({ apiKey: env().RESEND_API_KEY, baseUrl: env().RESEND_BASE_URL });

/** Where messages leave. */
export const channels = {
  email: emailChannel(resendAccount),
} satisfies Record<ChannelName, Channel>;

/** Whose hands messages pass through. */
export const suppliers = { email: resend } satisfies Record<ChannelName, Supplier>;

/** Where orders come from and can be asked for. */
export const sources = {
  shopify: shopifySource(() => ({ apiKey: env().SHOPIFY_API_KEY, apiSecret: env().SHOPIFY_API_SECRET })),
} satisfies { [Name in OrderSource["source"]]?: OrderSource };

/** What is asked of each source, and why. */
export const asks = {
  shopify: { scopes: SCOPES, required: REQUIRED_SCOPES, optional: OPTIONAL_SCOPES, personal: PROTECTED_DATA },
} satisfies Record<keyof typeof sources, object>;

/** Where shops' own sending domains are kept. */
export const mailDomains: MailDomains = {
  create: (name) => createDomain(resendAccount(), name),
  get: (id) => getDomain(resendAccount(), id),
  verify: (id) => verifyDomain(resendAccount(), id),
  remove: (id) => deleteDomain(resendAccount(), id),
  list: () => listDomains(resendAccount()),
  readDmarc: (name) => readDmarc(name),
};

/** What products a shop has, for those who write triggers and templates. */
export const catalogue: Catalogue = shopifyCatalogue;

const subjects: Record<string, (topic: string, payload: unknown) => WebhookSubject> = {
  shopify: shopifySubject,
  resend: resendSubject,
};

/** Whom a stored webhook is about; nobody when its body is no JSON. Never throws. */
export function webhookSubject(source: string, topic: string, body: Buffer): WebhookSubject {
  try {
    return subjects[source]?.(topic, parseBody(body)) ?? nobodys;
  } catch {
    return nobodys;
  }
}
