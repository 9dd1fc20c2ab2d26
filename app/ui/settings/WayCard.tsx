import { BlockStack, Button, Card, Text } from "@shopify/polaris";

/** The way to settings that have a page of their own. */
export function WayCard({
  words,
  url,
}: {
  words: { title: string; body: string; action: string };
  url: string;
}) {
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <Text as="p" tone="subdued">
          {words.body}
        </Text>
        <Button url={url}>{words.action}</Button>
      </BlockStack>
    </Card>
  );
}
