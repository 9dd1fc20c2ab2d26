import { Badge, BlockStack, Box, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import type { Holding } from "#app/features/privacy/holdings.ts";
import type { Retention } from "#app/features/privacy/retention.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDate, formatNumber } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type KindListProps = { title: string; holdings: Holding[]; retention: Retention; timeZone: string };

/** Kinds of data, each with what it is for and how much of it there is. */
export function KindList({ title, holdings, retention, timeZone }: KindListProps) {
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="0">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
      </Box>
      <ul className="Rows">
        {holdings.map((holding) => (
          <li key={holding.kind}>
            <KindRow holding={holding} retention={retention} timeZone={timeZone} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function KindRow({
  holding,
  retention,
  timeZone,
}: {
  holding: Holding;
  retention: Retention;
  timeZone: string;
}) {
  const words = useWords().holdings;
  const locale = useLanguage();
  const { kind, personal, protection, rows, oldest, parts } = holding;
  const { title, what, why } = words.kinds[kind];
  const closed = protection === "sealed" || protection === "hashed";
  return (
    <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
      <BlockStack gap="150">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          {personal ? (
            <Badge tone={closed ? "success" : undefined}>
              {protection === "plain" ? words.plainPersonal : words.protection[protection]}
            </Badge>
          ) : null}
        </InlineStack>
        <Text as="p">{what}</Text>
        <Text as="p" tone="subdued">
          {why}
        </Text>
      </BlockStack>
      <FactList
        facts={[
          [words.held, rows === 0 ? words.nothing : formatNumber(rows, locale)],
          oldest ? [words.oldest, formatDate(oldest, { locale, timeZone })] : null,
          ...(parts.length === 1
            ? parts.map(({ kept }) => [words.kept, words.time(kept, retention)] as const)
            : parts
                .filter((part) => part.rows > 0 || rows === 0)
                .map(
                  (part) =>
                    [
                      words.parts[part.kept],
                      part.rows === 0
                        ? words.time(part.kept, retention)
                        : words.part(formatNumber(part.rows, locale), words.time(part.kept, retention)),
                    ] as const,
                )),
        ]}
      />
    </InlineGrid>
  );
}
