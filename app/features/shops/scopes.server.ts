// Guarantee: the newest news of a shop's scopes wins, in whatever order it arrives.
import { z } from "zod";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { forShop } from "#app/platform/db/db.ts";

/** What a shop grants since `updated_at` (ISO, UTC). */
export type ScopesUpdate = { previous: string[]; current: string[]; updated_at: string };

const notedSchema = z.object({ scopes: z.array(z.string()), updatedAt: z.string() });

/** Notes what the shop grants. @returns why nothing was done, if so */
export async function takeInScopes(shop: Shop, update: ScopesUpdate): Promise<string | void> {
  return forShop(shop.id, async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM shops WHERE id = ${shop.id}::uuid FOR UPDATE`;
    const newest = await tx.auditEvent.findFirst({
      where: { shopId: shop.id, action: "shop.scopes_changed" },
      orderBy: { seq: "desc" },
      select: { after: true },
    });
    const noted = notedSchema.safeParse(newest?.after);
    if (noted.success && noted.data.updatedAt >= update.updated_at) return "newer scopes are known";
    const connection = { shopId: shop.id, source: "shopify", externalId: shop.domain };
    const before = await tx.connection.findUnique({ where: { shopId_source_externalId: connection } });
    const after = [...update.current].sort();
    await tx.connection.updateMany({ where: connection, data: { scopes: after } });
    await recordAudit(tx, shop.id, {
      actor: "shopify",
      action: "shop.scopes_changed",
      before: { scopes: before?.scopes ?? update.previous },
      after: { scopes: after, updatedAt: update.updated_at },
    });
  });
}
