import { z } from "zod";

/** Text that any database takes: no NUL, no half of a surrogate pair. Both reach us from buyers' keyboards. */
export const text = z.string().transform((value) => value.replaceAll("\0", "").toWellFormed());

/** Text where Shopify says "" and null for the same thing. */
export const optionalText = text.nullish().transform((value) => value?.trim() || null);

/** A REST id: an integer, or its digits when it passes 2^53. */
export const id = z
  .union([z.int().nonnegative().transform(String), z.string().regex(/^\d+$/)])
  .transform((value) => value.replace(/^0+(?=\d)/, ""));

/** The digits of a GraphQL id: "gid://shopify/Order/123" → "123". */
export const gid = z
  .string()
  .regex(/^gid:\/\/shopify\/\w+\/\d+(\?.*)?$/)
  .transform((value) => /\/(\d+)(?:\?|$)/.exec(value)?.[1] ?? value);

/** Any zone in, UTC out, so that times compare as text. */
export const time = z.iso.datetime({ offset: true }).transform((value, context) => {
  const date = new Date(value);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  context.addIssue({ code: "custom", message: "Invalid time" });
  return z.NEVER;
});

/** A decimal with at least two places: webhooks say "199.00" where GraphQL says "199.0". */
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform((value) => {
    const [whole, places = ""] = value.split(".");
    return `${whole}.${places.replace(/0+$/, "").padEnd(2, "0")}`;
  });

export const quantity = z.int().nonnegative();

/** A GraphQL id from digits, as far as Shopify's own ids go. */
export function toGid(type: "Order" | "Product" | "Fulfillment" | "Refund", digits: string): string {
  return `gid://shopify/${type}/${digits}`;
}
