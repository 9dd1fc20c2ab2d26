// Guarantee: what leaves are the bytes that were frozen, under the key they were frozen with; and an answer is called
// certain only where it is.
import { Resend } from "resend";
import { z } from "zod";
import type {
  Channel,
  ChannelCapabilities,
  Mail,
  ProviderPace,
  SendOutcome,
} from "#app/connectors/channels.ts";
import { sendableAddress } from "#app/connectors/email/addresses.ts";
import { withoutAddresses } from "#app/connectors/email/redact.ts";

/** `baseUrl`: another host than Resend's own. `timeoutMs`: how long an answer to a batch may take, 30 s unless given. */
export type ResendAccount = { apiKey: string; baseUrl?: string | undefined; timeoutMs?: number };

/** The SDK's client for an account. */
export function resendClient({ apiKey, baseUrl }: ResendAccount): Resend {
  return new Resend(apiKey, baseUrl ? { baseUrl } : {});
}

const TIMEOUT_MS = 30_000;
const HOUR_MS = 3_600_000;

export const EMAIL_CAPABILITIES: ChannelCapabilities = {
  html: true,
  batchSize: 100,
  idempotencyHours: 24,
  // Marketplaces forbid writing to their buyers by email.
};

/**
 * Email through Resend. One mail goes through the batch endpoint too: one way to freeze, to key and to repeat.
 * @param account read at every send, so that a rotated key takes effect without a restart
 */
export function emailChannel(account: () => ResendAccount): Channel {
  return {
    name: "email",
    capabilities: EMAIL_CAPABILITIES,
    freeze,
    send: ({ idempotencyKey, payload }) => send(account(), idempotencyKey, payload),
  };
}

/** Resend's own field names, so that a newer SDK can't change the bytes of an older batch. */
function freeze(mails: Mail[]): string {
  return JSON.stringify(
    mails.map((mail) => ({
      from: mail.from,
      to: [sendableAddress(mail.to) ?? mail.to],
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      ...(mail.replyTo ? { reply_to: mail.replyTo } : {}),
      ...(mail.unsubscribeUrl ? { headers: oneClick(mail.unsubscribeUrl) } : {}),
      tags: [{ name: "message_id", value: mail.messageId }],
    })),
  );
}

/** Mail clients show a button of their own, and POST the second header's value to the first's address (RFC 8058). */
const oneClick = (url: string) => ({
  "List-Unsubscribe": `<${url}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});

const accepted = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });
// Whatever stands between us and Resend may answer too, so nothing of an error's shape is certain.
const refusal = z
  .object({
    name: z.string().catch("unknown_error"),
    message: z.string().catch(""),
    statusCode: z.number().nullable().catch(null),
  })
  .catch({ name: "unknown_error", message: "", statusCode: null });

async function send(account: ResendAccount, idempotencyKey: string, payload: string): Promise<SendOutcome> {
  const mails = JSON.parse(payload) as unknown[];
  const answer = await resendClient(account).post<unknown>("/emails/batch", mails, {
    idempotencyKey,
    // Permissive would send some and refuse others, and the batch would no longer be one thing.
    headers: { "x-batch-validation": "strict" },
    signal: AbortSignal.timeout(account.timeoutMs ?? TIMEOUT_MS),
  });
  const pace = paceOf(answer.headers);
  if (answer.error === null) {
    const read = accepted.safeParse(answer.data);
    if (read.success && read.data.data.length === mails.length)
      return { kind: "accepted", providerIds: read.data.data.map(({ id }) => id), httpStatus: 200, pace };
    return { kind: "uncertain", code: "unexpected_answer", detail: "", httpStatus: 200, pace };
  }
  const error = refusal.parse(answer.error);
  return { ...outcomeOf(error, answer.headers), httpStatus: error.statusCode, pace };
}

type Refusal = z.infer<typeof refusal>;
type Outcome =
  Exclude<SendOutcome, { kind: "accepted" }> extends infer Each
    ? Each extends unknown
      ? Omit<Each, "httpStatus" | "pace">
      : never
    : never;

function outcomeOf(error: Refusal, headers: Record<string, string> | null): Outcome {
  const code = error.name;
  const detail = withoutAddresses(error.message);
  const status = error.statusCode;
  const later = (retryAfterMs: number | null): Outcome => ({ kind: "later", code, detail, retryAfterMs });
  // No answer, or none that is Resend's: it may have been accepted.
  if (status === null || status < 400 || status >= 500 || status === 408)
    return { kind: "uncertain", code, detail };
  // The key is known with other bytes, or is being worked on: something was, or is about to be, accepted under it.
  if (status === 409) return { kind: "uncertain", code, detail };
  if (code === "daily_quota_exceeded" || code === "monthly_quota_exceeded")
    return later(seconds(headers?.["retry-after"]) ?? HOUR_MS);
  if (status === 429)
    return later(seconds(headers?.["retry-after"]) ?? seconds(headers?.["ratelimit-reset"]) ?? 1000);
  // Our account or address is wrong, not the mails: they may go as they are once it is put right.
  if (status === 401 || status === 404 || status === 405 || code === "invalid_api_key")
    return later(5 * 60_000);
  return { kind: "refused", code, detail };
}

function paceOf(headers: Record<string, string> | null): ProviderPace | null {
  const limit = Number.parseInt(headers?.["ratelimit-limit"] ?? "", 10);
  const remaining = Number.parseInt(headers?.["ratelimit-remaining"] ?? "", 10);
  const resetMs = seconds(headers?.["ratelimit-reset"]);
  if (!(limit > 0) || !(remaining >= 0) || resetMs === null) return null;
  return { limit, remaining, resetMs };
}

function seconds(header: string | undefined): number | null {
  return header && /^\d+(\.\d+)?$/.test(header.trim()) ? Math.ceil(Number(header) * 1000) : null;
}
