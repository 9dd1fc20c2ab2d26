// The two processes as an operator meets them.
import { spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectKeyStore, disconnectKeyStore, findPlatformKey } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { keyringSchema } from "#app/platform/env.ts";
import { claimInstallation } from "#app/platform/installation.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { overTheWall } from "#tests/setup/wall.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
let database: TestDatabase;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await makeScratch();
  environment = {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    DATABASE_URL: database.url,
    KEYS_DATABASE_URL: database.keysUrl,
    KEYRING: `t1:${randomBytes(32).toString("base64")}`,
    SHOPIFY_API_KEY: "key",
    SHOPIFY_API_SECRET: "app-secret",
    SHOPIFY_APP_URL: "https://app.test",
    RESEND_API_KEY: "re_test",
    RESEND_WEBHOOK_SECRET: "whsec_dGVzdA==",
    MAIL_SHARED_DOMAIN: "mail.example.com",
    SUPPORT_EMAIL: "support@example.com",
  };
});

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});
afterAll(async () => {
  await database.drop();
  await removeScratch(folder);
});

function start(entry: string, env: Record<string, string>) {
  const { NODE_ENV, PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(root, `app/entry.${entry}.ts`)], {
    // No folder of anybody's, whose .env would be read.
    cwd: folder,
    env: { NODE_ENV, PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  return { child, said, ended };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

/** Asks until the process is ready; its end is the end of waiting. */
async function becomeReady({
  port,
  child,
  said,
}: { port: number } & ReturnType<typeof start>): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(20);
  }
  throw new Error(`it ended while starting: ${(await said).join("")}`);
}

it.each(["web", "worker"])(
  "%s names every variable that is wrong, and exits with 78 without a stack",
  async (entry) => {
    const { KEYRING: _, ...rest } = environment;
    const { said, ended } = start(entry, { ...rest, PORT: "99999", SUPPORT_EMAIL: "nobody" });
    expect(await ended).toEqual([78, null]);
    const [out, error] = await said;
    for (const name of ["KEYRING", "PORT", "SUPPORT_EMAIL"]) expect(error).toContain(`  ${name}: `);
    expect(error).not.toMatch(/\n\s+at /);
    expect(out).not.toContain("ready");
  },
);

it("what the environment does not say is read from .env, and what it says counts", async () => {
  const file = join(folder, ".env");
  await writeFile(file, "WORKER_PORT=70000\nPORT=70001\nSUPPORT_EMAIL=nobody\n");
  const { said, ended } = start("worker", { ...environment, PORT: "0" });
  expect(await ended).toEqual([78, null]);
  const [, error] = await said;
  expect(error).toContain("  WORKER_PORT: ");
  expect(error).not.toMatch(/ {2}(PORT|SUPPORT_EMAIL): /);
  await rm(file);
});

describe("a wrong configuration", () => {
  const bytes = () => randomBytes(32).toString("base64");
  const cases: [string, () => Record<string, string>, RegExp][] = [
    [
      "a keyring without a key that is in use",
      () => ({ KEYRING: `t2:${bytes()}` }),
      /keyring lacks the key t1,/,
    ],
    ["the right key's id and other bytes", () => ({ KEYRING: `t1:${bytes()}` }), /same id and other bytes/],
    [
      "a keyring's file that is not there",
      () => ({ KEYRING: "", KEYRING_FILE: "/nowhere" }),
      /cannot be read/,
    ],
    [
      "the databases of another environment",
      () => ({ ENVIRONMENT: "staging" }),
      /belongs to the environment "production"/,
    ],
    [
      "the key store of another installation",
      () => ({ KEYS_DATABASE_URL: other.keysUrl }),
      /different installations/,
    ],
  ];
  let other: TestDatabase;
  beforeAll(async () => {
    // Two installations as a first start leaves them, the one with a key in use.
    other = await createTestDatabase();
    for (const { url, keysUrl } of [database, other]) {
      await connectDatabase({ url });
      await connectKeyStore({ url: keysUrl, keyring: keyringSchema.parse(environment.KEYRING) });
      await claimInstallation("production");
      await findPlatformKey("signing-1", true);
      await disconnectKeyStore();
      await disconnectDatabase();
    }
  });
  afterAll(() => other.drop());

  it.each(cases)("a start is refused with one sentence, and 78, with %s", async (_, over, sentence) => {
    const { said, ended } = start("worker", { ...environment, ...over(), WORKER_PORT: "0" });
    expect(await ended).toEqual([78, null]);
    const [out, error] = await said;
    expect(error).toBe("");
    expect(out).not.toContain(`"trace"`);
    const fatal = out.split("\n").filter((line) => line.includes('"fatal"'));
    expect(fatal.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      expect.stringMatching(sentence),
    ]);
    for (const line of [out, error]) expect(line).not.toContain(environment.KEYRING!.slice(3, 11));
  });
});

