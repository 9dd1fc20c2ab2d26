import { Badge, BlockStack, Box, Card, Divider, Text, TextField } from "@shopify/polaris";
import { useMemo, type ReactNode } from "react";
import type { FieldErrors } from "#app/platform/forms.ts";
import {
  ExclusionFields,
  MessageFields,
  StartFields,
  type TemplateOption,
} from "#app/ui/triggers/fields.tsx";
import { draftOfForm, type TriggerForm } from "#app/ui/triggers/form.ts";
import { withNames, type Names } from "#app/ui/triggers/names.ts";
import { RuleSetEditor, type Suggestions } from "#app/ui/triggers/RuleSetEditor.tsx";
import { leftOut, sentence } from "#app/ui/triggers/sentence.ts";
import { useWords } from "#app/ui/words/words.ts";

type TriggerEditorProps = {
  form: TriggerForm;
  onChange: (form: TriggerForm) => void;
  errors: FieldErrors;
  templates: TemplateOption[];
  timeZone: string;
  /** null: Shopify did not say. */
  names: Names | null;
  suggestions: Suggestions;
  onNeedSuggestions: () => void;
  mayReadCustomers: boolean;
  onGranted: () => void;
  /** How it stands: what of it is live, and the way there. */
  standing: ReactNode;
};

/** The form of a trigger, with what it will do in one sentence beside it. */
export function TriggerEditor(props: TriggerEditorProps) {
  const {
    form,
    onChange,
    errors,
    templates,
    timeZone,
    suggestions,
    onNeedSuggestions,
    mayReadCustomers,
    onGranted,
  } = props;
  const words = useWords().triggers.editor;
  const names = props.names ?? {};
  const change = (part: Partial<TriggerForm>) => onChange({ ...form, ...part });
  const part = { form, change, errors };
  const rules = { errors, names, suggestions, onNeedSuggestions };
  return (
    <div className="TriggerEditor">
      <div className="TriggerEditor-Summary">
        <Summary form={form} names={names} templates={templates} timeZone={timeZone} />
        {props.standing}
      </div>
      <div className="TriggerEditor-Form">
        <BlockStack gap="400">
          <Card>
            <TextField
              label={words.name}
              value={form.name}
              onChange={(name) => change({ name })}
              helpText={words.nameHelp}
              error={errors.name}
              maxLength={120}
              autoComplete="off"
            />
          </Card>
          <Section title={words.products.title} help={words.products.help}>
            {props.names === null ? <Badge tone="attention">{words.products.namesUnknown}</Badge> : null}
            <RuleSetEditor
              set={form.include}
              onChange={(include) => change({ include })}
              path="definition.include"
              addLabel={words.products.add}
              {...rules}
            />
            <Divider />
            <BlockStack gap="100">
              <Text as="h3" variant="headingSm">
                {words.products.except}
              </Text>
              <Text as="p" tone="subdued">
                {words.products.exceptHelp}
              </Text>
            </BlockStack>
            <RuleSetEditor
              set={form.exclude}
              onChange={(exclude) => change({ exclude })}
              path="definition.exclude"
              addLabel={words.products.addException}
              {...rules}
            />
          </Section>
          <Section title={words.start.title}>
            <StartFields {...part} timeZone={timeZone} />
          </Section>
          <Section title={words.message.title}>
            <MessageFields {...part} templates={templates} />
          </Section>
          <Section title={words.exclusions.title} help={words.exclusions.help}>
            <ExclusionFields {...part} mayReadCustomers={mayReadCustomers} onGranted={onGranted} />
          </Section>
        </BlockStack>
      </div>
    </div>
  );
}

function Section({ title, help, children }: { title: string; help?: string; children: React.ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {help ? (
            <Text as="p" tone="subdued">
              {help}
            </Text>
          ) : null}
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

type SummaryProps = Pick<TriggerEditorProps, "form" | "templates" | "timeZone"> & { names: Names };

function Summary({ form, names, templates, timeZone }: SummaryProps) {
  const words = useWords().triggers;
  const said = useMemo(() => {
    const { definition } = draftOfForm(form);
    const named = withNames(definition, names, words.editor.products);
    const templateName = templates.find(({ id }) => id === form.templateId)?.name ?? null;
    return {
      does: sentence({ definition: named }, { templateName, timeZone }, words.sentence),
      leaves: leftOut(definition.exclusions, words.sentence) || words.editor.leavesOutNothing,
    };
  }, [form, names, templates, timeZone, words]);
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {words.editor.whatItDoes}
        </Text>
        {/* Read out whole when a change has come to rest. */}
        <Box>
          <div aria-live="polite" aria-atomic="true" className="Break">
            <BlockStack gap="200">
              <Text as="p">{said.does}</Text>
              <Text as="p" tone="subdued">
                {said.leaves}
              </Text>
            </BlockStack>
          </div>
        </Box>
      </BlockStack>
    </Card>
  );
}
