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
