import { Badge, BlockStack, Card, InlineStack, Link, Text, type BadgeProps } from "@shopify/polaris";
import type { ReactNode } from "react";
import type {
  ExplainedDecision,
  MessageAttempt,
  MessageDetail,
  MessagePart,
} from "#app/features/messages/list.server.ts";
import type { MessageReason, Timeline, TimelineEntry } from "#app/features/messages/messages.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDateTime } from "#app/ui/format.ts";
import { When } from "#app/ui/When.tsx";
import type { Words } from "#app/ui/words/en.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** A card with a heading. */
export function Titled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {children}
      </BlockStack>
    </Card>
  );
}

export function SummaryCard({ message, timeZone }: { message: MessageDetail; timeZone: string }) {
  const words = useWords().messages;
  const { fields } = words.detail;
  const when = (at: string | null) => (at ? <When at={at} timeZone={timeZone} /> : null);
  const orderNumber = /\d+$/.exec(message.orderExternalId)?.[0];
  return (
    <Titled title={words.detail.summary}>
      <FactList
        facts={[
          [fields.due, when(message.dueAt)],
          message.sentAt ? [fields.sent, when(message.sentAt)] : null,
          message.deliveredAt ? [fields.delivered, when(message.deliveredAt)] : null,
          [fields.channel, words.channels[message.channel] ?? message.channel],
          message.mail ? [fields.sender, message.sharedDomain ? fields.shared : fields.own] : null,
          message.providerId ? [fields.providerId, message.providerId] : null,
        ]}
      />
      {orderNumber ? (
        <Link url={`shopify:admin/orders/${orderNumber}`} target="_top">
          {words.detail.openOrder}
        </Link>
      ) : null}
    </Titled>
  );
}

/** `told`: the reason that stands for the whole message already. */
export function PartsCard({ parts, told }: { parts: MessagePart[]; told: MessageReason | null }) {
  const words = useWords().messages;
  return (
    <Titled title={words.detail.parts}>
      {parts.map((part) => (
        <BlockStack key={part.triggerId} gap="050">
          <Text as="h3" variant="headingSm">
            <span className="Break">{part.products.join(", ") || "–"}</span>
          </Text>
          <span className="Break">
            {words.columns.trigger}:{" "}
            <Link url={`/app/triggers/${part.triggerId}`}>{part.triggerName || "–"}</Link>
          </span>
          <span className="Break">
            {words.columns.template}:{" "}
            {part.templateId ? (
              <Link url={`/app/templates/${part.templateId}`}>
                {words.version(part.templateName, part.templateVersion)}
              </Link>
            ) : (
              "–"
            )}
          </span>
          {part.reason && part.reason !== told ? (
            <Text as="p" tone="subdued">
              {words.reasons[part.reason]}
            </Text>
          ) : null}
        </BlockStack>
      ))}
    </Titled>
  );
}

export function TimelineCard({ timeline, timeZone }: { timeline: Timeline; timeZone: string }) {
  const words = useWords().messages;
  const place = { locale: useLanguage(), timeZone };
  return (
    <Titled title={words.detail.timeline}>
      <ol className="Timeline" reversed>
        {[...timeline].reverse().map((entry, index) => (
          <li key={`${entry.at}-${index}`}>
            <Text as="p">{words.timeline[entry.kind]}</Text>
            <TimelineDetail text={detailOf(entry, words, (at) => formatDateTime(at, place))} />
            <Text as="p" variant="bodySm" tone="subdued">
              <When at={entry.at} timeZone={timeZone} />
            </Text>
          </li>
        ))}
      </ol>
    </Titled>
  );
}

function TimelineDetail({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <Text as="p" variant="bodySm" tone="subdued">
      <span className="Break">{text}</span>
    </Text>
  );
}

