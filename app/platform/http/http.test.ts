import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import express from "express";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Client } from "pg";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { logRequest, refusePlainHttp, securityHeaders } from "#app/platform/http/guards.ts";
import { answerHealth } from "#app/platform/http/health.ts";
import { serve, type Listening, type ListenOptions } from "#app/platform/http/server.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { measureProcess } from "#app/platform/metrics.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

beforeAll(() => setLogLevel("silent"));

const open: Listening[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.stop(100))));

async function listen(handle: ListenOptions["handle"]): Promise<Listening> {
  const server = await serve({ host: "127.0.0.1", port: 0, portVariable: "PORT", handle });
  open.push(server);
  return server;
}

type Answer = { status: number; headers: IncomingMessage["headers"]; body: string };

async function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  agent?: Agent,
): Promise<Answer> {
  const request = get({ host: "127.0.0.1", port, path, headers, agent });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

describe("the server", () => {
  it("says in one sentence that a port is taken, and how to choose another", async () => {
    const { port } = await listen((_req, res) => res.end());
    const again = serve({ host: "127.0.0.1", port, portVariable: "WORKER_PORT", handle: () => {} });
    await expect(again).rejects.toMatchObject({
      code: "conflict",
      message: `Port ${port} on 127.0.0.1 is already in use. Choose another with WORKER_PORT.`,
    });
  });

  it("answers bytes that are no HTTP, and headers that are too long", async () => {
    const { port } = await listen((_req, res) => res.end());
    expect(await speak(port, "hello\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect(await speak(port, `GET / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(40_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
  });

  it("stops in good order: what is under way is finished, a resting connection gets one more answer", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let arrived = () => {};
    const slowArrived = new Promise<void>((resolve) => (arrived = resolve));
    const server = await serve({
      host: "127.0.0.1",
      port: 0,
      portVariable: "PORT",
      handle: (req, res) => {
        if (req.url !== "/slow") return void res.end("quick");
        arrived();
        void held.then(() => res.end("slow"));
      },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask(server.port, "/", {}, agent)).body).toBe("quick");
    const slow = ask(server.port, "/slow");
    await slowArrived;
    const stopped = server.stop();
    const late = await ask(server.port, "/", {}, agent);
    expect([late.body, late.headers.connection]).toEqual(["quick", "close"]);
    await expect(ask(server.port, "/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    release();
    expect((await slow).body).toBe("slow");
    await stopped;
  });

  it("does not wait for ever", async () => {
    let arrived = () => {};
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
    const server = await serve({ host: "127.0.0.1", port: 0, portVariable: "PORT", handle: () => arrived() });
    const hanging = ask(server.port, "/").catch((error: Error & { code?: string }) => error.code);
    await hasArrived;
    await server.stop(50);
    expect(await hanging).toBe("ECONNRESET");
  });
});

function speak(port: number, bytes: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write(bytes);
  return text(socket);
}

describe("pages", () => {
  const app = express();
  app.set("trust proxy", "loopback");
  app.use(securityHeaders, logRequest, refusePlainHttp);
  app.get("/framed", (_req, res) =>
    res.set("content-security-policy", "frame-ancestors https://a").send("page"),
  );
  app.get("/", (_req, res) => res.send("page"));

  it("are refused over plain HTTP unless the host is this machine", async () => {
    const { port } = await listen(app);
    const status = async (headers: Record<string, string>) => (await ask(port, "/", headers)).status;
    expect(await status({ host: "app.example.com" })).toBe(403);
    expect(await status({ host: "localhost.example.com" })).toBe(403);
    expect(await status({ host: "127.0.0.1.example.com" })).toBe(403);
    expect(await status({ host: "app.example.com", "x-forwarded-proto": "https" })).toBe(200);
    expect(await status({ host: `localhost:${port}` })).toBe(200);
    expect(await status({ host: "127.0.0.1" })).toBe(200);
    expect(await status({ host: "[::1]:3000" })).toBe(200);
  });

  it("carry careful headers, one framing policy, and the request's id", async () => {
    const { port } = await listen(app);
    const { headers } = await ask(port, "/");
    expect(headers).toMatchObject({
      "content-security-policy": "frame-ancestors https://admin.shopify.com",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers["x-frame-options"]).toBeUndefined();
    expect((await ask(port, "/framed")).headers["content-security-policy"]).toBe("frame-ancestors https://a");
    expect((await ask(port, "/", { "x-request-id": "proxy-12345" })).headers["x-request-id"]).toBe(
      "proxy-12345",
    );
    expect((await ask(port, "/", { "x-request-id": "<script>" })).headers["x-request-id"]).not.toBe(
      "<script>",
    );
  });
});

describe("health", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await connectDatabase({ url: database.url });
    await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  });
  afterAll(async () => {
    await disconnectDatabase();
    await disconnectKeyStore();
    await database.drop();
  });

  const health = (stopping = false) =>
    listen((req, res) => {
      if (!answerHealth(req, res, () => stopping)) res.writeHead(404).end();
    });
  const ready = async (port: number): Promise<unknown> => {
    const { status, body } = await ask(port, "/health/ready");
    return { status, ...(JSON.parse(body) as object) };
  };

  it("is ready when everything it needs is there", async () => {
    const { port } = await health();
    expect(await ready(port)).toEqual({
      status: 200,
      ready: true,
      database: true,
      keys: true,
      migrations: true,
    });
    expect((await ask(port, "/health/live")).status).toBe(200);
  });

  it("is not ready while a migration is missing, and names what is wrong", async () => {
    const { port } = await health();
    const sql = new Client({ connectionString: database.url });
    await sql.connect();
    const { rows } = await sql.query<{ id: string }>(
      "UPDATE _prisma_migrations SET finished_at = NULL RETURNING id",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(await ready(port)).toEqual({
      status: 503,
      ready: false,
      database: true,
      keys: true,
      migrations: false,
    });
    await sql.query("UPDATE _prisma_migrations SET finished_at = now()");
    await sql.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', '', '99990101000000_from_a_newer_release', now())",
    );
    expect(await ready(port)).toMatchObject({ status: 200 });
    await sql.end();
  });

  it("is not ready while it stops, or without its key store", async () => {
    expect(await ready((await health(true)).port)).toMatchObject({
      status: 503,
      stopping: true,
      database: true,
    });
    await disconnectKeyStore();
    expect(await ready((await health()).port)).toMatchObject({ status: 503, keys: false, database: true });
    await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  });

  it("shows metrics to whoever reaches the port, not to whoever comes through a proxy", async () => {
    measureProcess();
    const { port } = await health();
    expect(await ask(port, "/metrics")).toMatchObject({
      status: 200,
      body: expect.stringContaining("aftercare_"),
    });
    for (const header of ["x-forwarded-for", "x-forwarded-proto", "forwarded", "via"]) {
      expect((await ask(port, "/metrics", { [header]: "https" })).status).toBe(404);
    }
  });
});
