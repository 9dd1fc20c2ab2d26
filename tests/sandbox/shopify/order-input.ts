import { z } from "zod";

const text = z.string().trim();

/** What a buyer (or a test) says when placing an order. Lines name a variant by id, by SKU, or by product title. */
export const PlaceOrder = z.object({
  shop: text.optional(),
  email: text.nullish(),
  firstName: text.default("Emma"),
  lastName: text.default("Clarke"),
  phone: text.nullish(),
  locale: text.nullish(),
  note: text.nullish(),
  tags: z.array(text).default([]),
  customerTags: z.array(text).optional(),
  attributes: z.array(z.object({ name: text, value: text })).default([]),
  lines: z
    .array(
      z.object({
        variantId: text.optional(),
        sku: text.optional(),
        product: text.optional(),
        quantity: z.coerce.number().int().min(1).max(1000).default(1),
        /** Another price than the product's, such as "0.00" for a replacement. */
        price: text.regex(/^\d+(\.\d\d)?$/).optional(),
        properties: z.array(z.object({ name: text, value: text })).default([]),
      }),
    )
    .min(1),
  country: text.length(2).default("DE"),
  countryName: text.default("Germany"),
  test: z.boolean().default(false),
  paid: z.boolean().default(true),
  /** `web`, `pos`, `subscription_contract` (a renewal), or a marketplace channel such as `tiktok`. */
  source: text.default("web"),
  sourceIdentifier: text.nullish(),
  company: text.nullish(),
  /** An order id that a JavaScript number cannot hold. */
  bigId: z.boolean().default(false),
  createdAt: z.iso.datetime().optional(),
});
export type PlaceOrder = z.input<typeof PlaceOrder>;

const orderRef = { shop: text.optional(), order: text.describe("id, gid or name such as #1001") };
const someLines = z.array(z.object({ line: text, quantity: z.coerce.number().int().min(1) })).optional();

export const PayOrder = z.object(orderRef);

export const Fulfil = z.object({
  ...orderRef,
  /** Left out: everything that is still open. */
  lines: someLines,
  trackingCompany: text.nullish(),
  trackingNumber: text.nullish(),
  trackingUrl: text.nullish(),
  pickup: z.boolean().default(false),
});
export type Fulfil = z.input<typeof Fulfil>;

export const MarkShipment = z.object({
  ...orderRef,
  /** Left out: every fulfilment of the order that still counts. */
  fulfillment: text.optional(),
  status: z
    .enum([
      "label_printed",
      "confirmed",
      "in_transit",
      "out_for_delivery",
      "attempted_delivery",
      "ready_for_pickup",
      "picked_up",
      "delivered",
      "failure",
    ])
    .default("delivered"),
});
export type MarkShipment = z.input<typeof MarkShipment>;

export const CancelFulfillment = z.object({ ...orderRef, fulfillment: text.optional() });

export const CancelOrder = z.object({
  ...orderRef,
  reason: z.enum(["customer", "declined", "fraud", "inventory", "other", "staff"]).default("customer"),
  refund: z.boolean().default(true),
});
export type CancelOrder = z.input<typeof CancelOrder>;

export const RefundOrder = z.object({
  ...orderRef,
  lines: someLines,
  restock: z.boolean().default(true),
  note: text.nullish(),
});
export type RefundOrder = z.input<typeof RefundOrder>;

export const EditOrder = z.object({
  ...orderRef,
  add: z
    .array(
      z.object({
        variantId: text.optional(),
        sku: text.optional(),
        product: text.optional(),
        quantity: z.coerce.number().int().min(1).default(1),
      }),
    )
    .default([]),
  remove: z.array(z.object({ line: text, quantity: z.coerce.number().int().min(1).optional() })).default([]),
  email: text.nullish(),
  note: text.nullish(),
  tags: z.array(text).optional(),
  address: z
    .object({
      firstName: text,
      lastName: text,
      address1: text,
      city: text,
      zip: text,
      country: text,
      countryCode: text.length(2),
    })
    .partial()
    .optional(),
});
export type EditOrder = z.input<typeof EditOrder>;
