import { useNavigate } from "@remix-run/react";
import {
  BlockStack,
  ChoiceList,
  IndexFilters,
  Select,
  TextField,
  IndexFiltersMode,
  useSetIndexFiltersMode,
} from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { CHANNELS, type ChannelName } from "#app/connectors/channels.ts";
import { VIEWS, writeFilter, type MessageFilter, type View } from "#app/features/messages/list.ts";
import { MESSAGE_STATES, type MessageState } from "#app/features/messages/messages.ts";
import { useWords } from "#app/ui/words/words.ts";

type MessageFiltersProps = {
  filter: MessageFilter;
  triggers: { id: string; name: string; deleted: boolean }[];
  loading: boolean;
};

const views = Object.keys(VIEWS) as View[];

/** The view that shows just these states; "all" where none does. */
function viewOf(states: readonly MessageState[]): number {
  const key = [...states].sort().join();
  return Math.max(
    0,
    views.findIndex((view) => [...VIEWS[view]].sort().join() === key),
  );
}

/** Search, views and filters over the list; what they say stands in the page's address. */
export function MessageFilters({ filter, triggers, loading }: MessageFiltersProps) {
  const words = useWords().messages;
  const navigate = useNavigate();
  const go = (change: Partial<MessageFilter>) =>
    navigate(`/app/messages?${writeFilter({ ...filter, ...change }).toString()}`, {
      replace: true,
      preventScrollReset: true,
    });
  const search = useTyped(filter.order, (order) => go({ order }));
  const selected = viewOf(filter.states);
  const own = filter.states.length > 0 && selected === 0;
  const trigger = triggers.find(({ id }) => id === filter.triggerId);
  // Whoever comes by a link to a narrowed list sees by what it is narrowed.
  const narrowed = own || filter.order || filter.triggerId || filter.channel || filter.from || filter.to;
  const { mode, setMode } = useSetIndexFiltersMode(
    narrowed ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const backwards = filter.from !== null && filter.to !== null && filter.to < filter.from;

  const applied = [
    own && {
      key: "state",
      label: words.filters.stateIs(filter.states.map((state) => words.states[state]).join(", ")),
      onRemove: () => go({ states: [] }),
    },
    filter.triggerId && {
      key: "trigger",
      label: words.filters.triggerIs(trigger?.name ?? "–"),
      onRemove: () => go({ triggerId: null }),
    },
    filter.channel && {
      key: "channel",
      label: words.filters.channelIs(words.channels[filter.channel] ?? filter.channel),
      onRemove: () => go({ channel: null }),
    },
    (filter.from || filter.to) && {
      key: "date",
      label: words.filters.dateIs(filter.from, filter.to),
      onRemove: () => go({ from: null, to: null }),
    },
  ].filter((entry) => entry !== false && entry !== null && entry !== "");

  const filters = [
    {
      key: "state",
      label: words.filters.state,
      filter: (
        <ChoiceList
          title={words.filters.state}
          titleHidden
          allowMultiple
          choices={MESSAGE_STATES.map((state) => ({ value: state, label: words.states[state] }))}
          selected={filter.states}
          onChange={(states: MessageState[]) => go({ states })}
        />
      ),
      shortcut: true,
    },
    {
      key: "trigger",
      label: words.filters.trigger,
      filter: (
        <Select
          label={words.filters.trigger}
          labelHidden
          placeholder="–"
          options={triggers.map(({ id, name, deleted }) => ({
            value: id,
            label: deleted ? words.filters.deletedTrigger(name) : name,
          }))}
          value={filter.triggerId ?? ""}
          onChange={(triggerId) => go({ triggerId })}
        />
      ),
      shortcut: true,
    },
    {
      key: "channel",
      label: words.filters.channel,
      filter: (
        <ChoiceList
          title={words.filters.channel}
          titleHidden
          choices={CHANNELS.map((channel) => ({ value: channel, label: words.channels[channel] ?? channel }))}
          selected={filter.channel ? [filter.channel] : []}
          onChange={([channel]: ChannelName[]) => go({ channel: channel ?? null })}
        />
      ),
    },
    {
      key: "date",
      label: words.filters.date,
      filter: (
        <BlockStack gap="200">
          <TextField
            type="date"
            autoComplete="off"
            label={words.filters.from}
            value={filter.from ?? ""}
            onChange={(from) => go({ from: from || null })}
          />
          <TextField
            type="date"
            autoComplete="off"
            label={words.filters.to}
            value={filter.to ?? ""}
            error={backwards ? words.filters.toBeforeFrom : undefined}
            onChange={(to) => go({ to: to || null })}
          />
        </BlockStack>
      ),
      shortcut: true,
    },
  ];

  return (
    <IndexFilters
      tabs={views.map((view) => ({ id: view, content: words.views[view], isLocked: view === "all" }))}
      selected={selected}
      onSelect={(index) => go({ states: [...VIEWS[views[index] ?? "all"]] })}
      canCreateNewView={false}
      queryPlaceholder={words.filters.search}
      queryValue={search.value}
      onQueryChange={search.change}
      onQueryClear={() => search.set("")}
      cancelAction={{ onAction: () => search.set("") }}
      filters={filters}
      appliedFilters={applied}
      onClearAll={() => go({ states: [], triggerId: null, channel: null, from: null, to: null, order: "" })}
      mode={mode}
      setMode={setMode}
      loading={loading}
    />
  );
}

/** Text that is typed faster than it should be searched for. */
export function useTyped(saved: string, search: (text: string) => void) {
  const [value, setValue] = useState(saved);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const set = (text: string) => {
    clearTimeout(timer.current);
    setValue(text);
    search(text);
  };
  const change = (text: string) => {
    clearTimeout(timer.current);
    setValue(text);
    timer.current = setTimeout(() => search(text), 300);
  };
  return { value, set, change };
}
