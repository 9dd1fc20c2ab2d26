// Guarantee: whoever gets a shop from here has shown Shopify's session token for that very shop.
import { sources } from "#app/connectors/registry.ts";
import type { SourceAccess } from "#app/connectors/sources.ts";
import type { Actor } from "#app/features/audit/audit.server.ts";
import { meetMember } from "#app/features/shops/members.server.ts";
import { leastRole, may, type Deed, type Role } from "#app/features/shops/roles.ts";
import { ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { authenticate } from "#app/shopify.server.ts";
import { wordsFor } from "#app/ui/words/words.ts";

type AdminContext = Awaited<ReturnType<typeof authenticate.admin>>;

/** Who asks: the shop, the member of its staff, and the library's ways to ask Shopify and to redirect inside the iframe. */
export type ShopRequest = {
  shop: Shop;
  actor: Actor;
  role: Role;
  /** For an action with several deeds: @throws Response 403 where this person may not. */
  must: (deed: Deed) => void;
  admin: AdminContext["admin"];
  redirect: AdminContext["redirect"];
  scopes: AdminContext["scopes"];
  /** For features that ask Shopify themselves; good for this request. */
  access: SourceAccess;
  /**
   * One transaction of this shop; an AppError thrown in it becomes the page for its status. Where an error belongs beside
   * a field, catch it inside the work, or use forShop.
   */
  inShop: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
};

/**
 * The first line of every loader and action under `app.*`; an action says what is done by it, and so does a loader that gives
 * personal data away.
 * @throws Response 403 where this person may not.
 * @throws Response what Shopify's library answers to a request without a valid session token.
 */
export async function requireShop(request: Request, deed: Deed = "view"): Promise<ShopRequest> {
  const { session, sessionToken, admin, redirect, scopes } = await authenticate.admin(request);
  const shop = await answering(() => ensureShop(session.shop, systemClock()));
  const role = await answering(() =>
    meetMember(shop.id, sessionToken.sub, systemClock(), () =>
      sources.shopify.readStaff(session.shop, tokenOf(request)),
    ),
  );
  const must = (wanted: Deed) => {
    if (!may(role, wanted)) throw forbidden(wanted);
  };
  must(deed);
  const access = { shop: session.shop, accessToken: session.accessToken ?? "" };
  const inShop = <T>(work: (tx: Tx) => Promise<T>) => answering(() => forShop(shop.id, work));
  return { shop, actor: `user:${sessionToken.sub}`, role, must, admin, redirect, scopes, access, inShop };
}

/** The token that Shopify's library has just verified: App Bridge sends it along, and Shopify opens the app's first page with it. */
const tokenOf = ({ headers, url }: Request): string =>
  headers.get("authorization")?.replace(/^Bearer /, "") ?? new URL(url).searchParams.get("id_token") ?? "";

function forbidden(deed: Deed): Response {
  const message = wordsFor("en").people.ask[leastRole(deed)];
  return Response.json({ code: "forbidden", message }, { status: 403 });
}

/** Runs work for a page: its AppErrors become responses that the error pages know how to show. */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.status >= 500) log.error({ error: describeFailure(error) }, "request failed");
    const message = error.hasWords ? error.forPerson : undefined;
    throw Response.json({ code: error.code, message }, { status: error.status });
  }
}

/** For a page whose subject is not there. */
export function notFound(): Response {
  return Response.json({ code: "not_found" }, { status: 404 });
}