/** A detail is a reason, a moment, a member of staff or a provider's code. */
function detailOf(
  { kind, detail }: TimelineEntry,
  words: Words["messages"],
  when: (at: string) => string,
): string | null {
  if (!detail || kind === "frozen") return null;
  if (detail.startsWith("user:")) return words.byTeam;
  if (detail in words.reasons) return words.reasons[detail as keyof typeof words.reasons];
  if (/^\d{4}-\d\d-\d\dT/.test(detail)) return words.dueAt(when(detail));
  return detail;
}

const outcomeTones: Record<string, BadgeProps["tone"]> = {
  accepted: "success",
  refused: "critical",
  later: "attention",
  uncertain: "warning",
};

export function AttemptsCard({ attempts, timeZone }: { attempts: MessageAttempt[]; timeZone: string }) {
  const words = useWords().messages.detail.attempts;
  return (
    <Titled title={words.title}>
      {attempts.length === 0 ? (
        <Text as="p" tone="subdued">
          {words.none}
        </Text>
      ) : null}
      {attempts.map((attempt, index) => (
        <BlockStack key={attempt.startedAt} gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h3" variant="headingSm">
              {words.number(index + 1)}
            </Text>
            <Badge tone={outcomeTones[attempt.outcome]}>
              {words.outcomes[attempt.outcome] ?? attempt.outcome}
            </Badge>
            <Text as="span" tone="subdued" variant="bodySm">
              <When at={attempt.finishedAt} timeZone={timeZone} />
            </Text>
          </InlineStack>
          <AttemptDetail attempt={attempt} />
        </BlockStack>
      ))}
    </Titled>
  );
}

function AttemptDetail({ attempt }: { attempt: MessageAttempt }) {
  const told = [
    attempt.httpStatus && `HTTP ${attempt.httpStatus}`,
    attempt.code,
    attempt.detail,
    attempt.providerId,
  ].filter(Boolean);
  return told.length === 0 ? null : (
    <Text as="p" tone="subdued" variant="bodySm">
      <span className="Break">{told.join(" · ")}</span>
    </Text>
  );
}

type DecisionsCardProps = {
  parts: MessagePart[];
  decisions: ExplainedDecision[];
  plannedAt: string | null;
  timeZone: string;
};

export function DecisionsCard({ decisions, parts, plannedAt, timeZone }: DecisionsCardProps) {
  const { detail, reasons } = useWords().messages;
  const words = detail.decisions;
  const place = { locale: useLanguage(), timeZone };
  const sentence = (decision: ExplainedDecision): string => {
    const name = decision.triggerName || "–";
    // The planner knows of it only when it looks at the order again.
    const stopped = parts.some((part) => part.triggerId === decision.triggerId && part.state === "stopped");
    if (stopped) return words.skip(name, reasons.merchant_cancelled);
    if (decision.kind === "send") {
      const sends = words.send(name, formatDateTime(decision.at, place));
      return decision.deferred ? `${sends}. ${words.deferred[decision.deferred]}` : sends;
    }
    if (decision.kind === "wait") return words.wait(name, words.events[decision.for]);
    if (decision.reason === "already_sent") return words.already(name);
    return words.skip(name, reasons[decision.reason]);
  };
  // Triggers about other products are no news here, unless there is nothing else to tell.
  const telling = decisions.filter(
    (decision) => decision.kind !== "skip" || decision.reason !== "not_matched",
  );
  const shown = telling.length > 0 ? telling : decisions;
  return (
    <Titled title={words.title}>
      {shown.length === 0 ? (
        <Text as="p" tone="subdued">
          {words.none}
        </Text>
      ) : (
        <ul className="Plain">
          {shown.map((decision) => (
            <li key={decision.releaseId}>{sentence(decision)}</li>
          ))}
        </ul>
      )}
      {plannedAt ? (
        <Text as="p" variant="bodySm" tone="subdued">
          {words.at(formatDateTime(plannedAt, place))}
        </Text>
      ) : null}
    </Titled>
  );
}
