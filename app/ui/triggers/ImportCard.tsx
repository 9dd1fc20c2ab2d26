import { useFetcher } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  ChoiceList,
  DropZone,
  InlineStack,
  List,
  SkeletonBodyText,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { ConflictChoice, ExchangeItem, ExchangePlan } from "#app/features/triggers/exchange.ts";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";

/** `done`: how many items were written. */
export type ImportAnswer = { plan: ExchangePlan | null; done: number | null; error: string | null };

const MOST_SHOWN = 50;
const TONES = { new: "success", changed: "info", unchanged: undefined, conflict: "attention" } as const;

/** Reads a file of triggers and templates: first what would change, then, when the person wants it, the change. */
export function ImportCard() {
  const all = useWords();
  const words = all.exchange.file;
  const fetcher = useFetcher<ImportAnswer>();
  const [file, setFile] = useState<File | null>(null);
  const [conflicts, setConflicts] = useState<ConflictChoice>("keep");
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(answer, answer?.done != null ? words.done(answer.done) : null);
  const [seen, setSeen] = useState(answer);
  if (answer && answer !== seen) {
    setSeen(answer);
    if (answer.done !== null) setFile(null);
  }

  function send(chosen: File, more: Record<string, string> = {}) {
    const form = new FormData();
    form.set("file", chosen);
    for (const [key, value] of Object.entries(more)) form.set(key, value);
    fetcher.submit(form, { method: "post", encType: "multipart/form-data", action: "/app/exchange?index" });
  }

  const plan = file ? (fetcher.data?.plan ?? null) : null;
  const checking = fetcher.state !== "idle" && !fetcher.formData?.has("fingerprint");
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.importTitle}
          </Text>
          <Text as="p">{words.importHelp}</Text>
        </BlockStack>
        {fetcher.data?.error && fetcher.state === "idle" ? (
          <Banner tone="critical">{fetcher.data.error}</Banner>
        ) : null}
        {file ? (
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <div className="Break">
              <Text as="p" fontWeight="semibold">
                {file.name}
              </Text>
            </div>
            <Button variant="plain" onClick={() => setFile(null)}>
              {words.another}
            </Button>
          </InlineStack>
        ) : (
          <DropZone
            accept=".json,application/json"
            type="file"
            allowMultiple={false}
            label={words.importTitle}
            labelHidden
            onDrop={([chosen]) => {
              if (!chosen) return;
              setFile(chosen);
              setConflicts("keep");
              send(chosen);
            }}
          >
            <DropZone.FileUpload actionTitle={words.drop} actionHint={words.dropHint} />
          </DropZone>
        )}
        {file && checking ? <SkeletonBodyText lines={4} /> : null}
        {file && !checking && plan ? (
          <Plan
            plan={plan}
            conflicts={conflicts}
            onConflicts={setConflicts}
            busy={fetcher.state !== "idle"}
            onApply={() => send(file, { fingerprint: plan.fingerprint, conflicts })}
          />
        ) : null}
      </BlockStack>
    </Card>
  );
}

type PlanProps = {
  plan: ExchangePlan;
  conflicts: ConflictChoice;
  onConflicts: (choice: ConflictChoice) => void;
  busy: boolean;
  onApply: () => void;
};

function Plan({ plan, conflicts, onConflicts, busy, onApply }: PlanProps) {
  const words = useWords().exchange.file;
  if (plan.problems.length > 0)
    return (
      <Banner tone="critical" title={words.problems(plan.problems.length)}>
        <List>
          {plan.problems.slice(0, MOST_SHOWN).map(({ where, message }, index) => (
            <List.Item key={index}>
              {where}: {message}
            </List.Item>
          ))}
          {plan.problems.length > MOST_SHOWN ? (
            <List.Item>{words.moreProblems(plan.problems.length - MOST_SHOWN)}</List.Item>
          ) : null}
        </List>
      </Banner>
    );
  const unchanged = plan.items.filter(({ change }) => change === "unchanged").length;
  const moving = plan.items.filter(({ change }) => change !== "unchanged");
  const differs = moving.some(({ change }) => change === "conflict");
  const writes = moving.some(({ change }) => change !== "conflict") || (differs && conflicts === "replace");
  return (
    <BlockStack gap="400">
      <Text as="h3" variant="headingSm">
        {moving.length > 0 ? words.summary : words.nothing}
      </Text>
      {moving.length > 0 ? (
        <ul className="Plan">
          {moving.map((item) => (
            <Item key={`${item.kind}:${item.name}`} item={item} />
          ))}
        </ul>
      ) : null}
      {moving.length > 0 && unchanged > 0 ? (
        <Text as="p" tone="subdued">
          {words.showUnchanged(unchanged)}
        </Text>
      ) : null}
      {differs ? (
        <ChoiceList
          title={words.conflicts}
          choices={[
            { value: "keep", label: words.keep },
            { value: "replace", label: words.replace },
          ]}
          selected={[conflicts]}
          onChange={([choice]) => onConflicts(choice === "replace" ? "replace" : "keep")}
        />
      ) : null}
      {moving.length > 0 ? (
        <InlineStack align="end">
          <Button variant="primary" onClick={onApply} loading={busy} disabled={!writes}>
            {words.apply}
          </Button>
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}

function Item({ item }: { item: ExchangeItem }) {
  const words = useWords().exchange.file;
  return (
    <li>
      <InlineStack align="space-between" gap="200" blockAlign="center" wrap={false}>
        <div className="Break">
          <Text as="span" fontWeight="semibold">
            {item.name}
          </Text>{" "}
          <Text as="span" tone="subdued">
            {words.kinds[item.kind]}
            {item.note === "elsewhere" ? ` · ${words.elsewhere}` : ""}
          </Text>
        </div>
        <Badge tone={TONES[item.change]}>{words.changes[item.change]}</Badge>
      </InlineStack>
    </li>
  );
}
