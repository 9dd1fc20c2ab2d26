// Guarantee: whoever gets a shop from here has shown Shopify's session token for that very shop.
import type { Actor } from "#app/features/audit/audit.server.ts";
import { ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { authenticate } from "#app/shopify.server.ts";

type AdminContext = Awaited<ReturnType<typeof authenticate.admin>>;

/** Who asks: the shop, the member of its staff, and the library's ways to ask Shopify and to redirect inside the iframe. */
export type ShopRequest = {
  shop: Shop;
  actor: Actor;
  admin: AdminContext["admin"];
  redirect: AdminContext["redirect"];
  scopes: AdminContext["scopes"];
};

/**
 * The first line of every loader and action under `app.*`.
 * @throws Response what Shopify's library answers to a request without a valid session token.
 */
export async function requireShop(request: Request): Promise<ShopRequest> {
  const { session, sessionToken, admin, redirect, scopes } = await authenticate.admin(request);
  const shop = await ensureShop(session.shop);
  return { shop, actor: `staff:${sessionToken.sub}`, admin, redirect, scopes };
}
