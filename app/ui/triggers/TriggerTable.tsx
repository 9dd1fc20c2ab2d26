import {
  ActionList,
  BlockStack,
  Box,
  Button,
  EmptySearchResult,
  IndexFilters,
  IndexFiltersMode,
  IndexTable,
  InlineStack,
  Link,
  Popover,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from "@shopify/polaris";
import { MenuHorizontalIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { wantsReview, type TriggerStanding } from "#app/features/releases/releases.ts";
import type { TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { StandingBadges } from "#app/ui/releases/Standing.tsx";
import { sentence } from "#app/ui/triggers/sentence.ts";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

export type TriggerRow = {
  id: string;
  name: string;
  standing: TriggerStanding;
  priority: number;
  definition: TriggerDefinition;
  templateId: string;
  templateName: string | null;
  changedAt: string;
};
export type TriggerWish = { intent: "submit" | "stop" | "duplicate" | "delete"; ids: string[] };

type TriggerTableProps = {
  triggers: TriggerRow[];
  timeZone: string;
  busy: boolean;
  onWish: (wish: TriggerWish) => void;
};

const PAGE = 50;
const TABS = ["all", "live", "in_review", "changed", "draft"] as const;

const isIn = (tab: (typeof TABS)[number], { live, inReview, changed }: TriggerStanding): boolean =>
  ({
    all: true,
    live: live !== null,
    in_review: inReview !== null,
    changed: live !== null && changed,
    draft: live === null && inReview === null,
  })[tab];

/** The shop's triggers: searchable, each with its sentence, how it stands and what can be done with it. */
export function TriggerTable({ triggers, timeZone, busy, onWish }: TriggerTableProps) {
  const words = useWords().triggers;
  const condensed = useBreakpoints().smDown;
  const [query, setQuery] = useState("");
  const [tab, setTab] = useState(0);
  const [page, setPage] = useState(0);
  const [mode, setMode] = useState(IndexFiltersMode.Default);

  const wanted = query.trim().toLowerCase();
  const fitting = triggers
    .filter(({ standing }) => isIn(TABS[tab] ?? "all", standing))
    .filter(({ name, templateName }) => `${name}\n${templateName ?? ""}`.toLowerCase().includes(wanted));
  const pages = Math.max(1, Math.ceil(fitting.length / PAGE));
  const start = Math.min(page, pages - 1) * PAGE;
  const shown = fitting.slice(start, start + PAGE);
  const { selectedResources, allResourcesSelected, handleSelectionChange, clearSelection } =
    useIndexResourceState(shown);

  const forSelected = (intent: TriggerWish["intent"]) => () => {
    onWish({ intent, ids: selectedResources });
    if (intent !== "delete" && intent !== "stop") clearSelection();
  };
  const turnTo = (to: number) => {
    clearSelection();
    setPage(to);
  };

  return (
    <>
      <IndexFilters
        queryValue={query}
        queryPlaceholder={words.search}
        onQueryChange={(text) => {
          setQuery(text);
          turnTo(0);
        }}
        onQueryClear={() => setQuery("")}
        tabs={TABS.map((id) => ({ id, content: words.tabs[id] }))}
        selected={tab}
        onSelect={(index) => {
          setTab(index);
          turnTo(0);
        }}
        canCreateNewView={false}
        cancelAction={{ onAction: () => setQuery("") }}
        filters={[]}
        onClearAll={() => setQuery("")}
        mode={mode}
        setMode={setMode}
        hideFilters
      />
      <IndexTable
        resourceName={words.resource}
        itemCount={shown.length}
        selectedItemsCount={allResourcesSelected ? "All" : selectedResources.length}
        onSelectionChange={handleSelectionChange}
        condensed={condensed}
        loading={busy}
        emptyState={<EmptySearchResult title={words.noMatch} withIllustration />}
        headings={[
          { title: words.columns.name },
          { title: words.columns.template },
          { title: words.columns.state },
          { title: words.columns.priority, alignment: "end" },
          { title: words.columns.changed },
          { title: words.columns.actions, hidden: true },
        ]}
        promotedBulkActions={[
          { content: words.submit, onAction: forSelected("submit") },
          { content: words.stop, onAction: forSelected("stop") },
        ]}
        bulkActions={[{ content: words.remove, onAction: forSelected("delete") }]}
        pagination={
          pages > 1
            ? {
                hasPrevious: start > 0,
                onPrevious: () => turnTo(page - 1),
                hasNext: start + PAGE < fitting.length,
                onNext: () => turnTo(page + 1),
              }
            : undefined
        }
      >
        {shown.map((trigger, index) => {
          const { id, name, priority, templateName, templateId } = trigger;
          const about = <About trigger={trigger} timeZone={timeZone} />;
          const state = <StandingBadges standing={trigger.standing} />;
          const menu = <Menu trigger={trigger} onWish={onWish} />;
          return (
            <IndexTable.Row
              key={id}
              id={id}
              position={index}
              selected={selectedResources.includes(id)}
              accessibilityLabel={name}
            >
              {condensed ? (
                <Box paddingBlock="300" paddingInline="400" width="100%">
                  <BlockStack gap="200">
                    {about}
                    <InlineStack align="space-between" blockAlign="center">
                      {state}
                      {menu}
                    </InlineStack>
                  </BlockStack>
                </Box>
              ) : (
                <>
                  <IndexTable.Cell className="TriggerTable-About">{about}</IndexTable.Cell>
                  <IndexTable.Cell>
                    {templateName ? (
                      <Link
                        url={`/app/templates/${templateId}`}
                        monochrome
                        removeUnderline
                        dataPrimaryLink={false}
                      >
                        {templateName}
                      </Link>
                    ) : null}
                  </IndexTable.Cell>
                  <IndexTable.Cell>{state}</IndexTable.Cell>
                  <IndexTable.Cell>
                    <Text as="span" alignment="end" numeric>
                      {priority}
                    </Text>
                  </IndexTable.Cell>
                  <IndexTable.Cell>
                    <When at={trigger.changedAt} timeZone={timeZone} />
                  </IndexTable.Cell>
                  <IndexTable.Cell>{menu}</IndexTable.Cell>
                </>
              )}
            </IndexTable.Row>
          );
        })}
      </IndexTable>
    </>
  );
}

function About({ trigger, timeZone }: { trigger: TriggerRow; timeZone: string }) {
  const words = useWords().triggers;
  return (
    <BlockStack gap="100">
      <Link url={`/app/triggers/${trigger.id}`} monochrome removeUnderline dataPrimaryLink>
        <Text as="span" variant="bodyMd" fontWeight="semibold" breakWord>
          {trigger.name}
        </Text>
      </Link>
      <Text as="p" tone="subdued" breakWord>
        {sentence(trigger, { templateName: trigger.templateName, timeZone }, words.sentence)}
      </Text>
    </BlockStack>
  );
}

type RowPart = { trigger: TriggerRow; onWish: (wish: TriggerWish) => void };

// A row opens its trigger when clicked: what is inside it must keep its clicks to itself.
const inside = { onClick: (event: React.MouseEvent) => event.stopPropagation() };

function Menu({ trigger, onWish }: RowPart) {
  const words = useWords().triggers;
  const [open, setOpen] = useState(false);
  const { live } = trigger.standing;
  const wish = (intent: TriggerWish["intent"]) => () => {
    setOpen(false);
    onWish({ intent, ids: [trigger.id] });
  };
  return (
    <div {...inside}>
      <Popover
        active={open}
        onClose={() => setOpen(false)}
        preferredAlignment="right"
        activator={
          <Button
            icon={MenuHorizontalIcon}
            variant="tertiary"
            accessibilityLabel={words.actionsFor(trigger.name)}
            onClick={() => setOpen(!open)}
          />
        }
      >
        <ActionList
          actionRole="menuitem"
          items={[
            ...(wantsReview(trigger.standing) ? [{ content: words.submit, onAction: wish("submit") }] : []),
            ...(live ? [{ content: words.stop, onAction: wish("stop") }] : []),
            { content: words.duplicate, onAction: wish("duplicate") },
            { content: words.remove, destructive: true, onAction: wish("delete") },
          ]}
        />
      </Popover>
    </div>
  );
}
