import { AutoSelection, Combobox, InlineStack, Listbox, Tag } from "@shopify/polaris";
import { useState } from "react";
import { useWords } from "#app/ui/words/words.ts";

type ChipsFieldProps = {
  label: string;
  labelHidden?: boolean;
  values: string[];
  onChange: (values: string[]) => void;
  /** What the shop already uses; anything else may be typed too. */
  suggestions?: string[];
  onFocus?: () => void;
  /** Shopify's tags can't hold a comma, so a pasted list is one. */
  splitsAtComma?: boolean;
  placeholder?: string;
  helpText?: string;
  error?: string;
};

const MOST_SUGGESTED = 20;
const fold = (text: string) => text.trim().toLowerCase();

/** Several texts as chips: type and press Enter, or pick a suggestion. */
export function ChipsField({
  label,
  labelHidden,
  values,
  onChange,
  suggestions = [],
  onFocus,
  splitsAtComma,
  placeholder,
  helpText,
  error,
}: ChipsFieldProps) {
  const words = useWords().triggers.editor.products;
  const [typed, setTyped] = useState("");
  const held = new Set(values.map(fold));

  function add(text: string) {
    const parts = (splitsAtComma ? text.split(",") : [text])
      .map((part) => part.trim().slice(0, 255))
      .filter(Boolean);
    const seen = new Set(held);
    const fresh = parts.filter((part) => !seen.has(fold(part)) && seen.add(fold(part)));
    setTyped("");
    if (fresh.length > 0) onChange([...values, ...fresh]);
  }

  const fitting = suggestions
    .filter((text) => !held.has(fold(text)) && fold(text).includes(fold(typed)))
    .slice(0, MOST_SUGGESTED);
  const isNew = typed.trim() !== "" && !fitting.some((text) => fold(text) === fold(typed));
  const options = [
    ...(isNew ? [{ value: typed.trim(), text: `${words.addValue} “${typed.trim()}”` }] : []),
    ...fitting.map((text) => ({ value: text, text })),
  ];

  // Enter means what was typed, unless the arrows have led to a suggestion.
  function addTyped(event: React.KeyboardEvent) {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    if (event.target.getAttribute("aria-activedescendant") || !typed.trim()) return;
    event.preventDefault();
    add(typed);
  }

  return (
    <div onKeyDownCapture={addTyped} className={values.length > 0 ? undefined : "Chips--none"}>
      <Combobox
        allowMultiple
        activator={
          <Combobox.TextField
            label={label}
            labelHidden={labelHidden}
            value={typed}
            onChange={(text) => (splitsAtComma && text.endsWith(",") ? add(text) : setTyped(text))}
            onFocus={onFocus}
            onBlur={() => add(typed)}
            autoComplete="off"
            placeholder={placeholder ?? words.typeValue}
            helpText={helpText}
            error={error}
            // Never null: with the first chip Polaris would put another input in this one's place, and the focus would go.
            verticalContent={
              <InlineStack gap="100">
                {values.map((value) => (
                  <Tag key={value} onRemove={() => onChange(values.filter((other) => other !== value))}>
                    {value}
                  </Tag>
                ))}
              </InlineStack>
            }
          />
        }
      >
        {options.length > 0 ? (
          <Listbox autoSelection={AutoSelection.None} onSelect={add}>
            {options.map(({ value, text }) => (
              <Listbox.Option key={text} value={value} accessibilityLabel={text}>
                {text}
              </Listbox.Option>
            ))}
          </Listbox>
        ) : null}
      </Combobox>
    </div>
  );
}
