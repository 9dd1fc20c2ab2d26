// The hand-written root of the Admin API over the store. Objects carry `__typename` for interfaces; a field that is
// missing here is an error in the answer, never a silent null.
import { GraphQLError } from "graphql";
import { compileSearch, SearchSyntaxError } from "#tests/sandbox/search.ts";
import { connection, type ConnectionArgs } from "#tests/sandbox/shopify/connection.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import { byTitle, catalogueTypes, metafieldsOf } from "#tests/sandbox/shopify/root-products.ts";
import { orderTypes } from "#tests/sandbox/shopify/root-orders.ts";
import { webhookMutations, webhookType } from "#tests/sandbox/shopify/root-webhooks.ts";
import type { AppConfig } from "#tests/sandbox/shopify/toml.ts";
import type { Collection, Customer, Order, Product, Shop } from "#tests/sandbox/shopify/types.ts";
import { nextId, type Store } from "#tests/sandbox/state.ts";

export interface RootDeps {
  store: Store;
  config: () => AppConfig;
  apiKey: string;
  now: () => Date;
  /** Where product pictures are served. */
  imageUrl: (shop: Shop, product: Product) => string;
  /** Takes optional scopes back (the shop keeps the rest) and tells the app. */
  revokeScopes: (shop: Shop, scopes: string[]) => void;
}

export type ListArgs = ConnectionArgs & { query?: string; sortKey?: string };

const DAY = 86_400_000;
const digits = (id: string) => id.replace(/^gid:\/\/shopify\/\w+\/(\d+).*$/, "$1");

/** Sorts by a key that is a string or number; ties by id, so that pages are stable. */
export function sortedBy<T extends { id: string }>(
  list: T[],
  key: (item: T) => string | number | bigint,
): T[] {
  return [...list].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x < y) return -1;
    if (x > y) return 1;
    return BigInt(a.id) < BigInt(b.id) ? -1 : 1;
  });
}

/** Filters by Shopify's search syntax; a broken query is an error in the answer. */
export function search<T>(
  list: T[],
  query: string | undefined,
  fields: Record<string, (item: T) => unknown[]>,
  plain: string[],
): T[] {
  if (!query) return list;
  try {
    const test = compileSearch<T>(query, (item, field) => fields[field]?.(item), plain);
    return list.filter(test);
  } catch (error) {
    if (error instanceof SearchSyntaxError)
      throw new GraphQLError(error.message, { extensions: { code: "BAD_REQUEST" } });
    throw error;
  }
}

