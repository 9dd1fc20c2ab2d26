import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { claim, extendLeases, settleDone } from "#app/platform/inbox/claim.ts";
import { listDeadLetters, replayDeadLetter } from "#app/platform/inbox/deadletters.ts";
import {
  backoffSeconds,
  consumeInbox,
  inboxDepth,
  MOST_ATTEMPTS,
  type ConsumeOptions,
  type Webhook,
} from "#app/platform/inbox/inbox.ts";
import { forgetInboxKeys, inboxKey, sealBody } from "#app/platform/inbox/keys.ts";
import { openInboxStore, type InboxStore } from "#app/platform/inbox/store.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

const keyring = [{ id: "k1", key: randomBytes(32) }];
let database: TestDatabase;
let store: InboxStore;
let sql: Client;

beforeAll(async () => {
  setLogLevel("silent");
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  store = openInboxStore({ url: database.url });
});

afterAll(async () => {
  await store.close();
  await sql.end();
  await disconnectDatabase();
  await disconnectKeyStore();
  forgetInboxKeys();
  await database.drop();
});

beforeEach(() => sql.query("TRUNCATE inbox"));

async function put(shopDomain: string, body = "{}", topic = "orders/paid"): Promise<string> {
  const id = newId();
  const now = new Date();
  await store.put({
    id,
    source: "shopify",
    topic,
    shopDomain,
    webhookId: id,
    eventId: null,
    apiVersion: null,
    triggeredAt: null,
    receivedAt: now,
    bodySealed: sealBody(await inboxKey(now), id, Buffer.from(body)),
  });
  return id;
}

type Running = { stop: () => Promise<void> };
const running: Running[] = [];

function consume(options: Omit<ConsumeOptions, "signal">): Running {
  const stopping = new AbortController();
  const ended = consumeInbox({ ...options, signal: stopping.signal });
  const consumer = { stop: () => (stopping.abort(), ended) };
  running.push(consumer);
  return consumer;
}

afterEach(() => Promise.all(running.splice(0).map((consumer) => consumer.stop())));

/** Resolves when `count` rows are in `state`; the consumer's own timeouts are what ends a wait for nothing. */
async function reached(state: string, count: number): Promise<Record<string, unknown>[]> {
  for (;;) {
    const { rows } = await sql.query<Record<string, unknown>>(
      "SELECT * FROM inbox WHERE state = $1 ORDER BY id",
      [state],
    );
    if (rows.length >= count) return rows;
  }
}

/** As if the waiting time of everything were over. */
const letTimePass = () =>
  sql.query("UPDATE inbox SET next_at = now() - interval '1 second' WHERE state = 'pending'");

describe("handling", () => {
  it("hands over facts and body, then erases the body; a reason is kept, a body on request", async () => {
    await put("a.myshopify.com", '{"id":1}');
    await put("b.myshopify.com", '{"id":2}');
    const seen: [string, string][] = [];
    consume({
      handle: (webhook, body) => {
        seen.push([webhook.shopDomain, body.toString()]);
        return Promise.resolve(
          webhook.shopDomain.startsWith("b") ? { reason: "unknown shop", keepBody: true } : {},
        );
      },
    });
    const [a, b] = await reached("done", 2);
    expect(seen.sort()).toEqual([
      ["a.myshopify.com", '{"id":1}'],
      ["b.myshopify.com", '{"id":2}'],
    ]);
    expect(a).toMatchObject({ reason: null, body_sealed: null, attempts: 1 });
    expect(b).toMatchObject({
      reason: "unknown shop",
      body_sealed: expect.any(Buffer),
      processed_at: expect.any(Date),
    });
  });

  it("hears of a new webhook without polling", async () => {
    const idle = consume({ handle: () => Promise.resolve({}), pollMs: 3_600_000 });
    await put("a.myshopify.com");
    await reached("done", 1);
    await put("a.myshopify.com");
    await reached("done", 2);
    await idle.stop();
  });

  it("finds what it could not hear of", async () => {
    consume({ handle: () => Promise.resolve({}), pollMs: 50 });
    await put("a.myshopify.com");
    await reached("done", 1);
    await sql.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'aftercare listen%'",
    );
    await put("a.myshopify.com");
    await reached("done", 2);
  });
});

