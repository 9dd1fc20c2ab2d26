import { useNavigate } from "@remix-run/react";
import {
  Card,
  EmptySearchResult,
  EmptyState,
  IndexTable,
  useBreakpoints,
  type EmptyStateProps,
} from "@shopify/polaris";
import type { ReactNode } from "react";

/** Says that there is nothing to list yet. */
export function EmptyCard({
  words,
  action,
}: {
  words: { title: string; body: string };
  action?: EmptyStateProps["action"];
}) {
  return (
    <Card>
      <EmptyState heading={words.title} action={action} image="/empty.svg">
        <p>{words.body}</p>
      </EmptyState>
    </Card>
  );
}

type ListCardProps<Row> = {
  words: {
    resource: { singular: string; plural: string };
    nothingFound: { title: string; body: string };
    newer: string;
    older: string;
  };
  headings: string[];
  filters: ReactNode;
  rows: Row[];
  /** On a phone a line is a block. */
  line: (row: Row, index: number, condensed: boolean) => ReactNode;
  loading: boolean;
  /** Addresses of the pages beside this one. */
  newer: string | null;
  older: string | null;
};

/** A list of which each page, and each way to narrow it, has an address. */
export function ListCard<Row>(props: ListCardProps<Row>) {
  const { words, headings, filters, rows, line, loading, newer, older } = props;
  const navigate = useNavigate();
  const phone = useBreakpoints().smDown;
  const paged = newer !== null || older !== null;
  return (
    <Card padding="0">
      {filters}
      <IndexTable
        resourceName={words.resource}
        itemCount={rows.length}
        headings={headings.map((title) => ({ title })) as [{ title: string }]}
        selectable={false}
        condensed={phone}
        loading={loading}
        emptyState={
          <EmptySearchResult
            title={words.nothingFound.title}
            description={words.nothingFound.body}
            withIllustration
          />
        }
        pagination={
          paged
            ? {
                hasPrevious: newer !== null,
                hasNext: older !== null,
                onPrevious: () => newer !== null && navigate(newer),
                onNext: () => older !== null && navigate(older),
                previousTooltip: words.newer,
                nextTooltip: words.older,
                accessibilityLabels: { previous: words.newer, next: words.older },
              }
            : undefined
        }
      >
        {rows.map((row, index) => line(row, index, phone))}
      </IndexTable>
    </Card>
  );
}
