import { Banner, BlockStack, InlineStack, Button, Text } from "@shopify/polaris";
import { useState } from "react";
import { useWords } from "#app/ui/words/words.ts";

type State = "idle" | "asking" | "declined" | "failed";

/** Asks for the optional scope `read_customers` where a merchant first uses what needs it. */
export function CustomerAccess({ onGranted }: { onGranted: () => void }) {
  const words = useWords().triggers.editor.access;
  const [state, setState] = useState<State>("idle");

  async function ask() {
    setState("asking");
    try {
      const { result } = await shopify.scopes.request(["read_customers"]);
      if (result !== "granted-all") return setState("declined");
      shopify.toast.show(words.granted);
      onGranted();
    } catch {
      setState("failed"); // App Bridge rejects when the dialog can't be shown at all.
    }
  }

  const said = { idle: words.body, asking: words.body, declined: words.declined, failed: words.failed };
  return (
    <Banner tone="warning" title={words.title}>
      <BlockStack gap="200">
        <Text as="p">{said[state]}</Text>
        <InlineStack>
          <Button
            onClick={() => void ask()}
            loading={state === "asking"}
            accessibilityLabel={state === "asking" ? words.asking : undefined}
          >
            {words.action}
          </Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
