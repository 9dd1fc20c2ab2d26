import { z } from "zod";
import { SKIP_REASONS } from "#app/features/messages/plan.ts";

export const MESSAGE_STATES = [
  "planned",
  "sending",
  "sent",
  "delivered",
  "bounced",
  "complained",
  "failed",
  "unknown",
  "cancelled",
  "skipped",
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Why a message is not, or not yet, sent. The planner's reasons and those of the way there. */
export const MESSAGE_REASONS = [
  ...SKIP_REASONS,
  "start_undone",
  "trigger_off",
  "release_broken",
  "policy_refused",
  "render_failed",
  "render_held",
  "daily_cap",
  "merchant_cancelled",
  "uninstalled",
  "buyer_erased",
  "refused_by_provider",
  "suppressed_by_provider",
  "provider_silent",
  "restored",
] as const;
export type MessageReason = (typeof MESSAGE_REASONS)[number];

/** What happened to a message, in order. `detail` is a code or a number, never personal data. */
export const timelineSchema = z.array(
  z.object({
    at: z.string(),
    kind: z.enum([
      "planned",
      "rescheduled",
      "cancelled",
      "skipped",
      "held",
      "frozen",
      "accepted",
      "later",
      "returned",
      "uncertain",
      "failed",
      "unknown",
      "delivered",
      "delayed",
      "bounced",
      "complained",
      "unsubscribed",
      "retried",
    ]),
    detail: z.string().nullable(),
  }),
);
export type Timeline = z.infer<typeof timelineSchema>;
export type TimelineEntry = Timeline[number];
