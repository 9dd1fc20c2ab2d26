import { ActionList, Button, Popover, Scrollable, TextField, Box, Text } from "@shopify/polaris";
import { CodeIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { metafieldInsert, VARIABLES, type VariableGroup } from "#app/features/templates/variables.ts";
import { useWords } from "#app/ui/words/words.ts";

export type MetafieldChoice = { owner: "product" | "variant"; namespace: string; key: string; name: string };

type VariableMenuProps = {
  metafields: MetafieldChoice[];
  onInsert: (text: string) => void;
  accessibilityLabel?: string;
  /** The word or only the picture on the button. */
  withWord?: boolean;
};

const GROUPS = [...new Set(VARIABLES.map(({ group }) => group))] as VariableGroup[];

/** Everything a message can say of an order, grouped, each with an example. */
export function VariableMenu({
  metafields,
  onInsert,
  accessibilityLabel,
  withWord = true,
}: VariableMenuProps) {
  const words = useWords().templates;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();

  const sections = [
    ...GROUPS.map((group) => ({
      title: words.variableGroups[group],
      items: VARIABLES.filter((variable) => variable.group === group).map(
        ({ label, path, example, insert }) => ({
          content: words.variables[label] ?? path,
          helpText: String(example),
          insert,
          search: path,
        }),
      ),
    })),
    ...(["product", "variant"] as const).map((owner) => ({
      title: words.metafields[owner],
      items: metafields
        .filter((metafield) => metafield.owner === owner)
        .map(({ namespace, key, name }) => ({
          content: name || `${namespace}.${key}`,
          helpText: `${namespace}.${key}`,
          insert: metafieldInsert(owner, namespace, key),
          search: `${namespace}.${key}`,
        })),
    })),
  ]
    .map(({ title, items }) => ({
      title,
      items: items
        .filter(({ content, search }) => `${title} ${content} ${search}`.toLowerCase().includes(wanted))
        .map(({ content, helpText, insert }) => ({
          content,
          helpText,
          onAction: () => {
            setOpen(false);
            setQuery("");
            onInsert(insert);
          },
        })),
    }))
    .filter(({ items }) => items.length > 0);

  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      preferredAlignment="left"
      autofocusTarget="first-node"
      fluidContent
      activator={
        <Button
          icon={CodeIcon}
          size="slim"
          disclosure={withWord}
          onClick={() => setOpen(!open)}
          accessibilityLabel={accessibilityLabel ?? words.editor.tools.variable}
        >
          {withWord ? words.editor.tools.variable : undefined}
        </Button>
      }
    >
      <div className="VariableMenu">
        <Box padding="200">
          <TextField
            label={words.editor.searchVariables}
            labelHidden
            placeholder={words.editor.searchVariables}
            value={query}
            onChange={setQuery}
            autoComplete="off"
          />
        </Box>
        <Scrollable style={{ maxHeight: 320 }} focusable>
          {sections.length > 0 ? (
            <ActionList actionRole="menuitem" sections={sections} />
          ) : (
            <Box padding="400">
              <Text as="p" tone="subdued">
                –
              </Text>
            </Box>
          )}
        </Scrollable>
      </div>
    </Popover>
  );
}
