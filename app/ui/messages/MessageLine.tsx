import { BlockStack, Box, IndexTable, InlineStack, Link, Text } from "@shopify/polaris";
import type { MessagePart, MessageRow } from "#app/features/messages/list.server.ts";
import { StateBadge } from "#app/ui/messages/StateBadge.tsx";
import { When } from "#app/ui/When.tsx";
import type { Words } from "#app/ui/words/en.ts";
import { useWords } from "#app/ui/words/words.ts";

export function messageHeadings(columns: Words["messages"]["columns"]): string[] {
  const { order, state, products, trigger, channel, time, answer } = columns;
  return [order, state, products, trigger, channel, time, answer];
}

type MessageLineProps = { row: MessageRow; index: number; timeZone: string; condensed: boolean };

/** One message of the list: a row, or on a phone a block. */
export function MessageLine({ row, index, timeZone, condensed }: MessageLineProps) {
  const words = useWords().messages;
  const products = [...new Set(row.parts.flatMap((part) => part.products))];
  const triggers = [...new Set(row.parts.map((part) => part.triggerName))];
  const templates = [
    ...new Set(row.parts.map((part) => words.version(part.templateName, part.templateVersion))),
  ];
  const name = row.orderName || "–";
  const url = `/app/messages/${row.id}`;
  if (condensed) {
    return (
      <IndexTable.Row id={row.id} position={index}>
        <Box padding="300" width="100%">
          <BlockStack gap="100">
            <InlineStack align="space-between" blockAlign="center" gap="200">
              <Link url={url} dataPrimaryLink removeUnderline monochrome>
                <Text as="span" variant="bodyMd" fontWeight="semibold">
                  {name}
                </Text>
              </Link>
              <StateBadge state={row.state} />
            </InlineStack>
            <Text as="span" variant="bodySm">
              <span className="Break">{short(products, words.more)}</span>
            </Text>
            <Text as="span" variant="bodySm" tone="subdued">
              <span className="Break">{short(triggers, words.more)}</span>
            </Text>
            <Text as="span" variant="bodySm" tone="subdued">
              {row.sentAt ? words.columns.sent : words.columns.due}{" "}
              <When at={row.sentAt ?? row.dueAt} timeZone={timeZone} />
            </Text>
            {row.reason ? (
              <Text as="span" variant="bodySm" tone="subdued">
                {words.reasons[row.reason]}
              </Text>
            ) : null}
          </BlockStack>
        </Box>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={row.id} position={index}>
      <IndexTable.Cell>
        <Link url={url} dataPrimaryLink removeUnderline monochrome>
          <Text as="span" fontWeight="semibold">
            {name}
          </Text>
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <StateBadge state={row.state} />
      </IndexTable.Cell>
      <TextCell text={short(products, words.more)} />
      <TextCell text={short(triggers, words.more)} second={short(templates, words.more)} />
      <TextCell text={words.channels[row.channel] ?? row.channel} />
      <IndexTable.Cell>
        <div>
          {words.columns.due} <When at={row.dueAt} timeZone={timeZone} />
        </div>
        {row.sentAt ? (
          <Text as="span" variant="bodySm" tone="subdued">
            {words.columns.sent} <When at={row.sentAt} timeZone={timeZone} />
          </Text>
        ) : null}
      </IndexTable.Cell>
      <TextCell text={row.reason ? words.reasons[row.reason] : answerOf(row, words)} />
    </IndexTable.Row>
  );
}

function TextCell({ text, second }: { text: string; second?: string }) {
  return (
    <IndexTable.Cell>
      <div className="Cell" title={text}>
        {text || "–"}
      </div>
      {second ? (
        <div className="Cell Cell--second" title={second}>
          {second}
        </div>
      ) : null}
    </IndexTable.Cell>
  );
}

/** What the mail service said last, in as few words as it takes. */
export function answerOf(
  row: Pick<MessageRow, "answer" | "deliveredAt" | "state">,
  words: Words["messages"],
): string {
  if (row.state === "delivered" || row.state === "bounced" || row.state === "complained")
    return words.states[row.state];
  if (!row.answer) return "";
  const outcome = words.detail.attempts.outcomes[row.answer.outcome] ?? row.answer.outcome;
  return row.answer.code ? `${outcome} (${row.answer.code})` : outcome;
}

function short(texts: MessagePart["products"], more: (count: number) => string): string {
  const [first = "", ...rest] = texts;
  return rest.length === 0 ? first : `${first} ${more(rest.length)}`;
}
