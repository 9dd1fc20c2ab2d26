import { useNavigate } from "@remix-run/react";
import {
  Badge,
  BlockStack,
  Box,
  IndexFilters,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useSetIndexFiltersMode,
  IndexFiltersMode,
} from "@shopify/polaris";
import type { Explained, ExplainedOrder, OrderLine } from "#app/features/messages/explain.server.ts";
import { writeOrderFilter, type OrderFilter } from "#app/features/messages/explain.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDateTime } from "#app/ui/format.ts";
import { Titled } from "#app/ui/messages/MessageCards.tsx";
import { useTyped } from "#app/ui/messages/MessageFilters.tsx";
import { StateBadge } from "#app/ui/messages/StateBadge.tsx";
import { When } from "#app/ui/When.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

const tones = { sent: "success", waiting: "info", skipped: undefined } as const;

/** For every trigger: sent, waiting or not sent, and why, in a sentence. */
export function ExplanationCard({ order, timeZone }: { order: ExplainedOrder; timeZone: string }) {
  const words = useWords().orders;
  const nothing = order.erased ? words.erased : order.placedAt === null ? words.unknown : words.none;
  return (
    <Titled title={words.why}>
      {order.explained.length === 0 || order.erased ? <Text as="p">{nothing}</Text> : null}
      {order.explained.map((entry) => (
        <BlockStack key={`${entry.triggerId} ${entry.channel}`} gap="050">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h3" variant="headingSm">
              <span className="Break">
                <Link url={`/app/triggers/${entry.triggerId}`}>{entry.triggerName || "–"}</Link>
              </span>
            </Text>
            {entry.outcome === "sent" ? (
              <StateBadge state={entry.message.state} />
            ) : (
              <Badge tone={tones[entry.outcome]}>{words.outcomes[entry.outcome]}</Badge>
            )}
          </InlineStack>
          <Sentence entry={entry} timeZone={timeZone} />
        </BlockStack>
      ))}
    </Titled>
  );
}

function Sentence({ entry, timeZone }: { entry: Explained; timeZone: string }) {
  const { orders: words, messages } = useWords();
  const locale = useLanguage();
  const when = (at: string) => formatDateTime(at, { locale, timeZone });
  const { decisions } = messages.detail;
  const tell = (): string => {
    if (entry.outcome === "sent")
      return entry.message.at ? words.sent(when(entry.message.at)) : words.leaving;
    if (entry.outcome === "skipped") return messages.reasons[entry.reason];
    if (entry.decision.kind === "wait") return words.waitsFor(decisions.events[entry.decision.for]);
    const { at, deferred } = entry.decision;
    return deferred ? `${words.due(when(at))} ${decisions.deferred[deferred]}` : words.due(when(at));
  };
  const messageId = entry.outcome === "sent" ? entry.message.id : entry.messageId;
  return (
    <Text as="p">
      {tell()} {messageId ? <Link url={`/app/messages/${messageId}`}>{words.message}</Link> : null}
    </Text>
  );
}

/** What the order is. */
export function OrderCard({ order, timeZone }: { order: ExplainedOrder; timeZone: string }) {
  const { orders: words, messages } = useWords();
  const number = /\d+$/.exec(order.externalId)?.[0];
  return (
    <Titled title={words.about}>
      <FactList
        facts={[
          order.placedAt
            ? [words.fields.placed, <When key="at" at={order.placedAt} timeZone={timeZone} />]
            : null,
          [words.fields.products, order.products.join(", ") || "–"],
        ]}
      />
      {number ? (
        <Link url={`shopify:admin/orders/${number}`} target="_top">
          {messages.detail.openOrder}
        </Link>
      ) : null}
    </Titled>
  );
}

/** Search and views over the list; what they say stands in the page's address. */
export function OrderFilters({ filter, loading }: { filter: OrderFilter; loading: boolean }) {
  const words = useWords().orders;
  const navigate = useNavigate();
  const go = (change: Partial<OrderFilter>) =>
    navigate(`/app/orders?${writeOrderFilter({ ...filter, ...change }).toString()}`, {
      replace: true,
      preventScrollReset: true,
    });
  const search = useTyped(filter.order, (order) => go({ order }));
  const { mode, setMode } = useSetIndexFiltersMode(
    filter.order ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  return (
    <IndexFilters
      tabs={[
        { id: "all", content: words.views.all, isLocked: true },
        { id: "nothing", content: words.views.nothing },
      ]}
      selected={filter.nothing ? 1 : 0}
      onSelect={(index) => go({ nothing: index === 1 })}
      canCreateNewView={false}
      queryPlaceholder={words.search}
      queryValue={search.value}
      onQueryChange={search.change}
      onQueryClear={() => search.set("")}
      cancelAction={{ onAction: () => search.set("") }}
      filters={[]}
      onClearAll={() => search.set("")}
      hideFilters
      mode={mode}
      setMode={setMode}
      loading={loading}
    />
  );
}

type OrderRowProps = { row: OrderLine; index: number; timeZone: string; condensed: boolean };

/** One order of the list: a row, or on a phone a block. */
export function OrderRow({ row, index, timeZone, condensed }: OrderRowProps) {
  const words = useWords().orders;
  const link = (
    <Link url={`/app/orders/${row.id}`} dataPrimaryLink removeUnderline monochrome>
      <Text as="span" fontWeight="semibold">
        {row.name || "–"}
      </Text>
    </Link>
  );
  const placed = <When at={row.placedAt} timeZone={timeZone} />;
  const products = <span className="Break">{row.products.join(", ") || "–"}</span>;
  const got = words.got(row.got, row.waiting);
  if (condensed)
    return (
      <IndexTable.Row id={row.id} position={index}>
        <Box padding="300" width="100%">
          <BlockStack gap="100">
            <InlineStack align="space-between" gap="200">
              {link}
              <Text as="span">{got}</Text>
            </InlineStack>
            {products}
            {placed}
          </BlockStack>
        </Box>
      </IndexTable.Row>
    );
  return (
    <IndexTable.Row id={row.id} position={index}>
      <IndexTable.Cell>{link}</IndexTable.Cell>
      <IndexTable.Cell>{placed}</IndexTable.Cell>
      <IndexTable.Cell>
        <div className="Cell" title={row.products.join(", ")}>
          {row.products.join(", ") || "–"}
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>{got}</IndexTable.Cell>
    </IndexTable.Row>
  );
}
