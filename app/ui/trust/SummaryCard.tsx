import { Badge, BlockStack, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import type { Trust } from "#app/features/trust/trust.server.ts";
import type { Status } from "#app/features/trust/commitments.ts";
import { EvidenceLine } from "#app/ui/trust/EvidenceLine.tsx";
import { useWords } from "#app/ui/words/words.ts";

const GLANCE = ["encryption", "requests", "sweep", "auditTrail", "purge", "dependencies", "region"] as const;

/** Counted apart from what is kept. */
const MORE = [
  { status: "due", tone: "attention" },
  { status: "unexercised", tone: "info" },
  { status: "not_here", tone: "warning" },
  { status: "unknown", tone: "warning" },
] as const;

/** How things stand, before anything is read in detail. */
export function SummaryCard({ trust, timeZone }: { trust: Trust; timeZone: string }) {
  const words = useWords().trust;
  const count = (...statuses: Status[]) =>
    trust.rows.filter(({ status }) => statuses.includes(status)).length;
  const attention = count("attention");
  const word = count("attested", "attestation_due");
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {words.summary.title}
          </Text>
          <Text as="p" tone="subdued">
            {words.summary.body}
          </Text>
        </BlockStack>
        <InlineStack gap="200">
          {attention > 0 ? <Badge tone="critical">{words.summary.attention(attention)}</Badge> : null}
          <Badge tone="success">
            {words.summary.kept(count("kept"), trust.rows.length - word - count("not_offered"))}
          </Badge>
          {MORE.map(({ status, tone }) =>
            count(status) > 0 ? (
              <Badge key={status} tone={tone}>
                {words.summary.more[status](count(status))}
              </Badge>
            ) : null,
          )}
          <Badge tone={count("attestation_due") > 0 ? "attention" : "info"}>
            {words.summary.attested(count("attested"), word)}
          </Badge>
          <Badge>{words.summary.notOffered(count("not_offered"))}</Badge>
        </InlineStack>
        <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
          {GLANCE.map((name) => (
            <BlockStack key={name} gap="100">
              <Text as="h3" variant="headingSm">
                {words.glance[name]}
              </Text>
              <EvidenceLine reading={trust.readings[name]} timeZone={timeZone} />
            </BlockStack>
          ))}
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}
