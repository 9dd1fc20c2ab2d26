import { Badge, InlineStack } from "@shopify/polaris";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** A deadline, and whether it has passed. @param now of the server, so that both draw the same */
export function Due({ at, now, timeZone }: { at: string; now: string; timeZone: string }) {
  const words = useWords().privacy;
  const locale = useLanguage();
  const date = <time dateTime={at}>{formatDate(at, { locale, timeZone })}</time>;
  if (at >= now) return date;
  return (
    <InlineStack as="span" gap="100" blockAlign="center">
      {date}
      <Badge tone="critical">{words.overdue}</Badge>
    </InlineStack>
  );
}
