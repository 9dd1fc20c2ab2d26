// Guarantee: safe to run at every token exchange; a shop whose details cannot be read is installed all the same.
import type { Session } from "@shopify/shopify-api";
import { ensureShop } from "#app/features/shops/shops.server.ts";

/** What happens when Shopify hands us a fresh token for a shop. */
export async function installed(session: Session): Promise<void> {
  await ensureShop(session.shop);
}
