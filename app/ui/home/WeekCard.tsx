import { BlockStack, Box, Card, InlineGrid, Text } from "@shopify/polaris";
import type { Overview } from "#app/features/messages/overview.server.ts";
import { DayBars } from "#app/ui/home/DayBars.tsx";
import { formatDateTime, formatNumber, formatShare } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type WeekCardProps = { overview: Overview; sending: boolean; timeZone: string };

/** This week at a glance: a few numbers, then the days. */
export function WeekCard({ overview, sending, timeZone }: WeekCardProps) {
  const words = useWords().home;
  const locale = useLanguage();
  const { days, today, sentToday, sentWeek, waiting, nextDueAt } = overview;
  const past = days.slice(0, today + 1);
  const good = past.reduce((sum, day) => sum + day.good, 0);
  const bad = past.reduce((sum, day) => sum + day.bad, 0);
  const planned = days.slice(today).reduce((sum, day) => sum + day.planned, 0);
  const share = good + bad === 0 ? "–" : formatShare(good / (good + bad), locale);
  const next = !nextDueAt
    ? words.numbers.noNext
    : sending
      ? words.numbers.next(formatDateTime(nextDueAt, { locale, timeZone }))
      : words.numbers.held;
  const empty = sentWeek + bad + planned === 0;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {words.chart.title}
        </Text>
        <InlineGrid columns={{ xs: 2, sm: 4 }} gap="300">
          <Figure label={words.numbers.sentToday} value={formatNumber(sentToday, locale)} />
          <Figure label={words.numbers.sentWeek} value={formatNumber(sentWeek, locale)} />
          <Figure label={words.numbers.delivered} value={share} hint={words.numbers.ofAnswered} />
          <Figure label={words.numbers.waiting} value={formatNumber(waiting, locale)} hint={next} />
        </InlineGrid>
        {empty ? (
          <Box paddingBlock="600">
            <BlockStack gap="100" inlineAlign="center">
              <Text as="p" variant="headingSm">
                {words.chart.empty}
              </Text>
              <Text as="p" tone="subdued" alignment="center">
                {words.chart.emptyBody}
              </Text>
            </BlockStack>
          </Box>
        ) : (
          <>
            <Text as="p" visuallyHidden>
              {words.chart.summary(sentWeek, planned)}
            </Text>
            <DayBars days={days} today={today} timeZone={timeZone} />
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function Figure({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <BlockStack gap="050">
      <Text as="p" variant="bodySm" tone="subdued">
        {label}
      </Text>
      <Text as="p" variant="headingLg" numeric>
        {value}
      </Text>
      {hint ? (
        <Text as="p" variant="bodyXs" tone="subdued">
          {hint}
        </Text>
      ) : null}
    </BlockStack>
  );
}
