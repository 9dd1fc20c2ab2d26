import type { Drawing } from "#tests/sandbox/shopify/pictures.ts";

// What a shop holds. Ids are strings of digits (some pass 2^53), amounts are strings like "24.90", times ISO strings.

export interface Metafield {
  id: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}

export interface Variant {
  id: string;
  title: string;
  sku: string;
  price: string;
  barcode: string | null;
  metafields: Metafield[];
}

export interface Product {
  id: string;
  title: string;
  handle: string;
  descriptionHtml: string;
  productType: string;
  vendor: string;
  tags: string[];
  status: "ACTIVE" | "DRAFT" | "ARCHIVED";
  isGiftCard: boolean;
  requiresShipping: boolean;
  sellingPlan: { id: string; name: string } | null;
  bundle: { variantId: string; quantity: number }[];
  image: { id: string; drawing: Drawing; colour: string };
  variants: Variant[];
  metafields: Metafield[];
  createdAt: string;
  updatedAt: string;
}

export interface Collection {
  id: string;
  title: string;
  handle: string;
  productIds: string[];
  updatedAt: string;
}

export interface Customer {
  id: string;
  email: string | null;
  phone: string | null;
  firstName: string;
  lastName: string;
  locale: string;
  tags: string[];
  address: Address | null;
  createdAt: string;
  updatedAt: string;
}

export interface Address {
  id: string;
  firstName: string;
  lastName: string;
  company: string | null;
  address1: string;
  address2: string | null;
  city: string;
  zip: string;
  province: string | null;
  provinceCode: string | null;
  country: string;
  countryCode: string;
  phone: string | null;
}

export interface Line {
  id: string;
  productId: string | null;
  variantId: string | null;
  title: string;
  variantTitle: string | null;
  sku: string | null;
  vendor: string | null;
  price: string;
  quantity: number;
  /** What is left after edits and refunds. */
  currentQuantity: number;
  requiresShipping: boolean;
  giftCard: boolean;
  properties: { name: string; value: string }[];
  groupId: string | null;
  sellingPlan: { id: string; name: string } | null;
  taxRate: number;
}

export interface LineGroup {
  id: string;
  title: string;
  quantity: number;
  productId: string;
  variantId: string;
  sku: string | null;
}

export type ShipmentStatus =
  | "label_printed"
  | "confirmed"
  | "in_transit"
  | "out_for_delivery"
  | "attempted_delivery"
  | "ready_for_pickup"
  | "picked_up"
  | "delivered"
  | "failure";

export interface Fulfillment {
  id: string;
  name: string;
  status: "success" | "cancelled";
  shipmentStatus: ShipmentStatus | null;
  trackingCompany: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  lines: { id: string; lineId: string; quantity: number }[];
  createdAt: string;
  updatedAt: string;
  inTransitAt: string | null;
  deliveredAt: string | null;
}

export interface Refund {
  id: string;
  note: string | null;
  createdAt: string;
  lines: { id: string; lineId: string; quantity: number; restockType: "no_restock" | "cancel" | "return" }[];
}

export interface Order {
  id: string;
  number: number;
  name: string;
  email: string | null;
  phone: string | null;
  customerId: string | null;
  locale: string | null;
  note: string | null;
  attributes: { name: string; value: string }[];
  test: boolean;
  sourceName: string;
  sourceIdentifier: string | null;
  tags: string[];
  currency: string;
  paid: boolean;
  /** When it was paid after it was placed; absent = at the checkout, or not at all. */
  paidAt?: string;
  company: { id: string; name: string; locationId: string } | null;
  shippingAddress: Address | null;
  billingAddress: Address | null;
  lines: Line[];
  groups: LineGroup[];
  fulfillments: Fulfillment[];
  refunds: Refund[];
  confirmationNumber: string;
  token: string;
  edited: boolean;
  createdAt: string;
  processedAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  cancelReason: "customer" | "declined" | "fraud" | "inventory" | "other" | "staff" | null;
  closedAt: string | null;
}

export interface Staff {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  owner: boolean;
  locale: string;
}

/** Which protected customer data Shopify has approved the app for; `customer` is level 1. */
export type ProtectedField = "customer" | "name" | "email" | "phone" | "address";

export interface Shop {
  id: string;
  handle: string;
  domain: string;
  name: string;
  email: string;
  ownerName: string;
  currency: string;
  timezone: string;
  locales: { locale: string; name: string; primary: boolean; published: boolean }[];
  address: Omit<Address, "id" | "firstName" | "lastName">;
  plan: { name: string; displayName: string; pointsPerSecond: number };
  status: "active" | "frozen" | "locked";
  installed: boolean;
  scopes: string[];
  protectedData: ProtectedField[];
  staff: Staff[];
  products: Product[];
  collections: Collection[];
  customers: Customer[];
  orders: Order[];
  createdAt: string;
  updatedAt: string;
}
