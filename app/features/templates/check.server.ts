// What keeps a template from being used, each with its place. May be slow on hostile text: ask render.server's checkDraft.
import { compile, type Fault, type VariableUse } from "#app/features/templates/compile.server.ts";
import { FILTER_NAMES, RunError, runLiquid, TAG_NAMES } from "#app/features/templates/liquid.server.ts";
import { themeOf } from "#app/features/templates/mail.layout.ts";
import { mailLanguage } from "#app/features/templates/mail.words.ts";
import { scopeOf } from "#app/features/templates/mail.server.ts";
import { blocksOf, toHtml } from "#app/features/templates/markdown.server.ts";
import type { TemplateDraft, TemplateProblem } from "#app/features/templates/templates.ts";
import { exampleContext, VARIABLES } from "#app/features/templates/variables.ts";

type Place = { line: number; column: number; message: string };

const PATHS: ReadonlySet<string> = new Set(VARIABLES.map(({ path }) => path));
const GROUPS: ReadonlySet<string> = new Set(VARIABLES.map(({ group }) => group));
/** What Liquid itself knows of a text or a list. */
const PARTS: ReadonlySet<string> = new Set(["size", "first", "last"]);

const FAULTS: Record<Fault["code"], (name: string) => string> = {
  syntax: (detail) => syntaxMessage(detail),
  unknown_tag: (name) =>
    `“{% ${name} %}” can't be used in a message. You can use ${listed(TAG_NAMES.filter((tag) => tag !== "#"))}.`,
  stray_tag: (name) => `“{% ${name} %}” belongs to nothing: the tag that opens it is missing.`,
  unknown_filter: (name) => `There is no filter “${name}”. You can use ${listed(FILTER_NAMES)}.`,
  current_date: (name) =>
    `“${name}” would change with the moment of sending. Use order.date or write the date.`,
  too_deep: (name) => `“{% ${name} %}” is inside too many others.`,
  too_long: () => "This text is too long.",
};

const listed = (names: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);

function syntaxMessage(detail: string): string {
  const tag = /^tag "?(\{%-?\s*(\w+).*?)"? not closed$/s.exec(detail);
  if (tag?.[1]?.endsWith("%}")) return `“${tag[1]}” is never closed. Add {% end${tag[2]} %}.`;
  if (tag) return `This tag is never closed. Add “%}”.`;
  if (/^output .* not closed$/s.test(detail)) return "This “{{” is never closed. Add “}}”.";
  if (/^invalid value expression/.test(detail)) return "A value is missing here.";
  if (/^illegal tag syntax/.test(detail)) return "The name of a tag is missing here.";
  return `This can't be read: ${detail || "unknown syntax"}.`;
}

function suggestion(segments: (string | null)[]): string {
  const last = segments.at(-1);
  const path = segments.length > 1 && [...PATHS].find((known) => known.split(".")[1] === last);
  return path ? ` Did you mean ${path}?` : "";
}

function variableMessage({ segments }: VariableUse): string | null {
  const [owner, name, namespace, key, part] = segments;
  const written = segments.map((segment) => segment ?? "…").join(".");
  if (typeof owner !== "string" || !GROUPS.has(owner))
    return `There is no variable “${written}”.${suggestion(segments)}`;
  if ((owner === "product" || owner === "variant") && name === "metafields") {
    if (!namespace || !key) return `Name the metafield in full: ${owner}.metafields.namespace.key.`;
    if (
      segments.length > 5 ||
      (segments.length === 5 && part !== null && !PARTS.has(part ?? "") && !/^-?\d+$/.test(part ?? ""))
    )
      return `A metafield has no “${part}”. Use ${owner}.metafields.${namespace}.${key}.`;
    return null;
  }
  if (segments.length === 1)
    return `“${owner}” holds several values. Choose one, such as ${VARIABLES.find(({ group }) => group === owner)?.path}.`;
  if (!PATHS.has(`${owner}.${name}`)) return `There is no variable “${written}”.${suggestion(segments)}`;
  if (segments.length > 3 || (segments.length === 3 && !PARTS.has(namespace ?? "")))
    return `“${owner}.${name}” has no “${segments[2] ?? "…"}”.`;
  return null;
}

