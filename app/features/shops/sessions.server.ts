// Guarantee: access and refresh tokens are stored only sealed, and go out only to Shopify.
import { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { z } from "zod";
import { ensureShop, findShopByDomain } from "#app/features/shops/shops.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";

const contentSchema = z.object({
  id: z.string(),
  shop: z.string(),
  state: z.string(),
  isOnline: z.boolean(),
  scope: z.string().optional(),
  expires: z.coerce.date().optional(),
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
  refreshTokenExpires: z.coerce.date().optional(),
  onlineAccessInfo: z.any().optional(),
});

const place = (row: string) => ({ table: "sessions", column: "content_sealed", row });

/** The library's ids are "offline_{shop}" and "{shop}_{user}". */
function domainOf(sessionId: string): string {
  return sessionId.startsWith("offline_")
    ? sessionId.slice("offline_".length)
    : sessionId.replace(/_[^_]*$/, "");
}

export async function loadSession(sessionId: string): Promise<Session | undefined> {
  const shop = await forPlatform("install", (tx) => findShopByDomain(tx, domainOf(sessionId)));
  if (!shop || shop.state !== "installed") return undefined;
  const row = await forShop(shop.id, (tx) =>
    tx.session.findUnique({ where: { shopId_sessionId: { shopId: shop.id, sessionId } } }),
  );
  if (!row) return undefined;
  const vault = await openVault(shop.id);
  return new Session(contentSchema.parse(JSON.parse(vault.open(place(row.id), row.contentSealed))));
}

/** Writes a session whole, both tokens in one statement. */
export async function storeSession(tx: Tx, shopId: string, session: Session): Promise<void> {
  const vault = await openVault(shopId);
  const found = await tx.session.findUnique({
    where: { shopId_sessionId: { shopId, sessionId: session.id } },
    select: { id: true },
  });
  const id = found?.id ?? newId();
  const data = {
    online: session.isOnline,
    userId: session.onlineAccessInfo?.associated_user.id.toString() ?? null,
    scope: session.scope ?? null,
    expiresAt: session.expires ?? null,
    contentSealed: vault.seal(place(id), JSON.stringify(session.toObject())),
  };
  await tx.session.upsert({
    where: { shopId_sessionId: { shopId, sessionId: session.id } },
    create: { shopId, id, sessionId: session.id, ...data },
    update: data,
  });
}

/** Our storage for Shopify's library. An offline session that is stored installs the shop. */
export const sessionStorage: SessionStorage = {
  async storeSession(session) {
    const now = systemClock();
    const shop = await ensureShop(session.shop, now);
    await forShop(shop.id, async (tx) => {
      // Two exchanges at once must not both look for the row and both make it.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`session|${session.id}`}, 0))`;
      await storeSession(tx, shop.id, session);
      if (!session.isOnline) await markTokenAccepted(tx, shop.id, session.scope, now);
    });
    return true;
  },
  loadSession,
  async deleteSession(sessionId) {
    return this.deleteSessions([sessionId]);
  },
  async deleteSessions(sessionIds) {
    for (const sessionId of sessionIds) {
      const shop = await forPlatform("install", (tx) => findShopByDomain(tx, domainOf(sessionId)));
      if (shop)
        await forShop(shop.id, (tx) => tx.session.deleteMany({ where: { shopId: shop.id, sessionId } }));
    }
    return true;
  },
  async findSessionsByShop(domain) {
    const shop = await forPlatform("install", (tx) => findShopByDomain(tx, domain));
    if (!shop) return [];
    const rows = await forShop(shop.id, (tx) =>
      tx.session.findMany({ where: { shopId: shop.id }, select: { sessionId: true } }),
    );
    const sessions = await Promise.all(rows.map((row) => loadSession(row.sessionId)));
    return sessions.filter((session) => session !== undefined);
  },
};

async function markTokenAccepted(
  tx: Tx,
  shopId: string,
  scope: string | undefined,
  now: Date,
): Promise<void> {
  await tx.connection.updateMany({
    where: { shopId, source: "shopify" },
    data: { state: "ok", stateReason: null, stateSince: now, scopes: scope ? scope.split(",") : [] },
  });
}
