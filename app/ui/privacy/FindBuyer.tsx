import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, Form, FormLayout, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { findSchema } from "#app/features/privacy/requests.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export type FindAnswer = { errors: FieldErrors; nothing: boolean };

/** Finds a buyer by what they write in their mail to the shop. */
export function FindBuyer() {
  const words = useWords().privacy.find;
  const fetcher = useFetcher<FindAnswer>();
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string>();
  const [answered, setAnswered] = useState(fetcher.data);
  const [nothing, setNothing] = useState(false);
  if (fetcher.data !== answered) {
    setAnswered(fetcher.data);
    setFault(fetcher.data?.errors.words);
    setNothing(fetcher.data?.nothing ?? false);
  }
  const send = (intent: "find" | "record") => {
    const checked = parseInput(findSchema, { words: typed });
    if (checked.ok)
      fetcher.submit({ intent, ...checked.value }, { method: "post", action: "/app/privacy?index" });
    else setFault(checked.errors.words);
  };
  const busy = fetcher.state !== "idle";
  return (
    <Card>
      <Form onSubmit={() => send("find")} noValidate>
        <FormLayout>
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {words.title}
            </Text>
            <Text as="p" tone="subdued">
              {words.body}
            </Text>
          </BlockStack>
          <TextField
            label={words.label}
            placeholder={words.placeholder}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            error={fault}
            onChange={(value) => {
              setTyped(value);
              setFault(undefined);
              setNothing(false);
            }}
            connectedRight={
              <Button submit loading={busy && fetcher.formData?.get("intent") === "find"}>
                {words.action}
              </Button>
            }
          />
          {nothing ? (
            <Allowed deed="export">
              {" "}
              <Banner
                title={words.nothing.title}
                tone="info"
                action={{
                  content: words.nothing.action,
                  loading: busy && fetcher.formData?.get("intent") === "record",
                  onAction: () => send("record"),
                }}
              >
                <p>{words.nothing.body}</p>
              </Banner>
            </Allowed>
          ) : null}
        </FormLayout>
      </Form>
    </Card>
  );
}
