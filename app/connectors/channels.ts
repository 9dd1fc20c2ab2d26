import type { Source } from "#app/connectors/orders.ts";

/** Where a message leaves. One row a channel: what it can do, what it forbids, how often it may be asked. */
export const CHANNELS = ["email"] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** The orders a channel may answer, by their source. */
export const CHANNEL_SOURCES: Record<ChannelName, readonly Source[]> = { email: ["shopify"] };

export type ChannelCapabilities = {
  html: boolean;
  batchSize: number;
  /** Hours for which the provider remembers an idempotency key; 0 = it knows none, so an uncertain send is never repeated. */
  idempotencyHours: number;
};

/** One member of a batch, ready to hand over. `messageId` travels as a tag, so that delivery events find their way home. */
export type Mail = {
  messageId: string;
  from: string;
  to: string;
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  /** Where a POST opts the buyer out (RFC 8058); mails that are not to a buyer have none. */
  unsubscribeUrl?: string;
};

/** A batch as it was frozen: the same bytes leave at every repeat. */
export type FrozenBatch = { idempotencyKey: string; payload: string };

/** What the provider's answer told of its pace; times in milliseconds. */
export type ProviderPace = { limit: number; remaining: number; resetMs: number };

export type SendOutcome = (
  | { kind: "accepted"; providerIds: string[] }
  /** Nothing was accepted, and repeating it unchanged is futile. */
  | { kind: "refused"; code: string; detail: string }
  /** Nothing was accepted; the same batch may be repeated after a while. */
  | { kind: "later"; code: string; detail: string; retryAfterMs: number | null }
  /** It may have been accepted: only the same bytes under the same key may be sent again. */
  | { kind: "uncertain"; code: string; detail: string }
) & { httpStatus: number | null; pace: ProviderPace | null };

/** What a delivery event of a provider means to us. */
export type DeliveryEvent = {
  eventId: string;
  messageId: string | null;
  providerId: string;
  kind: "delivered" | "bounced" | "complained" | "delayed" | "failed" | "suppressed" | "sent";
  /** A bounce or refusal that will never heal, so that the address must not be written to again. */
  permanent: boolean;
  detail: string | null;
  at: string;
};

export interface Channel {
  name: ChannelName;
  capabilities: ChannelCapabilities;
  /** Turns mails into the exact bytes to freeze. Pure. */
  freeze(mails: Mail[]): string;
  send(batch: FrozenBatch): Promise<SendOutcome>;
}

/** Who stands behind a channel: another company that receives buyers' data. */
export type Supplier = { name: string; website: string; region: string };
