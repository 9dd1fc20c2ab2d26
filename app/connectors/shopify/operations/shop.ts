import { z } from "zod";
import { optionalText, text } from "#app/connectors/shopify/fields.ts";
import { operation } from "#app/connectors/shopify/operation.ts";

/** What the shop says of itself, to fill in settings at install. */
export const shopInfo = operation<Record<string, never>>()({
  name: "ShopInfo",
  cost: 4,
  document: `query ShopInfo {
    shop {
      name email contactEmail ianaTimezone
      primaryDomain { localization { defaultLocale } }
      shopAddress { company formatted(withCompany: false) }
    }
  }`,
  answer: z.object({
    shop: z.object({
      name: text,
      email: optionalText,
      contactEmail: optionalText,
      ianaTimezone: z.string(),
      primaryDomain: z.object({ localization: z.object({ defaultLocale: z.string() }).nullable() }),
      shopAddress: z.object({ company: optionalText, formatted: z.array(text) }),
    }),
  }),
});

export const grantedScopes = operation<Record<string, never>>()({
  name: "GrantedScopes",
  cost: 2,
  document: `query GrantedScopes { currentAppInstallation { accessScopes { handle } } }`,
  answer: z.object({
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  }),
});

/**
 * Webhook subscriptions made through the API for this shop. Ours stand in shopify.app.toml and are not listed here, so
 * any row is left over from another set-up and delivers every event twice.
 */
export const apiWebhooks = operation<Record<string, never>>()({
  name: "ApiWebhooks",
  cost: 102,
  document: `query ApiWebhooks { webhookSubscriptions(first: 100) { nodes { id topic uri } } }`,
  answer: z.object({
    webhookSubscriptions: z.object({
      nodes: z.array(z.object({ id: z.string(), topic: z.string(), uri: z.string() })),
    }),
  }),
});
