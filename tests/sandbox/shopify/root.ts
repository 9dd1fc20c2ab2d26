// The hand-written root of the Admin API over the store. Objects carry `__typename` for interfaces; a field that is
// missing here is an error in the answer, never a silent null.
import { GraphQLError } from "graphql";
import { connection, type ConnectionArgs } from "#tests/sandbox/shopify/connection.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import { catalogueTypes, metafieldsOf } from "#tests/sandbox/shopify/root-products.ts";
import { orderTypes } from "#tests/sandbox/shopify/root-orders.ts";
import { shopType, strings } from "#tests/sandbox/shopify/root-shop.ts";
import { webhookMutations, webhookType } from "#tests/sandbox/shopify/root-webhooks.ts";
import type { AppConfig } from "#tests/sandbox/shopify/toml.ts";
import {
  COLLECTION_FIELDS,
  CUSTOMER_FIELDS,
  ORDER_FIELDS,
  orderKey,
  productFields,
  productKey,
  search,
  sortedBy,
  VARIANT_FIELDS,
} from "#tests/sandbox/shopify/root-search.ts";
import type { Product, Shop } from "#tests/sandbox/shopify/types.ts";
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
    Shop: (id) => (id === shop.id ? shopType(shop, now) : null),
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
  return {
    shop: shopType(shop, now),
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
    metafieldDefinitions: ({ ownerType, ...args }: ConnectionArgs & { ownerType: string }) => {
      const owners =
        ownerType === "PRODUCT"
          ? shop.products
          : ownerType === "PRODUCTVARIANT"
            ? variants().map((each) => each.variant)
            : [];
      // In this shop every metafield that is filled in is also defined.
      const defined = new Map(
        owners.flatMap(({ metafields }) => metafields).map((each) => [`${each.namespace}.${each.key}`, each]),
      );
      return connection(
        [...defined.values()],
        args,
        ({ namespace, key }) => `${namespace}.${key}`,
        ({ id, namespace, key }) => ({
          __typename: "MetafieldDefinition",
          id: gid("MetafieldDefinition", id),
          namespace,
          key,
          name: key.replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase()),
          ownerType,
        }),
      );
    },
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
