import { useFetcher } from "@remix-run/react";
import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { formatDateTime } from "#app/ui/format.ts";
import { useToast } from "#app/ui/toast.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type SwitchCardProps = {
  sending: boolean;
  /** Shopify refuses our access: nothing leaves, whatever the switch says. */
  refused: boolean;
  reason: string | null;
  /** The moment of the backup our database was restored from, where that is why. */
  restoredFrom: string | null;
  timeZone: string;
  overdue: number;
};

/** The big switch: what it does is said before it is done. */
export function SwitchCard({ sending, refused, reason, restoredFrom, timeZone, overdue }: SwitchCardProps) {
  const words = useWords().home.switch;
  const fetcher = useFetcher<{ ok: boolean }>();
  const [asking, setAsking] = useState(false);
  const busy = fetcher.state !== "idle";
  useToast(
    fetcher.state === "idle" && fetcher.data?.ok ? fetcher.data : null,
    sending ? words.on.done : words.off.done,
  );
  const question = sending ? words.off : words.on;
  const live = sending && !refused;
  const locale = useLanguage();
  const why =
    !refused && restoredFrom
      ? words.restored(formatDateTime(restoredFrom, { locale, timeZone }))
      : (words.reasons[(refused ? "refused" : (reason ?? "other")) as keyof typeof words.reasons] ??
        words.reasons.other);
  return (
    <Card padding="500">
      <InlineStack gap="400" align="space-between" blockAlign="center" wrap={false}>
        <BlockStack gap="200">
          <InlineStack gap="200" align="start" blockAlign="center">
            <Text as="h2" variant="headingLg">
              {live ? words.live : sending ? words.stopped : words.paused}
            </Text>
            <Badge tone={live ? "success" : sending ? "critical" : "attention"}>
              {live ? words.badgeLive : sending ? words.badgeStopped : words.badgePaused}
            </Badge>
          </InlineStack>
          <Text as="p" tone="subdued">
            {live ? words.liveBody : why}
          </Text>
        </BlockStack>
        <button
          id="sending"
          type="button"
          role="switch"
          className="Switch"
          aria-checked={sending}
          aria-label={words.label}
          aria-disabled={busy}
          onClick={() => !busy && setAsking(true)}
        />
      </InlineStack>
      <ConfirmModal
        id="sending-question"
        open={asking}
        title={question.title}
        body={sending ? words.off.body : words.on.body(overdue)}
        confirm={question.confirm}
        critical={sending}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          fetcher.submit(
            { intent: "sending", on: String(!sending) },
            { method: "post", action: "/app?index" },
          );
        }}
      />
    </Card>
  );
}
