// POST /admin/oauth/access_token: token exchange and refresh, with Shopify's rotation.
import { hexToken } from "#tests/sandbox/shopify/webhooks.ts";
import { readSessionToken } from "#tests/sandbox/shopify/session-token.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";
import type { Store } from "#tests/sandbox/state.ts";

export interface AccessToken {
  token: string;
  shop: string;
  kind: "offline" | "online";
  scopes: string[];
  expiresAt: string;
  refreshToken: string | null;
  refreshExpiresAt: string | null;
  /** The pair this one replaces. It stays usable until this one is used for the first time. */
  replaces: string | null;
  used: boolean;
}

export interface Answer {
  status: number;
  body: unknown;
}

export interface Tokens {
  /** Answers a token request of the shop. */
  grant(shop: Shop, body: Record<string, unknown>): Answer;
  /** The live token, marking it as used (which ends the pair it replaced); undefined when unknown or expired. */
  use(token: string): AccessToken | undefined;
  /** Makes every token of the shop invalid. */
  revoke(shop: Shop): void;
  /** Makes tokens expire now: access tokens, and with `refresh` the refresh tokens too. */
  expire(shop: Shop, refresh: boolean): void;
  issue(shop: Shop, kind?: "offline" | "online", replaces?: string | null): AccessToken;
}

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token";
const ONLINE = "urn:shopify:params:oauth:token-type:online-access-token";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

interface Options {
  store: Store;
  apiKey: string;
  apiSecret: () => string;
  now: () => Date;
  /** Life of an offline access token in seconds. */
  seconds: () => number;
}

export function tokenIssuer({ store, apiKey, apiSecret, now, seconds }: Options): Tokens {
  const { state } = store;
  const later = (after: number) => new Date(now().getTime() + after * 1000).toISOString();
  const alive = (iso: string | null) => iso !== null && Date.parse(iso) > now().getTime();
  const refused = (error: string, error_description: string, status = 400): Answer => ({
    status,
    body: { error, error_description },
  });

  function issue(
    shop: Shop,
    kind: "offline" | "online" = "offline",
    replaces: string | null = null,
  ): AccessToken {
    const token: AccessToken = {
      token: `${kind === "offline" ? "shpat" : "shpua"}_${hexToken()}`,
      shop: shop.domain,
      kind,
      scopes: [...shop.scopes],
      expiresAt: later(kind === "offline" ? seconds() : 86_400),
      refreshToken: kind === "offline" ? `shprt_${hexToken()}` : null,
      refreshExpiresAt: kind === "offline" ? later(90 * 86_400) : null,
      replaces,
      used: false,
    };
    state.tokens.push(token);
    store.changed();
    return token;
  }

  function firstUse(token: AccessToken): void {
    if (token.used) return;
    token.used = true;
    state.tokens = state.tokens.filter((each) => each.token !== token.replaces);
    store.changed();
  }

  const offlineAnswer = (token: AccessToken): Answer => ({
    status: 200,
    body: {
      access_token: token.token,
      scope: token.scopes.join(","),
      expires_in: Math.round((Date.parse(token.expiresAt) - now().getTime()) / 1000),
      refresh_token: token.refreshToken,
      refresh_token_expires_in: 90 * 86_400,
    },
  });

  function exchange(shop: Shop, body: Record<string, unknown>): Answer {
    if (body.subject_token_type !== ID_TOKEN) return refused("invalid_request", "Unknown subject token type");
    const claims = readSessionToken(String(body.subject_token ?? ""), {
      shop: shop.domain,
      apiKey,
      apiSecret: apiSecret(),
      now: now(),
    });
    const staff = shop.staff.find(({ id }) => id === claims?.sub);
    if (!claims || !staff || !shop.installed)
      return refused("invalid_subject_token", "The subject token is invalid or expired");
    if (body.requested_token_type === ONLINE) {
      const token = issue(shop, "online");
      return {
        status: 200,
        body: {
          access_token: token.token,
          scope: token.scopes.join(","),
          expires_in: 86_399,
          associated_user_scope: token.scopes.join(","),
          associated_user: {
            id: Number(staff.id),
            first_name: staff.firstName,
            last_name: staff.lastName,
            email: staff.email,
            account_owner: staff.owner,
            locale: staff.locale,
            collaborator: false,
            email_verified: true,
          },
        },
      };
    }
    if (body.requested_token_type !== OFFLINE)
      return refused("invalid_request", "Unknown requested token type");
    if (String(body.expiring) !== "1") {
      return refused(
        "invalid_request",
        "Non-expiring offline access tokens are not available to this app; request with expiring=1",
      );
    }
    return offlineAnswer(issue(shop));
  }

  function refresh(shop: Shop, body: Record<string, unknown>): Answer {
    const old = state.tokens.find(
      (each) => each.shop === shop.domain && each.refreshToken === body.refresh_token,
    );
    if (!old || !body.refresh_token || !alive(old.refreshExpiresAt) || !shop.installed) {
      return refused("invalid_grant", "The refresh token is invalid, expired or used up");
    }
    firstUse(old);
    // Asked twice before the new pair was used: the second pair takes the place of the first.
    state.tokens = state.tokens.filter((each) => each.replaces !== old.token);
    return offlineAnswer(issue(shop, "offline", old.token));
  }

  return {
    issue,
    grant(shop, body) {
      if (body.client_id !== apiKey || body.client_secret !== apiSecret()) {
        return refused("application_cannot_be_found", "Unknown client id or wrong secret");
      }
      if (body.grant_type === EXCHANGE) return exchange(shop, body);
      if (body.grant_type === "refresh_token") return refresh(shop, body);
      return refused("unsupported_grant_type", "Unknown grant type");
    },
    use(value) {
      const token = state.tokens.find((each) => each.token === value);
      if (!token || !alive(token.expiresAt) || !state.shops[token.shop]?.installed) return undefined;
      firstUse(token);
      return token;
    },
    revoke(shop) {
      state.tokens = state.tokens.filter((each) => each.shop !== shop.domain);
      store.changed();
    },
    expire(shop, alsoRefresh) {
      for (const token of state.tokens.filter((each) => each.shop === shop.domain)) {
        token.expiresAt = now().toISOString();
        if (alsoRefresh) token.refreshExpiresAt = token.expiresAt;
      }
      store.changed();
    },
  };
}
