import { Badge, Banner, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { Broken } from "#app/features/audit/broken.ts";
import { formatDateTime, formatNumber } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type HealthCardProps = {
  health: { entries: number; verifiedAt: string | null; broken: Broken | null };
  timeZone: string;
};

/** Whether the log was found as it was written. */
export function HealthCard({ health, timeZone }: HealthCardProps) {
  const words = useWords().audit;
  const locale = useLanguage();
  const { verifiedAt, broken } = health;
  const at = verifiedAt ? formatDateTime(verifiedAt, { locale, timeZone }) : "";
  if (broken)
    return (
      <Banner tone="critical" title={words.health.broken}>
        <p>
          {words.health.brokenBody(formatNumber(broken.seq, locale), at)} {words.faults[broken.fault]}
        </p>
      </Banner>
    );
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {words.health.title}
          </Text>
          {verifiedAt ? (
            <Badge tone="success" progress="complete">
              {words.health.sound}
            </Badge>
          ) : (
            <Badge progress="incomplete">{words.health.waiting}</Badge>
          )}
        </InlineStack>
        <Text as="p" tone="subdued">
          {verifiedAt
            ? words.health.soundBody(formatNumber(health.entries, locale), at)
            : words.health.waitingBody}
        </Text>
      </BlockStack>
    </Card>
  );
}
