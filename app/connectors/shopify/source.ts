import type { OrderParts } from "#app/connectors/orders.ts";
import { listChangedOrders, readOrder } from "#app/connectors/shopify/orders.ts";
import { readProductFacts } from "#app/connectors/shopify/products.ts";
import { readShopInfo } from "#app/connectors/shopify/shop.ts";
import { readStaffMember, refreshOfflineToken } from "#app/connectors/shopify/tokens.ts";
import type { OrderSource, SourceAccess } from "#app/connectors/sources.ts";

/** Shopify as a source of orders. `keys` are the app's own. */
export function shopifySource(keys: () => { apiKey: string; apiSecret: string }): OrderSource {
  return {
    source: "shopify",
    refreshToken: (shop, refreshToken) => refreshOfflineToken({ shop, refreshToken, ...keys() }),
    readStaff: (shop, sessionToken) => readStaffMember({ shop, sessionToken, ...keys() }),
    readStore: readShopInfo,
    readOrder: readWhole,
    async listUpdatedOrders(access, since, cursor, isKnown) {
      const page = await listChangedOrders(access, { since, after: cursor });
      const orders: OrderParts[] = [];
      for (const { id, updatedAt } of page.orders) {
        if (await isKnown?.(id, updatedAt)) continue;
        const parts = await readWhole(access, id);
        if (parts) orders.push(parts);
      }
      return { orders, next: page.next };
    },
    readProducts: async (access, ids) => [...(await readProductFacts(access, ids)).values()],
  };
}

function readWhole(access: SourceAccess, id: string): Promise<OrderParts | null> {
  const withCustomer = access.scopes === undefined || access.scopes.includes("read_customers");
  return readOrder(access, id, { withCustomer });
}
