// What happens to shops as a whole: installing, leaving, scopes, compliance requests, products and customers.
import { z } from "zod";
import { compileSearch } from "#tests/sandbox/search.ts";
import { manyProducts } from "#tests/sandbox/shopify/catalogue.ts";
import { ControlError } from "#tests/sandbox/shopify/orders.ts";
import {
  number,
  customerPayload,
  productPayload,
  restTime,
  shopPayload,
} from "#tests/sandbox/shopify/payloads.ts";
import { addProducts } from "#tests/sandbox/shopify/seed.ts";
import type { Tokens } from "#tests/sandbox/shopify/tokens.ts";
import type { AppConfig } from "#tests/sandbox/shopify/toml.ts";
import type { Product, Shop } from "#tests/sandbox/shopify/types.ts";
import type { Webhooks } from "#tests/sandbox/shopify/webhooks.ts";
import { nextId, type Store } from "#tests/sandbox/state.ts";

const shop = z.string().trim().optional();
const orderOrProduct = z.string().trim();

export const ShopOnly = z.object({ shop });

export const SetShop = z.object({
  shop,
  /** `frozen` answers 402, `locked` 423. */
  status: z.enum(["active", "frozen", "locked"]).optional(),
  protectedData: z.array(z.enum(["customer", "name", "email", "phone", "address"])).optional(),
  pointsPerSecond: z.number().positive().optional(),
  timezone: z.string().optional(),
  name: z.string().optional(),
});

export const Scopes = z.object({ shop, scopes: z.array(z.string()).min(1) });
export const DeleteOrder = z.object({ shop, order: orderOrProduct });
export const ProductRef = z.object({ shop, product: orderOrProduct });

export const UpdateProduct = z.object({
  shop,
  product: orderOrProduct,
  title: z.string().optional(),
  vendor: z.string().optional(),
  productType: z.string().optional(),
  tags: z.array(z.string()).optional(),
  status: z.enum(["ACTIVE", "DRAFT", "ARCHIVED"]).optional(),
  metafields: z.record(z.string(), z.string()).optional(),
});

export const AddProducts = z.object({ shop, count: z.number().int().min(1).max(2000).default(400) });

export const CustomerRef = z.object({ shop, email: z.string() });
export const UpdateCustomer = CustomerRef.extend({
  tags: z.array(z.string()).optional(),
  newEmail: z.string().optional(),
  locale: z.string().optional(),
});

interface Options {
  store: Store;
  webhooks: Webhooks;
  tokens: Tokens;
  config: () => AppConfig;
  now: () => Date;
  shopNamed: (name: string | undefined) => Shop;
}

export type ShopActions = ReturnType<typeof shopActions>;

