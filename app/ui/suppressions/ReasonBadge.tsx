import { Badge } from "@shopify/polaris";
import type { SuppressionRow } from "#app/features/messages/suppressions.ts";
import { useWords } from "#app/ui/words/words.ts";

/** Why an address is on the list; its colour says whether warnings still go there. */
export function ReasonBadge({ row: { reason, kind } }: { row: SuppressionRow }) {
  const words = useWords().suppressions;
  return (
    <Badge tone={kind === "opted_out" ? "info" : "critical"}>
      {reason ? words.reasons[reason] : words.unknownReason}
    </Badge>
  );
}
