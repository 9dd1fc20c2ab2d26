import { BlockStack, Card, Form, FormLayout, Text, TextField } from "@shopify/polaris";
import { boundsOf, type Retention } from "#app/features/privacy/retention.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { useWords } from "#app/ui/words/words.ts";

/** The times as fields hold them: as typed. */
export type RetentionFields = Record<keyof Retention, string>;

type RetentionFormProps = {
  form: RetentionFields;
  errors: FieldErrors;
  change: (form: RetentionFields) => void;
  save: () => void;
};

const PAIRS = [
  ["buyer", "marketplaceBuyer"],
  ["mail", "marketplaceMail"],
  ["records", "audit"],
] as const;

/** How long each class of data is kept, within what is allowed. Enter saves. */
export function RetentionForm({ form, errors, change, save }: RetentionFormProps) {
  const words = useWords().holdings.form;
  return (
    <Card>
      <Form onSubmit={save} noValidate>
        <BlockStack gap="400">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {words.title}
            </Text>
            <Text as="p" tone="subdued">
              {words.body}
            </Text>
          </BlockStack>
          <FormLayout>
            {PAIRS.map((pair) => (
              <FormLayout.Group key={pair[0]}>
                {pair.map((field) => {
                  const { min, max } = boundsOf(field);
                  return (
                    <TextField
                      key={field}
                      label={words.fields[field]}
                      helpText={`${words.range(min, max)} ${words.help[field]}`.trim()}
                      suffix={words.unit}
                      type="number"
                      inputMode="numeric"
                      min={min}
                      max={max}
                      autoComplete="off"
                      value={form[field]}
                      error={errors[field]}
                      onChange={(value) => change({ ...form, [field]: value })}
                    />
                  );
                })}
              </FormLayout.Group>
            ))}
          </FormLayout>
        </BlockStack>
      </Form>
    </Card>
  );
}
