// Guarantee: safe to run at every token exchange; a shop whose details cannot be read is installed all the same.
import type { Session } from "@shopify/shopify-api";
import { sources } from "#app/connectors/registry.ts";
import { applyShopInfo, ensureShop } from "#app/features/shops/shops.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** What happens when Shopify hands us a fresh token for a shop, about hourly: its details are read anew. */
export async function installed(session: Session): Promise<void> {
  const shop = await ensureShop(session.shop, systemClock());
  try {
    const access = { shop: shop.domain, accessToken: session.accessToken ?? "" };
    await applyShopInfo(shop.id, await sources.shopify.readStore(access));
  } catch (error) {
    log.warn({ shop: shop.id, error: describeFailure(error) }, "the shop's details could not be read");
  }
}
