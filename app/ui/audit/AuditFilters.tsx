import { useNavigate } from "@remix-run/react";
import { BlockStack, ChoiceList, Filters, TextField } from "@shopify/polaris";
import { WHO, writeFilter, type AuditFilter, type Who } from "#app/features/audit/list.ts";
import { useWords } from "#app/ui/words/words.ts";

type AuditFiltersProps = { filter: AuditFilter; areas: string[]; loading: boolean };

/** By area, who and day; what they say stands in the page's address. */
export function AuditFilters({ filter, areas, loading }: AuditFiltersProps) {
  const audit = useWords().audit;
  const words = audit.filters;
  const navigate = useNavigate();
  const go = (change: Partial<AuditFilter>) =>
    navigate(`/app/audit?${writeFilter({ ...filter, ...change }).toString()}`, {
      replace: true,
      preventScrollReset: true,
    });
  const nameOf = (area: string) => (audit.areas as Record<string, string>)[area] ?? area;
  const backwards = filter.from !== null && filter.to !== null && filter.to < filter.from;

  const applied = [
    filter.areas.length > 0 && {
      key: "area",
      label: words.areaIs(filter.areas.map(nameOf).join(", ")),
      onRemove: () => go({ areas: [] }),
    },
    filter.who && {
      key: "who",
      label: words.whoIs(audit.whoChoices[filter.who]),
      onRemove: () => go({ who: null }),
    },
    (filter.from || filter.to) && {
      key: "date",
      label: words.dateIs(filter.from, filter.to),
      onRemove: () => go({ from: null, to: null }),
    },
  ].filter((entry) => entry !== false && entry !== null && entry !== "");

  const filters = [
    {
      key: "area",
      label: words.area,
      pinned: true,
      filter: (
        <ChoiceList
          title={words.area}
          titleHidden
          allowMultiple
          choices={areas
            .map((area) => ({ value: area, label: nameOf(area) }))
            .sort((one, other) => one.label.localeCompare(other.label))}
          selected={filter.areas}
          onChange={(chosen) => go({ areas: chosen })}
        />
      ),
    },
    {
      key: "who",
      label: words.who,
      pinned: true,
      filter: (
        <ChoiceList
          title={words.who}
          titleHidden
          choices={WHO.map((who) => ({ value: who, label: audit.whoChoices[who] }))}
          selected={filter.who ? [filter.who] : []}
          onChange={([who]: Who[]) => go({ who: who ?? null })}
        />
      ),
    },
    {
      key: "date",
      label: words.date,
      pinned: true,
      filter: (
        <BlockStack gap="200">
          <TextField
            type="date"
            autoComplete="off"
            label={words.from}
            value={filter.from ?? ""}
            onChange={(from) => go({ from: from || null })}
          />
          <TextField
            type="date"
            autoComplete="off"
            label={words.to}
            value={filter.to ?? ""}
            error={backwards ? words.toBeforeFrom : undefined}
            onChange={(to) => go({ to: to || null })}
          />
        </BlockStack>
      ),
    },
  ];

  return (
    <Filters
      hideQueryField
      queryValue=""
      onQueryChange={() => undefined}
      onQueryClear={() => undefined}
      filters={filters}
      appliedFilters={applied}
      onClearAll={() => go({ areas: [], who: null, from: null, to: null })}
      loading={loading}
    />
  );
}
