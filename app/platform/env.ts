import "#app/platform/tls.ts";
import { z } from "zod";
import { isWithoutTls } from "#app/platform/db/transport.ts";

const url = z
  .url({ protocol: /^https?$/, message: "must be a full http(s) address" })
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), "must not hold a name or a password");
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\/.+/, "must start with postgresql://");
const port = z.coerce.number().int().min(0).max(65535);

/** Keys that wrap keys, newest first. Its complaints never repeat what was given. */
export const keyringSchema = z
  .string()
  .transform((text, context) =>
    text
      .split(/[,\n]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "")
      .map((entry) => {
        const [, id = "", secret = ""] = /^([a-z0-9]{1,16}):([A-Za-z0-9+/]{43}=?)$/.exec(entry) ?? [];
        const key = Buffer.from(secret, "base64");
        if (key.length !== 32) {
          context.addIssue({
            code: "custom",
            message: "must be id:base64 of 32 bytes, newest first, one a line or parted by commas",
          });
        }
        return { id, key };
      }),
  )
  .refine((keys) => keys.length > 0, "holds no key")
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, "names one key id twice")
  .refine(
    (keys) => keys.every(({ key }) => key.some((byte) => byte !== key[0])),
    "has a key of one byte repeated",
  )
  .refine(
    (keys) => new Set(keys.map(({ key }) => key.toString("hex"))).size === keys.length,
    "has the same key under two ids",
  );

/**
 * Whether a secret, or the id of a key, was generated for the demo: those begin with `demo`, after the prefix of the vendor whose secret
 * they play. Production refuses them.
 */
export function isMadeForDemo(secret: string): boolean {
  return /^(shpss_|re_|whsec_)?demo/i.test(secret.trim());
}

/** Every variable the app reads. The README's table is held against this list by a test. */
export const envSchema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  ENVIRONMENT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be a short name in small letters")
    .optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: port.default(3000),
  WORKER_PORT: port.default(3001),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATABASE_URL: postgresUrl.optional(),
  KEYS_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  DATA_DIR: z.string().min(1).default(".data"),
  JOURNAL_DIR: z.string().min(1).optional(),
  BACKUP_DIR: z.string().min(1).optional(),
  BACKUP_KEEP_DAYS: z.coerce.number().int().min(1).max(35).default(30),
  UNINSTALL_GRACE_HOURS: z.coerce.number().min(0).max(36).default(24),
  KEYRING: keyringSchema.optional(),
  KEYRING_FILE: z.string().min(1).optional(),
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(8),
  SHOPIFY_API_SECRET_PREVIOUS: z.string().min(8).optional(),
  SHOPIFY_APP_URL: url,
  SHOPIFY_APP_HANDLE: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default("aftercare"),
  RESEND_API_KEY: z.string().min(1),
  RESEND_WEBHOOK_SECRET: z.string().regex(/^whsec_/, "must start with whsec_"),
  RESEND_BASE_URL: url.optional(),
  MAIL_SHARED_DOMAIN: z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/, "must be a domain"),
  MAIL_SHARED_DAILY_CAP: z.coerce.number().int().min(0).default(200),
  SUPPORT_EMAIL: z.email(),
  HOSTING_PROVIDER: z.string().min(1).max(120).optional(),
  DATA_REGION: z.string().min(1).max(120).optional(),
});
export type Env = z.infer<typeof envSchema>;

let parsed: Env | undefined;

/**
 * The environment, checked once. The only file of the app that reads `process.env`.
 * @throws Error naming every variable that is missing or malformed (never its value).
 */
export function env(): Env {
  return (parsed ??= parseEnv(process.env));
}

/** Whether this machine is set up to run the app; a check of the source alone needs nothing of it. */
export function isConfigured(): boolean {
  return Boolean(process.env.KEYRING || process.env.KEYRING_FILE);
}

const DATABASE_PART = {
  DATABASE_URL: true,
  KEYS_DATABASE_URL: true,
  NODE_ENV: true,
  DATA_DIR: true,
} as const;
const databaseSchema = envSchema.pick(DATABASE_PART);
const keysSchema = envSchema.pick({ ...DATABASE_PART, ENVIRONMENT: true, KEYRING: true, KEYRING_FILE: true });
export type KeysEnv = z.infer<typeof keysSchema>;

/** The part that migrating the databases needs, checked alone: a release's migration step may know nothing else. */
export function databaseEnv(): z.infer<typeof databaseSchema> {
  return parsePart(databaseSchema, process.env);
}

/** The part that commands with keys need, checked alone. */
export function keysEnv(): KeysEnv {
  return parsePart(keysSchema, process.env);
}

/** @throws Error naming every variable that is missing or malformed, all at once */
export function parseEnv(source: Record<string, string | undefined>): Env {
  return parsePart(envSchema, source);
}

type Given = Record<string, string | undefined>;

function parsePart<Part extends z.ZodObject>(schema: Part, source: Given): z.infer<Part> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      // A blank in front would hide from the checks below what a vendor's library, or a browser, then trims away.
      const value = source[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  ) as Given;
  const result = schema.safeParse(given);
  const lines = (result.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return `${name}: ${given[name] === undefined ? "is missing" : issue.message}`;
  });
  if (given.DATABASE_URL && !given.KEYS_DATABASE_URL)
    lines.push(
      "KEYS_DATABASE_URL: is missing (with DATABASE_URL set, the key store needs a database of its own)",
    );
  if ("KEYRING" in schema.shape) lines.push(...keyringLines(given));
  if ((given.NODE_ENV ?? "production") === "production") lines.push(...productionLines(given));
  else if (given.ENVIRONMENT === "production")
    lines.push("ENVIRONMENT: production needs NODE_ENV=production");
  if (result.success && lines.length === 0) return result.data;
  const text = [...new Set(lines)].map((line) => `  ${line}`).join("\n");
  throw new Error(`The environment is not usable:\n${text}\nSee .env.example.`);
}

function keyringLines({ KEYRING, KEYRING_FILE }: Given): string[] {
  if (KEYRING && KEYRING_FILE) return ["KEYRING_FILE: is set, and KEYRING as well: use one of them"];
  return KEYRING || KEYRING_FILE ? [] : ["KEYRING: is missing (or KEYRING_FILE)"];
}

/** What is good enough on a desk, and refused where merchants' data lies. */
function productionLines(given: Given): string[] {
  const lines: string[] = [];
  for (const name of [
    "SHOPIFY_API_SECRET",
    "SHOPIFY_API_SECRET_PREVIOUS",
    "RESEND_API_KEY",
    "RESEND_WEBHOOK_SECRET",
  ])
    if (isMadeForDemo(given[name] ?? "")) lines.push(`${name}: was generated for the demo`);
  if (keyringSchema.safeParse(given.KEYRING).data?.some(({ id }) => isMadeForDemo(id)))
    lines.push("KEYRING: has a key that was generated for the demo");
  for (const name of ["SHOPIFY_APP_URL", "RESEND_BASE_URL"])
    if (given[name]?.toLowerCase().startsWith("http:")) lines.push(`${name}: must be https in production`);
  for (const name of ["DATABASE_URL", "KEYS_DATABASE_URL"])
    if (given[name] && isWithoutTls(given[name]))
      lines.push(`${name}: leaves this machine without TLS: add sslmode=verify-full (or require, verify-ca)`);
  return lines;
}
