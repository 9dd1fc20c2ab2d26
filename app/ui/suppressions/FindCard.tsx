import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, FormLayout, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { SuppressionRow } from "#app/features/messages/suppressions.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { ReasonBadge } from "#app/ui/suppressions/ReasonBadge.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";

/** `found`: what the list says of the address that was looked for. */
export type FindAnswer =
  | { ok: true; added?: boolean; found?: { address: string; rows: SuppressionRow[] } }
  | { ok: false; errors: FieldErrors };

/** Puts an address on the list, or looks whether it is there: by its hash, so also those no longer held. */
export function FindCard() {
  const words = useWords().suppressions.find;
  const fetcher = useFetcher<FindAnswer>();
  const [address, setAddress] = useState("");
  const mayAdd = useMay()("suppressions");
  const idle = fetcher.state === "idle";
  const answer = idle ? fetcher.data : undefined;
  const added = answer?.ok ? answer.added : undefined;
  useToast(answer, added === undefined ? null : added ? words.added : words.known);
  const send = (intent: "add" | "find") => fetcher.submit({ intent, address }, { method: "post" });
  const busy = (intent: string) => !idle && fetcher.formData?.get("intent") === intent;
  const found = answer?.ok ? answer.found : undefined;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send("find");
          }}
          noValidate
        >
          <FormLayout>
            <TextField
              label={words.address}
              helpText={words.help}
              type="email"
              autoComplete="off"
              value={address}
              error={answer && !answer.ok ? answer.errors.address : undefined}
              onChange={setAddress}
            />
            <InlineStack gap="200">
              <Button onClick={() => send("add")} loading={busy("add")} disabled={!mayAdd}>
                {words.add}
              </Button>
              <Button submit variant="plain" loading={busy("find")}>
                {words.find}
              </Button>
            </InlineStack>
          </FormLayout>
        </form>
        {found ? (
          <Banner
            title={found.rows.length > 0 ? words.found(found.address) : words.free(found.address)}
            tone={found.rows.length > 0 ? "warning" : "info"}
          >
            {found.rows.length > 0 ? (
              <InlineStack gap="200">
                {found.rows.map((row) => (
                  <ReasonBadge key={row.id} row={row} />
                ))}
              </InlineStack>
            ) : null}
          </Banner>
        ) : null}
      </BlockStack>
    </Card>
  );
}
