import { z } from "zod";

const url = z.url({ protocol: /^https?$/, message: "must be a full http(s) address" });
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\/.+/, "must start with postgresql://");
const port = z.coerce.number().int().min(0).max(65535);

const keyring = z
  .string()
  .transform((text, context) =>
    text.split(",").map((entry) => {
      const [id = "", secret = ""] = entry.trim().split(":");
      const key = Buffer.from(secret, "base64");
      if (!/^[a-z0-9]{1,16}$/.test(id) || key.length !== 32) {
        context.addIssue({
          code: "custom",
          message: "must be id:base64 of 32 bytes, newest first, parted by commas",
        });
      }
      return { id, key };
    }),
  )
  .refine((keys) => new Set(keys.map((key) => key.id)).size === keys.length, "names one key id twice");

/** Every variable the app reads. The README's table is held against this list by a test. */
export const envSchema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
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
  DATA_REGION: z.string().trim().min(1).max(100).optional(),
  UNINSTALL_GRACE_HOURS: z.coerce.number().min(0).max(36).default(24),
  KEYRING: keyring,
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

/** The part that migrating a database needs, checked alone: a release's migration step may know nothing else. */
export function databaseEnv(): Pick<Env, "DATABASE_URL" | "DATA_DIR"> {
  const result = envSchema.pick({ DATABASE_URL: true, DATA_DIR: true }).safeParse({
    DATABASE_URL: process.env.DATABASE_URL || undefined,
    DATA_DIR: process.env.DATA_DIR || undefined,
  });
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${String(issue.path[0])}: ${issue.message}`);
  throw new Error(`The environment is not usable:\n${lines.join("\n")}\nSee .env.example.`);
}

/** @throws Error naming every variable that is missing or malformed, all at once */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = envSchema.safeParse(given);
  const lines = (result.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return `  ${name}: ${given[name] === undefined ? "is missing" : issue.message}`;
  });
  if (given.DATABASE_URL && !given.KEYS_DATABASE_URL) {
    lines.push(
      "  KEYS_DATABASE_URL: is missing (with DATABASE_URL set, the key store needs a database of its own)",
    );
  }
  if (result.success && lines.length === 0) return result.data;
  throw new Error(`The environment is not usable:\n${[...new Set(lines)].join("\n")}\nSee .env.example.`);
}
