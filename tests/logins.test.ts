// The stricter pair of logins, as the README tells to set it up.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runCommand } from "#tests/commands.ts";
import { asSuperuser } from "#tests/db.ts";
import { startProcess, type AppProcess } from "#tests/setup/process.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

const id = randomBytes(6).toString("hex");
const role = `app_${id}`;
const names = [`logins_${id}`, `logins_${id}_keys`] as const;
const as = (user: string | null, database: string) => {
  const url = new URL(inject("databases").url);
  url.pathname = `/${database}`;
  if (user) [url.username, url.password] = [user, "secret"];
  return url.href;
};
const owner = { DATABASE_URL: as(null, names[0]), KEYS_DATABASE_URL: as(null, names[1]) };
const restricted = { DATABASE_URL: as(role, names[0]), KEYS_DATABASE_URL: as(role, names[1]) };
const environment = {
  NODE_ENV: "test" as const,
  KEYRING: `k1:${randomBytes(32).toString("base64")}`,
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "app-secret",
  SHOPIFY_APP_URL: "https://app.test",
  RESEND_API_KEY: "re_test",
  RESEND_WEBHOOK_SECRET: "whsec_dGVzdA==",
  MAIL_SHARED_DOMAIN: "mail.example.com",
  SUPPORT_EMAIL: "support@example.com",
};

let folder: string;
const running: AppProcess[] = [];
beforeAll(async () => {
  folder = await makeScratch();
  await asSuperuser(`CREATE ROLE ${role} LOGIN NOBYPASSRLS PASSWORD 'secret'`);
  const [, grants = ""] = /```sql\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
  for (const name of names) {
    await asSuperuser(`CREATE DATABASE ${name} OWNER aftercare`);
    await query(as(null, name), grants.replaceAll("aftercare_app", role));
  }
});
afterAll(async () => {
  for (const each of running) await each.stop();
  for (const name of names) await asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`);
  await asSuperuser(`DROP ROLE ${role}`);
  await removeScratch(folder);
});

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

const command = (name: string, env: Record<string, string>) =>
  runCommand([name], { env: { PATH: process.env.PATH, ...environment, ...env } });

test("the owner migrates; the app runs, installs and rotates as a role that owns nothing", async () => {
  expect(await command("db:migrate", owner)).toMatchObject({ code: 0 });

  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  running.push(
    await startProcess({
      name: "worker",
      entry: "app/entry.worker.ts",
      env: { ...environment, ...restricted, WORKER_PORT: String(port) },
      logFile: join(folder, "worker.log"),
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
    }),
  );
  expect(await command("keys:rotate", restricted)).toMatchObject({ code: 0 });

  const [main, keys] = [restricted.DATABASE_URL, restricted.KEYS_DATABASE_URL];
  await query(main, "SELECT set_config('app.scope', 'tests', false); UPDATE shops SET name = name");
  for (const [url, sql] of [
    [main, "ALTER TABLE orders DISABLE ROW LEVEL SECURITY"],
    [main, "DROP POLICY of_shop ON orders"],
    [main, "TRUNCATE audit_events"],
    [main, "CREATE TABLE mine (id int)"],
    [keys, "DROP TRIGGER living_keyring_id ON data_keys"],
  ] as const)
    await expect(query(url, sql)).rejects.toThrow(/must be owner|permission denied/);
});
