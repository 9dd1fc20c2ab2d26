import { z } from "zod";

/** Digits of any length: platform ids pass 2^53. */
const externalId = z.string().regex(/^\d{1,40}$/);

/** Whom a request is about, as Shopify or the merchant names them. */
export const buyerSchema = z.object({
  customerId: externalId.nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  /** Orders by the platform's id. */
  orders: z.array(externalId),
});
export type Buyer = z.infer<typeof buyerSchema>;

/** What of a buyer may be put right. Left out = as it is. */
export const correctionSchema = z.object({
  email: z.string().nullable().optional(),
  firstName: z.string().nullable().optional(),
  lastName: z.string().nullable().optional(),
});
export type Correction = z.infer<typeof correctionSchema>;
