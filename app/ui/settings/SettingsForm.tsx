import {
  BlockStack,
  Card,
  Checkbox,
  ChoiceList,
  Form,
  FormLayout,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import type { ReactNode } from "react";
import { MAIL_LANGUAGES } from "#app/features/templates/mail.words.ts";
import { CAP_DAYS, CAP_MESSAGES, LATE_AFTER_DAYS } from "#app/features/shops/settings.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { BrandFields } from "#app/ui/settings/BrandFields.tsx";
import type { SettingsFields } from "#app/ui/settings/form.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type SettingsFormProps = {
  form: SettingsFields;
  errors: FieldErrors;
  change: (form: SettingsFields) => void;
  timeZones: string[];
  save: () => void;
};

/** All that holds for the whole shop, a card a subject. Enter saves. */
export function SettingsForm({ form, errors, change, timeZones, save }: SettingsFormProps) {
  const words = useWords().settings;
  const language = useLanguage();
  const mayChooseReview = useMay()("people");
  const { sender, footer, quiet, cap } = form;
  const set = (part: Partial<SettingsFields>) => change({ ...form, ...part });
  return (
    <Form onSubmit={save} noValidate>
      <BlockStack gap="400">
        <Subject id="sender" title={words.sender.title} body={words.sender.body}>
          <TextField
            label={words.sender.name}
            helpText={words.sender.nameHelp}
            autoComplete="organization"
            requiredIndicator
            value={sender.name}
            error={errors["sender.name"]}
            onChange={(name) => set({ sender: { ...sender, name } })}
          />
          <TextField
            label={words.sender.replyTo}
            helpText={words.sender.replyToHelp}
            type="email"
            autoComplete="email"
            value={sender.replyTo}
            error={errors["sender.replyTo"]}
            onChange={(replyTo) => set({ sender: { ...sender, replyTo } })}
          />
        </Subject>
        <Subject title={words.footer.title} body={words.footer.body}>
          <TextField
            label={words.footer.legalName}
            helpText={words.footer.legalNameHelp}
            autoComplete="organization"
            value={footer.legalName}
            error={errors["footer.legalName"]}
            onChange={(legalName) => set({ footer: { ...footer, legalName } })}
          />
          <TextField
            label={words.footer.address}
            autoComplete="street-address"
            multiline={3}
            value={footer.address}
            error={errors["footer.address"]}
            onChange={(address) => set({ footer: { ...footer, address } })}
          />
          <TextField
            label={words.footer.contact}
            helpText={words.footer.contactHelp}
            autoComplete="off"
            value={footer.contact}
            error={errors["footer.contact"]}
            onChange={(contact) => set({ footer: { ...footer, contact } })}
          />
          <Text as="p" tone="subdued">
            {words.footer.reason}
          </Text>
        </Subject>
        <Subject title={words.brand.title}>
          <BrandFields brand={form.brand} errors={errors} change={(brand) => set({ brand })} />
        </Subject>
        <Subject title={words.time.title}>
          <Select
            label={words.time.timeZone}
            helpText={words.time.timeZoneHelp}
            options={timeZones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
            value={form.timeZone}
            error={errors.timeZone}
            onChange={(timeZone) => set({ timeZone })}
          />
          <Select
            label={words.time.locale}
            helpText={words.time.localeHelp}
            options={languageOptions(form.locale, language)}
            value={form.locale}
            error={errors.locale}
            onChange={(locale) => set({ locale })}
          />
        </Subject>
        <Subject id="review" title={words.review.title} body={words.review.body}>
          <ChoiceList
            disabled={!mayChooseReview}
            title={words.review.label}
            choices={[
              { value: "self", label: words.review.choices.self },
              {
                value: "two_people",
                label: words.review.choices.two_people,
                helpText: words.review.twoPeopleHelp,
              },
            ]}
            selected={[form.review]}
            error={errors.review}
            onChange={([choice]) => set({ review: choice === "two_people" ? "two_people" : "self" })}
          />
        </Subject>
        <Subject title={words.quiet.title}>
          <Checkbox
            label={words.quiet.on}
            helpText={words.quiet.onHelp}
            checked={quiet.on}
            onChange={(on) => set({ quiet: { ...quiet, on } })}
          />
          {quiet.on ? (
            <FormLayout.Group condensed>
              <TextField
                label={words.quiet.from}
                type="time"
                autoComplete="off"
                value={quiet.from}
                error={errors["quietHours.from"]}
                onChange={(from) => set({ quiet: { ...quiet, from } })}
              />
              <TextField
                label={words.quiet.to}
                type="time"
                autoComplete="off"
                value={quiet.to}
                error={errors["quietHours.to"]}
                helpText={quiet.from === quiet.to ? words.quiet.same : undefined}
                onChange={(to) => set({ quiet: { ...quiet, to } })}
              />
            </FormLayout.Group>
          ) : null}
          <Select
            label={words.quiet.zone}
            helpText={words.quiet.zoneHelp}
            options={[
              { value: "shop", label: words.quiet.zones.shop },
              { value: "recipient", label: words.quiet.zones.recipient },
            ]}
            value={form.quietZone}
            error={errors.quietZone}
            onChange={(zone) => set({ quietZone: zone === "recipient" ? "recipient" : "shop" })}
          />
        </Subject>
        <Subject title={words.cap.title}>
          <Checkbox
            label={words.cap.on}
            helpText={words.cap.onHelp}
            checked={cap.on}
            onChange={(on) => set({ cap: { ...cap, on } })}
          />
          {cap.on ? (
            <FormLayout.Group condensed>
              <TextField
                label={words.cap.messages}
                suffix={words.cap.messagesUnit}
                type="number"
                inputMode="numeric"
                {...CAP_MESSAGES}
                autoComplete="off"
                value={cap.messages}
                error={errors["frequencyCap.messages"]}
                onChange={(messages) => set({ cap: { ...cap, messages } })}
              />
              <TextField
                label={words.cap.days}
                suffix={words.cap.daysUnit}
                type="number"
                inputMode="numeric"
                {...CAP_DAYS}
                autoComplete="off"
                value={cap.days}
                error={errors["frequencyCap.days"]}
                onChange={(days) => set({ cap: { ...cap, days } })}
              />
            </FormLayout.Group>
          ) : null}
        </Subject>
        <Subject title={words.late.title}>
          <TextField
            label={words.late.label}
            helpText={words.late.help}
            suffix={words.late.unit}
            type="number"
            inputMode="numeric"
            min={LATE_AFTER_DAYS.min}
            max={LATE_AFTER_DAYS.max}
            autoComplete="off"
            value={form.lateAfterDays}
            error={errors.lateAfterDays}
            onChange={(lateAfterDays) => set({ lateAfterDays })}
          />
        </Subject>
        <Subject title={words.helped.title}>
          <Checkbox
            label={words.helped.on}
            helpText={words.helped.onHelp}
            checked={form.askHelped}
            onChange={(askHelped) => set({ askHelped })}
          />
        </Subject>
        <Subject title={words.merge.title}>
          <TextField
            label={words.merge.label}
            helpText={words.merge.help}
            suffix={words.merge.unit}
            type="number"
            inputMode="numeric"
            min={0}
            max={1440}
            autoComplete="off"
            value={form.mergeWindowMinutes}
            error={errors.mergeWindowMinutes}
            onChange={(mergeWindowMinutes) => set({ mergeWindowMinutes })}
          />
        </Subject>
      </BlockStack>
    </Form>
  );
}

function Subject({
  id,
  title,
  body,
  children,
}: {
  id?: string;
  title: string;
  body?: string;
  children: ReactNode;
}) {
  return (
    <div id={id}>
      <Card>
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            {body ? (
              <Text as="p" tone="subdued">
                {body}
              </Text>
            ) : null}
          </BlockStack>
          <FormLayout>{children}</FormLayout>
        </BlockStack>
      </Card>
    </div>
  );
}

/** The languages a mail's own words exist in, and the shop's, whichever it is. */
function languageOptions(current: string, language: string) {
  const names = new Intl.DisplayNames([language], { type: "language" });
  return [...new Set([...MAIL_LANGUAGES, current])]
    .map((tag) => ({ value: tag, label: names.of(tag) ?? tag }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
}
