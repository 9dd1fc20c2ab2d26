import { connection, type ConnectionArgs } from "#tests/sandbox/shopify/connection.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import { byTitle } from "#tests/sandbox/shopify/root-products.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";

/** A connection of different words, sorted. */
export const strings = (values: string[], args: ConnectionArgs) =>
  connection(
    [...new Set(values)].filter(Boolean).sort(byTitle),
    args,
    (value) => value,
    (value) => value,
  );

/** The shop as an object of the Admin API. */
export function shopType(shop: Shop, now: () => Date) {
  const { address } = shop;
  const primary = {
    id: gid("Domain", shop.id),
    host: shop.domain,
    url: `https://${shop.domain}`,
    sslEnabled: true,
    localization: {
      defaultLocale: (shop.locales.find(({ primary }) => primary) ?? shop.locales[0])?.locale ?? "en",
      alternateLocales: shop.locales.filter(({ primary }) => !primary).map(({ locale }) => locale),
      country: address.countryCode,
    },
  };
  return {
    __typename: "Shop",
    id: gid("Shop", shop.id),
    name: shop.name,
    email: shop.email,
    contactEmail: shop.email,
    description: null,
    shopOwnerName: shop.ownerName,
    myshopifyDomain: shop.domain,
    url: `https://${shop.domain}`,
    primaryDomain: primary,
    domains: [primary],
    currencyCode: shop.currency,
    enabledPresentmentCurrencies: [shop.currency],
    ianaTimezone: shop.timezone,
    timezoneAbbreviation: zone(shop, "short", now()),
    timezoneOffset: zone(shop, "longOffset", now()).replace("GMT", "") || "+00:00",
    timezoneOffsetMinutes: offsetMinutes(zone(shop, "longOffset", now())),
    unitSystem: "METRIC_SYSTEM",
    weightUnit: "KILOGRAMS",
    taxesIncluded: true,
    setupRequired: false,
    checkoutApiSupported: true,
    orderNumberFormatPrefix: "#",
    orderNumberFormatSuffix: "",
    createdAt: shop.createdAt,
    updatedAt: shop.updatedAt,
    billingAddress: () => shopAddress(),
    shopAddress: () => shopAddress(),
    plan: {
      displayName: shop.plan.displayName,
      publicDisplayName: shop.plan.displayName,
      partnerDevelopment: false,
      shopifyPlus: shop.plan.name === "plus",
    },
    metafield: () => null,
    productTags: (args: ConnectionArgs) =>
      strings(
        shop.products.flatMap(({ tags }) => tags),
        args,
      ),
    productTypes: (args: ConnectionArgs) =>
      strings(
        shop.products.map(({ productType }) => productType),
        args,
      ),
    productVendors: (args: ConnectionArgs) =>
      strings(
        shop.products.map(({ vendor }) => vendor),
        args,
      ),
    customerTags: (args: ConnectionArgs) =>
      strings(
        shop.customers.flatMap(({ tags }) => tags),
        args,
      ),
    orderTags: (args: ConnectionArgs) =>
      strings(
        shop.orders.flatMap(({ tags }) => tags),
        args,
      ),
  };
  function shopAddress() {
    return {
      __typename: "ShopAddress",
      id: gid("ShopAddress", shop.id),
      company: address.company,
      address1: address.address1,
      address2: address.address2,
      city: address.city,
      zip: address.zip,
      province: address.province,
      provinceCode: address.provinceCode,
      country: address.country,
      countryCode: address.countryCode,
      countryCodeV2: address.countryCode,
      phone: address.phone,
      coordinatesValidated: false,
      formatted: ({ withCompany = true }: { withCompany?: boolean }) =>
        [
          withCompany ? address.company : null,
          address.address1,
          `${address.zip} ${address.city}`,
          address.country,
        ].filter(Boolean),
      formattedArea: `${address.city}, ${address.country}`,
    };
  }
}

function zone(shop: Shop, style: "short" | "longOffset", at: Date): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: shop.timezone, timeZoneName: style }).formatToParts(
    at,
  );
  return parts.find(({ type }) => type === "timeZoneName")!.value;
}

function offsetMinutes(offset: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  if (!hours) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
