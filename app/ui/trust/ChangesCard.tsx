import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { Setting } from "#app/features/trust/configuration.server.ts";
import type { Trust } from "#app/features/trust/trust.server.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";
import { When } from "#app/ui/When.tsx";

/** What changed in what the app is built on, and who looked at it. */
export function ChangesCard({ trust, timeZone }: { trust: Trust; timeZone: string }) {
  const words = useWords().trust.changes;
  const locale = useLanguage();
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {words.body}
          </Text>
        </BlockStack>
        {trust.changes.length === 0 ? <Text as="p">{words.none}</Text> : null}
        {trust.changes.map(({ id, aspect, at, before, after, reviewed }) => (
          <BlockStack key={id} gap="200">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h3" variant="headingSm">
                {words.aspects[aspect]}
              </Text>
              <Text as="span" tone="subdued">
                <When at={at} timeZone={timeZone} />
              </Text>
              {reviewed ? null : <Badge tone="attention">{words.unreviewed}</Badge>}
            </InlineStack>
            <FactList
              facts={[
                [words.before, describe(before, words.nothing)],
                [words.after, describe(after, words.nothing)],
              ]}
            />
            {reviewed ? (
              <Text as="p" tone="subdued">
                {words.reviewed(reviewed.by, formatDate(reviewed.at, { locale, timeZone }))}
              </Text>
            ) : null}
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

/** In one line. */
function describe(setting: Setting, nothing: string): string {
  return Object.entries(setting)
    .map(([name, value]) => `${name}: ${(Array.isArray(value) ? value.join(", ") : value) || nothing}`)
    .join("; ");
}
