// Runs the sandbox as a process and prints one JSON line when it is ready.
// Flags beat environment variables: --admin-port / SANDBOX_ADMIN_PORT and so on; see README.md.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { startSandbox, type SandboxOptions } from "#tests/sandbox/sandbox.ts";

const NAMES = [
  "admin-port",
  "app-port",
  "mail-port",
  "tls-port",
  "data-dir",
  "api-key",
  "api-secret",
  "app-url",
  "resend-api-key",
  "resend-webhook-secret",
  "resend-webhook-url",
  "shared-domain",
  "installed",
] as const;
type Name = (typeof NAMES)[number];

const { values } = parseArgs({
  options: Object.fromEntries(NAMES.map((name) => [name, { type: "string" as const }])),
});
const given = (name: Name): string | undefined =>
  (values[name] as string | undefined) ?? process.env[`SANDBOX_${name.toUpperCase().replaceAll("-", "_")}`];

function port(name: Name): number | undefined {
  const text = given(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new Error(`--${name} must be a port number, not ${text}`);
  return value;
}

function options(): SandboxOptions {
  const tls = port("tls-port");
  const dataDir = given("data-dir");
  const webhookUrl = given("resend-webhook-url");
  const sharedDomain = given("shared-domain");
  return {
    ports: {
      admin: port("admin-port") ?? 0,
      app: port("app-port") ?? 0,
      mail: port("mail-port") ?? 0,
      ...(tls === undefined ? {} : { tls }),
    },
    apiKey: given("api-key") ?? "sandbox-key",
    apiSecret: given("api-secret") ?? "sandbox-secret",
    appUrl: given("app-url") ?? "http://127.0.0.1:3000",
    resendApiKey: given("resend-api-key") ?? "re_sandbox",
    resendWebhookSecret: given("resend-webhook-secret") ?? `whsec_${randomBytes(24).toString("base64")}`,
    ...(dataDir ? { dataDir } : {}),
    ...(webhookUrl ? { resendWebhookUrl: webhookUrl } : {}),
    ...(sharedDomain ? { sharedDomain } : {}),
    installed: given("installed") !== "false",
  };
}

try {
  const sandbox = await startSandbox(options());
  const { adminUrl, adminApiUrl, shopifyUrl, appProxyUrl, mailboxUrl, resendUrl, tls, env } = sandbox;
  console.log(
    JSON.stringify({ adminUrl, adminApiUrl, shopifyUrl, appProxyUrl, mailboxUrl, resendUrl, tls, env }),
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
