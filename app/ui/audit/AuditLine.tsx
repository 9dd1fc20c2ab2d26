import { BlockStack, Box, IndexTable, InlineStack, Link, Text } from "@shopify/polaris";
import type { AuditRow } from "#app/features/audit/list.server.ts";
import { Who } from "#app/ui/audit/Who.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

type AuditLineProps = { row: AuditRow; index: number; timeZone: string; you: string; condensed: boolean };

/** What an entry tells, as a sentence. */
export function useSentence(): (row: Pick<AuditRow, "action" | "name">) => string {
  const sentences = useWords().audit.sentences as Record<string, (name: string | null) => string>;
  // An entry of an action that this release does not know any more still shows.
  return ({ action, name }) => sentences[action]?.(name) ?? action;
}

/** One entry of the log: a row, or on a phone a block. */
export function AuditLine({ row, index, timeZone, you, condensed }: AuditLineProps) {
  const sentence = useSentence()(row);
  const link = (
    <Link url={`/app/audit/${row.id}`} dataPrimaryLink removeUnderline monochrome>
      <Text as="span" fontWeight="semibold">
        <span className="Break">{sentence}</span>
      </Text>
    </Link>
  );
  const tone = row.actor.startsWith("staff:") ? "warning" : undefined;
  if (condensed)
    return (
      <IndexTable.Row id={row.id} position={index} tone={tone}>
        <Box padding="300" width="100%">
          <BlockStack gap="100">
            {link}
            <InlineStack align="space-between" blockAlign="center" gap="200">
              <Text as="span" variant="bodySm" tone="subdued">
                <When at={row.at} timeZone={timeZone} />
              </Text>
              <Who actor={row.actor} you={you} />
            </InlineStack>
          </BlockStack>
        </Box>
      </IndexTable.Row>
    );
  return (
    <IndexTable.Row id={row.id} position={index} tone={tone}>
      <IndexTable.Cell>
        <When at={row.at} timeZone={timeZone} />
      </IndexTable.Cell>
      <IndexTable.Cell>{link}</IndexTable.Cell>
      <IndexTable.Cell>
        <Who actor={row.actor} you={you} />
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}
