import { BlockStack, Button, Card, Form, FormLayout, Layout, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { domainDraftSchema, type DomainDraft } from "#app/features/shops/domains.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { useWords } from "#app/ui/words/words.ts";

type AddDomainProps = {
  guess: string;
  cap: number;
  busy: boolean;
  refusals: FieldErrors;
  add: (draft: DomainDraft) => void;
};

export function AddDomain({ guess, cap, busy, refusals, add }: AddDomainProps) {
  const words = useWords().domain.add;
  const [draft, setDraft] = useState<DomainDraft>({ domain: guess, localPart: "hello" });
  const [faults, setFaults] = useState<FieldErrors>({});
  const [answered, setAnswered] = useState(refusals);
  // What the server refused stays beside its field until the field is changed.
  if (refusals !== answered) {
    setAnswered(refusals);
    setFaults(refusals);
  }
  const change = (part: Partial<DomainDraft>) => {
    setDraft({ ...draft, ...part });
    setFaults({});
  };
  const submit = () => {
    const checked = parseInput(domainDraftSchema, draft);
    if (checked.ok) add(checked.value);
    else setFaults(checked.errors);
  };
  return (
    <Layout>
      <Layout.Section>
        <Card>
          <Form onSubmit={submit} noValidate>
            <FormLayout>
              <Text as="p">{words.body}</Text>
              <TextField
                label={words.domain}
                helpText={words.domainHelp}
                autoComplete="off"
                inputMode="url"
                spellCheck={false}
                value={draft.domain}
                error={faults.domain}
                onChange={(domain) => change({ domain })}
              />
              <TextField
                label={words.localPart}
                autoComplete="off"
                spellCheck={false}
                suffix={`@${draft.domain.trim().split("@").at(-1) || "example.com"}`}
                value={draft.localPart}
                error={faults.localPart}
                onChange={(localPart) => change({ localPart })}
              />
              <Button submit variant="primary" loading={busy}>
                {words.action}
              </Button>
            </FormLayout>
          </Form>
        </Card>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {words.sharedTitle}
            </Text>
            <Text as="p" tone="subdued">
              {words.shared(cap)}
            </Text>
          </BlockStack>
        </Card>
      </Layout.Section>
    </Layout>
  );
}
