import { shopifyGraphql, type ShopAccess } from "#app/connectors/shopify/client.ts";
import type { StoreInfo } from "#app/connectors/sources.ts";
import { shopInfo } from "#app/connectors/shopify/operations/shop.ts";

/**
 * What the shop says of itself. Its language is its domain's: `shopLocales` would need another scope. There is no logo:
 * only the Storefront API knows the shop's brand.
 * @throws ShopifyError
 */
export async function readShopInfo(access: ShopAccess): Promise<StoreInfo> {
  const { shop } = (await shopifyGraphql({ ...access, operation: shopInfo, variables: {} })).data;
  return {
    name: shop.name,
    legalName: shop.shopAddress.company ?? shop.name,
    // Where buyers write to, not where Shopify writes to the owner.
    email: shop.contactEmail ?? shop.email,
    timeZone: shop.ianaTimezone,
    locale: shop.primaryDomain.localization?.defaultLocale ?? "en",
    address: shop.shopAddress.formatted.filter(Boolean).join("\n") || null,
    logoUrl: null,
  };
}