describe("fairness", () => {
  it("gives a shop with one webhook its turn among a shop with hundreds", async () => {
    const order: string[] = [];
    for (let index = 0; index < 300; index += 1) await put("big.myshopify.com");
    for (const name of ["a", "m", "z"]) await put(`${name}.myshopify.com`);
    consume({ parallel: 4, handle: ({ shopDomain }) => Promise.resolve((order.push(shopDomain), {})) });
    await reached("done", 303);
    for (const name of ["a", "m", "z"]) expect(order.indexOf(`${name}.myshopify.com`)).toBeLessThan(8);
  });

  it("goes round all shops before any gets a second turn", async () => {
    const shops = Array.from(
      { length: 30 },
      (_, index) => `shop-${String(index).padStart(2, "0")}.myshopify.com`,
    );
    for (const shop of shops) for (let index = 0; index < 3; index += 1) await put(shop);
    const order: string[] = [];
    consume({ parallel: 1, handle: ({ shopDomain }) => Promise.resolve((order.push(shopDomain), {})) });
    await reached("done", 90);
    expect(order).toEqual([...shops, ...shops, ...shops]);
  });

  it("shares the work between two consumers without handling anything twice", async () => {
    for (let index = 0; index < 200; index += 1) await put(`${index % 7}.myshopify.com`);
    const seen: string[] = [];
    const handle = ({ inboxId }: Webhook) => Promise.resolve((seen.push(inboxId), {}));
    consume({ parallel: 5, handle });
    consume({ parallel: 5, handle });
    await reached("done", 200);
    expect(new Set(seen).size).toBe(200);
    expect(seen).toHaveLength(200);
  });
});

describe("failure", () => {
  it("is dead at once when the payload does not parse, with where but not what", async () => {
    await put("a.myshopify.com", '{"customer":{"email":"ada@example.com"}}');
    const schema = z.object({ customer: z.object({ email: z.number(), id: z.string() }) });
    consume({
      handle: (_, body) => Promise.resolve(void schema.parse(JSON.parse(body.toString()))).then(() => ({})),
    });
    const [row] = await reached("dead", 1);
    expect(row).toMatchObject({
      reason: "not as expected: customer.email invalid_type, customer.id invalid_type",
      attempts: 1,
      body_sealed: expect.any(Buffer),
    });
  });

  it("is repeated later, after growing waits, and dead after a day of tries", async () => {
    const id = await put("a.myshopify.com");
    let tries = 0;
    const handle = () => {
      tries += 1;
      return Promise.reject(new Error("ada@example.com could not be reached"));
    };
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      const consumer = consume({ handle });
      const { rows } = await waitFor(
        `SELECT reason, extract(epoch FROM next_at - now()) AS wait FROM inbox WHERE attempts = ${attempt} AND reason IS NOT NULL`,
      );
      await consumer.stop();
      expect(rows[0]).toMatchObject({ reason: "Error" });
      expect(Number(rows[0]!.wait)).toBeGreaterThan(backoffSeconds(attempt, 0) - 5);
      await sql.query("UPDATE inbox SET reason = NULL");
      await letTimePass();
    }
    consume({ handle });
    expect(await reached("dead", 1)).toMatchObject([{ id, reason: "Error", attempts: MOST_ATTEMPTS }]);
    expect(tries).toBe(MOST_ATTEMPTS);
  });

  it("waits most of a day in all", () => {
    const waits = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => backoffSeconds(index + 1, 0.5));
    const hours = waits.reduce((sum, seconds) => sum + seconds, 0) / 3600;
    expect(hours).toBeGreaterThan(18);
    expect(hours).toBeLessThan(30);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it("does not stop the neighbours", async () => {
    for (let index = 0; index < 20; index += 1) await put("a.myshopify.com", index % 2 ? "good" : "bad");
    consume({
      parallel: 3,
      handle: (_, body) =>
        body.toString() === "bad" ? Promise.reject(new AppError("invalid", "bad news")) : Promise.resolve({}),
    });
    await reached("done", 10);
    expect(await reached("dead", 10)).toMatchObject(Array(10).fill({ reason: "invalid: bad news" }));
  });
});

describe("dead letters", () => {
  it("are listed by page and shop, and replayed with their body", async () => {
    const ids = [
      await put("a.myshopify.com", "1"),
      await put("b.myshopify.com", "2"),
      await put("a.myshopify.com", "3"),
    ];
    const failing = consume({ handle: () => Promise.reject(new AppError("invalid", "no")) });
    await reached("dead", 3);
    await failing.stop();
    expect(await inboxDepth()).toMatchObject({ pending: 0, dead: 3 });
    expect((await listDeadLetters()).map(({ id }) => id)).toEqual([...ids].reverse());
    expect((await listDeadLetters({ shopDomain: "a.myshopify.com", limit: 1 })).map(({ id }) => id)).toEqual([
      ids[2],
    ]);
    const before = { shopDomain: "a.myshopify.com", before: ids[2]! };
    expect(await listDeadLetters(before)).toMatchObject([
      { id: ids[0], reason: "invalid: no", replayable: true, attempts: 1 },
    ]);

    const seen: string[] = [];
    consume({ handle: (_, body) => Promise.resolve((seen.push(body.toString()), {})), pollMs: 3_600_000 });
    await replayDeadLetter(ids[1]!);
    await reached("done", 1);
    expect(seen).toEqual(["2"]);
    for (const id of [ids[1]!, newId(), "nonsense"]) {
      await expect(replayDeadLetter(id)).rejects.toMatchObject({ code: "not_found" });
    }
  });
});

