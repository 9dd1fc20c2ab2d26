import { Badge, BlockStack, Button, Card, InlineGrid, InlineStack, Select, Text } from "@shopify/polaris";
import { PACES, TOPICS, type Pace, type Paces } from "#app/features/messages/alerts.ts";
import type { Recipient } from "#app/features/messages/alerts.server.ts";
import { useWords } from "#app/ui/words/words.ts";

type RecipientCardProps = {
  recipient: Recipient;
  busy: boolean;
  onPaces: (paces: Paces) => void;
  onAgain: () => void;
  onRemove: () => void;
};

/** An address, and how it hears of what. */
export function RecipientCard({ recipient, busy, onPaces, onAgain, onRemove }: RecipientCardProps) {
  const words = useWords().alerts;
  const { id, address, confirmed, paces } = recipient;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <InlineStack align="start" gap="200" blockAlign="center">
            <Text as="h2" variant="headingSm" breakWord>
              {address || words.noContact}
            </Text>
            {confirmed ? null : <Badge tone="attention">{words.unconfirmed}</Badge>}
          </InlineStack>
          {id ? (
            <Button
              variant="tertiary"
              tone="critical"
              accessibilityLabel={words.remove.label(address)}
              disabled={busy}
              onClick={onRemove}
            >
              {words.remove.action}
            </Button>
          ) : null}
        </InlineStack>
        {id ? null : (
          <Text as="p" tone="subdued">
            {words.contact}
          </Text>
        )}
        {confirmed ? (
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            {TOPICS.map((topic) => (
              <Select
                key={topic}
                label={
                  <>
                    {words.topics[topic]}
                    <Text as="span" visuallyHidden>
                      {address}
                    </Text>
                  </>
                }
                options={PACES.map((value) => ({ value, label: words.paces[value] }))}
                value={paces[topic]}
                disabled={busy}
                onChange={(pace) => onPaces({ ...paces, [topic]: pace as Pace })}
              />
            ))}
          </InlineGrid>
        ) : (
          <>
            <Text as="p" tone="subdued">
              {words.unconfirmedHelp}
            </Text>
            <InlineStack>
              <Button disabled={busy} onClick={onAgain}>
                {words.again}
              </Button>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
