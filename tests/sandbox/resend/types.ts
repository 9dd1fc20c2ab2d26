export interface MailContent {
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  reply_to: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
}

export interface Mail extends MailContent {
  id: string;
  created_at: string;
  last_event: string;
  /** The request it came in. */
  requestId: string;
  /** Its place in the batch. */
  index: number;
}

/** One accepted request, or one that repeated an accepted key, as it came over the wire. */
export interface MailRequest {
  id: string;
  at: string;
  path: string;
  idempotencyKey: string | null;
  /** Byte for byte, base64. */
  body: string;
}

export interface MailEvent {
  id: string;
  type: string;
  emailId: string;
  body: string;
  headers: Record<string, string>;
  attempts: { at: string; status: number | null; error: string | null }[];
  state: "held" | "waiting" | "delivered" | "failed" | "lost";
}

export interface DnsRecord {
  record: "SPF" | "DKIM";
  name: string;
  type: "MX" | "TXT" | "CNAME";
  ttl: string;
  status: "not_started" | "pending" | "verified" | "failed" | "temporary_failure";
  value: string;
  priority?: number;
}

export interface Domain {
  id: string;
  name: string;
  region: string;
  status: "not_started" | "pending" | "verified" | "failed" | "partially_verified" | "partially_failed";
  created_at: string;
  records: DnsRecord[];
  /** What the owner has put into the DNS so far, by place in `records`. */
  published: ("missing" | "right" | "wrong")[];
}

export interface RememberedKey {
  bodyHash: string;
  at: string;
  /** Absent while the first request is still being worked on. */
  answer?: { status: number; body: string };
}
