import { BlockStack, Box, Card, Text } from "@shopify/polaris";
import type { ReceiptOutline } from "#app/features/privacy/receipts.ts";
import { formatDateTime } from "#app/ui/format.ts";
import { ReceiptRows } from "#app/ui/privacy/ReceiptRows.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type SweepCardProps = { last: string | null; receipts: ReceiptOutline[]; timeZone: string };

/** When data was last looked through for what is past its time, and the receipts of what went. */
export function SweepCard({ last, receipts, timeZone }: SweepCardProps) {
  const words = useWords().holdings.sweeps;
  const locale = useLanguage();
  const when = (at: string) => formatDateTime(at, { locale, timeZone });
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd={receipts.length > 0 ? "0" : "400"}>
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {last ? words.last(when(last)) : words.none} {receipts.length === 0 && last ? words.empty : null}
          </Text>
        </BlockStack>
      </Box>
      {receipts.length > 0 ? (
        <ReceiptRows
          timeZone={timeZone}
          receipts={receipts.map((receipt) => ({
            ...receipt,
            title: when(receipt.at),
            lines: [words.counts(receipt.counts)],
          }))}
        />
      ) : null}
    </Card>
  );
}
