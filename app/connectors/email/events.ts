// Resend signs its webhooks the Svix way. Checked on the raw bytes, before anybody has parsed them.
import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { DeliveryEvent } from "#app/connectors/channels.ts";
import { withoutAddresses } from "#app/connectors/email/redact.ts";
import { equalBytes } from "#app/platform/crypto/crypto.ts";
import type { Verdict, WebhookSource } from "#app/platform/inbox/sources.ts";

const TOLERANCE_MS = 5 * 60_000;

/**
 * Resend's webhooks at one path.
 * @param secrets the signing secret ("whsec_…"), and while it is being rotated the one before
 */
export function resendWebhooks(secrets: string[], path = "/webhooks/resend"): WebhookSource {
  return {
    source: "resend",
    path,
    verify: (headers, raw, now) => verifyResendWebhook(secrets, headers, raw, now),
    describe: () => ({}),
  };
}

/** HMAC-SHA256 over `id.timestamp.body`; the header may carry several signatures, parted by spaces. Never throws. */
export function verifyResendWebhook(
  secrets: string[],
  headers: IncomingHttpHeaders,
  raw: Buffer,
  now: Date,
): Verdict {
  const id = one(headers["svix-id"]);
  const timestamp = one(headers["svix-timestamp"]);
  const signatures = one(headers["svix-signature"]);
  if (!id || !timestamp || !signatures)
    return { accepted: false, status: 400, reason: "headers are missing" };
  const signedAt = /^\d{1,12}$/.test(timestamp) ? new Date(Number(timestamp) * 1000) : null;
  // An old signature may be a recorded one, played again.
  if (!signedAt || Math.abs(now.getTime() - signedAt.getTime()) > TOLERANCE_MS)
    return { accepted: false, status: 401, reason: "signed at another time" };
  const given = signatures
    .split(" ")
    .filter((each) => each.startsWith("v1,"))
    .map((each) => Buffer.from(each.slice(3), "base64"));
  const good = secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(raw).digest();
    return given.some((each) => equalBytes(each, expected));
  });
  if (!good) return { accepted: false, status: 401, reason: "wrong signature" };
  return {
    accepted: true,
    facts: {
      topic: topicOf(raw),
      shopDomain: "",
      webhookId: id,
      eventId: null,
      apiVersion: null,
      triggeredAt: signedAt,
    },
  };
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && header.length <= 2000 ? header : undefined;
}

const typed = z.object({ type: z.string().regex(/^[a-z._]{1,100}$/) });

/** Resend names the topic in the body alone. "unknown" keeps a signed body that is not JSON visible. */
function topicOf(raw: Buffer): string {
  try {
    return typed.parse(JSON.parse(raw.toString("utf8"))).type;
  } catch {
    return "unknown";
  }
}

const KINDS = {
  "email.sent": "sent",
  "email.delivered": "delivered",
  "email.delivery_delayed": "delayed",
  "email.bounced": "bounced",
  "email.complained": "complained",
  "email.failed": "failed",
  "email.suppressed": "suppressed",
} as const satisfies Record<string, DeliveryEvent["kind"]>;
type EventType = keyof typeof KINDS;

/** The topics worth taking in. Opens and clicks are not: who reads what is nobody's business here. */
export const RESEND_TOPICS = Object.keys(KINDS) as EventType[];

const tags = z
  .union([
    z.record(z.string(), z.string()),
    z
      .array(z.object({ name: z.string(), value: z.string() }))
      .transform((list) => Object.fromEntries(list.map(({ name, value }) => [name, value]))),
  ])
  .nullish();

const event = z.object({
  type: z.enum(RESEND_TOPICS as [EventType, ...EventType[]]),
  created_at: z.coerce.date(),
  data: z.object({
    email_id: z.string().min(1),
    tags,
    bounce: z
      .object({ type: z.string().nullish(), subType: z.string().nullish(), message: z.string().nullish() })
      .nullish(),
    failed: z.object({ reason: z.string().nullish() }).nullish(),
    suppressed: z.object({ type: z.string().nullish(), message: z.string().nullish() }).nullish(),
  }),
});

/**
 * What a webhook of Resend tells of one mail.
 * @param eventId the delivery's `svix-id`, equal for every repeat
 * @returns null for topics that are about no delivery
 * @throws ZodError when such a topic has not the shape it should have
 */
export function readDeliveryEvent(eventId: string, payload: unknown): DeliveryEvent | null {
  const type = typed.safeParse(payload);
  if (type.success && !(type.data.type in KINDS)) return null;
  const seen = event.parse(payload);
  const { bounce, failed, suppressed } = seen.data;
  const kind = KINDS[seen.type];
  const words = [
    bounce?.type,
    bounce?.subType,
    bounce?.message,
    failed?.reason,
    suppressed?.type,
    suppressed?.message,
  ];
  const detail = words.filter(Boolean).join(": ");
  return {
    eventId,
    messageId: seen.data.tags?.message_id ?? null,
    providerId: seen.data.email_id,
    kind,
    permanent:
      kind === "complained" ||
      kind === "suppressed" ||
      (kind === "bounced" && bounce?.type?.toLowerCase() === "permanent"),
    detail: detail ? withoutAddresses(detail) : null,
    at: seen.created_at.toISOString(),
  };
}
