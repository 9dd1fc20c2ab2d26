import {
  BlockStack,
  Checkbox,
  ChoiceList,
  FormLayout,
  InlineGrid,
  Select,
  Text,
  TextField,
  Link,
} from "@shopify/polaris";
import { DELAY_UNITS, START_EVENTS, type StartEvent } from "#app/features/triggers/triggers.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { ChipsField } from "#app/ui/triggers/ChipsField.tsx";
import { CustomerAccess } from "#app/ui/triggers/CustomerAccess.tsx";
import type { TriggerForm } from "#app/ui/triggers/form.ts";
import { useWords } from "#app/ui/words/words.ts";

/** What every part of the trigger's form works with. */
export type FormPart = {
  form: TriggerForm;
  change: (part: Partial<TriggerForm>) => void;
  errors: FieldErrors;
};

/** Which event starts the clock, how long to wait, and at what time of day. */
export function StartFields({ form, change, errors, timeZone }: FormPart & { timeZone: string }) {
  const words = useWords().triggers.editor.start;
  return (
    <FormLayout>
      <Select
        label={words.event}
        options={START_EVENTS.map((event) => ({ value: event, label: words.events[event] }))}
        value={form.event}
        onChange={(event: StartEvent) => change({ event })}
        helpText={words.eventHelp[form.event]}
      />
      {form.event === "delivered" ? (
        <ChoiceList
          title={words.fallback}
          choices={[
            {
              value: "days",
              label: words.fallbackDays,
              helpText: words.fallbackHelp,
              renderChildren: (selected) =>
                selected ? (
                  <TextField
                    type="number"
                    min={1}
                    max={90}
                    label={words.fallbackAmount}
                    value={form.fallbackDays}
                    onChange={(fallbackDays) => change({ fallbackDays })}
                    error={errors["definition.start.fallbackDays"]}
                    autoComplete="off"
                    inputMode="numeric"
                  />
                ) : null,
            },
            { value: "wait", label: words.fallbackWait },
          ]}
          selected={[form.fallback ? "days" : "wait"]}
          onChange={([choice]) => change({ fallback: choice === "days" })}
        />
      ) : null}
      <InlineGrid columns={2} gap="300">
        <TextField
          type="number"
          min={0}
          label={words.delay}
          value={form.delayAmount}
          onChange={(delayAmount) => change({ delayAmount })}
          error={errors["definition.delay.amount"]}
          autoComplete="off"
          inputMode="numeric"
        />
        <Select
          label={words.delayUnit}
          options={DELAY_UNITS.map((unit) => ({ value: unit, label: words.units[unit] }))}
          value={form.delayUnit}
          onChange={(delayUnit: TriggerForm["delayUnit"]) => change({ delayUnit })}
        />
      </InlineGrid>
      <Checkbox label={words.atTime} checked={form.timed} onChange={(timed) => change({ timed })} />
      {form.timed ? (
        <TextField
          type="time"
          label={words.time}
          value={form.timeOfDay}
          onChange={(timeOfDay) => change({ timeOfDay: timeOfDay.slice(0, 5) })}
          helpText={words.timeHelp(timeZone)}
          error={errors["definition.timeOfDay"]}
          autoComplete="off"
        />
      ) : null}
    </FormLayout>
  );
}

export type TemplateOption = { id: string; name: string };

/** Which template is sent, how often, and what comes first when several share a mail. */
export function MessageFields({
  form,
  change,
  errors,
  templates,
}: FormPart & { templates: TemplateOption[] }) {
  const words = useWords().triggers.editor.message;
  const known = templates.some(({ id }) => id === form.templateId);
  const gone = form.templateId !== "" && !known;
  return (
    <FormLayout>
      <BlockStack gap="100">
        <Select
          label={words.template}
          placeholder={words.choose}
          options={templates.map(({ id, name }) => ({ value: id, label: name }))}
          value={known ? form.templateId : ""}
          onChange={(templateId) => change({ templateId })}
          error={errors.templateId ?? (gone ? words.gone : undefined)}
          helpText={templates.length === 0 ? words.none : undefined}
        />
        <Text as="p">
          {known ? (
            <Link url={`/app/templates/${form.templateId}`}>{words.edit}</Link>
          ) : (
            <Link url="/app/templates/new">{words.create}</Link>
          )}
        </Text>
      </BlockStack>
      <ChoiceList
        title={words.frequency}
        choices={(["buyer_product", "order"] as const).map((value) => ({
          value,
          label: words.frequencies[value],
          helpText: words.frequencyHelp[value],
        }))}
        selected={[form.frequency]}
        onChange={([frequency]) => change({ frequency: frequency === "order" ? "order" : "buyer_product" })}
      />
      <TextField
        type="number"
        label={words.priority}
        value={form.priority}
        onChange={(priority) => change({ priority })}
        helpText={words.priorityHelp}
        error={errors.priority}
        autoComplete="off"
      />
    </FormLayout>
  );
}

const FLAGS = [
  ["testOrders", null],
  ["giftCards", null],
  ["subscriptionRenewals", "subscriptionRenewalsHelp"],
  ["replacements", "replacementsHelp"],
  ["importedOrders", "importedOrdersHelp"],
  ["pos", null],
  ["b2b", null],
] as const;

type ExclusionFieldsProps = FormPart & { mayReadCustomers: boolean; onGranted: () => void };

/** Orders, buyers and lines that never get the message. */
export function ExclusionFields({ form, change, errors, mayReadCustomers, onGranted }: ExclusionFieldsProps) {
  const words = useWords().triggers.editor.exclusions;
  const { exclusions } = form;
  const set = (part: Partial<TriggerForm["exclusions"]>) =>
    change({ exclusions: { ...exclusions, ...part } });
  const needsAccess = exclusions.customerTags.length > 0 || exclusions.b2b;
  return (
    <FormLayout>
      <BlockStack gap="100">
        {FLAGS.map(([flag, help]) => (
          <Checkbox
            key={flag}
            label={words[flag]}
            helpText={help ? words[help] : undefined}
            checked={exclusions[flag]}
            onChange={(on) => set({ [flag]: on })}
          />
        ))}
      </BlockStack>
      <ChipsField
        label={words.orderTags}
        values={exclusions.orderTags}
        onChange={(orderTags) => set({ orderTags })}
        splitsAtComma
        error={errorUnder(errors, "definition.exclusions.orderTags")}
      />
      <ChipsField
        label={words.customerTags}
        values={exclusions.customerTags}
        onChange={(customerTags) => set({ customerTags })}
        splitsAtComma
        error={errorUnder(errors, "definition.exclusions.customerTags")}
      />
      {needsAccess && !mayReadCustomers ? <CustomerAccess onGranted={onGranted} /> : null}
      <TextField
        type="number"
        min={1}
        label={words.minimumQuantity}
        value={form.minimumQuantity}
        onChange={(minimumQuantity) => change({ minimumQuantity })}
        helpText={words.minimumQuantityHelp}
        error={errors["definition.exclusions.minimumQuantity"]}
        autoComplete="off"
        inputMode="numeric"
      />
    </FormLayout>
  );
}

/** The first error at a field or at one of its entries. */
function errorUnder(errors: FieldErrors, path: string): string | undefined {
  return Object.entries(errors).find(([field]) => field === path || field.startsWith(`${path}.`))?.[1];
}
