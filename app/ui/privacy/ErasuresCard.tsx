import { BlockStack, Box, Card, Text } from "@shopify/polaris";
import type { ReceiptOutline } from "#app/features/privacy/receipts.ts";
import { formatDateTime } from "#app/ui/format.ts";
import { ReceiptRows } from "#app/ui/privacy/ReceiptRows.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** What was erased of the store as a whole, here and before it was installed anew. */
export function ErasuresCard({ receipts, timeZone }: { receipts: ReceiptOutline[]; timeZone: string }) {
  const words = useWords().privacy.erasures;
  const locale = useLanguage();
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd={receipts.length > 0 ? "0" : "400"}>
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {receipts.length > 0 ? words.body : words.empty}
          </Text>
        </BlockStack>
      </Box>
      {receipts.length > 0 ? (
        <ReceiptRows
          timeZone={timeZone}
          receipts={receipts.map((receipt) => ({
            ...receipt,
            title: words.what(receipt.kind, receipt.reason),
            lines: [formatDateTime(receipt.at, { locale, timeZone }), words.counts(receipt.counts)],
          }))}
        />
      ) : null}
    </Card>
  );
}
