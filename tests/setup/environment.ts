import { randomBytes } from "node:crypto";

/** The variables the app insists on, for tests that need no vendor to answer. `folder` takes what it writes beside the database. */
export function bareEnvironment(folder: string): Record<string, string> {
  return {
    NODE_ENV: "test",
    DATA_DIR: folder,
    KEYRING: `k1:${randomBytes(32).toString("base64")}`,
    SHOPIFY_API_KEY: "test-key",
    SHOPIFY_API_SECRET: "test-secret-0123456789",
    SHOPIFY_APP_URL: "https://app.test",
    RESEND_API_KEY: "re_test",
    RESEND_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString("base64")}`,
    MAIL_SHARED_DOMAIN: "mail.aftercare.test",
    SUPPORT_EMAIL: "support@aftercare.test",
  };
}