export function shopActions({ store, webhooks, tokens, config, now, shopNamed }: Options) {
  const { state } = store;
  // Shopify's times have no fractions of a second.
  const time = () => now().toISOString().replace(/\.\d+/, "");

  function install(raw: z.input<typeof ShopOnly> = {}): Shop {
    const of = shopNamed(ShopOnly.parse(raw).shop);
    if (!of.installed) of.scopes = [...config().scopes];
    of.installed = true;
    store.changed();
    return of;
  }

  /** The token is dead before the webhook leaves. */
  function uninstall(raw: z.input<typeof ShopOnly> = {}): Shop {
    const of = shopNamed(ShopOnly.parse(raw).shop);
    if (!of.installed) throw new ControlError(`${of.domain} has not installed the app`);
    of.installed = false;
    of.scopes = [];
    tokens.revoke(of);
    state.subscriptions = state.subscriptions.filter((each) => each.shop !== of.domain);
    webhooks.emit(of, "app/uninstalled", shopPayload(of));
    store.changed();
    return of;
  }

  function changeScopes(of: Shop, scopes: string[]): Shop {
    const previous = of.scopes;
    of.scopes = scopes;
    for (const token of state.tokens) if (token.shop === of.domain) token.scopes = [...scopes];
    webhooks.emit(of, "app/scopes_update", {
      id: number("1580111"),
      previous,
      current: scopes,
      updated_at: restTime(time(), of.timezone),
    });
    store.changed();
    return of;
  }

  function grantScopes(raw: z.input<typeof Scopes>): Shop {
    const given = Scopes.parse(raw);
    const of = shopNamed(given.shop);
    const unknown = given.scopes.filter(
      (scope) => ![...config().scopes, ...config().optionalScopes].includes(scope),
    );
    if (unknown.length > 0) throw new ControlError(`Not in shopify.app.toml: ${unknown.join(", ")}`);
    return changeScopes(of, [...new Set([...of.scopes, ...given.scopes])]);
  }

  function revokeScopes(raw: z.input<typeof Scopes>): Shop {
    const given = Scopes.parse(raw);
    const of = shopNamed(given.shop);
    return changeScopes(
      of,
      of.scopes.filter((scope) => !given.scopes.includes(scope)),
    );
  }

  function setShop(raw: z.input<typeof SetShop>): Shop {
    const given = SetShop.parse(raw);
    const of = shopNamed(given.shop);
    if (given.status) of.status = given.status;
    if (given.protectedData) of.protectedData = given.protectedData;
    if (given.pointsPerSecond) of.plan.pointsPerSecond = given.pointsPerSecond;
    if (given.timezone) of.timezone = given.timezone;
    if (given.name) of.name = given.name;
    store.changed();
    return of;
  }

  const ids = (of: Shop) => ({ shop_id: number(of.id), shop_domain: of.domain });

  function customerOf(raw: z.input<typeof CustomerRef>) {
    const given = CustomerRef.parse(raw);
    const of = shopNamed(given.shop);
    const customer = of.customers.find(({ email }) => email === given.email);
    if (!customer) throw new ControlError(`${of.domain} knows no customer with this address`);
    const theirs = of.orders
      .filter(({ customerId }) => customerId === customer.id)
      .map(({ id }) => number(id));
    return {
      of,
      customer,
      theirs,
      body: { id: number(customer.id), email: customer.email, phone: customer.phone },
    };
  }

  function dataRequest(raw: z.input<typeof CustomerRef>) {
    const { of, theirs, body } = customerOf(raw);
    const data_request = { id: number(nextId(state)) };
    return webhooks.emit(of, "customers/data_request", {
      ...ids(of),
      orders_requested: theirs,
      customer: body,
      data_request,
    });
  }

  function redactCustomer(raw: z.input<typeof CustomerRef>) {
    const { of, theirs, body } = customerOf(raw);
    return webhooks.emit(of, "customers/redact", { ...ids(of), customer: body, orders_to_redact: theirs });
  }

  function redactShop(raw: z.input<typeof ShopOnly> = {}) {
    const of = shopNamed(ShopOnly.parse(raw).shop);
    return webhooks.emit(of, "shop/redact", ids(of));
  }

  function productOf(of: Shop, wanted: string): Product {
    const id = wanted.replace(/^gid:\/\/shopify\/Product\//, "");
    const product = of.products.find((each) => [each.id, each.title, each.handle].includes(id));
    if (!product) throw new ControlError(`${of.domain} has no product ${wanted}`);
    return product;
  }

  function updateProduct(raw: z.input<typeof UpdateProduct>): Product {
    const given = UpdateProduct.parse(raw);
    const of = shopNamed(given.shop);
    const product = productOf(of, given.product);
    const { title, vendor, productType, tags, status, metafields } = given;
    Object.assign(product, clean({ title, vendor, productType, tags, status }));
    for (const [key, value] of Object.entries(metafields ?? {})) {
      const known = product.metafields.find((each) => each.namespace === "custom" && each.key === key);
      if (known) known.value = value;
      else
        product.metafields.push({
          id: nextId(state),
          namespace: "custom",
          key,
          type: "single_line_text_field",
          value,
        });
    }
    product.updatedAt = time();
    store.changed();
    webhooks.emit(of, "products/update", productPayload(of, product));
    return product;
  }

  function deleteProduct(raw: z.input<typeof ProductRef>): void {
    const given = ProductRef.parse(raw);
    const of = shopNamed(given.shop);
    const product = productOf(of, given.product);
    of.products.splice(of.products.indexOf(product), 1);
    for (const collection of of.collections)
      collection.productIds = collection.productIds.filter((id) => id !== product.id);
    store.changed();
    webhooks.emit(of, "products/delete", { id: number(product.id) });
  }

  function addMany(raw: z.input<typeof AddProducts> = {}): { added: number; total: number } {
    const given = AddProducts.parse(raw);
    const of = shopNamed(given.shop);
    const added = addProducts(state, of, manyProducts(given.count), time());
    store.changed();
    return { added: added.length, total: of.products.length };
  }

  function deleteOrder(raw: z.input<typeof DeleteOrder>): void {
    const given = DeleteOrder.parse(raw);
    const of = shopNamed(given.shop);
    const index = of.orders.findIndex(({ id, name }) => id === given.order || name === given.order);
    const [order] = index < 0 ? [] : of.orders.splice(index, 1);
    if (!order) throw new ControlError(`${of.domain} has no order ${given.order}`);
    store.changed();
    webhooks.emit(of, "orders/delete", { id: number(order.id) });
  }

  function updateCustomer(raw: z.input<typeof UpdateCustomer>) {
    const given = UpdateCustomer.parse(raw);
    const { of, customer } = customerOf(given);
    if (given.tags) customer.tags = given.tags;
    if (given.newEmail) customer.email = given.newEmail;
    if (given.locale) customer.locale = given.locale;
    customer.updatedAt = time();
    store.changed();
    webhooks.emit(of, "customers/update", customerPayload(of, customer));
    return customer;
  }

  return {
    install,
    uninstall,
    setShop,
    grantScopes,
    revokeScopes,
    dataRequest,
    redactCustomer,
    redactShop,
    updateProduct,
    deleteProduct,
    addProducts: addMany,
    deleteOrder,
    updateCustomer,
  };
}

const clean = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** Products of a shop for the resource picker: by text and by Shopify's search syntax. */
export function findProducts(of: Shop, text: string, query: string): Product[] {
  const fields: Record<string, (product: Product) => unknown[]> = {
    title: ({ title }) => [title],
    vendor: ({ vendor }) => [vendor],
    product_type: ({ productType }) => [productType],
    tag: ({ tags }) => tags,
    status: ({ status }) => [status],
    id: ({ id }) => [id],
    sku: ({ variants }) => variants.map(({ sku }) => sku),
  };
  const test = query
    ? compileSearch<Product>(query, (product, field) => fields[field]?.(product))
    : () => true;
  const sought = text.trim().toLowerCase();
  return of.products.filter(
    (product) =>
      test(product) &&
      [product.title, product.vendor, product.productType, ...product.tags]
        .join(" ")
        .toLowerCase()
        .includes(sought),
  );
}
