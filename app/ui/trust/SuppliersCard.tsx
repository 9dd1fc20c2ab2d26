import { BlockStack, Card, Link, Text } from "@shopify/polaris";
import type { Trust } from "#app/features/trust/trust.server.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** Other companies that process data for us, and what is going to change. */
export function SuppliersCard({ trust, timeZone }: { trust: Trust; timeZone: string }) {
  const words = useWords().trust.suppliers;
  const locale = useLanguage();
  const day = (at: string) => formatDate(at, { locale, timeZone });
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {words.body} {words.shopify}
          </Text>
        </BlockStack>
        {trust.suppliers.map(({ role, name, region, website, since }) => (
          <BlockStack key={role} gap="200">
            <Text as="h3" variant="headingSm">
              {website ? (
                <Link url={website} target="_blank">
                  {name}
                </Link>
              ) : (
                (name ?? words.unnamed)
              )}{" "}
              · {words.roles[role].name}
            </Text>
            <FactList
              facts={[
                [words.receives, words.roles[role].receives],
                [words.why, words.roles[role].why],
                [words.region, region ?? words.unnamedRegion],
                since ? [words.since, day(since)] : null,
              ]}
            />
          </BlockStack>
        ))}
        <BlockStack gap="200">
          <Text as="h3" variant="headingSm">
            {words.planned}
          </Text>
          {trust.announcements.length === 0 ? (
            <Text as="p" tone="subdued">
              {words.none}
            </Text>
          ) : null}
          {trust.announcements.map(({ supplier, text, announcedAt, effectiveAt }) => (
            <div key={supplier + effectiveAt}>
              <Text as="p" fontWeight="semibold">
                {supplier}: {text}
              </Text>
              <Text as="p" tone="subdued">
                {words.announcement(day(effectiveAt), day(announcedAt))}
              </Text>
            </div>
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}
