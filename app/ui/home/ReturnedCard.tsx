import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Kept } from "#app/features/shops/kept.server.ts";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";

/** Asks a merchant who comes back what is to become of what was there; while nobody answers, it all stays. */
export function ReturnedCard({ kept }: { kept: Kept }) {
  const words = useWords().home.returned;
  const fetcher = useFetcher<{ ok: boolean }>();
  const [asking, setAsking] = useState(false);
  const busy = fetcher.state !== "idle";
  const keeps = fetcher.formData?.get("keep") !== "false";
  // Before the page is read anew, which takes the card away.
  useToast(fetcher.data?.ok ? fetcher.data : null, keeps ? words.kept : words.question.done);
  const answer = (keep: boolean) =>
    fetcher.submit({ intent: "returned", keep: String(keep) }, { method: "post", action: "/app?index" });
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
          <Button variant="primary" loading={busy && keeps} disabled={busy} onClick={() => answer(true)}>
            {words.keep}
          </Button>
          <Button loading={busy && !keeps} disabled={busy} onClick={() => setAsking(true)}>
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
          answer(false);
        }}
      />
    </Card>
  );
}
