import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Kept } from "#app/features/shops/kept.server.ts";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { useWords } from "#app/ui/words/words.ts";

type Answer = "keep" | "fresh";

type ReturnedCardProps = {
  kept: Kept;
  /** What is being done about the answer: the page does it, since the answer takes the card away. */
  doing: Answer | null;
  answer: (answer: Answer) => void;
};

/** Asks a merchant who comes back what is to become of what was there; while nobody answers, it all stays. */
export function ReturnedCard({ kept, doing, answer }: ReturnedCardProps) {
  const words = useWords().home.returned;
  const [asking, setAsking] = useState(false);
  const busy = doing !== null;
  return (
    <Card padding="500">
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingLg">
            {words.title}
          </Text>
          <Text as="p">{words.body(kept)}</Text>
        </BlockStack>
        <InlineStack gap="200">
          <Button variant="primary" loading={doing === "keep"} disabled={busy} onClick={() => answer("keep")}>
            {words.keep}
          </Button>
          <Button loading={doing === "fresh"} disabled={busy} onClick={() => setAsking(true)}>
            {words.fresh}
          </Button>
        </InlineStack>
      </BlockStack>
      <ConfirmModal
        id="fresh-question"
        open={asking}
        title={words.question.title}
        body={words.question.body}
        confirm={words.question.confirm}
        critical
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          answer("fresh");
        }}
      />
    </Card>
  );
}
