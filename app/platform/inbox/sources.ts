import type { IncomingHttpHeaders } from "node:http";

/** What a verified webhook says of itself in its headers. None of it is trusted to be anything but text of sane length. */
export type WebhookFacts = {
  topic: string;
  /** The sender's tenant in lower case; "" where a source has none. */
  shopDomain: string;
  /** The delivery's id: equal for every repeat of it. */
  webhookId: string;
  /** The event behind it: equal for deliveries of several subscriptions. */
  eventId: string | null;
  apiVersion: string | null;
  triggeredAt: Date | null;
};

export type Verdict =
  | { accepted: true; facts: WebhookFacts }
  /** 400 = not a webhook of this source at all; 401 = signed by nobody we know. `reason` is for our log only. */
  | { accepted: false; status: 400 | 401; reason: string };

/** Who sends webhooks to which path, and how to tell that it is them. */
export type WebhookSource = {
  source: string;
  /** A path and all below it; the longest match wins. */
  path: string;
  /** Checks the signature over the raw bytes. Must not throw on any input. */
  verify(headers: IncomingHttpHeaders, raw: Buffer, now: Date): Verdict;
  /** For the log line of a refusal: unverified, so only what has the shape of a name. */
  describe(headers: IncomingHttpHeaders): { topic?: string; shop?: string };
};
