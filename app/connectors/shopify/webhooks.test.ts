import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { connect as connectSocket } from "node:net";
import { request as httpRequest } from "node:http";
import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { shopifyWebhooks } from "#app/connectors/shopify/webhooks.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { serve, type Listening } from "#app/platform/http/server.ts";
import { BODY_LIMIT, openDoor } from "#app/platform/inbox/door.ts";
import { forgetInboxKeys, openBody } from "#app/platform/inbox/keys.ts";
import { openInboxStore, type InboxStore } from "#app/platform/inbox/store.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

const SECRET = "the-app-secret";
const PREVIOUS = "the-secret-before";
const ARRIVED = new Date("2026-11-21T10:00:00.000Z");

let database: TestDatabase;
let store: InboxStore;
let server: Listening;
let sql: Client;

beforeAll(async () => {
  setLogLevel("silent");
  database = await createTestDatabase();
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  store = openInboxStore({ url: database.url });
  const door = openDoor({ sources: [shopifyWebhooks([SECRET, PREVIOUS])], store, clock: () => ARRIVED });
  server = await serve({
    host: "127.0.0.1",
    port: 0,
    portVariable: "PORT",
    handle: (req, res) => void door.answer(req, res),
    statusOfBroken: (socket) => (door.wasReading(socket) ? 401 : 400),
  });
});

afterAll(async () => {
  await server.stop();
  await store.close();
  await sql.end();
  await disconnectKeyStore();
  forgetInboxKeys();
  await database.drop();
});

beforeEach(() => sql.query("TRUNCATE inbox"));

function sign(body: Buffer | string, secret = SECRET): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

function headersFor(body: Buffer | string, more: Record<string, string> = {}): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": "orders/paid",
    "x-shopify-shop-domain": "Lumen.myshopify.com",
    "x-shopify-hmac-sha256": sign(body),
    "x-shopify-webhook-id": randomUUID(),
    "x-shopify-event-id": "event-1",
    "x-shopify-api-version": "2026-10",
    "x-shopify-triggered-at": "2026-11-21T09:59:58.123456789Z",
    ...more,
  };
}

async function post(
  body: Buffer | string,
  headers = headersFor(body),
  path = "/webhooks/orders/paid",
): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: "POST",
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  expect(await answer.text()).toBe("");
  return answer.status;
}

async function rows() {
  const { rows } = await sql.query<Record<string, unknown> & { id: string; body_sealed: Buffer }>(
    "SELECT * FROM inbox ORDER BY id",
  );
  return rows;
}

/** Writes raw bytes, half-closes, and collects the answer. */
function raw(...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
    socket.on("end", () => socket.end());
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
}

function head(headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `POST /webhooks/orders/paid HTTP/1.1\r\nhost: app.test\r\n${lines.join("\r\n")}\r\n\r\n`;
}

describe("what is stored", () => {
  it("keeps facts and the sealed body, and answers 200", async () => {
    const body = JSON.stringify({ id: 1, email: "ada@example.com" });
    expect(await post(body)).toBe(200);
    const [row] = await rows();
    expect(row).toMatchObject({
      source: "shopify",
      topic: "orders/paid",
      shop_domain: "lumen.myshopify.com",
      event_id: "event-1",
      api_version: "2026-10",
      triggered_at: new Date("2026-11-21T09:59:58.123Z"),
      received_at: ARRIVED,
      state: "pending",
    });
    expect(row!.body_sealed.includes("ada@example.com")).toBe(false);
    expect((await openBody(row!.id, row!.body_sealed)).toString()).toBe(body);
    await expect(openBody(randomUUID(), row!.body_sealed)).rejects.toThrow("does not open");
  });

  it("takes bodies that are no JSON, of unknown topics and shops, with NUL bytes, or empty", async () => {
    const bodies = ["{broken", "", "\0", '{"a":"\0"}', Buffer.from([0xff, 0xfe, 0x00, 0x80])];
    for (const body of bodies) {
      const odd = headersFor(body, {
        "x-shopify-topic": "no/such",
        "x-shopify-shop-domain": "nobody.example",
      });
      expect(await post(body, odd)).toBe(200);
    }
    const stored = await rows();
    expect(stored).toHaveLength(bodies.length);
    for (const [index, row] of stored.entries()) {
      expect(await openBody(row.id, row.body_sealed)).toEqual(Buffer.from(bodies[index]!));
    }
  });

  it("accepts the previous secret while it is being rotated", async () => {
    expect(await post("{}", headersFor("{}", { "x-shopify-hmac-sha256": sign("{}", PREVIOUS) }))).toBe(200);
  });

  it("keeps one row of a delivery that is repeated, also at the same time and without an id", async () => {
    const headers = headersFor("{}");
    expect(await Promise.all(Array.from({ length: 20 }, () => post("{}", headers)))).toEqual(
      Array(20).fill(200),
    );
    expect(await rows()).toHaveLength(1);
    const { "x-shopify-webhook-id": _, ...nameless } = headersFor('{"b":1}');
    expect([await post('{"b":1}', nameless), await post('{"b":1}', nameless)]).toEqual([200, 200]);
    expect(await rows()).toHaveLength(2);
  });

  it("takes a body of exactly the limit", async () => {
    const body = Buffer.alloc(BODY_LIMIT, "x");
    expect(await post(body)).toBe(200);
    expect(await rows()).toHaveLength(1);
  });
});