/** Liquid replaced by slots of the same length: what is left is the Markdown at its old places. */
const mask = (source: string) =>
  source.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (liquid) => {
    const index = liquid.startsWith("{{") ? "0" : "1";
    return `\uFDD0${index.padStart(liquid.length - 2, "0")}\uFDD1`;
  });

function placeAt(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(0, index));
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: before.length - start + 1 };
}

function addressProblems(source: string, locale: string): Place[] {
  const masked = mask(source);
  const { dir } = mailLanguage(locale);
  const options = { theme: themeOf("#000000"), dir, links: new Map<string, string>(), buyer: [] };
  const { refused } = toHtml(blocksOf(masked), ["x", ""], options);
  let from = 0;
  return refused.map(({ url, kind }) => {
    const at = Math.max(masked.indexOf(url, from), 0);
    from = at + 1;
    const message =
      kind === "image"
        ? "An image needs an address that starts with https://."
        : "A link needs a full address that starts with https://, http://, mailto: or tel:.";
    return { ...placeAt(source, at), message };
  });
}

/** Runs the text once with an invented order: loops without end and filters that lack a value show only then. */
function trialProblems(source: string, locale: string, slots: boolean): Place[] {
  const scope = scopeOf(exampleContext(), locale);
  try {
    runLiquid(compile(source), scope.values, { slots, locale, dates: scope.dates });
    return [];
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const { line, column, tooLarge } = error;
    const message = tooLarge
      ? "This repeats or prints too much for one message."
      : "This can't be worked out. Check that each filter has the values it needs.";
    return [{ line, column, message }];
  }
}

function textProblems(source: string, field: "subject" | "body", locale: string): Place[] {
  const { faults, variables } = compile(source);
  const places = faults.map(({ code, name, line, column }) => ({
    line,
    column,
    message: FAULTS[code](name),
  }));
  for (const use of variables) {
    const message = variableMessage(use);
    if (message) places.push({ line: use.line, column: use.column, message });
  }
  if (source.trim() === "") places.push({ line: 1, column: 1, message: "Write the message." });
  if (faults.length === 0) places.push(...trialProblems(source, locale, field === "body"));
  if (field === "body") places.push(...addressProblems(source, locale));
  return places.sort((a, b) => a.line - b.line || a.column - b.column);
}

const FIELDS = ["subject", "body"] as const;

/** Everything wrong with a template's texts, in reading order; empty = it can be used. Never throws on any text. */
export function checkTemplate(draft: TemplateDraft): TemplateProblem[] {
  return Object.entries(draft.locales).flatMap(([tag, content]) => {
    const { locale } = mailLanguage(tag);
    return FIELDS.flatMap((field) => {
      try {
        return textProblems(content[field], field, locale).map((place) => ({ locale: tag, field, ...place }));
      } catch (error) {
        // Nested so deep that a parser runs out of stack.
        if (!(error instanceof RangeError)) throw error;
        return [
          { locale: tag, field, line: 1, column: 1, message: "This is nested too deep for one message." },
        ];
      }
    });
  });
}

export type MetafieldUse = { owner: "product" | "variant"; namespace: string; key: string };

/** The metafields a template reads, in any of its languages, each once and in a fixed order. */
export function metafieldsUsed(draft: TemplateDraft): MetafieldUse[] {
  const found = new Map<string, MetafieldUse>();
  for (const { subject, body } of Object.values(draft.locales)) {
    for (const { segments } of [...compile(subject).variables, ...compile(body).variables]) {
      const [owner, list, namespace, key] = segments;
      if ((owner !== "product" && owner !== "variant") || list !== "metafields" || !namespace || !key)
        continue;
      found.set(JSON.stringify([owner, namespace, key]), { owner, namespace, key });
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}
