import { createHmac, randomBytes } from "node:crypto";
import { makeSessionToken } from "#tests/sandbox/shopify/session-token.ts";
import type { Shop, Staff } from "#tests/sandbox/shopify/types.ts";

export interface LaunchOptions {
  apiKey: string;
  apiSecret: string;
  now: Date;
}

/** `host` as Shopify writes it: base64 without padding. */
export const hostParam = (shop: Shop) =>
  Buffer.from(`admin.shopify.com/store/${shop.handle}`).toString("base64").replace(/=+$/, "");

/** The query Shopify puts behind the app's address when it opens it in the iframe, signed. */
export function launchQuery(
  shop: Shop,
  staff: Staff,
  { apiKey, apiSecret, now }: LaunchOptions,
): URLSearchParams {
  const query = new URLSearchParams({
    embedded: "1",
    host: hostParam(shop),
    id_token: makeSessionToken({ shop: shop.domain, userId: staff.id, apiKey, apiSecret, now }),
    locale: staff.locale,
    session: randomBytes(32).toString("hex"),
    shop: shop.domain,
    timestamp: String(Math.floor(now.getTime() / 1000)),
  });
  query.sort();
  const hmac = createHmac("sha256", apiSecret).update(decodeURIComponent(query.toString())).digest("hex");
  query.set("hmac", hmac);
  return query;
}
