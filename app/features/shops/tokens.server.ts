// Guarantee: one refresh a shop at a time, both tokens stored in one statement; a refused token stops sending and says so.
import { sources } from "#app/connectors/registry.ts";
import { SourceError, type SourceAccess } from "#app/connectors/sources.ts";
import { markConnection } from "#app/features/shops/connections.server.ts";
import { loadSession, storeSession } from "#app/features/shops/sessions.server.ts";
import { Session } from "@shopify/shopify-api";
import { forShop, type Tx } from "#app/platform/db/db.ts";

/** A token that lives shorter than this is renewed before it is used. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** Why a connection is refused when there is nothing the platform could have refused. */
export const NO_TOKEN = "no_token";

const lives = (session: Session, now: Date) =>
  !session.expires || session.expires.getTime() - now.getTime() > RENEW_BEFORE_MS;

/**
 * Runs `ask` with a token that is good for a while, and once more with a fresh one when the platform finds it dead.
 * @throws SourceError refused when the shop's tokens are no longer honoured
 */
export async function withAccess<T>(
  shop: { id: string; domain: string },
  now: Date,
  ask: (access: SourceAccess) => Promise<T>,
): Promise<T> {
  const access = await readAccess(shop, now, null);
  try {
    return await ask(access);
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== "refused") throw error;
    return ask(await readAccess(shop, now, access.accessToken));
  }
}

/** `dead`: a token that was refused just now, so that whoever comes second finds the one that replaced it. */
async function readAccess(
  shop: { id: string; domain: string },
  now: Date,
  dead: string | null,
): Promise<SourceAccess> {
  const usable = (session: Session | undefined): SourceAccess | null =>
    session?.accessToken && session.accessToken !== dead && lives(session, now)
      ? { shop: shop.domain, accessToken: session.accessToken, scopes: session.scope?.split(",") ?? [] }
      : null;
  const ready = usable(await loadSession(sessionIdOf(shop.domain)));
  if (ready) return ready;
  const outcome = await forShop(shop.id, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`token|${shop.id}`}, 0))`;
    const session = await loadSession(sessionIdOf(shop.domain));
    const renewed = usable(session);
    if (renewed) return { access: renewed };
    if (!session?.refreshToken) return refuse(tx, shop.id, NO_TOKEN, now);
    const answer = await sources.shopify.refreshToken(shop.domain, session.refreshToken);
    if (answer.kind === "refused") return refuse(tx, shop.id, answer.code, now);
    if (answer.kind !== "ok")
      return {
        error: new SourceError(answer.kind === "frozen" ? "closed" : "failed", "token not refreshed"),
      };
    const { token } = answer;
    const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    await storeSession(
      tx,
      shop.id,
      new Session({
        ...session.toObject(),
        accessToken: token.accessToken,
        refreshToken: token.refreshToken,
        expires: at(token.expiresIn),
        refreshTokenExpires: at(token.refreshTokenExpiresIn),
        scope: token.scopes.join(","),
      }),
    );
    await markConnection(tx, shop.id, "ok", null, now);
    return { access: { shop: shop.domain, accessToken: token.accessToken, scopes: token.scopes } };
  });
  // Thrown outside, so that what was learnt of the connection is committed.
  if ("error" in outcome) throw outcome.error;
  return outcome.access;
}

/** The dead session goes: while it lies there unexpired, Shopify's library would not fetch a new one when the merchant comes. */
async function refuse(tx: Tx, shopId: string, code: string, now: Date): Promise<{ error: SourceError }> {
  await tx.session.deleteMany({ where: { shopId, online: false } });
  await markConnection(tx, shopId, "refused", code, now);
  return { error: new SourceError("refused", `token refused: ${code}`) };
}

const sessionIdOf = (domain: string) => `offline_${domain}`;