/** The same objects for one request; deeper fields are made when they are asked for. */
export function rootFor(shop: Shop, deps: RootDeps): Record<string, unknown> {
  const { store, config, now } = deps;
  const catalogue = catalogueTypes(shop, deps);
  const orders = orderTypes(shop, catalogue);
  const installation = appInstallation(shop, deps);

  /** Without read_all_orders an app sees 60 days. */
  const visibleOrders = () => {
    if (shop.scopes.includes("read_all_orders")) return shop.orders;
    const since = now().getTime() - 60 * DAY;
    return shop.orders.filter((order) => Date.parse(order.createdAt) >= since);
  };
  const foundOrders = (query: string | undefined) =>
    search(visibleOrders(), query, ORDER_FIELDS, ["name", "email"]);
  const foundProducts = (query: string | undefined) =>
    search(shop.products, query, productFields(shop), ["title", "vendor", "product_type", "sku"]);
  const foundCollections = (query: string | undefined) =>
    search(shop.collections, query, COLLECTION_FIELDS, ["title"]);
  const variants = () =>
    shop.products.flatMap((product) =>
      product.variants.map((variant) => ({ product, variant, id: variant.id })),
    );

  const byId: Record<string, (id: string) => unknown> = {
    Order: (id) => orders.order(visibleOrders().find((each) => each.id === id)),
    Fulfillment: (id) => orders.fulfillmentById(id),
    Refund: (id) => orders.refundById(id),
    LineItem: (id) => orders.lineById(id),
    Customer: (id) => orders.customer(shop.customers.find((each) => each.id === id)),
    Product: (id) => catalogue.product(shop.products.find((each) => each.id === id)),
    ProductVariant: (id) => {
      const found = variants().find((each) => each.id === id);
      return found ? catalogue.variant(found.product, found.variant) : null;
    },
    Collection: (id) => catalogue.collection(shop.collections.find((each) => each.id === id)),
    Shop: (id) => (id === shop.id ? shopType() : null),
    WebhookSubscription: (id) =>
      webhookType(store.state.subscriptions.find((each) => each.id === id && each.shop === shop.domain)),
    AppInstallation: (id) => (installation.id === gid("AppInstallation", id) ? installation : null),
    Metafield: (id) => metafieldsOf(shop).find((each) => each.id === gid("Metafield", id)) ?? null,
  };
  const node = (id: string) => {
    const type = /^gid:\/\/shopify\/(\w+)\/\d+/.exec(id)?.[1];
    if (!type)
      throw new GraphQLError(`Invalid global id '${id}'`, {
        extensions: { code: "argumentLiteralsIncompatible" },
      });
    const get = byId[type];
    if (!get) throw new GraphQLError(`The sandbox does not answer nodes of type ${type} yet`);
    return get(digits(id));
  };
  const idOf = (type: string) => (args: { id: string }) => byId[type]!(digits(args.id));
  const counted = (list: unknown[], limit = 10_000) => ({
    count: Math.min(list.length, limit),
    precision: list.length > limit ? "AT_LEAST" : "EXACT",
  });
  const strings = (values: string[], args: ConnectionArgs) =>
    connection(
      [...new Set(values)].filter(Boolean).sort(byTitle),
      args,
      (value) => value,
      (value) => value,
    );

  function shopType() {
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
        formatted: [
          address.company,
          address.address1,
          `${address.zip} ${address.city}`,
          address.country,
        ].filter(Boolean),
        formattedArea: `${address.city}, ${address.country}`,
      };
    }
  }

  return {
    shop: shopType(),
    shopLocales: ({ published }: { published?: boolean }) =>
      shop.locales.filter((each) => published === undefined || each.published === published),
    orders: (args: ListArgs) =>
      connection(
        sortedBy(foundOrders(args.query), orderKey(args.sortKey)),
        args,
        ({ id }) => id,
        orders.order,
      ),
    ordersCount: (args: { query?: string; limit?: number }) => counted(foundOrders(args.query), args.limit),
    order: idOf("Order"),
    orderByIdentifier: ({ identifier }: { identifier: { id?: string } }) =>
      identifier.id ? byId.Order!(digits(identifier.id)) : null,
    fulfillment: idOf("Fulfillment"),
    refund: idOf("Refund"),
    customer: idOf("Customer"),
    customers: (args: ListArgs) =>
      connection(
        sortedBy(search(shop.customers, args.query, CUSTOMER_FIELDS, ["email"]), ({ id }) => BigInt(id)),
        args,
        ({ id }) => id,
        orders.customer,
      ),
    products: (args: ListArgs) =>
      connection(
        sortedBy(foundProducts(args.query), productKey(args.sortKey)),
        args,
        ({ id }) => id,
        catalogue.product,
      ),
    productsCount: (args: { query?: string; limit?: number }) =>
      counted(foundProducts(args.query), args.limit),
    product: idOf("Product"),
    productByIdentifier: ({ identifier }: { identifier: { id?: string; handle?: string } }) =>
      catalogue.product(
        shop.products.find((each) =>
          identifier.id ? each.id === digits(identifier.id) : each.handle === identifier.handle,
        ),
      ),
    productVariant: idOf("ProductVariant"),
    productVariants: (args: ListArgs) => {
      const found = search(variants(), args.query, VARIANT_FIELDS, ["title", "sku"]);
      return connection(
        sortedBy(found, ({ id }) => BigInt(id)),
        args,
        ({ id }) => id,
        (each) => catalogue.variant(each.product, each.variant),
      );
    },
    productVariantsCount: (args: { query?: string; limit?: number }) =>
      counted(search(variants(), args.query, VARIANT_FIELDS, ["title", "sku"]), args.limit),
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
    collection: idOf("Collection"),
    collections: (args: ListArgs) =>
      connection(
        sortedBy(
          foundCollections(args.query),
          args.sortKey === "TITLE" ? ({ title }) => title.toLowerCase() : ({ id }) => BigInt(id),
        ),
        args,
        ({ id }) => id,
        catalogue.collection,
      ),
    collectionsCount: (args: { query?: string; limit?: number }) =>
      counted(foundCollections(args.query), args.limit),
    node: ({ id }: { id: string }) => node(id),
    nodes: ({ ids }: { ids: string[] }) => ids.map(node),
    locations: (args: ConnectionArgs) => connection([shop], args, ({ id }) => id, location),
    location: () => location(shop),
    currentAppInstallation: installation,
    appInstallation: () => installation,
    app: () => installation.app(),
    publicApiVersions: [{ handle: config().apiVersion, displayName: config().apiVersion, supported: true }],
    webhookSubscription: idOf("WebhookSubscription"),
    webhookSubscriptions: (args: ConnectionArgs & { topics?: string[] }) =>
      connection(
        store.state.subscriptions.filter(
          (each) =>
            each.shop === shop.domain && (!args.topics || args.topics.includes(topicEnum(each.topic))),
        ),
        args,
        ({ id }) => id,
        webhookType,
      ),
    ...webhookMutations(shop, store, now, () => nextId(store.state)),
    appRevokeAccessScopes: ({ scopes }: { scopes: string[] }) => {
      const required = scopes.filter((scope) => config().scopes.includes(scope));
      if (required.length > 0) {
        const message = `Scopes that are required cannot be revoked: ${required.join(", ")}`;
        return {
          revoked: null,
          userErrors: [{ code: "CANNOT_REVOKE_REQUIRED_SCOPES", field: ["scopes"], message }],
        };
      }
      deps.revokeScopes(shop, scopes);
      return { revoked: scopes.map((handle) => ({ handle, description: handle })), userErrors: [] };
    },
  };
}

export const topicEnum = (topic: string) => topic.toUpperCase().replace(/[/.]/g, "_");

