import { Badge, BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import { PROTECTED_DATA, SCOPES } from "#app/connectors/shopify/access.ts";
import type { Needs } from "#app/features/privacy/holdings.ts";
import { useWords } from "#app/ui/words/words.ts";

type Need = { key: string; title: string; reason: string; state: "used" | "unused" | "never"; note?: string };

/** What Shopify protects, and which feature that is switched on needs it. */
export function NeedsCard({ needs }: { needs: Needs }) {
  const words = useWords().holdings.needs;
  const customers = SCOPES.find(({ scope }) => scope === "read_customers")!;
  const items: Need[] = [
    ...PROTECTED_DATA.map(({ kind, requested, reason }): Need => {
      const state = !requested ? "never" : needs.messages || kind === "customer" ? "used" : "unused";
      const note = state === "unused" ? words.noTrigger : undefined;
      return { key: kind, title: words.kinds[kind], reason, state, note };
    }),
    {
      key: customers.scope,
      title: words.kinds.read_customers,
      reason: customers.reason,
      state: needs.customerTags && needs.customersAllowed ? "used" : "unused",
      note: needs.customersAllowed
        ? needs.customerTags
          ? undefined
          : words.allowedUnused
        : words.notAllowed,
    },
  ];
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="0">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {words.body}
          </Text>
        </BlockStack>
      </Box>
      <ul className="Rows">
        {items.map(({ key, title, reason, state, note }) => (
          <li key={key}>
            <BlockStack gap="100">
              <InlineStack gap="200" blockAlign="center">
                <Text as="h3" variant="headingSm">
                  {title}
                </Text>
                <Badge tone={state === "used" ? "info" : undefined}>{words[state]}</Badge>
              </InlineStack>
              <Text as="p" tone="subdued">
                {reason} {note}
              </Text>
            </BlockStack>
          </li>
        ))}
      </ul>
    </Card>
  );
}
