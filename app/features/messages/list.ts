import { z } from "zod";
import { CHANNELS } from "#app/connectors/channels.ts";
import { MESSAGE_STATES, type MessageState } from "#app/features/messages/messages.ts";

const day = z.iso.date();

/** What the list of messages may be narrowed to, as it stands in the page's address. Anything unreadable is left out. */
export const messageFilterSchema = z.object({
  states: z.array(z.enum(MESSAGE_STATES)).catch([]),
  triggerId: z.uuid().nullable().catch(null),
  channel: z.enum(CHANNELS).nullable().catch(null),
  /** Days of the shop's calendar, both included; they mean the day a message is due. */
  from: day.nullable().catch(null),
  to: day.nullable().catch(null),
  /** An order's name, or how it begins. */
  order: z.string().trim().max(60).catch(""),
  /** A place in the list: what comes after it (older), or before it (newer). */
  after: z.string().max(80).nullable().catch(null),
  before: z.string().max(80).nullable().catch(null),
});
export type MessageFilter = z.infer<typeof messageFilterSchema>;

/** Groups of states under the names a merchant would look for. */
export const VIEWS = {
  all: [],
  planned: ["planned"],
  sent: ["sending", "sent", "delivered"],
  attention: ["failed", "unknown", "bounced", "complained"],
  stopped: ["cancelled", "skipped"],
} as const satisfies Record<string, readonly MessageState[]>;
export type View = keyof typeof VIEWS;

export function readFilter(query: URLSearchParams): MessageFilter {
  const one = (name: string) => query.get(name) || null;
  return messageFilterSchema.parse({
    states: query.get("state")?.split(",") ?? [],
    triggerId: one("trigger"),
    channel: one("channel"),
    from: one("from"),
    to: one("to"),
    order: query.get("order") ?? "",
    after: one("after"),
    before: one("before"),
  });
}

/** The address of a filter, without a place: a changed filter starts at the top. */
export function writeFilter(filter: Omit<MessageFilter, "after" | "before">): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.states.length) query.set("state", filter.states.join(","));
  if (filter.triggerId) query.set("trigger", filter.triggerId);
  if (filter.channel) query.set("channel", filter.channel);
  if (filter.from) query.set("from", filter.from);
  if (filter.to) query.set("to", filter.to);
  if (filter.order) query.set("order", filter.order);
  return query;
}
