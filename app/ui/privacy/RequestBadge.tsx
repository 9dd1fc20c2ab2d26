import { Badge, type BadgeProps } from "@shopify/polaris";
import type { RequestState } from "#app/features/privacy/requests.ts";
import { useWords } from "#app/ui/words/words.ts";

const looks = {
  recorded: { tone: "info", progress: "partiallyComplete" },
  ready: { tone: "attention", progress: "partiallyComplete" },
  delivered: { tone: "success", progress: "complete" },
  lapsed: { tone: "warning", progress: "complete" },
  nothing_held: { progress: "complete" },
  done: { tone: "success", progress: "complete" },
  failed: { tone: "critical", progress: "incomplete" },
} satisfies Record<RequestState, Pick<BadgeProps, "tone" | "progress">>;

export function RequestBadge({ state }: { state: RequestState }) {
  return <Badge {...looks[state]}>{useWords().privacy.states[state]}</Badge>;
}
