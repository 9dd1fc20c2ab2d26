import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { RecordState } from "#app/connectors/domains.ts";
import { useWords } from "#app/ui/words/words.ts";

type DomainCardProps = {
  domain: { domain: string; localPart: string; state: RecordState } | null;
  cap: number;
};

export const stateTones = {
  verified: "success",
  pending: "attention",
  failed: "critical",
} as const satisfies Record<RecordState, string>;

/** Where mails leave from, and the way to change it. */
export function DomainCard({ domain, cap }: DomainCardProps) {
  const { settings, domain: domainWords } = useWords();
  const words = settings.domainCard;
  const verified = domain?.state === "verified";
  const address = domain ? `${domain.localPart}@${domain.domain}` : "";
  const title = !domain ? words.none : verified ? words.verified(address) : words.pending(domain.domain);
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          {domain ? <Badge tone={stateTones[domain.state]}>{domainWords.states[domain.state]}</Badge> : null}
        </InlineStack>
        <BlockStack gap="100">
          <Text as="p" fontWeight="semibold" breakWord>
            {title}
          </Text>
          {verified ? null : (
            <Text as="p" tone="subdued">
              {domain ? words.pendingBody(cap) : words.noneBody(cap)}
            </Text>
          )}
        </BlockStack>
        <Button url="/app/settings/domain">
          {!domain ? words.add : verified ? words.manage : words.open}
        </Button>
      </BlockStack>
    </Card>
  );
}
