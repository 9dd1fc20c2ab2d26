// Bodies of the webhooks that are about the shop, the app or a buyer's rights (those about orders: parts.webhooks.ts).
import { z } from "zod";
import { id, optionalText, time } from "#app/connectors/shopify/fields.ts";

const scopes = z.array(z.string().min(1).max(100)).max(200);

/** `app/scopes_update`: what the shop granted before and grants since `updated_at`. */
export const scopesUpdate = z.object({ previous: scopes, current: scopes, updated_at: time });
export type ScopesUpdate = z.infer<typeof scopesUpdate>;

/** `app/uninstalled`: the shop; all we need of it is in the headers. */
export const uninstalled = z.looseObject({});

/** `products/update` and `products/delete`: which product is no longer as we knew it. */
export const productChange = z.object({ id });

const buyer = z
  .object({ id: id.nullish(), email: optionalText, phone: optionalText })
  .nullish()
  .transform((value) => value ?? { id: null, email: null, phone: null });

const orders = z
  .array(id)
  .nullish()
  .transform((value) => value ?? []);

/** `customers/data_request`: export everything about this buyer. */
export const dataRequest = z.object({
  customer: buyer,
  orders_requested: orders,
  data_request: z.object({ id }).nullish(),
});

/** `customers/redact`: erase this buyer and these orders. */
export const customersRedact = z.object({ customer: buyer, orders_to_redact: orders });

/** `shop/redact`: erase the shop. */
export const shopRedact = z.looseObject({ shop_domain: optionalText });
