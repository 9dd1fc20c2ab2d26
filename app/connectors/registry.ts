// One line per channel and per source of orders. Leaving one out does not compile.
import type { Channel, ChannelName } from "#app/connectors/channels.ts";
import { emailChannel } from "#app/connectors/email/resend.ts";
import { shopifySource } from "#app/connectors/shopify/source.ts";
import type { OrderSource } from "#app/connectors/sources.ts";
import { env } from "#app/platform/env.ts";

export { classifyAddress } from "#app/connectors/email/addresses.ts";

/** Where messages leave. */
export const channels = {
  email: emailChannel(() => ({ apiKey: env().RESEND_API_KEY, baseUrl: env().RESEND_BASE_URL })),
} satisfies Record<ChannelName, Channel>;

/** Where orders come from and can be asked for. */
export const sources = {
  shopify: shopifySource(() => ({ apiKey: env().SHOPIFY_API_KEY, apiSecret: env().SHOPIFY_API_SECRET })),
} satisfies { [Name in OrderSource["source"]]?: OrderSource };
