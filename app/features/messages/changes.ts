// What has to change of an order's messages and sections so that they are what plan() concluded. Pure, but for the ids of new messages.
import { group, type PlannedSection } from "#app/features/messages/envelopes.ts";
import type { MessageReason, MessageState, TimelineEntry } from "#app/features/messages/messages.ts";
import type { Decision, SkipReason } from "#app/features/messages/plan.ts";
import { keyOf } from "#app/features/messages/plan.time.ts";
import type { Message, Section } from "#app/platform/db/generated/client.ts";
import { newId } from "#app/platform/db/ids.ts";

/** As much of a message as the planner reads. */
export type Envelope = Pick<Message, "id" | "channel" | "state" | "reason" | "dueAt" | "sentAt"> & {
  timeline: TimelineEntry[];
};
export type StoredSection = Omit<Section, "id" | "shopId" | "messageId"> & { message: Envelope };

export type MessageRow = {
  id: string;
  orderId: string;
  channel: string;
  state: MessageState;
  reason: MessageReason | null;
  dueAt: Date;
  timeline: TimelineEntry[];
};
export type SectionRow = Omit<Section, "id" | "shopId">;

/** `gone`: messages whose sections moved into others. `planned`: a message waits that did not, or for another time. */
export type Changes = { messages: MessageRow[]; sections: SectionRow[]; gone: string[]; planned: boolean };

/** Skips that leave a message record: the merchant expects a mail there and should see why there is none. */
const RECORDED: ReadonlySet<SkipReason> = new Set([
  "no_email",
  "malformed_address",
  "marketplace_address",
  "suppressed",
  "opted_out",
]);

/** States from which a message of the planner's may be planned again: its trigger's reason to stay away can pass. */
const REOPENS: ReadonlySet<string> = new Set(["planned", "skipped", "cancelled"]);

/** What has left, or was stopped by a person, is not the planner's any more. */
export const isDone = ({ state }: Pick<Section, "state">) => state === "frozen" || state === "stopped";

/** @param stored all sections of the order */
export function changesOf(
  order: { id: string; buyer: string | null },
  stored: StoredSection[],
  decisions: Decision[],
  mergeWindowMinutes: number,
  now: Date,
): Changes {
  const changes: Changes = { messages: [], sections: [], gone: [], planned: false };
  const open = new Map(
    stored.filter((section) => !isDone(section)).map((section) => [keyOf(section as About), section]),
  );
  const known = new Map(
    [...open.values()]
      .filter(({ message }) => REOPENS.has(message.state))
      .map(({ message }) => [message.id, message]),
  );
  const used = new Set<string>();
  const save = (about: About, messageId: string, state: Pick<SectionRow, "state" | "reason" | "dueAt">) => {
    const { triggerId, channel, releaseId, productIds, lineIds = [] } = about;
    const of = { orderId: order.id, buyerIndex: order.buyer, messageId };
    changes.sections.push({ ...of, triggerId, channel, releaseId, lineIds, productIds, ...state });
  };
  const tell = (message: Envelope, state: MessageState, reason: MessageReason | null, entry: TimelineEntry) =>
    changes.messages.push({
      ...{ id: message.id, orderId: order.id, channel: message.channel, dueAt: message.dueAt, state, reason },
      timeline: [...message.timeline, entry],
    });

  const sending = decisions.flatMap((decision): PlannedSection[] => {
    const held = open.get(keyOf(decision))?.message.id ?? null;
    return decision.kind === "send" ? [{ ...decision, due: decision.at, held }] : [];
  });
  for (const envelope of group(sending, mergeWindowMinutes)) {
    const held = envelope.sections
      .map((section) => section.held)
      .find((id) => id !== null && known.has(id) && !used.has(id));
    const before = held ? known.get(held) : undefined;
    const id = held ?? newId();
    const dueAt = new Date(envelope.due);
    used.add(id);
    const waits = before?.state === "planned";
    if (!waits || before.dueAt.getTime() !== dueAt.getTime()) {
      changes.planned = true;
      const kind = waits ? "rescheduled" : "planned";
      const message = before ?? { id, channel: envelope.channel, timeline: [] };
      tell({ ...blank(now), ...message, dueAt }, "planned", null, entry(now, kind, envelope.due));
    }
    for (const section of envelope.sections)
      save(section, id, { state: "planned", reason: null, dueAt: new Date(section.due) });
  }

  // One record for all triggers that could not be answered, in the message that already tells of it if there is one.
  const refused = decisions.filter((decision) => decision.kind === "skip" && RECORDED.has(decision.reason));
  const [first] = refused;
  if (first?.kind === "skip") {
    const record = refused
      .map((decision) => open.get(keyOf(decision))?.message)
      .find((message) => message?.state === "skipped" || message?.state === "planned");
    const before = record && !used.has(record.id) ? record : undefined;
    const id = before?.id ?? newId();
    used.add(id);
    if (before?.state !== "skipped" || before.reason !== first.reason) {
      const message = before ?? { ...blank(now), id, channel: first.channel };
      tell(message, "skipped", first.reason, entry(now, "skipped", first.reason));
      for (const decision of refused)
        if (decision.kind === "skip")
          save(decision, id, { state: "skipped", reason: decision.reason, dueAt: now });
    }
  }

  const decided = new Map(decisions.map((decision) => [keyOf(decision), decision]));
  const ended = [...open].flatMap(([key, section]): { section: StoredSection; reason: MessageReason }[] => {
    const decision = decided.get(key);
    if (section.state !== "planned" || decision?.kind === "send") return [];
    if (!decision) return [{ section, reason: "trigger_off" }];
    if (decision.kind === "wait") return [{ section, reason: "start_undone" }];
    return RECORDED.has(decision.reason) ? [] : [{ section, reason: decision.reason }];
  });
  for (const { section, reason } of ended)
    save(section as About, section.message.id, { state: "skipped", reason, dueAt: section.dueAt });
  for (const [id, message] of known) {
    if (used.has(id) || message.state !== "planned") continue;
    const reason = ended.find(({ section }) => section.message.id === id)?.reason;
    // Without a reason its sections have moved into another envelope, and nothing is left to tell.
    if (reason) tell(message, "cancelled", reason, entry(now, "cancelled", reason));
    else changes.gone.push(id);
  }
  return changes;
}

type About = Pick<Section, "triggerId" | "releaseId" | "productIds"> & {
  channel: Decision["channel"];
  lineIds?: string[];
};

const entry = (now: Date, kind: TimelineEntry["kind"], detail: string): TimelineEntry => ({
  at: now.toISOString(),
  kind,
  detail,
});

const blank = (now: Date): Omit<Envelope, "id" | "channel"> => ({
  state: "planned",
  reason: null,
  dueAt: now,
  sentAt: null,
  timeline: [],
});
