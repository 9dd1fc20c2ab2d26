import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { formatDateTime } from "#app/ui/format.ts";
import { download } from "#app/ui/triggers/download.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type ReceiptName = { id: string; at: string };

type ReceiptButtonProps = { receipt: ReceiptName; timeZone: string; title?: string };

/** Saves a receipt as a file. @param title what it is of, where there are several */
export function ReceiptButton({ receipt, timeZone, title }: ReceiptButtonProps) {
  const words = useWords().privacy.receipts;
  const locale = useLanguage();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const name = words.file(receipt.at.slice(0, 10));
    const saved = await download(`/app/privacy/receipts/${receipt.id}`, name);
    setBusy(false);
    if (!saved) shopify.toast.show(words.notDownloaded, { isError: true });
  };
  const when = formatDateTime(receipt.at, { locale, timeZone });
  return (
    <Button
      loading={busy}
      onClick={() => void save()}
      accessibilityLabel={words.downloadLabel(!title || title === when ? when : `${when}, ${title}`)}
    >
      {words.download}
    </Button>
  );
}

type ReceiptRow = ReceiptName & { genuine: boolean; title: string; lines: string[] };

/** Receipts one below the other: what each tells, whether it is genuine, and the file. */
export function ReceiptRows({ receipts, timeZone }: { receipts: ReceiptRow[]; timeZone: string }) {
  const words = useWords().privacy.receipts;
  return (
    <ul className="Rows">
      {receipts.map((receipt) => (
        <li key={receipt.id}>
          <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
            <BlockStack gap="050">
              <InlineStack gap="200" blockAlign="center">
                <Text as="h3" variant="headingSm">
                  {receipt.title}
                </Text>
                <Badge tone={receipt.genuine ? "success" : "critical"}>
                  {receipt.genuine ? words.genuine : words.notGenuine}
                </Badge>
              </InlineStack>
              {receipt.lines.map((line) => (
                <Text key={line} as="p" tone="subdued">
                  {line}
                </Text>
              ))}
            </BlockStack>
            <ReceiptButton receipt={receipt} timeZone={timeZone} title={receipt.title} />
          </InlineStack>
        </li>
      ))}
    </ul>
  );
}
