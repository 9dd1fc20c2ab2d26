import type { ChannelName } from "#app/connectors/channels.ts";

/** A section on its way: due (ISO) and, when it already lies in a waiting message, which. */
export type PlannedSection = {
  triggerId: string;
  channel: ChannelName;
  releaseId: string;
  priority: number;
  due: string;
  lineIds: string[];
  productIds: string[];
  held: string | null;
};

export type Envelope = { channel: ChannelName; due: string; sections: PlannedSection[] };

/**
 * Puts sections of one order that fall due within the window into one envelope. It leaves when the last of them is due,
 * so that nothing comes before its time. Window in minutes; 0 = one envelope each.
 */
export function group(sections: PlannedSection[], windowMinutes: number): Envelope[] {
  const byDue = [...sections].sort((a, b) =>
    a.due < b.due ? -1 : a.due > b.due ? 1 : a.triggerId < b.triggerId ? -1 : 1,
  );
  const envelopes: Envelope[] = [];
  for (const section of byDue) {
    const open = envelopes.findLast((envelope) => envelope.channel === section.channel);
    const first = open?.sections[0];
    if (
      open &&
      first &&
      windowMinutes > 0 &&
      Date.parse(section.due) - Date.parse(first.due) <= windowMinutes * 60_000
    ) {
      open.sections.push(section);
      open.due = section.due;
    } else {
      envelopes.push({ channel: section.channel, due: section.due, sections: [section] });
    }
  }
  return envelopes;
}
