import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { formatDateTime } from "#app/ui/format.ts";
import { download } from "#app/ui/triggers/download.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

export type SweepReceipt = { id: string; at: string; counts: Record<string, number>; genuine: boolean };
type SweepCardProps = { last: string | null; receipts: SweepReceipt[]; timeZone: string };

/** When data was last looked through for what is past its time, and the receipts of what went. */
export function SweepCard({ last, receipts, timeZone }: SweepCardProps) {
  const words = useWords().holdings.sweeps;
  const locale = useLanguage();
  const when = (at: string) => formatDateTime(at, { locale, timeZone });
  const save = async (receipt: SweepReceipt) => {
    const name = `aftercare-receipt-${receipt.at.slice(0, 10)}.json`;
    const saved = await download(`/app/privacy/receipts/${receipt.id}`, name);
    if (!saved) shopify.toast.show(words.notDownloaded, { isError: true });
  };
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
        <ul className="Rows">
          {receipts.map((receipt) => (
            <li key={receipt.id}>
              <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
                <BlockStack gap="050">
                  <InlineStack gap="200" blockAlign="center">
                    <Text as="h3" variant="headingSm">
                      {when(receipt.at)}
                    </Text>
                    <Badge tone={receipt.genuine ? "success" : "critical"}>
                      {receipt.genuine ? words.genuine : words.notGenuine}
                    </Badge>
                  </InlineStack>
                  <Text as="p" tone="subdued">
                    {words.counts(receipt.counts)}
                  </Text>
                </BlockStack>
                <Button
                  onClick={() => void save(receipt)}
                  accessibilityLabel={words.downloadLabel(when(receipt.at))}
                >
                  {words.download}
                </Button>
              </InlineStack>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}
