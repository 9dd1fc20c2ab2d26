import { useFetcher } from "@remix-run/react";
import { Modal, TitleBar } from "@shopify/app-bridge-react";
import { BlockStack, Box, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { liftSchema, type SuppressionRow } from "#app/features/messages/suppressions.ts";
import { parseInput } from "#app/platform/forms.ts";
import type { FindAnswer } from "#app/ui/suppressions/FindCard.tsx";
import { useWords } from "#app/ui/words/words.ts";

/** Asks why an address is taken off the list. Mounted anew for each entry. */
export function LiftModal({ row, onClose }: { row: SuppressionRow; onClose: () => void }) {
  const all = useWords();
  const words = all.suppressions.lift;
  const fetcher = useFetcher<FindAnswer>();
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const [seen, setSeen] = useState(fetcher.data);
  const idle = fetcher.state === "idle";
  if (idle && fetcher.data && fetcher.data !== seen) {
    setSeen(fetcher.data);
    if (fetcher.data.ok) {
      shopify.toast.show(words.done);
      onClose();
    }
  }
  const checked = parseInput(liftSchema, { id: row.id, why });
  const refused = fetcher.data && !fetcher.data.ok ? fetcher.data.errors.why : undefined;
  const error = tried && !checked.ok ? checked.errors.why : refused;
  function lift() {
    setTried(true);
    if (checked.ok) fetcher.submit({ intent: "lift", ...checked.value }, { method: "post" });
  }
  return (
    <Modal id="lift" open onHide={onClose}>
      <Box padding="400">
        <BlockStack gap="300">
          <Text as="p">{words.bodies[row.kind]}</Text>
          <TextField
            label={words.why}
            helpText={words.whyHelp}
            multiline={2}
            maxLength={300}
            autoComplete="off"
            value={why}
            error={error}
            onChange={setWhy}
          />
        </BlockStack>
      </Box>
      <TitleBar title={words.title}>
        <button variant="primary" onClick={lift} disabled={!idle}>
          {words.confirm}
        </button>
        <button onClick={onClose}>{all.shell.actions.back}</button>
      </TitleBar>
    </Modal>
  );
}
