import { spawn } from "node:child_process";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import "@shopify/shopify-api/adapters/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ACME, API_KEY, API_SECRET, startPair } from "#tests/sandbox/receiver.ts";
import { launchQuery } from "#tests/sandbox/shopify/launch.ts";

let pair: Awaited<ReturnType<typeof startPair>>;
let clock: Date;
beforeEach(async () => {
  clock = new Date("2026-11-21T09:00:00Z");
  pair = await startPair({ clock: () => clock });
});
afterEach(() => pair.stop());

const later = (seconds: number) => (clock = new Date(clock.getTime() + seconds * 1000));

async function request(body: Record<string, unknown>, shop = ACME) {
  const answer = await fetch(`${pair.sandbox.shopifyUrl}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-sandbox-host": shop },
    body: JSON.stringify({ client_id: API_KEY, client_secret: API_SECRET, ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

async function sessionToken(shop = ACME): Promise<string> {
  return ((await pair.sandbox.control("session-token", { shop })) as { token: string }).token;
}

const exchange = (subject_token: string, more = {}, shop = ACME) =>
  request(
    {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token,
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
      ...more,
    },
    shop,
  );

const refresh = (refresh_token: string | undefined) =>
  request({ grant_type: "refresh_token", refresh_token });

async function works(token: string | undefined): Promise<number> {
  const answer = await fetch(pair.sandbox.adminApiUrl, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopify-access-token": token ?? "" },
    body: JSON.stringify({ query: "{ shop { name } }" }),
  });
  return answer.status;
}

test("a session token buys an expiring offline token with a refresh token", async () => {
  const { status, body } = await exchange(await sessionToken());
  expect(status).toBe(200);
  expect(body).toMatchObject({
    access_token: expect.stringMatching(/^shpat_/),
    refresh_token: expect.stringMatching(/^shprt_/),
    expires_in: 3600,
    scope: "read_orders,read_products,read_fulfillments",
  });
  expect(await works(body.access_token)).toBe(200);
  later(3601);
  expect(await works(body.access_token)).toBe(401);
});

test("a forged, foreign or expired session token is refused as Shopify refuses it", async () => {
  const good = await sessionToken();
  const forged = await exchange(`${good.slice(0, -2)}xx`);
  expect([forged.status, forged.body.error]).toEqual([400, "invalid_subject_token"]);
  expect((await exchange(await sessionToken("blue-kiln"))).body.error).toBe("invalid_subject_token");
  later(75);
  expect((await exchange(good)).body.error).toBe("invalid_subject_token");
});

test("a token that never expires is not to be had", async () => {
  expect((await exchange(await sessionToken(), { expiring: "0" })).body.error).toBe("invalid_request");
});

test("an online token names the staff member", async () => {
  const { body } = await exchange(await sessionToken(), {
    requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
  });
  expect(body).toMatchObject({
    associated_user: { first_name: "Ada", account_owner: true, email_verified: true },
  });
});

test("refreshing rotates: the old pair lives until the new one is used", async () => {
  const first = (await exchange(await sessionToken())).body;
  const second = (await refresh(first.refresh_token)).body;
  expect(second.access_token).not.toBe(first.access_token);
  // An answer that was lost can be asked for again.
  const again = (await refresh(first.refresh_token)).body;
  expect(await works(again.access_token)).toBe(200);
  expect((await refresh(first.refresh_token)).body.error).toBe("invalid_grant");
  expect(await works(first.access_token)).toBe(401);
  expect(await works(second.access_token)).toBe(401);
});

test("an uninstalled shop's tokens are dead", async () => {
  const { body } = await exchange(await sessionToken());
  pair.sandbox.uninstall();
  expect(await works(body.access_token)).toBe(401);
  expect((await refresh(body.refresh_token)).body.error).toBe("invalid_grant");
  pair.sandbox.install();
  expect((await exchange(await sessionToken())).status).toBe(200);
});

test("frozen and locked shops answer 402 and 423", async () => {
  const { body } = await exchange(await sessionToken());
  await pair.sandbox.control("set-shop", { status: "frozen" });
  expect(await works(body.access_token)).toBe(402);
  await pair.sandbox.control("set-shop", { status: "locked" });
  expect(await works(body.access_token)).toBe(423);
});

test("Shopify's own library accepts the query and the session token of a launch", async () => {
  const library = shopifyApi({
    apiKey: API_KEY,
    apiSecretKey: API_SECRET,
    apiVersion: ApiVersion.October26,
    hostName: "app.test",
    isEmbeddedApp: true,
  });
  const shop = pair.sandbox.shops[ACME]!;
  clock = new Date();
  const query = Object.fromEntries(
    launchQuery(shop, shop.staff[1]!, { apiKey: API_KEY, apiSecret: API_SECRET, now: clock }),
  );
  expect(await library.utils.validateHmac(query)).toBe(true);
  expect(library.utils.sanitizeHost(query.host!)).toBe(query.host);
  expect(await library.session.decodeSessionToken(query.id_token!)).toMatchObject({
    dest: `https://${ACME}`,
    sub: shop.staff[1]!.id,
  });
});

test("the preload sends a shop's address to the sandbox and keeps the host", async () => {
  const token = pair.sandbox.tokens.issue(pair.sandbox.shops["blue-kiln.myshopify.com"]!);
  const script = `
    const answer = await fetch("https://blue-kiln.myshopify.com/admin/api/2026-10/graphql.json", {
      method: "POST", headers: { "content-type": "application/json", "x-shopify-access-token": "${token.token}" },
      body: JSON.stringify({ query: "{ shop { name } }" }),
    });
    console.log((await answer.json()).data.shop.name);`;
  const preload = new URL("./redirect.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", preload, "--input-type=module", "-e", script], {
    env: { ...process.env, SANDBOX_SHOPIFY_URL: pair.sandbox.shopifyUrl },
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  expect(said.trim()).toBe("Blue Kiln");
});