describe("what is refused", () => {
  it("answers 401 to a forged signature, whatever is wrong with it", async () => {
    const forged = [
      sign("{}", "another-secret"),
      sign("{} "),
      "AAAA",
      "%%%",
      "=".repeat(300),
      sign("{}").slice(0, -4),
    ];
    for (const signature of forged) {
      expect(await post("{}", headersFor("{}", { "x-shopify-hmac-sha256": signature }))).toBe(401);
    }
    expect(await post('{"a":2}', headersFor('{"a":1}'))).toBe(401);
    expect(await rows()).toHaveLength(0);
  });

  it("never accepts, and never trips over, what nobody signed", () => {
    const source = shopifyWebhooks([SECRET]);
    const names = [
      "x-shopify-hmac-sha256",
      "x-shopify-topic",
      "x-shopify-shop-domain",
      "x-shopify-triggered-at",
    ];
    const value = fc.option(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: "binary" })), {
      nil: undefined,
    });
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, value])));
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 200 }), (given, body) => {
        expect(source.verify(given, Buffer.from(body), ARRIVED).accepted).toBe(false);
        const { topic = "", shop = "" } = source.describe(given);
        expect(`${topic}${shop}`).toMatch(/^[\w./-]*$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers 400 without the headers that make a webhook, 405 to another method", async () => {
    for (const missing of ["x-shopify-hmac-sha256", "x-shopify-topic", "x-shopify-shop-domain"]) {
      const headers = Object.fromEntries(
        Object.entries(headersFor("{}")).filter(([name]) => name !== missing),
      );
      expect(await post("{}", headers)).toBe(400);
    }
    const answer = await fetch(`http://127.0.0.1:${server.port}/webhooks`);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await rows()).toHaveLength(0);
  });

  it("stores nothing of a body that ends too early, and answers 401", async () => {
    const whole = JSON.stringify({ id: 1, note: "x".repeat(500) });
    const headers = headersFor(whole, { "content-length": String(whole.length) });
    expect(await raw(head(headers), whole.slice(0, 200))).toMatch(/^HTTP\/1.1 401 /);
    const chunked = headersFor(whole, { "transfer-encoding": "chunked" });
    expect(await raw(head(chunked), `c8\r\n${whole.slice(0, 200)}\r\n`)).toMatch(/^HTTP\/1.1 401 /);
    // Cut short on the way by something that mends the length.
    expect(await post(whole.slice(0, 200), headersFor(whole))).toBe(401);
    expect(await rows()).toHaveLength(0);
  });

  it("answers 413 at once to an announced length above the limit, before any of it arrives", async () => {
    const headers = headersFor("{}", { "content-length": String(BODY_LIMIT + 1) });
    expect(await firstAnswer(head(headers))).toMatch(/^HTTP\/1.1 413 /);
    const patient = { ...headers, expect: "100-continue" };
    expect(await firstAnswer(head(patient))).toMatch(/^HTTP\/1.1 413 /);
  });

  it("answers 413 while reading, and the sender that is still writing gets to read it", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = headersFor("", { "transfer-encoding": "chunked" });
      const target = { port: server.port, host: "127.0.0.1", path: "/webhooks", method: "POST", headers };
      const request = httpRequest(target, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.on("error", reject);
      const piece = Buffer.alloc(1024 * 1024, "x");
      for (let index = 0; index < 14; index += 1) request.write(piece);
      request.end();
    });
    expect(status).toBe(413);
    expect(await rows()).toHaveLength(0);
  });
});

/** The first bytes that come back while the connection stays open on our side. */
function firstAnswer(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ port: server.port, host: "127.0.0.1" });
    socket.once("data", (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.on("error", reject);
    socket.write(text);
  });
}

describe("when the database refuses", () => {
  it("answers 503 when it is away, 200 again when it is back", async () => {
    const away = openInboxStore({ url: database.url.replace(/:\d+\//, ":1/") });
    const door = openDoor({ sources: [shopifyWebhooks([SECRET])], store: away });
    const broken = await serve({
      host: "127.0.0.1",
      port: 0,
      portVariable: "PORT",
      handle: (req, res) => void door.answer(req, res),
    });
    const send = () =>
      fetch(`http://127.0.0.1:${broken.port}/webhooks`, {
        method: "POST",
        headers: headersFor("{}"),
        body: "{}",
      });
    expect((await Promise.all([send(), send(), send()])).map(({ status }) => status)).toEqual([
      503, 503, 503,
    ]);
    await broken.stop();
    await away.close();
    expect(await post("{}")).toBe(200);
  });

  it("goes row by row when a commit fails, so that one bad row harms no neighbour", async () => {
    await sql.query("ALTER TABLE inbox ADD CONSTRAINT no_poison CHECK (topic <> 'poison')");
    try {
      const topics = Array.from({ length: 24 }, (_, index) => (index % 8 === 5 ? "poison" : "orders/paid"));
      const send = (topic: string) => post("{}", headersFor("{}", { "x-shopify-topic": topic }));
      const statuses = await Promise.all(topics.map(send));
      expect(statuses).toEqual(topics.map((topic) => (topic === "poison" ? 503 : 200)));
      expect(await rows()).toHaveLength(21);
    } finally {
      await sql.query("ALTER TABLE inbox DROP CONSTRAINT no_poison");
    }
  });

  it("tells whoever listens that something is there", async () => {
    const heard = new Promise((resolve) => sql.once("notification", resolve));
    await sql.query("LISTEN inbox");
    await post("{}");
    expect(await heard).toMatchObject({ channel: "inbox" });
    await sql.query("UNLISTEN inbox");
  });
});
