// What each channel forbids, as data: read by pages, by rendering threads and before sending. A channel's policy is one file.
import type { ChannelName } from "#app/connectors/channels.ts";
import { emailPolicy } from "#app/connectors/email/policy.ts";

/** `never`: nobody overrules it. `overrulable`: an approver may, with a written reason. `advice`: told, and no more. */
export type Severity = "never" | "overrulable" | "advice";

/** What a text can be recognised by, in whatever language it is written. */
export const SIGNS = [
  "discount_code",
  "price_offer",
  "review_reward",
  "review_request",
  "upsell",
  "promotional_link",
  "hidden_link",
  "contact",
] as const;
export type Sign = (typeof SIGNS)[number];

/** What a rule looks at. */
export type Limit =
  | { kind: "sign"; sign: Sign }
  /** Characters at most. */
  | { kind: "length"; field: "subject" | "body"; most: number }
  /** Links to anywhere but these hosts. */
  | { kind: "links"; allowed: readonly string[] }
  /** Anything but plain text. */
  | { kind: "html" }
  /** Images and files that come along. */
  | { kind: "attachments" }
  /** Days after the order was placed in which it may be written to. */
  | { kind: "window"; days: number }
  /** What a message may be for, and for how many of these at once. */
  | { kind: "purposes"; allowed: readonly string[]; most: number };

export type PolicyRule = {
  /** Begins with its channel. Kept in reviews: an id never changes its meaning. */
  id: string;
  severity: Severity;
  limit: Limit;
  /** What the source says. `verbatim`: in its words; otherwise in ours. */
  quote: { text: string; verbatim: boolean };
  source: { title: string; url: string };
  /** Since when the quoted text is in force, YYYY-MM-DD. */
  date: string;
};
export type ChannelPolicy = readonly PolicyRule[];

export const policies = { email: emailPolicy } satisfies Record<ChannelName, ChannelPolicy>;

/** A channel's rule; undefined for one that is no more. */
export const findRule = (channel: ChannelName, id: string): PolicyRule | undefined =>
  policies[channel].find((rule) => rule.id === id);
