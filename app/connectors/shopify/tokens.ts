import { z } from "zod";
import { problemOf, shopUrl } from "#app/connectors/shopify/client.ts";
import type { FreshToken, RefreshOutcome } from "#app/connectors/sources.ts";

const TIMEOUT_MS = 15_000;

const granted = z
  .object({
    access_token: z.string().min(1),
    scope: z.string(),
    expires_in: z.number().positive(),
    refresh_token: z.string().min(1),
    refresh_token_expires_in: z.number().positive(),
  })
  .transform((seen): FreshToken => ({
    accessToken: seen.access_token,
    expiresIn: seen.expires_in,
    refreshToken: seen.refresh_token,
    refreshTokenExpiresIn: seen.refresh_token_expires_in,
    scopes: seen.scope.split(",").filter(Boolean),
  }));

const OURS = [
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "application_cannot_be_found",
];
const oauthError = z.object({ error: z.string().regex(/^\w{1,64}$/) });

/**
 * Trades a refresh token for a fresh pair. In the background Shopify's library has no lock and throws a Response where
 * it is refused; here every answer is an outcome. Serialise per shop, and store both tokens in one statement.
 * Never throws for anything Shopify does; @throws ShopifyError refused when `shop` is no shop's domain.
 */
export async function refreshOfflineToken(request: {
  shop: string;
  refreshToken: string;
  apiKey: string;
  apiSecret: string;
  signal?: AbortSignal;
}): Promise<RefreshOutcome> {
  const url = shopUrl(request.shop, "/admin/oauth/access_token");
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        client_id: request.apiKey,
        client_secret: request.apiSecret,
        grant_type: "refresh_token",
        refresh_token: request.refreshToken,
      }),
      redirect: "manual",
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
    });
    body = await readJson(response);
  } catch {
    request.signal?.throwIfAborted();
    return { kind: "unavailable" };
  }
  const { status } = response;
  const token = response.ok ? granted.safeParse(body) : null;
  if (token?.success) return { kind: "ok", token: token.data };
  if (problemOf(status) === "shop_closed") return { kind: "frozen" };
  const named = oauthError.safeParse(body);
  // A 4xx that names no OAuth error comes from something in between and says nothing about the token; one about
  // ourselves (a wrong secret in our configuration) must not cost a shop its connection.
  const aboutToken =
    status >= 400 && status < 500 && status !== 429 && named.success && !OURS.includes(named.data.error);
  return aboutToken ? { kind: "refused", code: named.data.error } : { kind: "unavailable" };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
