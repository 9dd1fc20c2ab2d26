import {
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  Icon,
  InlineStack,
  Text,
  TextField,
  Tooltip,
} from "@shopify/polaris";
import {
  AlertCircleIcon,
  LinkIcon,
  ListBulletedIcon,
  ListNumberedIcon,
  TextBoldIcon,
  TextItalicIcon,
  TextTitleIcon,
} from "@shopify/polaris-icons";
import { useId } from "react";
import type { Finding } from "#app/features/templates/policy.ts";
import type { TemplateContent, TemplateProblem } from "#app/features/templates/templates.ts";
import { Findings } from "#app/ui/templates/Findings.tsx";
import { indexOf, insert, link, prefixLines, wrap, type Edit } from "#app/ui/templates/edit.ts";
import { VariableMenu, type MetafieldChoice } from "#app/ui/templates/VariableMenu.tsx";
import { useWords } from "#app/ui/words/words.ts";

type Field = HTMLInputElement | HTMLTextAreaElement;

type TextFieldsProps = {
  content: TemplateContent;
  onChange: (content: TemplateContent) => void;
  /** Mistakes of this language. */
  problems: TemplateProblem[];
  /** What this language says against the rules of its channel. */
  findings: Finding[];
  errors: { subject?: string; body?: string };
  metafields: MetafieldChoice[];
  checking: boolean;
};

