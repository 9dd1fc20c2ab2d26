import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Button, Form, FormLayout, Popover, TextField } from "@shopify/polaris";
import { SendIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import type { TemplateContent } from "#app/features/templates/templates.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { useToast } from "#app/ui/toast.ts";
import { useLanguageName } from "#app/ui/templates/LanguageBar.tsx";
import { useWords } from "#app/ui/words/words.ts";

export type TestAnswer = { ok: true } | { ok: false; errors: FieldErrors };

type TestSendProps = {
  content: TemplateContent;
  locale: string;
  orderId: string;
  lineId: string;
  templateId: string | null;
  replyTo: string;
  /** Mistakes, or nothing written yet. */
  disabled: boolean;
};

/** Sends what is on the screen to an address of one's own. */
export function TestSend({ replyTo, disabled, ...draft }: TestSendProps) {
  const words = useWords().templates.test;
  const nameOf = useLanguageName();
  const { submit, data, state } = useFetcher<TestAnswer>();
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState(replyTo);
  const [seen, setSeen] = useState(data);
  if (data !== seen && state === "idle") {
    setSeen(data);
    if (data?.ok) setOpen(false);
  }
  useToast(seen, seen?.ok ? words.sent : null);
  const errors = seen && !seen.ok && state === "idle" ? Object.values(seen.errors) : [];

  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      preferredAlignment="right"
      sectioned
      activator={
        <Button icon={SendIcon} size="slim" disclosure disabled={disabled} onClick={() => setOpen(!open)}>
          {words.action}
        </Button>
      }
    >
      <Box minWidth="240px">
        <Form
          noValidate
          onSubmit={() =>
            submit(
              { ...draft, to: to.trim() },
              { method: "post", action: "/app/templates/try", encType: "application/json" },
            )
          }
        >
          <FormLayout>
            <TextField
              type="email"
              label={words.to}
              value={to}
              onChange={setTo}
              helpText={`${words.help} ${words.language(nameOf(draft.locale))}`}
              error={errors[0]}
              autoComplete="email"
            />
            <BlockStack inlineAlign="start">
              <Button submit variant="primary" loading={state !== "idle"}>
                {words.confirm}
              </Button>
            </BlockStack>
          </FormLayout>
        </Form>
      </Box>
    </Popover>
  );
}
