import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Link, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { bulkSchema, countNew, withRules } from "#app/features/triggers/bulk.ts";
import { emptyDefinition, type RuleSet, type TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { useToast } from "#app/ui/toast.ts";
import { RuleSetEditor, type Suggestions } from "#app/ui/triggers/RuleSetEditor.tsx";
import { sentence } from "#app/ui/triggers/sentence.ts";
import type { SaveAnswer } from "#app/ui/triggers/useSaveable.ts";
import { useWords } from "#app/ui/words/words.ts";

export type PickAnswer = SaveAnswer<{ id: string; name: string }>;

type PickCardProps = {
  templates: { id: string; name: string }[];
  triggers: {
    id: string;
    name: string;
    templateId: string;
    definition: TriggerDefinition;
  }[];
  timeZone: string;
};

const NEW = "";
const nothing: RuleSet = { mode: "any", rules: [] };

/** Assigns chosen products, or whole collections, types, vendors and tags, to one template. */
export function PickCard({ templates, triggers, timeZone }: PickCardProps) {
  const all = useWords();
  const words = all.exchange.assign.pick;
  const fetcher = useFetcher<PickAnswer>();
  const values = useFetcher<Suggestions>();
  const [templateId, setTemplateId] = useState("");
  const [triggerId, setTriggerId] = useState(NEW);
  const [set, setSet] = useState(nothing);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [done, setDone] = useState<{ id: string; name: string } | null>(null);

  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  const [seen, setSeen] = useState(answer);
  if (answer && answer !== seen) {
    setSeen(answer);
    setErrors(answer.ok ? {} : answer.errors);
    if (answer.ok) {
      setDone(answer.saved);
      setSet(nothing);
      setTriggerId(answer.saved.id);
    }
  }
  useToast(answer, answer?.ok ? words.done(answer.saved.name) : null);

  const known = triggers.filter((trigger) => trigger.templateId === templateId);
  const into = known.find(({ id }) => id === triggerId);
  const definition = into?.definition ?? emptyDefinition;
  const template = templates.find(({ id }) => id === templateId);
  const fresh = countNew(definition, set.rules);
  const chosen = set.rules.some(({ values }) => values.length > 0);

  function choose(id: string) {
    setTemplateId(id);
    setDone(null);
    setErrors({});
    // A template's only trigger is where more of its products belong.
    const its = triggers.filter((trigger) => trigger.templateId === id);
    setTriggerId(its.length === 1 ? (its[0]?.id ?? NEW) : NEW);
  }

  function assign() {
    const bulk = { templateId, triggerId: into?.id ?? null, rules: set.rules };
    const checked = parseInput(bulkSchema, bulk);
    if (!checked.ok) return setErrors(checked.errors);
    fetcher.submit(bulk, { method: "post", encType: "application/json", action: "/app/exchange/assign" });
  }

  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        {errors[""] ? <Banner tone="critical">{errors[""]}</Banner> : null}
        {done && !chosen ? (
          <Banner tone="success" title={words.done(done.name)}>
            <Link url={`/app/triggers/${done.id}`}>{words.open(done.name)}</Link>
          </Banner>
        ) : null}
        <BlockStack gap="100">
          <Select
            label={words.template}
            placeholder={words.chooseTemplate}
            options={templates.map(({ id, name }) => ({ value: id, label: name }))}
            value={templateId}
            onChange={choose}
            error={errors.templateId}
            helpText={templates.length === 0 ? words.noTemplates : undefined}
          />
          {templates.length === 0 ? (
            <Text as="p">
              <Link url="/app/templates/new">{words.createTemplate}</Link>
            </Text>
          ) : null}
        </BlockStack>
        {known.length > 0 ? (
          <Select
            label={words.into}
            options={[
              ...known.map(({ id, name }) => ({ value: id, label: name })),
              { value: NEW, label: words.newTrigger },
            ]}
            value={triggerId}
            onChange={setTriggerId}
          />
        ) : null}
        <BlockStack gap="200">
          <Text as="h3" variant="headingSm">
            {words.products}
          </Text>
          <Text as="p" tone="subdued">
            {words.productsHelp}
          </Text>
          <RuleSetEditor
            set={set}
            onChange={setSet}
            path="bulk"
            errors={Object.fromEntries(
              Object.entries(errors).map(([field, message]) => [`bulk.${field}`, message]),
            )}
            names={{}}
            suggestions={values.data ?? {}}
            onNeedSuggestions={() => {
              if (!values.data && values.state === "idle") values.load("/app/triggers/values");
            }}
            addLabel={words.add}
            anyOnly
          />
        </BlockStack>
        {chosen && template ? (
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              {words.result}
            </Text>
            <div aria-live="polite" className="Break">
              <Text as="p">
                {sentence(
                  { definition: withRules(definition, set.rules) },
                  { templateName: template.name, timeZone },
                  all.triggers.sentence,
                )}
              </Text>
              {into ? (
                <Text as="p" tone="subdued">
                  {fresh > 0 ? words.more(fresh) : words.nothingNew}
                </Text>
              ) : null}
            </div>
          </BlockStack>
        ) : null}
        <InlineStack align="end">
          <Button
            variant="primary"
            onClick={assign}
            loading={fetcher.state !== "idle"}
            disabled={into !== undefined && fresh === 0}
          >
            {words.action}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
