import {
  ActionList,
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  InlineStack,
  Popover,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { MenuHorizontalIcon, PlusIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { localeTag } from "#app/features/shops/settings.ts";
import { MAIL_LANGUAGES } from "#app/features/templates/mail.words.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { useWords } from "#app/ui/words/words.ts";

type LanguageBarProps = {
  draft: TemplateDraft;
  locale: string;
  onSelect: (locale: string) => void;
  onChange: (draft: TemplateDraft) => void;
  /** Languages whose text has mistakes. */
  faulty: ReadonlySet<string>;
};

/** The languages of a template: which one is edited, which is the fallback, add, copy and remove. */
export function LanguageBar({ draft, locale, onSelect, onChange, faulty }: LanguageBarProps) {
  const words = useWords().templates.languages;
  const nameOf = useLanguageName();
  const [menu, setMenu] = useState(false);
  const [removing, setRemoving] = useState(false);
  // The database keeps no order of them.
  const locales = Object.keys(draft.locales).sort(
    (a, b) =>
      Number(b === draft.fallbackLocale) - Number(a === draft.fallbackLocale) ||
      (nameOf(a) < nameOf(b) ? -1 : 1),
  );

  function remove() {
    const rest = Object.fromEntries(Object.entries(draft.locales).filter(([tag]) => tag !== locale));
    onChange({ ...draft, locales: rest });
    onSelect(draft.fallbackLocale);
    setRemoving(false);
  }

  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="h3" variant="headingSm">
          {words.title}
        </Text>
        <AddLanguage
          draft={draft}
          current={locale}
          onAdd={(tag, content) => {
            onChange({ ...draft, locales: { ...draft.locales, [tag]: content } });
            onSelect(tag);
          }}
        />
      </InlineStack>
      <InlineStack gap="200" blockAlign="center">
        {/* One after the other, wrapping on a phone. */}
        <ButtonGroup>
          {locales.map((tag) => (
            <Button
              key={tag}
              pressed={tag === locale}
              size="slim"
              tone={faulty.has(tag) ? "critical" : undefined}
              onClick={() => onSelect(tag)}
            >
              {tag === draft.fallbackLocale && locales.length > 1
                ? words.isFallback(nameOf(tag))
                : nameOf(tag)}
            </Button>
          ))}
        </ButtonGroup>
        {locales.length > 1 && locale !== draft.fallbackLocale ? (
          <Popover
            active={menu}
            onClose={() => setMenu(false)}
            activator={
              <Button
                icon={MenuHorizontalIcon}
                variant="tertiary"
                accessibilityLabel={words.manage}
                onClick={() => setMenu(!menu)}
              />
            }
          >
            <ActionList
              actionRole="menuitem"
              onActionAnyItem={() => setMenu(false)}
              items={[
                {
                  content: words.makeFallback,
                  onAction: () => onChange({ ...draft, fallbackLocale: locale }),
                },
                {
                  content: words.remove(nameOf(locale)),
                  destructive: true,
                  onAction: () => setRemoving(true),
                },
              ]}
            />
          </Popover>
        ) : null}
      </InlineStack>
      {locales.length > 1 ? (
        <Text as="p" tone="subdued">
          {words.help}
        </Text>
      ) : null}
      <ConfirmModal
        id="remove-language"
        open={removing}
        title={words.removeTitle(nameOf(locale))}
        body={words.removeBody}
        confirm={words.removeConfirm}
        critical
        onConfirm={remove}
        onClose={() => setRemoving(false)}
      />
    </BlockStack>
  );
}

/** A language's name, or its code where the words have none. */
export function useLanguageName(): (tag: string) => string {
  const { names } = useWords().templates.languages;
  return (tag) => names[tag.toLowerCase()] ?? tag;
}

const EMPTY = "";
const OTHER = "other";

type AddLanguageProps = {
  draft: TemplateDraft;
  current: string;
  onAdd: (tag: string, content: TemplateDraft["locales"][string]) => void;
};

function AddLanguage({ draft, current, onAdd }: AddLanguageProps) {
  const words = useWords().templates.languages;
  const nameOf = useLanguageName();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState("");
  const [code, setCode] = useState("");
  const [from, setFrom] = useState(current);
  const [error, setError] = useState<string>();
  const has = (tag: string) =>
    Object.keys(draft.locales).some((known) => known.toLowerCase() === tag.toLowerCase());
  const free = MAIL_LANGUAGES.filter((tag) => !has(tag)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const selected = chosen || free[0] || OTHER;

  function add() {
    const wanted = localeTag.safeParse(selected === OTHER ? code : selected);
    if (!wanted.success) return setError(words.codeInvalid);
    const tag = Intl.getCanonicalLocales(wanted.data)[0] ?? wanted.data;
    if (has(tag)) return setError(words.codeTaken);
    onAdd(tag, draft.locales[from] ?? { subject: "", body: "" });
    setOpen(false);
    setChosen("");
    setCode("");
    setError(undefined);
  }

  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      preferredAlignment="right"
      sectioned
      activator={
        <Button
          icon={PlusIcon}
          size="slim"
          onClick={() => {
            setFrom(current);
            setOpen(!open);
          }}
        >
          {words.add}
        </Button>
      }
    >
      <Box minWidth="220px">
        <BlockStack gap="300">
          <Select
            label={words.language}
            options={[
              ...free.map((tag) => ({ value: tag, label: nameOf(tag) })),
              { value: OTHER, label: words.other },
            ]}
            value={selected}
            onChange={(tag) => {
              setChosen(tag);
              setError(undefined);
            }}
          />
          {selected === OTHER ? (
            <TextField
              label={words.code}
              value={code}
              onChange={setCode}
              helpText={words.codeHelp}
              error={error}
              autoComplete="off"
            />
          ) : null}
          <Select
            label={words.duplicateInto}
            options={[
              ...Object.keys(draft.locales).map((tag) => ({ value: tag, label: nameOf(tag) })),
              { value: EMPTY, label: words.startEmpty },
            ]}
            value={from in draft.locales ? from : EMPTY}
            onChange={setFrom}
          />
          <Button variant="primary" onClick={add}>
            {words.addConfirm}
          </Button>
        </BlockStack>
      </Box>
    </Popover>
  );
}