it("a taken port is one clear line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const { said, ended } = start("worker", { ...environment, WORKER_PORT: String(port) });
  expect(await ended).toEqual([1, null]);
  const fatal = (await said)[0].split("\n").filter((line) => line.includes('"fatal"'));
  expect(fatal.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    `Port ${port} on 127.0.0.1 is already in use. Choose another with WORKER_PORT.`,
  ]);
  other.close();
});

it("a database that does not answer is one clear line", async () => {
  const url = environment.DATABASE_URL!.replace(/:\d+\//, ":1/");
  const { said, ended } = start("worker", { ...environment, DATABASE_URL: url, WORKER_PORT: "0" });
  expect(await ended).toEqual([1, null]);
  expect((await said)[0]).toContain('"msg":"the database does not answer"');
});

it("web takes a webhook, worker handles it, and both go when they are told, twice", async () => {
  const [web, worker] = [await freePort(), await freePort()];
  const started = [
    { port: web, ...start("web", { ...environment, PORT: String(web) }) },
    { port: worker, ...start("worker", { ...environment, WORKER_PORT: String(worker) }) },
  ];
  await Promise.all(started.map(becomeReady));

  const body = JSON.stringify({ shop_id: 1, shop_domain: "gone.myshopify.com", note: "ada@example.com" });
  const answer = await fetch(`http://127.0.0.1:${web}/webhooks/shop/redact`, {
    method: "POST",
    headers: {
      "x-shopify-topic": "shop/redact",
      "x-shopify-shop-domain": "gone.myshopify.com",
      "x-shopify-webhook-id": randomUUID(),
      "x-shopify-hmac-sha256": createHmac("sha256", "app-secret").update(body).digest("base64"),
    },
    body,
  });
  expect(answer.status).toBe(200);
  const asked = [
    ["/auth/login?shop=gone.myshopify.com", 302],
    ["/auth/exit-iframe?exitIframe=https://evil.example&shop=gone.myshopify.com", 404],
    ["/auth/exit-iframe", 404],
    ["/favicon.ico", 200],
  ] as const;
  for (const [path, status] of asked) {
    const page = await fetch(`http://127.0.0.1:${web}${path}`, {
      redirect: "manual",
      headers: { "x-forwarded-proto": "https", "user-agent": "Mozilla/5.0 Firefox/150.0" },
    });
    expect([path, page.status]).toEqual([path, status]);
    expect(await page.text()).not.toMatch(/shopify\.|Invalid exit/);
  }
  const forged = await fetch(`http://127.0.0.1:${web}/webhooks/orders/paid?token=geheim`, {
    method: "POST",
    headers: {
      "x-shopify-topic": "orders/paid",
      "x-shopify-shop-domain": "lumen.myshopify.com",
      "x-shopify-hmac-sha256": "bm90IG91cnM=",
    },
    body,
  });
  expect(forged.status).toBe(401);
  const sql = new Client({ connectionString: overTheWall(database.url) });
  await sql.connect();
  const recorded = async () =>
    (await sql.query("SELECT kind FROM privacy_requests")).rows as { kind: string }[];
  let rows = await recorded();
  while (rows.length === 0) rows = await recorded();
  expect(rows).toEqual([{ kind: "shop/redact" }]);
  await sql.end();

  // A terminal signals the whole group, and npm passes it on once more.
  for (const { child } of started) for (const signal of ["SIGINT", "SIGTERM"] as const) child.kill(signal);
  for (const { ended, said } of started) {
    expect(await ended).toEqual([0, null]);
    const [out, error] = await said;
    expect(out).toContain("has stopped");
    expect(out).not.toContain("geheim");
    expect(out + error).not.toContain("ada@");
    // Shopify's library says by itself that it led nobody astray.
    expect(error.replaceAll(/^\[shopify-app\/WARNING\] Rejected exit-iframe .*\n/gm, "")).toBe("");
  }
  const refused =
    (await started[0]!.said)[0].split("\n").find((line) => line.includes("webhook refused")) ?? "{}";
  expect(JSON.parse(refused)).toMatchObject({
    level: "warn",
    status: 401,
    reason: "wrong signature",
    topic: "orders/paid",
    shop: "lumen.myshopify.com",
  });
});
