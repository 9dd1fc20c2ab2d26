import { shopifyGraphql, type ShopAccess } from "#app/connectors/shopify/client.ts";
import type { StoreInfo } from "#app/connectors/sources.ts";
import { apiWebhooks, grantedScopes, shopInfo } from "#app/connectors/shopify/operations/shop.ts";

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

/** Scopes the shop has granted, as Shopify names them now. @throws ShopifyError */
export async function readGrantedScopes(access: ShopAccess): Promise<string[]> {
  const { data } = await shopifyGraphql({ ...access, operation: grantedScopes, variables: {} });
  return data.currentAppInstallation.accessScopes.map(({ handle }) => handle).sort();
}

/** Webhook subscriptions beside those of shopify.app.toml; each delivers its events a second time. @throws ShopifyError */
export async function listApiWebhooks(
  access: ShopAccess,
): Promise<{ id: string; topic: string; uri: string }[]> {
  const { data } = await shopifyGraphql({ ...access, operation: apiWebhooks, variables: {} });
  return data.webhookSubscriptions.nodes;
}
