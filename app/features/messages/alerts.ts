import { z } from "zod";
import type { NoticeKind } from "#app/features/messages/notices.ts";

/** What a merchant chooses by. */
export const TOPICS = ["failures", "pauses", "privacy", "reviews"] as const;
export type Topic = (typeof TOPICS)[number];

/** `contact`: no matter of choice, to the store's own address; `staff`: to us; `own`: to one address, by whoever sends it. */
export const TOPIC_OF = {
  export_ready: "privacy",
  export_waiting: "privacy",
  erasure_done: "privacy",
  request_unreadable: "staff",
  request_failed: "staff",
  uninstall_suspected: "contact",
  shop_unreachable: "staff",
  purge_alarm: "staff",
  purge_drill_failed: "staff",
  purges_stopped: "staff",
  audit_broken: "staff",
  release_broken: "failures",
  release_altered: "staff",
  subprocessors_change: "contact",
  alert_confirm: "own",
  digest: "own",
} as const satisfies Record<NoticeKind, Topic | "contact" | "staff" | "own">;

export const PACES = ["at_once", "daily", "never"] as const;
export type Pace = (typeof PACES)[number];
const pace = z.enum(PACES);

/** How somebody hears of each topic. */
export const pacesSchema = z.object({ failures: pace, pauses: pace, privacy: pace, reviews: pace });
export type Paces = z.infer<typeof pacesSchema> & Record<Topic, Pace>;

export const AT_ONCE: Paces = {
  failures: "at_once",
  pauses: "at_once",
  privacy: "at_once",
  reviews: "at_once",
};

/** More addresses than this are a mailing list. */
export const MOST_RECIPIENTS = 20;

/** `id` null = the store's own address. */
export const alertWishSchema = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("add"),
    address: z.string().trim().pipe(z.email("Enter a full email address.").max(254)),
  }),
  z.object({ intent: z.literal("paces"), id: z.uuid().nullable(), paces: pacesSchema }),
  z.object({ intent: z.literal("remove"), id: z.uuid() }),
]);
export type AlertWish = z.infer<typeof alertWishSchema>;
