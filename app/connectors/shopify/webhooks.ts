// Shopify's signature, checked by ourselves: the library's way loads and refreshes the shop's session first, and answers 500 for
// an uninstalled shop before anybody has seen its app/uninstalled or shop/redact.
import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { equalBytes } from "#app/platform/crypto/crypto.ts";
import type { Verdict, WebhookSource } from "#app/platform/inbox/sources.ts";

const LONGEST_HEADER = 255;

/**
 * Shopify's webhooks at `/webhooks` and everything below it.
 * @param secrets the app's secret, and while it is being rotated the one before: Shopify signs with either
 */
export function shopifyWebhooks(secrets: string[]): WebhookSource {
  const keys = secrets.map((secret) => createSecretKey(secret, "utf8"));
  return {
    source: "shopify",
    path: "/webhooks",
    verify: (headers, raw) => verifyShopifyWebhook(keys, headers, raw),
    describe: (headers) => ({
      topic: nameLike(headers["x-shopify-topic"]),
      shop: nameLike(headers["x-shopify-shop-domain"]),
    }),
  };
}

/** HMAC-SHA256 of the raw body with the app's secret, base64 in `X-Shopify-Hmac-SHA256`. */
export function verifyShopifyWebhook(keys: KeyObject[], headers: IncomingHttpHeaders, raw: Buffer): Verdict {
  const signature = text(headers["x-shopify-hmac-sha256"]);
  const topic = text(headers["x-shopify-topic"]);
  const shopDomain = text(headers["x-shopify-shop-domain"])?.toLowerCase();
  if (!signature || !topic || !shopDomain) {
    return { accepted: false, status: 400, reason: "headers are missing" };
  }
  const given = Buffer.from(signature, "base64");
  const good = keys.some((key) => equalBytes(createHmac("sha256", key).update(raw).digest(), given));
  if (!good) return { accepted: false, status: 401, reason: "wrong signature" };
  const triggeredAt = text(headers["x-shopify-triggered-at"]);
  return {
    accepted: true,
    facts: {
      topic,
      shopDomain,
      webhookId: text(headers["x-shopify-webhook-id"]) ?? fingerprint(topic, shopDomain, triggeredAt, raw),
      eventId: text(headers["x-shopify-event-id"]) ?? null,
      apiVersion: text(headers["x-shopify-api-version"]) ?? null,
      triggeredAt: time(triggeredAt),
    },
  };
}

/** The signature covers the body alone: a delivery without an id is still Shopify's, and is known by what it says. */
function fingerprint(topic: string, shop: string, triggeredAt: string | undefined, raw: Buffer): string {
  return createHash("sha256")
    .update(`${topic}\n${shop}\n${triggeredAt ?? ""}\n`)
    .update(raw)
    .digest("hex");
}

function text(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && header !== "" ? header.slice(0, LONGEST_HEADER) : undefined;
}

function time(header: string | undefined): Date | null {
  const date = new Date(header ?? "");
  const year = date.getUTCFullYear();
  return year >= 2000 && year < 3000 ? date : null;
}

function nameLike(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && /^[a-z0-9_./-]{1,100}$/i.test(header) ? header : undefined;
}
