// Guarantee: reads only.
import { shopSettingsSchema } from "#app/features/shops/settings.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** Every shop that has the app and whose platform trusts us, for schedules. */
export async function listWorkingShops(tx: Tx): Promise<Shop[]> {
  const rows = await tx.shop.findMany({
    where: { state: "installed", connections: { some: { source: "shopify", state: "ok" } } },
    orderBy: { id: "asc" },
  });
  return rows.map((row) => ({ ...row, settings: shopSettingsSchema.parse(row.settings) }));
}
