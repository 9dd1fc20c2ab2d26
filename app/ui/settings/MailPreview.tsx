import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useEffect, useMemo } from "react";
import { shopSettingsSchema } from "#app/features/shops/settings.ts";
import { parseInput } from "#app/platform/forms.ts";
import { MailFrame } from "#app/ui/MailFrame.tsx";
import { settingsOf, type SettingsFields } from "#app/ui/settings/form.ts";
import { useWords } from "#app/ui/words/words.ts";

/** A mail with the header and footer as they stand in the form, drawn again shortly after each valid change. */
export function MailPreview({ form }: { form: SettingsFields }) {
  const words = useWords().settings.preview;
  const { submit, data } = useFetcher<{ html: string | null }>();
  const wanted = useMemo(() => {
    const checked = parseInput(shopSettingsSchema, settingsOf(form));
    return checked.ok ? JSON.stringify(checked.value) : null;
  }, [form]);
  useEffect(() => {
    if (wanted === null) return;
    const timer = setTimeout(
      () => submit(wanted, { method: "post", action: "/app/settings/preview", encType: "application/json" }),
      400,
    );
    return () => clearTimeout(timer);
  }, [wanted, submit]);
  return (
    <div className="Sticky">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          {wanted === null ? (
            <Text as="p" tone="subdued">
              {words.waiting}
            </Text>
          ) : null}
          {data?.html === null ? (
            <Text as="p" tone="critical">
              {words.failed}
            </Text>
          ) : (
            <MailFrame title={words.frame} html={data?.html ?? ""} height={620} />
          )}
        </BlockStack>
      </Card>
    </div>
  );
}
