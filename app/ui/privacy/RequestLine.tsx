import { BlockStack, Box, IndexTable, InlineStack, Link, Text } from "@shopify/polaris";
import { OPEN_STATES, type ListedKind, type RequestState } from "#app/features/privacy/requests.ts";
import { Due } from "#app/ui/privacy/Due.tsx";
import { RequestBadge } from "#app/ui/privacy/RequestBadge.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

type RequestLineProps = {
  row: {
    id: string;
    kind: ListedKind;
    state: RequestState;
    actor: string;
    receivedAt: string;
    dueAt: string;
    about: string | null;
  };
  index: number;
  now: string;
  timeZone: string;
  condensed: boolean;
};

/** One request in the list: on a phone as a block, else as a row. */
export function RequestLine({ row, index, now, timeZone, condensed }: RequestLineProps) {
  const words = useWords().privacy;
  const open = OPEN_STATES.includes(row.state);
  const from = row.actor === "shopify" ? words.from.shopify : words.from.merchant;
  const due = open ? <Due at={row.dueAt} now={now} timeZone={timeZone} /> : "–";
  const about = row.about ? (
    <Text as="span" tone="subdued" variant="bodySm" breakWord>
      {row.about}
    </Text>
  ) : null;
  const link = (
    <Link url={`/app/privacy/${row.id}`} dataPrimaryLink removeUnderline monochrome>
      <Text as="span" fontWeight="semibold">
        {words.kinds[row.kind]}
      </Text>
    </Link>
  );
  if (condensed)
    return (
      <IndexTable.Row id={row.id} position={index}>
        <Box padding="300" width="100%">
          <BlockStack gap="100">
            <InlineStack align="space-between" gap="200">
              {link}
              <RequestBadge state={row.state} />
            </InlineStack>
            {about}
            <Text as="span" tone="subdued" variant="bodySm">
              {from} · <When at={row.receivedAt} timeZone={timeZone} />
            </Text>
            {open ? (
              <Text as="span" variant="bodySm">
                {words.columns.due} {due}
              </Text>
            ) : null}
          </BlockStack>
        </Box>
      </IndexTable.Row>
    );
  return (
    <IndexTable.Row id={row.id} position={index}>
      <IndexTable.Cell>
        <BlockStack>
          {link}
          {about}
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>{from}</IndexTable.Cell>
      <IndexTable.Cell>
        <When at={row.receivedAt} timeZone={timeZone} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <RequestBadge state={row.state} />
      </IndexTable.Cell>
      <IndexTable.Cell>{due}</IndexTable.Cell>
    </IndexTable.Row>
  );
}
