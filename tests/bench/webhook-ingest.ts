// A webhook is answered when it is durable. Three servers take the same ones into the same PostgreSQL (fsync on): the app's web
// process, as little as can do the same on node:http, and a plain Remix route as Shopify's documentation shows it.
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, chmod, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { buildApp } from "#tests/setup/generated.mjs";
import { startContestant, type Contestant } from "./contestant.ts";
import type { Benchmark, Goal, Peer } from "./harness.ts";
import { load, type Load } from "./load.ts";

const CONNECTIONS = 32;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;
const SECRET = "bench-secret";
const SHOP = "lumen.myshopify.com";

const APP = "aftercare";
const BARE = "bare node:http";
const REMIX = "Remix route, authenticate.webhook";

const goals: Goal[] = [
  { of: APP, to: BARE, target: 0.8 },
  { of: APP, to: REMIX, target: 4 },
];

export const webhookIngest: Benchmark = {
  what: `orders/paid of 11 KB, valid HMAC, ${CONNECTIONS} connections, durable before 200`,
  async run(measure) {
    await buildApp();
    const folder = await mkdtemp(join(tmpdir(), "aftercare-bench-"));
    await chmod(folder, 0o755); // under root PostgreSQL runs as another account, which must reach its files
    const database = await startEmbedded({
      dataDir: join(folder, "postgres"),
      durable: true,
      log: () => undefined,
    });
    const sql = new Client({ connectionString: database.url });
    const running: Contestant[] = [];
    try {
      await applyMigrations(database.url);
      await applyMigrations(database.keysUrl, keyMigrationsFolder);
      await sql.connect();
      const env = environment(database.url, database.keysUrl);
      const start = async (entry: string) => {
        const contestant = await startContestant(entry, env);
        running.push(contestant);
        return contestant;
      };
      const next = requests(await orderBody());
      const peer = (name: string, { port }: Contestant): Peer => ({
        name,
        measure: () => run(sql, port, next),
      });
      const peers = [
        peer(APP, await start("app/entry.web.ts")),
        peer(BARE, await start("tests/bench/bare.ts")),
        peer(REMIX, await start("tests/bench/remix.ts")),
      ];
      for (const { port } of running)
        await load({ port, connections: CONNECTIONS, seconds: WARM_UP_SECONDS, next });
      await measure(peers, goals);
    } finally {
      for (const contestant of running) await contestant.stop();
      await sql.end();
      await database.stop();
      await rm(database.dataDir, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** One measurement: into an empty table, after a checkpoint, and every 200 must have left a row. */
async function run(sql: Client, port: number, next: () => Buffer): Promise<Load> {
  await sql.query("TRUNCATE inbox");
  const result = await load({ port, connections: CONNECTIONS, seconds: SECONDS, next });
  const { rows } = await sql.query<{ stored: number }>("SELECT count(*)::int AS stored FROM inbox");
  if (result.failed > 0 || rows[0]?.stored !== result.ok) {
    throw new Error(`${result.ok} answers of 200, ${result.failed} others, ${rows[0]?.stored} rows stored`);
  }
  return result;
}

/** An order as it is at the moment of payment: nothing is shipped or refunded yet. */
export async function orderBody(): Promise<Buffer> {
  const text = await readFile(
    new URL("../../app/connectors/shopify/fixtures/orders-paid.json", import.meta.url),
    "utf8",
  );
  const order = JSON.parse(text) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...order, fulfillment_status: null, fulfillments: [], refunds: [] }));
}

/** Requests that differ in their webhook id alone, so that each has to be stored. */
export function requests(body: Buffer): () => Buffer {
  const id = randomUUID();
  const head = [
    "POST /webhooks/orders/paid HTTP/1.1",
    "Host: 127.0.0.1",
    "Content-Type: application/json",
    "User-Agent: Shopify-Captain-Hook",
    "X-Shopify-Topic: orders/paid",
    `X-Shopify-Hmac-SHA256: ${createHmac("sha256", SECRET).update(body).digest("base64")}`,
    `X-Shopify-Shop-Domain: ${SHOP}`,
    "X-Shopify-API-Version: 2026-10",
    `X-Shopify-Event-Id: ${randomUUID()}`,
    `X-Shopify-Triggered-At: ${new Date().toISOString()}`,
    `X-Shopify-Webhook-Id: ${id}`,
    `Content-Length: ${body.length}`,
  ];
  const template = Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
  const place = template.indexOf(id);
  return () => {
    const request = Buffer.from(template);
    request.write(randomUUID(), place, "latin1");
    return request;
  };
}

export function environment(
  url: string,
  keysUrl: string,
  keyring = `b1:${randomBytes(32).toString("base64")}`,
): Record<string, string> {
  return {
    NODE_ENV: "production",
    LOG_LEVEL: "warn",
    DATABASE_URL: url,
    KEYS_DATABASE_URL: keysUrl,
    KEYRING: keyring,
    SHOPIFY_API_KEY: "bench",
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_APP_URL: "https://app.test",
    RESEND_API_KEY: "re_bench",
    RESEND_WEBHOOK_SECRET: "whsec_YmVuY2g=",
    MAIL_SHARED_DOMAIN: "mail.example.com",
    SUPPORT_EMAIL: "support@example.com",
  };
}
