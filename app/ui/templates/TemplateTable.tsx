import {
  ActionList,
  Badge,
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
} from "@shopify/polaris";
import { MenuHorizontalIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { PURPOSES, type Purpose } from "#app/features/templates/templates.ts";
import { useLanguageName } from "#app/ui/templates/LanguageBar.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

export type TemplateRow = {
  id: string;
  name: string;
  purpose: Purpose;
  languages: string[];
  version: number;
  usedBy: number;
  changedAt: string;
};
export type TemplateWish = { intent: "duplicate" | "delete"; id: string };

type TemplateTableProps = {
  templates: TemplateRow[];
  timeZone: string;
  busy: boolean;
  onWish: (wish: TemplateWish) => void;
};

const TONES = {
  usage: "info",
  warning: "warning",
  delivery: "attention",
  care: "success",
  faq: undefined,
} as const;

export function PurposeBadge({ purpose }: { purpose: Purpose }) {
  return <Badge tone={TONES[purpose]}>{useWords().templates.purposes[purpose].name}</Badge>;
}

/** The shop's templates, searchable and by purpose. */
export function TemplateTable({ templates, timeZone, busy, onWish }: TemplateTableProps) {
  const words = useWords().templates;
  const nameOf = useLanguageName();
  const condensed = useBreakpoints().smDown;
  const [query, setQuery] = useState("");
  const [tab, setTab] = useState(0);
  const [mode, setMode] = useState(IndexFiltersMode.Default);
  const purpose = PURPOSES[tab - 1];
  const wanted = query.trim().toLowerCase();
  const shown = templates.filter(
    (template) =>
      (!purpose || template.purpose === purpose) &&
      `${template.name}\n${words.purposes[template.purpose].name}`.toLowerCase().includes(wanted),
  );

  return (
    <>
      <IndexFilters
        queryValue={query}
        queryPlaceholder={words.search}
        onQueryChange={setQuery}
        onQueryClear={() => setQuery("")}
        tabs={[
          { id: "all", content: words.allPurposes },
          ...PURPOSES.map((id) => ({ id, content: words.purposes[id].name })),
        ]}
        selected={tab}
        onSelect={setTab}
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
        selectable={false}
        condensed={condensed}
        loading={busy}
        emptyState={<EmptySearchResult title={words.noMatch} withIllustration />}
        headings={[
          { title: words.columns.name },
          { title: words.columns.purpose },
          { title: words.columns.languages },
          { title: words.columns.usedBy },
          { title: words.columns.changed },
          { title: words.columns.actions, hidden: true },
        ]}
      >
        {shown.map((template, index) => {
          const { id, name, version, usedBy, changedAt } = template;
          const languages = template.languages.map(nameOf).join(", ");
          const title = (
            <BlockStack>
              <Link url={`/app/templates/${id}`} monochrome removeUnderline dataPrimaryLink>
                <Text as="span" fontWeight="semibold" breakWord>
                  {name}
                </Text>
              </Link>
              <Text as="span" tone="subdued">
                {words.version(version)}
              </Text>
            </BlockStack>
          );
          const menu = <Menu template={template} onWish={onWish} />;
          return (
            <IndexTable.Row key={id} id={id} position={index} accessibilityLabel={name}>
              {condensed ? (
                <Box paddingBlock="300" paddingInline="400" width="100%">
                  <BlockStack gap="200">
                    <InlineStack align="space-between" wrap={false} gap="200">
                      {title}
                      {menu}
                    </InlineStack>
                    <InlineStack gap="200" blockAlign="center">
                      <PurposeBadge purpose={template.purpose} />
                      <Text as="span" tone="subdued">
                        {languages} · {words.usedBy(usedBy)}
                      </Text>
                    </InlineStack>
                  </BlockStack>
                </Box>
              ) : (
                <>
                  <IndexTable.Cell className="TemplateTable-Name">{title}</IndexTable.Cell>
                  <IndexTable.Cell>
                    <PurposeBadge purpose={template.purpose} />
                  </IndexTable.Cell>
                  <IndexTable.Cell>{languages}</IndexTable.Cell>
                  <IndexTable.Cell>{words.usedBy(usedBy)}</IndexTable.Cell>
                  <IndexTable.Cell>
                    <When at={changedAt} timeZone={timeZone} />
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

function Menu({ template, onWish }: { template: TemplateRow; onWish: (wish: TemplateWish) => void }) {
  const words = useWords().templates;
  const [open, setOpen] = useState(false);
  const wish = (intent: TemplateWish["intent"]) => () => {
    setOpen(false);
    onWish({ intent, id: template.id });
  };
  return (
    // A row opens its template when clicked; the menu keeps its clicks to itself.
    <div onClick={(event) => event.stopPropagation()}>
      <Popover
        active={open}
        onClose={() => setOpen(false)}
        preferredAlignment="right"
        activator={
          <Button
            icon={MenuHorizontalIcon}
            variant="tertiary"
            accessibilityLabel={words.actionsFor(template.name)}
            onClick={() => setOpen(!open)}
          />
        }
      >
        <ActionList
          actionRole="menuitem"
          items={[
            { content: words.duplicate, onAction: wish("duplicate") },
            { content: words.remove, destructive: true, onAction: wish("delete") },
          ]}
        />
      </Popover>
    </div>
  );
}
