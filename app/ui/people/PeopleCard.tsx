import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import { useWords } from "#app/ui/words/words.ts";

/** The way to who may do what. */
export function PeopleCard() {
  const words = useWords().people.card;
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <Text as="p" tone="subdued">
          {words.body}
        </Text>
        <Button url="/app/settings/people">{words.action}</Button>
      </BlockStack>
    </Card>
  );
}
