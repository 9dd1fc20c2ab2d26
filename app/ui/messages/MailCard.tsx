import { Banner, BlockStack, Box, ButtonGroup, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Mail } from "#app/connectors/channels.ts";
import type { MessageState } from "#app/features/messages/messages.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { MailFrame } from "#app/ui/MailFrame.tsx";
import { useWords } from "#app/ui/words/words.ts";

type MailCardProps = { mail: Mail | null; state: MessageState; problem: string | null };

/** The mail with its header lines, as its reader sees it or as plain text. */
export function MailCard({ mail, state, problem }: MailCardProps) {
  const words = useWords().messages.detail.mail;
  const [view, setView] = useState<"html" | "text">("html");
  const title = !mail
    ? words.noneTitle
    : state === "planned"
      ? words.previewTitle
      : state === "sent" || state === "delivered" || state === "bounced" || state === "complained"
        ? words.sentTitle
        : words.frozenTitle;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {mail ? (
            <div role="group" aria-label={words.views}>
              <ButtonGroup variant="segmented">
                {(["html", "text"] as const).map((kind) => (
                  <Button key={kind} size="slim" pressed={view === kind} onClick={() => setView(kind)}>
                    {words[kind]}
                  </Button>
                ))}
              </ButtonGroup>
            </div>
          ) : null}
        </InlineStack>
        {state === "planned" && mail ? (
          <Text as="p" tone="subdued">
            {words.previewNote}
          </Text>
        ) : null}
        {problem ? (
          <Banner tone="critical" title={words.previewFailed}>
            {problem}
          </Banner>
        ) : null}
        {mail ? (
          <>
            <FactList
              facts={[
                [words.from, mail.from],
                [words.to, mail.to],
                mail.replyTo ? [words.replyTo, mail.replyTo] : null,
                [words.subject, mail.subject],
              ]}
            />
            {view === "html" ? (
              <MailFrame title={words.frame(mail.subject)} html={mail.html} />
            ) : (
              <Box padding="400" background="bg-surface-secondary" borderRadius="200">
                <pre className="PlainText">{mail.text}</pre>
              </Box>
            )}
          </>
        ) : problem ? null : (
          <Text as="p" tone="subdued">
            {words.none}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
