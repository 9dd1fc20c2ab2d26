import { BlockStack, Box, Button, Card, Icon, InlineStack, Text } from "@shopify/polaris";
import { AlertCircleIcon, AlertTriangleIcon, CheckCircleIcon } from "@shopify/polaris-icons";
import type { MessageTrouble } from "#app/features/messages/overview.server.ts";
import { useWords } from "#app/ui/words/words.ts";

type AttentionCardProps = { trouble: MessageTrouble; events: number; unverifiedDomain: string | null };

/** What a person should look at, each with the way there. */
export function AttentionCard({ trouble, events, unverifiedDomain }: AttentionCardProps) {
  const words = useWords().home.attention;
  const matters = [
    {
      count: trouble.failed,
      title: words.failed(trouble.failed),
      body: words.failedBody,
      url: "/app/messages?state=failed",
      grave: true,
    },
    {
      count: trouble.unknown,
      title: words.unknown(trouble.unknown),
      body: words.unknownBody,
      url: "/app/messages?state=unknown",
      grave: true,
    },
    {
      count: events,
      title: words.events(events),
      body: words.eventsBody,
      url: "/app/messages/events",
      grave: true,
    },
    {
      count: trouble.bounced,
      title: words.bounced(trouble.bounced),
      body: words.bouncedBody,
      url: "/app/messages?state=bounced,complained",
    },
    {
      count: trouble.capped,
      title: words.capped(trouble.capped),
      body: words.cappedBody,
      url: "/app/settings/domain",
    },
    {
      count: unverifiedDomain ? 1 : 0,
      title: words.domain(unverifiedDomain ?? ""),
      body: words.domainBody,
      url: "/app/settings/domain",
    },
  ].filter((matter) => matter.count > 0);
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        {matters.length === 0 ? (
          <InlineStack gap="200" wrap={false}>
            <span>
              <Icon source={CheckCircleIcon} tone="success" />
            </span>
            <Text as="p" tone="subdued">
              {words.none}
            </Text>
          </InlineStack>
        ) : null}
        {matters.map(({ title, body, url, grave }) => (
          <InlineStack key={url} gap="200" wrap={false} blockAlign="start">
            <span>
              <Icon
                source={grave ? AlertCircleIcon : AlertTriangleIcon}
                tone={grave ? "critical" : "caution"}
              />
            </span>
            <BlockStack gap="100" inlineAlign="start">
              <Box>
                <Text as="h3" variant="headingSm">
                  <span className="Break">{title}</span>
                </Text>
                <Text as="p" tone="subdued">
                  {body}
                </Text>
              </Box>
              <Button variant="plain" url={url} accessibilityLabel={`${words.view}: ${title}`}>
                {words.view}
              </Button>
            </BlockStack>
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}