describe("a worker that ends", () => {
  it("without warning: its lease runs out and another takes over", async () => {
    const id = await put("a.myshopify.com");
    const child = await startWorker();
    child.send({
      database: database.url,
      keys: database.keysUrl,
      keyring: keyring[0]!.key.toString("base64"),
    });
    await once(child, "message"); // it has the webhook in hand
    child.kill("SIGKILL");
    await once(child, "exit");

    const seen: string[] = [];
    consume({ handle: ({ inboxId }) => Promise.resolve((seen.push(inboxId), {})), pollMs: 50 });
    const lease = await sql.query<{ left: number }>(
      "SELECT extract(epoch FROM next_at - now())::float AS left FROM inbox",
    );
    expect(lease.rows[0]!.left).toBeGreaterThan(30);
    expect(seen).toEqual([]);
    await letTimePass();
    expect(await reached("done", 1)).toMatchObject([{ id, attempts: 2 }]);
    expect(seen).toEqual([id]);
  });

  it("too late: who lost the lease can neither settle nor extend it", async () => {
    const id = await put("a.myshopify.com");
    const { claimed: first } = await claim("", 5, 60);
    await letTimePass();
    const { claimed: second } = await claim("", 5, 60);
    expect([first[0], second[0]]).toMatchObject([
      { inboxId: id, attempt: 1 },
      { inboxId: id, attempt: 2 },
    ]);
    await settleDone(first[0]!, "too late", false);
    await extendLeases(first, 3_600);
    const held = "SELECT state, reason, extract(epoch FROM next_at - now()) < 61 AS unextended FROM inbox";
    expect((await sql.query(held)).rows).toEqual([{ state: "pending", reason: null, unextended: true }]);
    await extendLeases(second, 3_600);
    expect((await sql.query(held)).rows).toMatchObject([{ unextended: false }]);
    await settleDone(second[0]!, null, false);
    expect(await reached("done", 1)).toMatchObject([{ reason: null }]);
  });

  it("every time: the webhook that kills it is dead in the end", async () => {
    await put("a.myshopify.com");
    await sql.query("UPDATE inbox SET attempts = $1", [MOST_ATTEMPTS]);
    consume({ handle: () => Promise.reject(new Error("must not be called")) });
    expect(await reached("dead", 1)).toMatchObject([{ reason: "invalid: the worker ended every time" }]);
  });

  it("by request: it finishes what it has in hand and takes nothing new", async () => {
    for (let index = 0; index < 10; index += 1) await put("a.myshopify.com");
    let finish = () => {};
    const mayFinish = new Promise<void>((resolve) => (finish = resolve));
    let begun = 0;
    let allBegun = () => {};
    const fourBegun = new Promise<void>((resolve) => (allBegun = resolve));
    const consumer = consume({
      parallel: 4,
      handle: async () => {
        begun += 1;
        if (begun === 4) allBegun();
        await mayFinish;
        return {};
      },
    });
    await fourBegun;
    const stopped = consumer.stop();
    finish();
    await stopped;
    expect(begun).toBe(4);
    expect((await sql.query("SELECT 1 FROM inbox WHERE state = 'done'")).rowCount).toBe(4);
  });

  it("by request, but its work takes too long: it goes, and the lease brings the webhook back", async () => {
    await put("a.myshopify.com");
    let begin = () => {};
    const hasBegun = new Promise<void>((resolve) => (begin = resolve));
    const consumer = consume({ drainMs: 20, handle: () => (begin(), new Promise(() => {})) });
    await hasBegun;
    await consumer.stop();
    await letTimePass();
    consume({ handle: () => Promise.resolve({}) });
    expect(await reached("done", 1)).toMatchObject([{ attempts: 2 }]);
  });
});

async function waitFor(query: string) {
  for (;;) {
    const result = await sql.query<Record<string, unknown>>(query);
    if (result.rowCount) return result;
  }
}

async function startWorker(): Promise<ChildProcess> {
  const child = fork(new URL("./inbox.test.worker.ts", import.meta.url), { stdio: "inherit" });
  await once(child, "message");
  return child;
}
