import { Badge, type BadgeProps } from "@shopify/polaris";
import type { MessageState } from "#app/features/messages/messages.ts";
import { useWords } from "#app/ui/words/words.ts";

const looks: Record<MessageState, Pick<BadgeProps, "tone" | "progress">> = {
  planned: { tone: "info", progress: "incomplete" },
  sending: { tone: "info", progress: "partiallyComplete" },
  sent: { tone: "success", progress: "partiallyComplete" },
  delivered: { tone: "success", progress: "complete" },
  bounced: { tone: "critical" },
  complained: { tone: "critical" },
  failed: { tone: "critical" },
  unknown: { tone: "warning" },
  cancelled: {},
  skipped: {},
};

export function StateBadge({ state }: { state: MessageState }) {
  return <Badge {...looks[state]}>{useWords().messages.states[state]}</Badge>;
}
