import { useFetcher } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  ChoiceList,
  DropZone,
  InlineError,
  InlineStack,
  List,
  SkeletonBodyText,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import type { AssignmentGroup, AssignmentMode, AssignmentPlan } from "#app/features/triggers/exchange.ts";
import { useToast } from "#app/ui/toast.ts";
import { download } from "#app/ui/triggers/download.ts";
import { useWords } from "#app/ui/words/words.ts";

/** `done`: how many triggers were made or changed. */
export type TableAnswer = { plan: AssignmentPlan | null; done: number | null; error: string | null };

const MOST_SHOWN = 50;

/** Assigns products by a table: read, checked line by line, shown, and then done. */
export function TableCard() {
  const exchange = useWords().exchange;
  const words = exchange.assign.table;
  const fetcher = useFetcher<TableAnswer>();
  const [file, setFile] = useState<File | null>(null);
  const [pasted, setPasted] = useState("");
  const [mode, setMode] = useState<AssignmentMode>("add");
  const [left, setLeft] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  const [seen, setSeen] = useState(answer);
  if (answer && answer !== seen) {
    setSeen(answer);
    if (answer.done !== null) {
      setFile(null);
      setPasted("");
    }
  }
  useToast(answer, answer?.done != null ? words.done(answer.done) : null);

  function send(chosen: File, more: Record<string, string>) {
    const form = new FormData();
    form.set("file", chosen);
    for (const [key, value] of Object.entries(more)) form.set(key, value);
    fetcher.submit(form, { method: "post", encType: "multipart/form-data", action: "/app/exchange/table" });
  }
  function check(chosen: File, how: AssignmentMode = mode) {
    setFile(chosen);
    send(chosen, { mode: how });
  }
  async function save() {
    const headers = await download("/app/exchange/download?what=table", exchange.names.table);
    setFailed(headers === null);
    setLeft(Number(headers?.get("x-left-out") ?? 0));
  }

  const plan = file ? (fetcher.data?.plan ?? null) : null;
  const checking = fetcher.state !== "idle" && !fetcher.formData?.has("fingerprint");
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" breakWord>
            {words.help}
          </Text>
        </BlockStack>
        <BlockStack gap="100" inlineAlign="start">
          <Button onClick={() => void save()}>{words.download}</Button>
          {left ? (
            <Text as="p" tone="caution">
              {words.left(left)}
            </Text>
          ) : null}
          {failed ? <InlineError fieldID="table" message={exchange.downloadFailed} /> : null}
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
          <>
            <DropZone
              accept=".csv,text/csv,text/plain"
              type="file"
              allowMultiple={false}
              label={words.title}
              labelHidden
              onDrop={([chosen]) => chosen && check(chosen)}
            >
              <DropZone.FileUpload actionTitle={words.drop} actionHint={words.dropHint} />
            </DropZone>
            <TextField
              label={words.paste}
              multiline={4}
              maxHeight={240}
              value={pasted}
              onChange={setPasted}
              helpText={words.pasteHelp}
              autoComplete="off"
              monospaced
            />
            <InlineStack>
              <Button
                disabled={!pasted.trim()}
                onClick={() => check(new File([pasted], words.pasted, { type: "text/csv" }))}
              >
                {words.check}
              </Button>
            </InlineStack>
          </>
        )}
        {file ? (
          <ChoiceList
            title={words.mode}
            choices={[
              { value: "add", label: words.modes.add },
              { value: "replace", label: words.modes.replace },
            ]}
            selected={[mode]}
            onChange={([choice]) => {
              const how = choice === "replace" ? "replace" : "add";
              setMode(how);
              check(file, how);
            }}
          />
        ) : null}
        {file && checking ? <SkeletonBodyText lines={4} /> : null}
        {file && !checking && plan ? (
          <>
            <Errors plan={plan} />
            <Groups plan={plan} />
            {plan.groups.some(({ added, removed }) => added + removed > 0) ? (
              <InlineStack align="end">
                <Button
                  variant="primary"
                  loading={fetcher.state !== "idle"}
                  onClick={() => send(file, { mode, fingerprint: plan.fingerprint })}
                >
                  {words.apply}
                </Button>
              </InlineStack>
            ) : (
              <Text as="p">{words.nothing}</Text>
            )}
          </>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function Errors({ plan }: { plan: AssignmentPlan }) {
  const words = useWords().exchange.assign.table;
  if (plan.errors.length === 0) return null;
  return (
    <Banner tone="warning" title={words.errors(plan.errors.length)}>
      <List>
        {plan.errors.slice(0, MOST_SHOWN).map(({ line, column, message }, index) => (
          <List.Item key={index}>
            {words.line} {line}
            {column ? `, ${column}` : ""}: {message}
          </List.Item>
        ))}
        {plan.errors.length > MOST_SHOWN ? (
          <List.Item>{words.moreErrors(plan.errors.length - MOST_SHOWN)}</List.Item>
        ) : null}
      </List>
    </Banner>
  );
}

function Groups({ plan }: { plan: AssignmentPlan }) {
  const words = useWords().exchange.assign.table;
  if (plan.groups.length === 0) return null;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {words.checked}
      </Text>
      <ul className="Plan">
        {plan.groups.map((group) => (
          <Group key={`${group.template.id}:${group.name}`} group={group} />
        ))}
      </ul>
      <Text as="p" tone="subdued">
        {words.rows(plan.rows)}
      </Text>
    </BlockStack>
  );
}

function Group({ group }: { group: AssignmentGroup }) {
  const all = useWords();
  const words = all.exchange.assign.table;
  const { sentence } = all.triggers;
  const { now, then } = sentence.after[group.event];
  const when = group.delay.amount > 0 ? then(sentence.wait[group.delay.unit](group.delay.amount)) : now;
  const change = [
    group.added > 0 ? words.added(group.added) : "",
    group.removed > 0 ? words.removed(group.removed) : "",
  ].filter(Boolean);
  return (
    <li>
      <InlineStack align="space-between" gap="200" blockAlign="center" wrap={false}>
        <div className="Break">
          <BlockStack>
            <InlineStack gap="200">
              <Text as="span" fontWeight="semibold">
                {group.name}
              </Text>
              {group.trigger === null ? <Badge tone="success">{words.isNew}</Badge> : null}
            </InlineStack>
            <Text as="span" tone="subdued">
              “{group.template.name}” {when}
            </Text>
          </BlockStack>
        </div>
        <span className="NoWrap">{change.length > 0 ? change.join(", ") : words.unchanged}</span>
      </InlineStack>
    </li>
  );
}
