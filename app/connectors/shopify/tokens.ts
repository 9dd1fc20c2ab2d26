import { z } from "zod";
import { problemOf, shopUrl } from "#app/connectors/shopify/client.ts";
import type { FreshToken, RefreshOutcome, StaffMember } from "#app/connectors/sources.ts";

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
  const answer = await ask(
    request.shop,
    {
      client_id: request.apiKey,
      client_secret: request.apiSecret,
      grant_type: "refresh_token",
      refresh_token: request.refreshToken,
    },
    request.signal,
  );
  if (!answer) return { kind: "unavailable" };
  const { response, body } = answer;
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

const online = z
  .object({
    associated_user: z.object({
      first_name: z.string().nullish(),
      last_name: z.string().nullish(),
      account_owner: z.boolean(),
    }),
  })
  .transform(({ associated_user: user }): StaffMember => ({
    name: [user.first_name, user.last_name].filter(Boolean).join(" ").trim().slice(0, 200),
    accountOwner: user.account_owner,
  }));

/**
 * Who carries a session token, which by itself gives a number alone: the answer to an exchange for an online token says it. The token
 * is thrown away, and so is the address.
 */
export async function readStaffMember(request: {
  shop: string;
  sessionToken: string;
  apiKey: string;
  apiSecret: string;
}): Promise<StaffMember | null> {
  const answer = await ask(request.shop, {
    client_id: request.apiKey,
    client_secret: request.apiSecret,
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: request.sessionToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
  });
  return answer?.response.ok ? (online.safeParse(answer.body).data ?? null) : null;
}

/** null = no answer. */
async function ask(
  shop: string,
  wish: Record<string, string>,
  signal?: AbortSignal,
): Promise<{ response: Response; body: unknown } | null> {
  const url = shopUrl(shop, "/admin/oauth/access_token");
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(wish),
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { response, body: await readJson(response) };
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
