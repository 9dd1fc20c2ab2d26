import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { API_VERSION, shopifyGraphql } from "#app/connectors/shopify/client.ts";
import { ShopifyError } from "#app/connectors/shopify/errors.ts";
import { operation } from "#app/connectors/shopify/operation.ts";
import { SourceError } from "#app/connectors/sources.ts";

type Answer = (req: IncomingMessage, res: ServerResponse) => void;
let server: Server;
/** What the shop answers, one after the other; the last one again and again. */
let answers: Answer[] = [];
const seen: { url: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => {
      seen.push({ url: req.url, headers: req.headers, body: Buffer.concat(parts).toString() });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(req, res);
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

beforeEach(() => {
  seen.length = 0;
});

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_req, res) =>
    void res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const broken: Answer = (req) => void req.socket.destroy();

const shopName = operation<{ id: string }>()({
  name: "ShopName",
  cost: 1,
  document: "query ShopName { shop { name email } }",
  answer: z.object({ shop: z.object({ name: z.string(), email: z.string().nullable() }) }),
});

const ask = (more: { signal?: AbortSignal; shop?: string } = {}) =>
  shopifyGraphql({
    shop: "acme.myshopify.com",
    accessToken: "shpat_secret",
    operation: shopName,
    variables: { id: "mette@example.com" },
    ...more,
  });

async function problem(...given: Answer[]): Promise<ShopifyError> {
  answers = given;
  const error: unknown = await ask().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ShopifyError);
  expect(error).toBeInstanceOf(SourceError);
  const shown = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
  expect(shown).not.toMatch(/mette|shpat_/);
  return error as ShopifyError;
}

const good = { data: { shop: { name: "Acme", email: "owner@example.com" } } };
const throttled = (available: number, restoreRate: number) => ({
  errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
  extensions: {
    cost: {
      requestedQueryCost: 100,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: available, restoreRate },
    },
  },
});

describe("shopifyGraphql", () => {
  it("asks as Shopify wants to be asked", async () => {
    answers = [json(good)];
    expect(await ask()).toEqual({ data: good.data, withheld: [] });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe(`/admin/api/${API_VERSION}/graphql.json`);
    expect(seen[0]?.headers).toMatchObject({
      "x-shopify-access-token": "shpat_secret",
      "x-sandbox-host": "acme.myshopify.com",
    });
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      query: shopName.document,
      variables: { id: "mette@example.com" },
    });
  });

  it.each([
    "evil.example",
    "acme.myshopify.com.evil.example",
    "acme.myshopify.com/x",
    "a@b.myshopify.com",
    "ACME.myshopify.com",
    "",
  ])("sends its token to no other host (%s)", async (shop) => {
    answers = [json(good)];
    await expect(ask({ shop })).rejects.toMatchObject({ problem: "refused" });
    expect(seen).toHaveLength(0);
  });

  it.each([
    [401, "token_dead", "refused"],
    [402, "shop_closed", "closed"],
    [403, "forbidden", "forbidden"],
    [404, "shop_closed", "closed"],
    [423, "shop_closed", "closed"],
    [400, "refused", "failed"],
  ])("knows what %i means, at once", async (status, name, kind) => {
    const error = await problem(json({ errors: "mette@example.com" }, status));
    expect(error).toMatchObject({ problem: name, kind, httpStatus: status });
    expect(seen).toHaveLength(1);
  });

  it("does not follow a redirect", async () => {
    const error = await problem(json({}, 301, { location: "http://127.0.0.1:9/admin" }));
    expect(error).toMatchObject({ problem: "unavailable", httpStatus: 301 });
  });

  it.each<[string, Answer]>([
    ["a server error", json({}, 503)],
    ["a broken connection", broken],
    ["a page instead of an answer", (_req, res) => void res.end("<html>mette@example.com</html>")],
    ["half an answer", (_req, res) => void res.end('{"data":{"shop":{"email":"mette@example.com"')],
    [
      "an internal error",
      json({ errors: [{ message: "mette", extensions: { code: "INTERNAL_SERVER_ERROR" } }] }),
    ],
  ])("asks again after %s", async (_name, answer) => {
    answers = [answer, answer, json(good)];
    expect((await ask()).data).toEqual(good.data);
    expect(seen).toHaveLength(3);
  });

  it("gives up an outage that lasts", async () => {
    expect(await problem(json({}, 502))).toMatchObject({ problem: "unavailable", httpStatus: 502 });
    expect(seen).toHaveLength(5);
  });

  it("waits for points as long as Shopify's numbers say", async () => {
    answers = [json(throttled(50, 5000)), json(throttled(99, 1000)), json(good)];
    expect((await ask()).data).toEqual(good.data);
    expect(seen).toHaveLength(3);
  });

  it("leaves a long wait to the caller, with its length", async () => {
    expect(await problem(json(throttled(0, 1)))).toMatchObject({
      problem: "throttled",
      kind: "busy",
      retryAfterMs: 100_000,
    });
    expect(await problem(json({}, 429, { "retry-after": "60" }))).toMatchObject({
      kind: "busy",
      retryAfterMs: 60_000,
    });
    expect(seen).toHaveLength(2);
  });

  it("keeps the rest of an answer when a field is withheld", async () => {
    const denied = {
      message: "Not approved",
      path: ["shop", "email"],
      extensions: { code: "ACCESS_DENIED" },
    };
    answers = [json({ data: { shop: { name: "Acme", email: null } }, errors: [denied] })];
    expect(await ask()).toEqual({ data: { shop: { name: "Acme", email: null } }, withheld: ["shop.email"] });
  });

  it("says so when what is withheld is all there was", async () => {
    const denied = { message: "Access denied", path: ["shop"], extensions: { code: "ACCESS_DENIED" } };
    expect(await problem(json({ data: null, errors: [denied] }))).toMatchObject({ problem: "forbidden" });
    expect(await problem(json({ data: { shop: null }, errors: [denied] }))).toMatchObject({
      problem: "forbidden",
    });
  });

  it("names the place of an answer it does not understand, not what stood there", async () => {
    const error = await problem(json({ data: { shop: { name: 7, email: ["mette@example.com"] } } }));
    expect(error.problem).toBe("unexpected_answer");
    expect(error.message).toContain("shop.email");
  });

  it("tells a mistake of its own from an outage", async () => {
    const error = await problem(
      json({ errors: [{ message: "mette", extensions: { code: "undefinedField" } }] }),
    );
    expect(error).toMatchObject({ problem: "refused" });
    expect(error.message).toContain("undefinedField");
    expect(seen).toHaveLength(1);
  });

  it("stops when told to, while asking and while waiting", async () => {
    const stop = new AbortController();
    answers = [() => stop.abort(new Error("shutting down"))];
    await expect(ask({ signal: stop.signal })).rejects.toThrow("shutting down");
    const later = new AbortController();
    answers = [
      (_req, res) => {
        json(throttled(0, 10))(_req, res);
        res.on("finish", () => setImmediate(() => later.abort(new Error("shutting down"))));
      },
    ];
    await expect(ask({ signal: later.signal })).rejects.toThrow(/abort|shutting down/);
  });
});
