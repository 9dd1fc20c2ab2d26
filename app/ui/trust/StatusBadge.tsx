import { Badge, type BadgeProps } from "@shopify/polaris";
import type { Status } from "#app/features/trust/commitments.ts";
import { useWords } from "#app/ui/words/words.ts";

const TONES: Record<Status, BadgeProps["tone"]> = {
  kept: "success",
  attention: "critical",
  unknown: "warning",
  unexercised: "info",
  not_here: "warning",
  due: "attention",
  not_offered: undefined,
  attested: "info",
  attestation_due: "attention",
};

/** How a promise stands. */
export function StatusBadge({ status }: { status: Status }) {
  return <Badge tone={TONES[status]}>{useWords().promises.status[status]}</Badge>;
}
