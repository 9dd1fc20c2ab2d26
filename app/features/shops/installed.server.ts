// Guarantee: reads only; a shop whose settings do not parse is left out and told of, so that it holds up no other.
import { shopSettingsSchema } from "#app/features/shops/settings.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** Every shop that has the app and whose platform trusts us, for schedules. */
export async function listWorkingShops(tx: Tx): Promise<Shop[]> {
  const rows = await tx.shop.findMany({
    where: { state: "installed", connections: { some: { source: "shopify", state: "ok" } } },
    orderBy: { id: "asc" },
  });
  return rows.flatMap((row) => {
    const settings = shopSettingsSchema.safeParse(row.settings);
    if (settings.success) return [{ ...row, settings: settings.data }];
    log.error({ shop: row.id, error: describeFailure(settings.error) }, "the shop's settings do not parse");
    return [];
  });
}