function appInstallation(shop: Shop, { config, apiKey }: RootDeps) {
  const scopes = (handles: string[]) =>
    handles.map((handle) => ({ handle, description: handle.replace("_", " ") }));
  const installation = {
    __typename: "AppInstallation",
    id: gid("AppInstallation", String(BigInt(shop.id) + 7n)),
    launchUrl: `https://${shop.domain}/admin/apps/${config().handle}`,
    uninstallUrl: null,
    accessScopes: scopes(shop.scopes),
    activeSubscriptions: [],
    metafield: () => null,
    app: () => ({
      __typename: "App",
      id: gid("App", "1580111"),
      apiKey,
      handle: config().handle,
      title: config().name,
      description: null,
      embedded: true,
      requestedAccessScopes: scopes(config().scopes),
      optionalAccessScopes: scopes(config().optionalScopes),
      availableAccessScopes: scopes([...config().scopes, ...config().optionalScopes]),
      installation: () => installation,
    }),
  };
  return installation;
}

const location = (shop: Shop) => ({
  __typename: "Location",
  id: gid("Location", shop.id),
  legacyResourceId: shop.id,
  name: shop.address.city,
  isActive: true,
  isPrimary: true,
  fulfillsOnlineOrders: true,
});

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

const ORDER_FIELDS: Record<string, (order: Order) => unknown[]> = {
  id: ({ id }) => [id],
  name: ({ name }) => [name, name.replace("#", "")],
  email: ({ email }) => [email],
  tag: ({ tags }) => tags,
  test: ({ test }) => [test],
  source_name: ({ sourceName }) => [sourceName],
  created_at: ({ createdAt }) => [new Date(createdAt)],
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
  processed_at: ({ processedAt }) => [new Date(processedAt)],
  customer_id: ({ customerId }) => [customerId],
  status: ({ cancelledAt, closedAt }) => [cancelledAt ? "cancelled" : closedAt ? "closed" : "open", "any"],
  financial_status: ({ paid }) => [paid ? "paid" : "pending"],
  fulfillment_status: ({ fulfillments }) => [fulfillments.length === 0 ? "unfulfilled" : "fulfilled", "any"],
  sku: ({ lines }) => lines.map(({ sku }) => sku),
};

function orderKey(sortKey = "PROCESSED_AT"): (order: Order) => string | number | bigint {
  const keys: Record<string, (order: Order) => string | number | bigint> = {
    CREATED_AT: ({ createdAt }) => createdAt,
    UPDATED_AT: ({ updatedAt }) => updatedAt,
    PROCESSED_AT: ({ processedAt }) => processedAt,
    ORDER_NUMBER: ({ number }) => number,
    ID: ({ id }) => BigInt(id),
  };
  return keys[sortKey] ?? keys.ID!;
}

const productFields = (shop: Shop): Record<string, (product: Product) => unknown[]> => ({
  id: ({ id }) => [id],
  title: ({ title }) => [title],
  handle: ({ handle }) => [handle],
  vendor: ({ vendor }) => [vendor],
  product_type: ({ productType }) => [productType],
  tag: ({ tags }) => tags,
  status: ({ status }) => [status],
  sku: ({ variants }) => variants.map(({ sku }) => sku),
  created_at: ({ createdAt }) => [new Date(createdAt)],
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
  collection_id: ({ id }) =>
    shop.collections.filter(({ productIds }) => productIds.includes(id)).map((each) => each.id),
});

function productKey(sortKey = "ID"): (product: Product) => string | bigint {
  const keys: Record<string, (product: Product) => string | bigint> = {
    TITLE: ({ title }) => title.toLowerCase(),
    VENDOR: ({ vendor }) => vendor.toLowerCase(),
    PRODUCT_TYPE: ({ productType }) => productType.toLowerCase(),
    CREATED_AT: ({ createdAt }) => createdAt,
    UPDATED_AT: ({ updatedAt }) => updatedAt,
  };
  return keys[sortKey] ?? (({ id }) => BigInt(id));
}

const COLLECTION_FIELDS: Record<string, (collection: Collection) => unknown[]> = {
  id: ({ id }) => [id],
  title: ({ title }) => [title],
  handle: ({ handle }) => [handle],
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
};

const CUSTOMER_FIELDS: Record<string, (customer: Customer) => unknown[]> = {
  id: ({ id }) => [id],
  email: ({ email }) => [email],
  tag: ({ tags }) => tags,
  updated_at: ({ updatedAt }) => [new Date(updatedAt)],
};

type VariantItem = { id: string; product: Product; variant: Product["variants"][number] };
const VARIANT_FIELDS: Record<string, (item: VariantItem) => unknown[]> = {
  id: ({ id }) => [id],
  title: ({ product, variant }) => [`${product.title} ${variant.title}`],
  sku: ({ variant }) => [variant.sku],
  product_id: ({ product }) => [product.id],
  product_ids: ({ product }) => [product.id],
  tag: ({ product }) => product.tags,
  vendor: ({ product }) => [product.vendor],
  product_type: ({ product }) => [product.productType],
  updated_at: ({ product }) => [new Date(product.updatedAt)],
};
