import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStaffMember, refreshOfflineToken } from "#app/connectors/shopify/tokens.ts";

let server: Server;
let answer: { status: number; body: string; headers?: Record<string, string> } | "broken";
let asked: unknown;

beforeAll(async () => {
  server = createServer((req, res) => {
    let body = "";
    req.on("data", (part) => (body += String(part)));
    req.on("end", () => {
      asked = { path: req.url, body: JSON.parse(body) as unknown };
      if (answer === "broken") return void req.socket.destroy();
      res.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  process.env.SANDBOX_SHOPIFY_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await import("#tests/sandbox/redirect.mjs");
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const refresh = () =>
  refreshOfflineToken({
    shop: "acme.myshopify.com",
    refreshToken: "shprt_old",
    apiKey: "key",
    apiSecret: "secret",
  });

const fresh = {
  access_token: "shpat_new",
  scope: "read_orders,read_products",
  expires_in: 3599,
  refresh_token: "shprt_new",
  refresh_token_expires_in: 7_775_999,
};

describe("refreshOfflineToken", () => {
  it("trades the old token for a pair", async () => {
    answer = { status: 200, body: JSON.stringify(fresh) };
    expect(await refresh()).toEqual({
      kind: "ok",
      token: {
        accessToken: "shpat_new",
        expiresIn: 3599,
        refreshToken: "shprt_new",
        refreshTokenExpiresIn: 7_775_999,
        scopes: ["read_orders", "read_products"],
      },
    });
    expect(asked).toEqual({
      path: "/admin/oauth/access_token",
      body: {
        client_id: "key",
        client_secret: "secret",
        grant_type: "refresh_token",
        refresh_token: "shprt_old",
      },
    });
  });

  it.each([
    [
      400,
      '{"error":"invalid_grant","error_description":"expired"}',
      { kind: "refused", code: "invalid_grant" },
    ],
    [401, '{"error":"invalid_request"}', { kind: "refused", code: "invalid_request" }],
    // Our own credentials are wrong: no shop has lost anything.
    [401, '{"error":"invalid_client"}', { kind: "unavailable" }],
    [400, '{"error":"application_cannot_be_found"}', { kind: "unavailable" }],
    [402, "{}", { kind: "frozen" }],
    [404, "<html>", { kind: "frozen" }],
    [423, '{"error":"locked"}', { kind: "frozen" }],
    [429, '{"error":"throttled"}', { kind: "unavailable" }],
    [403, "<html>blocked by a proxy</html>", { kind: "unavailable" }],
    [500, '{"error":"invalid_grant"}', { kind: "unavailable" }],
    [200, '{"access_token":"shpat_half"}', { kind: "unavailable" }],
    [200, "", { kind: "unavailable" }],
    [302, "", { kind: "unavailable" }],
  ])("takes %i %s for what it is", async (status, body, outcome) => {
    answer = { status, body, headers: { location: "http://127.0.0.1:9/" } };
    expect(await refresh()).toEqual(outcome);
  });

  it("takes a broken connection for an outage", async () => {
    answer = "broken";
    expect(await refresh()).toEqual({ kind: "unavailable" });
  });

  it("gives its secrets to no other host", async () => {
    const elsewhere = { shop: "evil.example", refreshToken: "r", apiKey: "k", apiSecret: "s" };
    await expect(refreshOfflineToken(elsewhere)).rejects.toMatchObject({ problem: "refused" });
  });
});

describe("readStaffMember", () => {
  const read = () =>
    readStaffMember({ shop: "acme.myshopify.com", sessionToken: "jwt", apiKey: "key", apiSecret: "secret" });
  const user = {
    id: 1,
    first_name: "Mara",
    last_name: "Voss",
    email: "mara@acme.example",
    account_owner: true,
  };

  it("asks for an online token and keeps the name and who owns the account", async () => {
    answer = { status: 200, body: JSON.stringify({ access_token: "shpua_1", associated_user: user }) };
    expect(await read()).toEqual({ name: "Mara Voss", accountOwner: true });
    expect(asked).toMatchObject({
      path: "/admin/oauth/access_token",
      body: {
        subject_token: "jwt",
        requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
      },
    });
  });

  it.each([
    [{ status: 400, body: '{"error":"invalid_subject_token"}' }],
    [{ status: 200, body: '{"access_token":"shpua_1"}' }],
    [{ status: 502, body: "<html>" }],
    ["broken" as const],
  ])("is silent where Shopify does not say: %o", async (given) => {
    answer = given;
    expect(await read()).toBeNull();
  });
});
