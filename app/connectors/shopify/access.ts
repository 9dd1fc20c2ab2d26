/**
 * What the app asks a shop for, and why, in words for merchants. shopify.app.toml repeats the scopes; a test holds the
 * two together, and against what operations and subscribed topics need. Browser-safe.
 */
export type ScopeRequest = {
  scope: string;
  /** An optional scope is asked for where a merchant first switches on what needs it; the shop may refuse. */
  required: boolean;
  reason: string;
};

export const SCOPES = [
  {
    scope: "read_orders",
    required: true,
    reason:
      "To see which products were bought, when an order was paid, and whether it was cancelled or refunded. That decides which message is sent, and stops it.",
  },
  {
    scope: "read_fulfillments",
    required: true,
    reason:
      "To hear when a product was shipped or delivered, so that its message arrives at the right moment.",
  },
  {
    scope: "read_products",
    required: true,
    reason:
      "To match products by type, vendor, tag or collection, and to show their picture, care text or manual in a message.",
  },
  {
    scope: "read_customers",
    required: false,
    reason:
      "Only for triggers that leave out buyers by customer tag, or business buyers. Without it these two conditions can't be used; everything else works.",
  },
] as const satisfies readonly ScopeRequest[];

export type Scope = (typeof SCOPES)[number]["scope"];

export const REQUIRED_SCOPES: readonly Scope[] = SCOPES.filter(({ required }) => required).map(
  ({ scope }) => scope,
);
export const OPTIONAL_SCOPES: readonly Scope[] = SCOPES.filter(({ required }) => !required).map(
  ({ scope }) => scope,
);

/** A kind of protected customer data as Shopify's form names it. Level 1 is data about customers without contact details. */
export type ProtectedDataRequest = {
  kind: "customer" | "name" | "email" | "phone" | "address";
  level: 1 | 2;
  requested: boolean;
  /** The fields that are read, in the words of the order webhooks. */
  fields: readonly string[];
  reason: string;
};

export const PROTECTED_DATA = [
  {
    kind: "customer",
    level: 1,
    requested: true,
    fields: [
      "customer.id",
      "customer_locale",
      "billing_address.country_code",
      "billing_address.province_code",
      "shipping_address.country_code",
      "shipping_address.province_code",
    ],
    reason:
      "The order itself, the buyer's language, and of the address only country and region, from which the time zone is told: messages keep out of the buyer's night. Only the zone is kept.",
  },
  {
    kind: "email",
    level: 2,
    requested: true,
    fields: ["email"],
    reason:
      "The message about a bought product is sent to the address the buyer gave for that order, and to no other.",
  },
  {
    kind: "name",
    level: 2,
    requested: true,
    fields: [
      "billing_address.first_name",
      "billing_address.last_name",
      "customer.first_name",
      "customer.last_name",
      "shipping_address.first_name",
      "shipping_address.last_name",
    ],
    reason: "To greet the buyer by name.",
  },
  {
    kind: "phone",
    level: 2,
    requested: false,
    fields: [],
    reason: "Not needed: nothing is sent to a phone.",
  },
  {
    kind: "address",
    level: 2,
    requested: false,
    fields: [],
    reason: "Not needed: street, city and postcode are never read.",
  },
] as const satisfies readonly ProtectedDataRequest[];
