import {
  ActionList,
  BlockStack,
  Box,
  Button,
  Icon,
  InlineError,
  InlineStack,
  Popover,
  Select,
  Tag,
  Text,
} from "@shopify/polaris";
import { AlertTriangleIcon, DeleteIcon, PlusIcon } from "@shopify/polaris-icons";
import { useId, useState } from "react";
import { RULE_KINDS, type Rule, type RuleKind, type RuleSet } from "#app/features/triggers/triggers.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { ChipsField } from "#app/ui/triggers/ChipsField.tsx";
import { isPicked, pick } from "#app/ui/triggers/pick.ts";
import { nameOf, type Names } from "#app/ui/triggers/names.ts";
import { useWords } from "#app/ui/words/words.ts";

/** Values the shop's products use, by kind of rule. */
export type Suggestions = Partial<Record<RuleKind, string[]>>;

type RuleSetEditorProps = {
  set: RuleSet;
  onChange: (set: RuleSet) => void;
  /** Where this set lies in the draft: "definition.include". */
  path: string;
  errors: FieldErrors;
  names: Names;
  suggestions: Suggestions;
  onNeedSuggestions: () => void;
  addLabel: string;
  /** Where every condition only adds products, there is no choice to make. */
  anyOnly?: boolean;
};

/** Conditions on products: of each kind at most one, each with several values. */
export function RuleSetEditor({
  set,
  onChange,
  path,
  errors,
  addLabel,
  anyOnly,
  ...about
}: RuleSetEditorProps) {
  const words = useWords().triggers.editor;
  const [open, setOpen] = useState(false);
  const [fresh, setFresh] = useState<RuleKind | null>(null);
  const free = RULE_KINDS.filter((kind) => !set.rules.some((rule) => rule.kind === kind));
  const setRules = (rules: Rule[]) => onChange({ ...set, rules });

  async function add(kind: RuleKind) {
    setOpen(false);
    if (!isPicked(kind)) {
      setFresh(kind);
      return setRules([...set.rules, { kind, values: [] }]);
    }
    const values = await pick(kind, []);
    if (values?.length) setRules([...set.rules, { kind, values }]);
  }

  return (
    <BlockStack gap="300">
      {set.rules.length > 1 && !anyOnly ? (
        <Select
          label={words.products.mode}
          options={[
            { value: "any", label: words.products.any },
            { value: "all", label: words.products.all },
          ]}
          value={set.mode}
          onChange={(mode) => onChange({ ...set, mode: mode === "all" ? "all" : "any" })}
        />
      ) : null}
      {set.rules.map((rule, index) => (
        <RuleEditor
          key={`${rule.kind}${index}`}
          rule={rule}
          autoFocus={rule.kind === fresh}
          error={errors[`${path}.rules.${index}.values`]}
          onChange={(values) =>
            setRules(set.rules.map((other) => (other === rule ? { ...rule, values } : other)))
          }
          onRemove={() => setRules(set.rules.filter((other) => other !== rule))}
          {...about}
        />
      ))}
      {free.length > 0 ? (
        <InlineStack>
          <Popover
            active={open}
            onClose={() => setOpen(false)}
            preferredAlignment="left"
            activator={
              <Button icon={PlusIcon} disclosure onClick={() => setOpen(!open)}>
                {addLabel}
              </Button>
            }
          >
            <ActionList
              actionRole="menuitem"
              items={free.map((kind) => ({ content: words.kinds[kind], onAction: () => void add(kind) }))}
            />
          </Popover>
        </InlineStack>
      ) : null}
      {errors[`${path}.rules`] ? (
        <InlineError fieldID={`${path}.rules`} message={errors[`${path}.rules`] ?? ""} />
      ) : null}
    </BlockStack>
  );
}

type RuleEditorProps = Pick<RuleSetEditorProps, "names" | "suggestions" | "onNeedSuggestions"> & {
  rule: Rule;
  autoFocus: boolean;
  error: string | undefined;
  onChange: (values: Rule["values"]) => void;
  onRemove: () => void;
};

function RuleEditor({
  rule,
  error,
  names,
  suggestions,
  onNeedSuggestions,
  onChange,
  onRemove,
}: RuleEditorProps) {
  const words = useWords().triggers.editor;
  const heading = useId();
  const { kind } = rule;
  return (
    <Box
      padding="300"
      borderWidth="025"
      borderColor="border"
      borderRadius="200"
      role="group"
      aria-labelledby={heading}
    >
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" wrap={false}>
          <Text as="h3" variant="headingSm" id={heading}>
            {words.kinds[kind]}
          </Text>
          <Button
            icon={DeleteIcon}
            variant="tertiary"
            accessibilityLabel={words.products.removeRule(words.kinds[kind])}
            onClick={onRemove}
          />
        </InlineStack>
        {isPicked(kind) ? (
          <PickedValues rule={rule} names={names} onChange={onChange} error={error} />
        ) : (
          <ChipsField
            label={words.kinds[kind]}
            labelHidden
            values={rule.values.map((value) => value.id)}
            onChange={(texts) => onChange(texts.map((text) => ({ id: text, label: text })))}
            suggestions={suggestions[kind]}
            onFocus={onNeedSuggestions}
            splitsAtComma={kind === "tag"}
            error={error}
          />
        )}
      </BlockStack>
    </Box>
  );
}

const SHOWN = 12;

type PickedValuesProps = {
  rule: Rule;
  names: Names;
  error: string | undefined;
  onChange: RuleEditorProps["onChange"];
};

function PickedValues({ rule, names, error, onChange }: PickedValuesProps) {
  const words = useWords().triggers.editor.products;
  const [all, setAll] = useState(false);
  const { kind, values } = rule;
  const shown = all ? values : values.slice(0, SHOWN);
  const someDeleted = values.some((value) => names[`${kind}:${value.id}`] === null);
  const fieldId = useId();

  async function choose() {
    if (!isPicked(kind)) return;
    const picked = await pick(
      kind,
      values.filter((value) => names[`${kind}:${value.id}`] !== null),
    );
    if (picked) onChange(picked);
  }

  return (
    <BlockStack gap="200">
      {values.length > 0 ? (
        <InlineStack gap="100">
          {shown.map((value) => (
            <Tag key={value.id} onRemove={() => onChange(values.filter((other) => other.id !== value.id))}>
              {nameOf(kind, value, names, words)}
            </Tag>
          ))}
        </InlineStack>
      ) : null}
      <InlineStack gap="300" blockAlign="center">
        <Button onClick={() => void choose()}>{values.length > 0 ? words.change : words.choose}</Button>
        {values.length > SHOWN ? (
          <Button variant="plain" onClick={() => setAll(!all)} ariaExpanded={all}>
            {all ? words.showLess : words.showAll(values.length)}
          </Button>
        ) : null}
      </InlineStack>
      {someDeleted ? (
        <InlineStack gap="100" wrap={false} blockAlign="start">
          <Box>
            <Icon source={AlertTriangleIcon} tone="caution" />
          </Box>
          <Text as="p" tone="caution">
            {words.someDeleted}
          </Text>
        </InlineStack>
      ) : null}
      {error ? <InlineError fieldID={fieldId} message={error} /> : null}
    </BlockStack>
  );
}
