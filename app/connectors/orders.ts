/**
 * What every source of orders must yield: an order in *parts*, each with a version of its own. A webhook may carry only
 * some parts (a fulfilment event knows nothing of the header); the orders feature unites them.
 * All times are ISO 8601 in UTC. Platform ids are strings: they pass 2^53.
 * Where a field says «cannot tell», null means that this observation does not know it, not that there is none: what
 * another observation knew must survive, whatever its version.
 */
export const SOURCES = ["shopify", "tiktok", "amazon", "ebay"] as const;
export type Source = (typeof SOURCES)[number];

export type OrderHeader = {
  /** The platform's `updated_at` of the order: the version of this part. */
  version: string;
  /** What the merchant calls it: "#1042". */
  name: string;
  placedAt: string;
  /** When the payment was complete; null = unpaid, or cannot tell. The earliest observation wins. */
  paidAt: string | null;
  cancelledAt: string | null;
  test: boolean;
  /** Where the platform says the order came from: "web", "pos", a channel's handle. */
  sourceName: string;
  /** Marketplaces import orders into Shopify; their origin shows in the source name, an attribute or the address. */
  importedFrom: string | null;
  /** null = cannot tell: Shopify says it in webhooks, and in the Admin API only with `read_customers`. */
  b2b: boolean | null;
  tags: string[];
  /** null = cannot tell: not in webhooks, and in the Admin API only with `read_customers`. */
  customerTags: string[] | null;
  locale: string | null;
  /** IANA time zone of where the order goes; all that is kept of its address. null = cannot tell. */
  zone: string | null;
  /** null = none, or cannot tell. */
  customerId: string | null;
};

/** The only personal data of an order that messaging reads. Encrypted at rest; absent where access is not approved. */
export type OrderPerson = { email: string | null; firstName: string | null; lastName: string | null };

export type OrderLine = {
  id: string;
  version: string;
  productId: string | null;
  variantId: string | null;
  title: string;
  variantTitle: string | null;
  sku: string | null;
  vendor: string | null;
  /** Quantity ordered. */
  quantity: number;
  /** What is left of it after edits and refunds; only falls within one version. */
  currentQuantity: number;
  /**
   * Price of one unit in the shop's currency before discounts, as a decimal string with at least two places; "0.00" also
   * where discounts leave nothing to pay, which is how most shops send a replacement.
   */
  price: string;
  giftCard: boolean;
  requiresShipping: boolean;
  /** A line that renews a subscription, not the first order of it. */
  subscriptionRenewal: boolean;
  /** The bundle the line was sold in (Shopify: line item group). Its product, variant and title: null = cannot tell. */
  bundle: { id: string; productId: string | null; variantId: string | null; title: string | null } | null;
};

export type OrderFulfillment = {
  id: string;
  version: string;
  status: "open" | "success" | "cancelled" | "failure";
  fulfilledAt: string;
  /** Delivered to the door or collected by the buyer: both count. */
  deliveredAt: string | null;
  tracking: { company: string | null; number: string | null; url: string | null }[];
  lines: { lineId: string; quantity: number }[];
};

export type OrderRefund = {
  id: string;
  version: string;
  refundedAt: string;
  lines: { lineId: string; quantity: number }[];
};

export type OrderParts = {
  source: Source;
  externalId: string;
  /** The source no longer has the order. It can't come back, and nothing may be sent about it. */
  deleted?: true;
  header?: OrderHeader;
  person?: OrderPerson;
  lines?: OrderLine[];
  /** True when `lines` holds every line of the order, so that a line that is missing was removed. */
  linesComplete?: boolean;
  fulfillments?: OrderFulfillment[];
  refunds?: OrderRefund[];
};

/** What the planner wants to know of a product and an order payload does not say. */
export type ProductFacts = {
  productId: string;
  title: string;
  handle: string;
  productType: string;
  vendor: string;
  tags: string[];
  collectionIds: string[];
  imageUrl: string | null;
  onlineStoreUrl: string | null;
  /** Product metafields by "namespace.key". */
  metafields: Record<string, string>;
  /** Variant facts by variant id. */
  variants: Record<
    string,
    { title: string; sku: string | null; imageUrl: string | null; metafields: Record<string, string> }
  >;
};
