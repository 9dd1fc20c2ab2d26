import { z } from "zod";
import { CHANNELS } from "#app/connectors/channels.ts";
import { templateDraftSchema } from "#app/features/templates/templates.ts";
import { triggerDefinitionSchema } from "#app/features/triggers/triggers.ts";

/** Everything that decides what is sent to whom and when, frozen. Its hash is the release's identity. */
export const releaseContentSchema = z.object({
  channel: z.enum(CHANNELS),
  trigger: z.object({ name: z.string(), priority: z.number().int(), definition: triggerDefinitionSchema }),
  template: z.object({
    id: z.uuid(),
    versionId: z.uuid(),
    number: z.number().int(),
    draft: templateDraftSchema,
  }),
});
export type ReleaseContent = z.infer<typeof releaseContentSchema>;

/**
 * in_review → live → superseded (a newer one is live) or withdrawn (stopped). One in review may be returned to its author, or
 * withdrawn because the author submitted anew.
 */
export const RELEASE_STATES = ["in_review", "live", "superseded", "withdrawn", "returned"] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

/** What a review asks. Each is answered with yes, or the release goes back. */
export const REVIEW_QUESTIONS = ["trigger", "content", "purpose", "rules"] as const;
export type ReviewQuestion = (typeof REVIEW_QUESTIONS)[number];

/** What becomes of messages that wait on the release before: they stay on it, or move to the new one. */
export const WAITING_CHOICES = ["stay", "move"] as const;

const note = z.string().trim().max(2_000, "Keep the note under 2,000 characters.");
const yes = z.literal(true, "Look at this and confirm it, or send the release back.");

/** A rule that the text seems to break and does not, in the approver's words. */
const overruled = z.array(
  z.object({
    ruleId: z.string().max(100),
    reason: z
      .string()
      .trim()
      .min(10, "Write why it may stay, in a sentence.")
      .max(500, "Keep it under 500 characters."),
  }),
);

/** A reviewer's approval. */
export const approvalSchema = z.object({
  answers: z.object({ trigger: yes, content: yes, purpose: yes, rules: yes }),
  waiting: z.enum(WAITING_CHOICES),
  /** Also paid orders placed before, that are not delivered yet. */
  includePaid: z.boolean(),
  note: note.default(""),
  overruled: overruled.max(50).default([]),
});
export type Approval = z.infer<typeof approvalSchema>;

/** Sending a release back; the author should know why. */
export const returnSchema = z.object({ note: note.min(1, "Say what should be different.") });

/** What is kept of a review; without `answers` it was sent back. */
export const reviewSchema = z.object({
  answers: z.record(z.enum(REVIEW_QUESTIONS), z.boolean()).nullable(),
  note: z.string(),
  waiting: z.enum(WAITING_CHOICES).nullable(),
  includePaid: z.boolean(),
  overruled: overruled.default([]),
});
export type Review = z.infer<typeof reviewSchema>;

/** How far back paid orders are included: what was placed earlier has arrived or never will. */
export const INCLUDED_DAYS = 60;

/** Which orders a release answers, by when they were placed. */
export type Service = { servesFrom: Date | null; servesUntil: Date | null; includedFrom: Date | null };

/** Whether there is any order it answers. */
export const serves = ({ servesFrom, servesUntil }: Service): boolean =>
  servesFrom !== null && (servesUntil === null || servesUntil > servesFrom);

/**
 * Who serves which orders once another release goes live. Those before it keep the orders placed until now ("stay"), or leave
 * everything to it ("move").
 * @param before releases of the trigger that serve now
 */
export function succeed<R extends Service>(
  before: R[],
  { waiting, includePaid }: Pick<Approval, "waiting" | "includePaid">,
  now: Date,
): { before: R[]; next: Service } {
  const includedFrom = includePaid ? new Date(now.getTime() - INCLUDED_DAYS * 86_400_000) : null;
  if (waiting === "stay") {
    return {
      before: before.map((each) => ({ ...each, servesUntil: each.servesUntil ?? now })),
      next: { servesFrom: now, servesUntil: null, includedFrom },
    };
  }
  const [first] = before.toSorted((a, b) => Number(a.servesFrom) - Number(b.servesFrom));
  return {
    before: before.map((each) => ({ ...each, servesUntil: each.servesFrom })),
    next: {
      servesFrom: first?.servesFrom ?? now,
      servesUntil: null,
      includedFrom: earlier(includedFrom, first?.includedFrom ?? null),
    },
  };
}

const earlier = (a: Date | null, b: Date | null) => (a && b ? (a < b ? a : b) : (a ?? b));

/** Whether two releases say the same; the ids of what they were made from do not matter. */
export function saysTheSame(a: ReleaseContent, b: ReleaseContent, write: (value: unknown) => string) {
  const said = ({ channel, trigger, template }: ReleaseContent) =>
    write({ channel, trigger, template: template.draft });
  return said(a) === said(b);
}

/** How a trigger stands: what is live of it, what is in review, and whether its draft says something else than what is live. */
export type TriggerStanding = {
  live: { id: string; number: number; since: string; reviewed: boolean } | null;
  inReview: { id: string; number: number } | null;
  /** Of the draft against what is live; false while nothing is live. */
  changed: boolean;
};

export const STANDINGS = ["draft", "in_review", "live", "changed"] as const;
export type Standing = (typeof STANDINGS)[number];

/** Whether there is something to review: the draft is not live, or nobody has reviewed what is. */
export const wantsReview = ({ live, changed }: TriggerStanding): boolean => !live?.reviewed || changed;

/** The one word for it in a list. */
export const standingOf = ({ live, inReview, changed }: TriggerStanding): Standing =>
  inReview ? "in_review" : live ? (changed ? "changed" : "live") : "draft";
