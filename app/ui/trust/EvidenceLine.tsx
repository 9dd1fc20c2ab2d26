import { Icon, InlineStack, Text, type IconProps } from "@shopify/polaris";
import {
  AlertCircleIcon,
  CheckCircleIcon,
  ClockIcon,
  MinusCircleIcon,
  QuestionCircleIcon,
} from "@shopify/polaris-icons";
import type { EvidenceFacts, EvidenceName, Reading, ReadingState } from "#app/features/trust/evidence.ts";
import { formatDateTime } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

const ICONS: Record<ReadingState, Pick<IconProps, "source" | "tone">> = {
  good: { source: CheckCircleIcon, tone: "success" },
  none: { source: ClockIcon, tone: "subdued" },
  bad: { source: AlertCircleIcon, tone: "critical" },
  unknown: { source: QuestionCircleIcon, tone: "caution" },
  due: { source: ClockIcon, tone: "caution" },
  off: { source: MinusCircleIcon, tone: "subdued" },
};

/** What was found, in a sentence. */
export function useReadingText(timeZone: string) {
  const words = useWords().evidence;
  const locale = useLanguage();
  return function text<Name extends EvidenceName>({ name, facts }: Reading<Name>): string {
    if (facts === null) return words.unread;
    const line = words.lines[name] as (facts: EvidenceFacts[Name], date: (at: string) => string) => string;
    return line(facts, (at) => formatDateTime(at, { locale, timeZone }));
  };
}

/** One reading: its mark, and what was found. */
export function EvidenceLine({ reading, timeZone }: { reading: Reading; timeZone: string }) {
  const words = useWords().evidence;
  const text = useReadingText(timeZone);
  return (
    <InlineStack gap="200" wrap={false} blockAlign="start">
      <span>
        <Icon {...ICONS[reading.state]} accessibilityLabel={words.states[reading.state]} />
      </span>
      <Text as="span">{text(reading)}</Text>
    </InlineStack>
  );
}
