import {
  Banner,
  BlockStack,
  Card,
  ChoiceList,
  Divider,
  InlineStack,
  Link,
  List,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { PURPOSES, type TemplateDraft } from "#app/features/templates/templates.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { LanguageBar, useLanguageName } from "#app/ui/templates/LanguageBar.tsx";
import { PreviewPane, type OrderChoice } from "#app/ui/templates/PreviewPane.tsx";
import { TestSend } from "#app/ui/templates/TestSend.tsx";
import { TextFields } from "#app/ui/templates/TextFields.tsx";
import { usePreview } from "#app/ui/templates/usePreview.ts";
import type { MetafieldChoice } from "#app/ui/templates/VariableMenu.tsx";
import { useWords } from "#app/ui/words/words.ts";

type TemplateEditorProps = {
  id: string | null;
  draft: TemplateDraft;
  onChange: (draft: TemplateDraft) => void;
  errors: FieldErrors;
  orders: OrderChoice[];
  metafields: MetafieldChoice[];
  usedBy: { id: string; name: string; live: boolean }[];
  replyTo: string;
  timeZone: string;
};

/** The form of a template, with the mail it makes beside it. */
export function TemplateEditor({ id, draft, onChange, errors, ...about }: TemplateEditorProps) {
  const words = useWords().templates.editor;
  const { policy } = useWords();
  const nameOf = useLanguageName();
  const [wanted, setWanted] = useState(draft.fallbackLocale);
  const [subject, setSubject] = useState({ orderId: about.orders[0]?.id ?? "", lineId: "" });
  // Discarding can take away the language that was looked at.
  const locale = wanted in draft.locales ? wanted : draft.fallbackLocale;
  const content = draft.locales[locale] ?? { subject: "", body: "" };
  const preview = usePreview({ locales: draft.locales, locale, purpose: draft.purpose, ...subject });

  const mine = preview.problems.filter((problem) => problem.locale === locale);
  const faulty = new Set([
    ...preview.problems.map((problem) => problem.locale),
    ...Object.keys(draft.locales).filter((tag) =>
      Object.keys(errors).some((path) => path.startsWith(`locales.${tag}.`)),
    ),
  ]);
  const elsewhere = [...faulty].filter((tag) => tag !== locale);
  const findings = preview.findings.filter((finding) => finding.locale === locale);
  const refusedElsewhere = new Set(
    preview.findings
      .filter((finding) => finding.locale !== locale && finding.severity !== "advice")
      .map((finding) => finding.locale),
  );

  return (
    <div className="TemplateEditor">
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="400">
            <LanguageBar
              draft={draft}
              locale={locale}
              onSelect={setWanted}
              onChange={onChange}
              faulty={faulty}
            />
            <Divider />
            {elsewhere.length > 0 ? (
              <Text as="p" tone="critical">
                {words.problemsElsewhere(elsewhere.map(nameOf).join(", "))}
              </Text>
            ) : null}
            {refusedElsewhere.size > 0 ? (
              <Text as="p" tone="caution">
                {policy.elsewhere([...refusedElsewhere].map(nameOf).join(", "))}
              </Text>
            ) : null}
            <TextFields
              // Undo must not cross from one language into another.
              key={locale}
              content={content}
              onChange={(changed) => onChange({ ...draft, locales: { ...draft.locales, [locale]: changed } })}
              problems={mine}
              findings={findings}
              errors={{
                subject: errors[`locales.${locale}.subject`],
                body: errors[`locales.${locale}.body`],
              }}
              metafields={about.metafields}
              checking={preview.busy}
            />
            <InlineStack align="end">
              <TestSend
                content={content}
                locale={locale}
                templateId={id}
                replyTo={about.replyTo}
                disabled={mine.length > 0 || !content.subject.trim() || !content.body.trim()}
                {...subject}
              />
            </InlineStack>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {words.details}
            </Text>
            <TextField
              label={words.name}
              value={draft.name}
              onChange={(name) => onChange({ ...draft, name })}
              helpText={words.nameHelp}
              error={errors.name}
              maxLength={120}
              autoComplete="off"
            />
            <Purpose draft={draft} onChange={onChange} error={errors.purpose} />
          </BlockStack>
        </Card>
        {id ? <UsedBy templateId={id} usedBy={about.usedBy} /> : null}
      </BlockStack>
      <div className="TemplateEditor-Preview">
        <PreviewPane
          preview={preview}
          orders={about.orders}
          onSubject={(orderId, lineId) => setSubject({ orderId, lineId })}
          timeZone={about.timeZone}
          {...subject}
        />
      </div>
    </div>
  );
}

type PurposeProps = Pick<TemplateEditorProps, "draft" | "onChange"> & { error: string | undefined };

function Purpose({ draft, onChange, error }: PurposeProps) {
  const words = useWords().templates;
  return (
    <BlockStack gap="200">
      <ChoiceList
        title={words.editor.purpose}
        choices={PURPOSES.map((value) => ({
          value,
          label: words.purposes[value].name,
          helpText: words.purposes[value].help,
        }))}
        selected={[draft.purpose]}
        onChange={([purpose]) =>
          onChange({ ...draft, purpose: PURPOSES.find((value) => value === purpose) ?? draft.purpose })
        }
        error={error}
      />
      <Text as="p" tone="subdued">
        {words.noMarketing}
      </Text>
    </BlockStack>
  );
}

type UsedByProps = Pick<TemplateEditorProps, "usedBy"> & { templateId: string };

function UsedBy({ templateId, usedBy }: UsedByProps) {
  const words = useWords().templates.editor;
  const states = useWords().releases.states;
  const live = usedBy.filter((trigger) => trigger.live).length;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.usedByTitle}
        </Text>
        {live > 0 ? <Banner tone="info">{words.followers(live)}</Banner> : null}
        {usedBy.length > 0 ? (
          <List>
            {usedBy.map(({ id, name, live }) => (
              <List.Item key={id}>
                <Link url={`/app/triggers/${id}`}>{name}</Link>
                {live ? ` (${states.live})` : null}
              </List.Item>
            ))}
          </List>
        ) : (
          <Text as="p" tone="subdued">
            {words.notUsed}
          </Text>
        )}
        <Text as="p">
          <Link url={`/app/triggers/new?template=${templateId}`}>{words.makeTrigger}</Link>
        </Text>
      </BlockStack>
    </Card>
  );
}