/** Subject and text of a message in one language, with tools and with mistakes where they are. */
export function TextFields({
  content,
  onChange,
  problems,
  findings,
  errors,
  metafields,
  checking,
}: TextFieldsProps) {
  const words = useWords().templates.editor;
  const { policy } = useWords();
  const ids = { subject: `subject${useId()}`, body: `body${useId()}` };
  const set = (field: keyof TemplateContent) => (text: string) => onChange({ ...content, [field]: text });
  const of = (field: keyof TemplateContent) => problems.filter((problem) => problem.field === field);
  const against = (field: keyof TemplateContent) => findings.filter((finding) => finding.field === field);

  function apply(
    name: keyof TemplateContent,
    make: (source: string, selection: { from: number; to: number }) => Edit,
  ) {
    const field = document.getElementById(ids[name]) as Field | null;
    if (!field) return;
    const edit = make(field.value, { from: field.selectionStart ?? 0, to: field.selectionEnd ?? 0 });
    replace(field, edit, set(name));
  }

  function goTo(name: keyof TemplateContent, line: number, column: number) {
    const field = document.getElementById(ids[name]) as Field | null;
    if (!field) return;
    const at = indexOf(field.value, line, column);
    field.focus();
    field.setSelectionRange(at, at);
  }

  const announced = [
    problems.length > 0 ? `${words.problems(problems.length)}.` : "",
    findings.length > 0 ? policy.found(findings.length) : "",
  ].filter(Boolean);
  const body = (make: Parameters<typeof apply>[1]) => () => apply("body", make);
  const tools = [
    {
      label: words.tools.bold,
      icon: TextBoldIcon,
      key: "b",
      run: body((text, at) => wrap(text, at, "**", words.placeholders.bold)),
    },
    {
      label: words.tools.italic,
      icon: TextItalicIcon,
      key: "i",
      run: body((text, at) => wrap(text, at, "*", words.placeholders.italic)),
    },
    {
      label: words.tools.heading,
      icon: TextTitleIcon,
      run: body((text, at) => prefixLines(text, at, () => "## ", /^#{1,6} /, words.placeholders.heading)),
    },
    {
      label: words.tools.list,
      icon: ListBulletedIcon,
      run: body((text, at) => prefixLines(text, at, () => "- ", /^[-*] /, words.placeholders.item)),
    },
    {
      label: words.tools.numbered,
      icon: ListNumberedIcon,
      run: body((text, at) =>
        prefixLines(text, at, (index) => `${index + 1}. `, /^\d+\. /, words.placeholders.item),
      ),
    },
    {
      label: words.tools.link,
      icon: LinkIcon,
      key: "k",
      run: body((text, at) => link(text, at, words.placeholders.link)),
    },
  ];

  return (
    <BlockStack gap="400">
      <BlockStack gap="100">
        <TextField
          id={ids.subject}
          label={words.subject}
          value={content.subject}
          onChange={set("subject")}
          helpText={words.subjectHelp}
          error={errors.subject ?? of("subject").length > 0}
          autoComplete="off"
          connectedRight={
            <VariableMenu
              metafields={metafields}
              withWord={false}
              accessibilityLabel={words.variableFor.subject}
              onInsert={(text) => apply("subject", (_, at) => insert(at, text))}
            />
          }
        />
        <Problems problems={of("subject")} onGo={goTo} />
        <Findings findings={against("subject")} onGo={goTo} />
      </BlockStack>
      <BlockStack gap="200">
        <div role="toolbar" aria-label={words.toolbar} aria-controls={ids.body}>
          <InlineStack gap="200">
            <ButtonGroup variant="segmented">
              {tools.map(({ label, icon, run }) => (
                <Tooltip key={label} content={label} dismissOnMouseOut>
                  <Button icon={icon} size="slim" accessibilityLabel={label} onClick={run} />
                </Tooltip>
              ))}
            </ButtonGroup>
            <VariableMenu
              metafields={metafields}
              onInsert={(text) => apply("body", (_, at) => insert(at, text))}
            />
          </InlineStack>
        </div>
        <div
          className="TemplateBody"
          onKeyDown={(event) => {
            const tool =
              (event.ctrlKey || event.metaKey) &&
              !event.altKey &&
              tools.find(({ key }) => key === event.key.toLowerCase());
            if (!tool) return;
            event.preventDefault();
            tool.run();
          }}
        >
          <TextField
            id={ids.body}
            label={words.body}
            labelHidden
            multiline={16}
            maxHeight={640}
            value={content.body}
            onChange={set("body")}
            helpText={words.bodyHelp}
            error={errors.body ?? of("body").length > 0}
            autoComplete="off"
            spellCheck
          />
        </div>
        <Problems problems={of("body")} onGo={goTo} />
        <Findings findings={against("body")} onGo={goTo} />
        <div aria-live="polite" className="VisuallyHidden">
          {checking ? "" : announced.join(" ")}
        </div>
      </BlockStack>
    </BlockStack>
  );
}

const MOST_SHOWN = 10;

function Problems({
  problems,
  onGo,
}: {
  problems: TemplateProblem[];
  onGo: (field: "subject" | "body", line: number, column: number) => void;
}) {
  const words = useWords().templates.editor;
  if (problems.length === 0) return null;
  return (
    <ul className="Problems">
      {problems.slice(0, MOST_SHOWN).map(({ field, line, column, message }, index) => (
        <li key={index}>
          <InlineStack gap="200" wrap={false} blockAlign="start">
            <Box>
              <Icon source={AlertCircleIcon} tone="critical" />
            </Box>
            <div className="Break">
              <Text as="span" tone="critical">
                {words.problemAt(line, column, message)}
              </Text>{" "}
              <Button variant="plain" onClick={() => onGo(field, line, column)}>
                {words.goTo}
              </Button>
            </div>
          </InlineStack>
        </li>
      ))}
    </ul>
  );
}

/** Changes a field as if it was typed, so that undo takes it back. */
function replace(field: Field, edit: Edit, onChange: (text: string) => void): void {
  field.focus();
  field.setSelectionRange(edit.from, edit.to);
  // Deprecated, and still the only way into the browser's undo; what it can't do is set directly.
  const typed =
    edit.text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, edit.text);
  if (!typed) onChange(field.value.slice(0, edit.from) + edit.text + field.value.slice(edit.to));
  requestAnimationFrame(() => field.setSelectionRange(...edit.select));
}
