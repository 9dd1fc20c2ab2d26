import { BlockStack, Card, Text } from "@shopify/polaris";
import type { MonthCount } from "#app/features/privacy/holdings.ts";
import { Bars } from "#app/ui/Bars.tsx";
import { formatMonth } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** How old the orders are that we hold. */
export function MonthBars({ months }: { months: MonthCount[] }) {
  const words = useWords().holdings.chart;
  const locale = useLanguage();
  const empty = months.every(({ withBuyer, without }) => withBuyer + without === 0);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {empty ? words.empty : words.body}
          </Text>
        </BlockStack>
        {empty ? null : (
          <Bars
            caption={words.caption}
            unit={words.month}
            parts={[
              { name: "withBuyer", label: words.withBuyer, look: "open" },
              { name: "without", label: words.without, look: "planned" },
            ]}
            columns={months.map((counts, index) => {
              const name = formatMonth(counts.month, locale, "long");
              return {
                key: counts.month,
                label: formatMonth(counts.month, locale, "narrow"),
                title: index === 0 ? words.before(name) : name,
                counts,
              };
            })}
          />
        )}
      </BlockStack>
    </Card>
  );
}
