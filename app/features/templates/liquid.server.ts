// The one Liquid engine: what it allows, what it refuses, and how far a template may go.
import { createHash } from "node:crypto";
import {
  CaptureTag,
  Context,
  Liquid,
  LiquidError,
  Parser,
  Tag,
  Tokenizer,
  TypeGuards,
  filters as stockFilters,
  toValueSync,
} from "liquidjs";
import type { Emitter, TagToken, Template, Token, TopLevelToken, Value } from "liquidjs";

/*
 * Allowed: what decides, repeats and names. Left out on purpose: include, render, layout, block (there are no other files),
 * tablerow (prints HTML), liquid and echo (a second grammar whose lines and columns can't be told), cycle, increment and
 * decrement (nobody needs them in a letter). `raw` stays: it is the only way to show braces, and what it holds is the
 * merchant's own text.
 */
const TAGS = ["if", "unless", "case", "for", "break", "continue", "assign", "capture", "comment", "#", "raw"];

const STOCK_FILTERS = [
  "abs append at_least at_most capitalize ceil compact concat default divided_by downcase first floor join last lstrip",
  "minus modulo plus prepend remove remove_first remove_last replace replace_first replace_last reverse round rstrip size",
  "slice sort split strip strip_html strip_newlines times truncate truncatewords uniq upcase url_decode url_encode where",
]
  .join(" ")
  .split(" ");

/*
 * Merchants know these from their theme. Every printed value is escaped and keeps its line breaks anyway, and metafields
 * are text already, so they change nothing here; doing their work again would show "&amp;" or "<br>" to the buyer.
 */
const NEEDLESS_FILTERS = ["escape", "escape_once", "newline_to_br", "metafield_text", "metafield_tag"];

const LIMITS = {
  /** Characters of one text. */
  source: 60_000,
  /** Blocks inside blocks. */
  depth: 50,
  /** Characters that filters, ranges and lists may allocate in one rendering. */
  memory: 2_000_000,
  /** Nodes of the template that one rendering may pass: counted instead of timed, so that the verdict is always the same. */
  steps: 50_000,
  /** Characters of one rendered text. */
  output: 100_000,
};

export type FaultCode =
  "syntax" | "unknown_tag" | "unknown_filter" | "stray_tag" | "current_date" | "too_long" | "too_deep";
/** Something in the text that keeps it from being used. Lines and columns count from 1. */
export type Fault = { code: FaultCode; name: string; line: number; column: number };
/** A variable that the text reads and doesn't set itself; a segment is null where it is only known when rendering. */
export type VariableUse = { segments: (string | null)[]; line: number; column: number };
export type Compiled = { templates: Template[]; faults: Fault[]; variables: VariableUse[] };

class LimitError extends Error {}

/** A template that compiles but can't be run to its end. Holds no value of it. */
export class RunError extends Error {
  readonly tooLarge: boolean;
  readonly line: number;
  readonly column: number;
  constructor(error: unknown) {
    super("the template can't be run");
    const origin = LiquidError.is(error) ? (error as { originalError?: unknown }).originalError : error;
    const detail = origin instanceof Error ? origin.message : "";
    this.tooLarge =
      origin instanceof LimitError ||
      origin instanceof RangeError ||
      /limit exceeded|call stack/.test(detail);
    const { line, column } = placeOf(
      LiquidError.is(error) ? (error as unknown as { token: Token }).token : null,
    );
    this.line = line;
    this.column = column;
  }
}

type Sink = { values: string[] | null; dates: Map<string, string>; length: number };

/** Marks where a value goes: noncharacters, which no text has a use for and no parser of Markdown or HTML touches. */
export const SLOT = /\uFDD0(\d+)\uFDD1/g;

/** Removes what a value must not bring along: control characters, direction overrides, our own marks. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(
      /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFEFF]/g,
      "",
    )
    .toWellFormed();
}

function printable(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(printable).filter(Boolean).join(", ");
  if (typeof value === "object" || typeof value === "function") return "";
  return String(value);
}

const sinkOf = (context: Context) => context.getRegister("sink") as Sink;

/** Whatever {{ … }} prints is text and never markup: it stays out of the Markdown until that has been parsed. */
function print(this: { context: Context }, value: unknown): string {
  const sink = sinkOf(this.context);
  const text = cleanText(printable(value));
  sink.length += text.length;
  if (sink.length > LIMITS.output) throw new LimitError("output");
  if (!sink.values) return text;
  return `\uFDD0${sink.values.push(text) - 1}\uFDD1`;
}

class BoundedEmitter {
  buffer = "";
  write(part: unknown): void {
    this.buffer += printable(part);
    if (this.buffer.length > LIMITS.output) throw new LimitError("output");
  }
}

/** Like the stock tag, but what it holds is the text as the buyer would read it, so that filters can work on it. */
class TextCaptureTag extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const sink = sinkOf(context);
    const { values } = sink;
    sink.values = null;
    try {
      const templates = (this as unknown as { templates: Template[] }).templates;
      const text = yield this.liquid.renderer.renderTemplates(
        templates,
        context,
        new BoundedEmitter() as Emitter,
      );
      (context.bottom() as Record<string, unknown>)[this.variable] = text;
    } finally {
      sink.values = values;
    }
  }
}

class UnknownTag extends Tag {
  override *render(): Generator<unknown, void, unknown> {}
}

/** `date` without "now": the same message must come out the same at every try. Knows the shown form of dates, too. */
function date(this: { context: Context }, value: unknown, format?: unknown): unknown {
  const shown = printable(value);
  const iso = sinkOf(this.context).dates.get(shown) ?? shown;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?)?/.exec(iso);
  // Noon, where only the day is known: no time zone of the host can move it to the day before or after.
  const at = match ? Date.parse(`${match[1]}T${match[2] ?? "12:00"}:00Z`) : Number.NaN;
  if (!match || Number.isNaN(at)) return value;
  if (format === undefined) return longDate(iso, this.context.opts.locale);
  return (stockFilters.date as (...args: unknown[]) => unknown).call(this, at / 1000, format, 0);
}

/** "2026-11-21" → "November 21, 2026", in the language asked for. Anything that is no date stays as it is. */
export function longDate(iso: string, locale: string): string {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(iso)?.[0];
  const at = day ? Date.parse(`${day}T12:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) return iso;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at);
}

function createEngine(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: false,
    strictVariables: false,
    parseLimit: LIMITS.source,
    dynamicPartials: false,
    templates: {},
    outputEscape: print as (value: unknown) => string,
  });
  const tags: Record<string, unknown> = Object.create(null);
  for (const name of TAGS) tags[name] = name === "capture" ? TextCaptureTag : engine.tags[name];
  // A tag that isn't there becomes a node of its own, so that one look finds all of them.
  const orUnknown = new Proxy(tags, { get: (known, name) => known[name as string] ?? UnknownTag });
  const filters: Record<string, unknown> = Object.create(null);
  for (const name of STOCK_FILTERS) filters[name] = engine.filters[name];
  for (const name of NEEDLESS_FILTERS) filters[name] = (value: unknown) => value;
  filters.date = date;
  return Object.assign(engine, { tags: orUnknown, filters }) as Liquid;
}

const engine = createEngine();

export const TAG_NAMES: readonly string[] = TAGS;
export const FILTER_NAMES: readonly string[] = Object.keys(engine.filters).sort();

type Expression = { kind: number; begin: number; input: string; getPosition(): [number, number] } & Record<
  string,
  unknown
>;

/** Every value, property and filter below a tag's or an output's argument. */
function* expressionsIn(argument: unknown): Generator<{ token: Expression } | { value: Value }> {
  const node = argument as Record<string, unknown> | undefined;
  if (!node || typeof node !== "object") return;
  if ("initial" in node && "filters" in node) {
    yield { value: node as unknown as Value };
    for (const token of (node.initial as { postfix: unknown[] }).postfix) yield* expressionsIn(token);
    for (const filter of node.filters as { args: unknown[] }[])
      for (const arg of filter.args) yield* expressionsIn(Array.isArray(arg) ? arg[1] : arg);
    return;
  }
  yield { token: node as Expression };
  for (const part of [node.lhs, node.rhs, node.variable, ...((node.props as unknown[] | undefined) ?? [])])
    if (part) yield* expressionsIn(part);
}

function* allNodes(templates: Template[]): Generator<Template> {
  for (const template of templates) {
    yield template;
    if (template.children) yield* allNodes(toValueSync(template.children(false, true)) as Template[]);
  }
}

/** `product.metafields.a.b.value`, as themes write it, means the metafield itself. */
function forgiveValue(token: Expression): void {
  const props = token.props as { content?: unknown }[];
  const [owner, list, , , value] = props.map((prop) => prop.content);
  if (
    props.length === 5 &&
    (owner === "product" || owner === "variant") &&
    list === "metafields" &&
    value === "value"
  )
    props.pop();
}

function faultsOf(node: Template): Fault[] {
  const at = (code: FaultCode, name: string, token: Token): Fault => ({ code, name, ...placeOf(token) });
  const token = node.token as unknown as TagToken;
  if (node instanceof UnknownTag) return [at("unknown_tag", token.name, token)];
  const faults: Fault[] = [];
  for (const argument of node.arguments ? toValueSync(collect(node.arguments())) : []) {
    for (const found of expressionsIn(argument)) {
      if ("token" in found) {
        if (TypeGuards.isPropertyAccessToken(found.token)) forgiveValue(found.token);
        continue;
      }
      const { initial, filters } = found.value;
      for (const filter of filters as unknown as { name: string; token: Token }[]) {
        // The engine adds `print` to each output as a filter without a place.
        if (filter.token.input === "" || filter.name in engine.filters) continue;
        faults.push(at("unknown_filter", filter.name, filter.token));
      }
      const first = initial.postfix[0];
      const literal = TypeGuards.isQuotedToken(first) ? first.content : "";
      if (/^(now|today)$/.test(literal) && filters.some(({ name }) => name === "date"))
        faults.push(at("current_date", literal, first as Token));
    }
  }
  return faults;
}

function* collect(generator: Iterable<unknown>): Generator<unknown, unknown[], unknown> {
  return [...generator];
}

/** An unknown block brings its end along: one fault is enough. What closes nothing is a stray. */
function settleTags(faults: Fault[]): Fault[] {
  const unknown = new Set(faults.filter(({ code }) => code === "unknown_tag").map(({ name }) => name));
  // What a syntax error swallowed can't be told from what was never opened.
  const torn = faults.some(({ code }) => code === "syntax");
  const strays = /^(end(if|unless|case|for|capture|comment|raw)|else|elsif|when)$/;
  return faults
    .filter(
      ({ code, name }) => !(code === "unknown_tag" && name.startsWith("end") && unknown.has(name.slice(3))),
    )
    .filter(({ code, name }) => !(torn && code === "unknown_tag" && strays.test(name)))
    .map((fault) =>
      fault.code === "unknown_tag" && strays.test(fault.name) ? { ...fault, code: "stray_tag" } : fault,
    );
}

/** A tag alone on its line leaves no empty line behind: in Markdown that would tear a list apart. */
function swallowTagLines(tokens: TopLevelToken[]): void {
  tokens.forEach((token, index) => {
    if (!TypeGuards.isTagToken(token)) return;
    const { input, begin, end } = token;
    const before = /[ \t]*$/.exec(input.slice(Math.max(0, begin - 200), begin))?.[0] ?? "";
    const after = /^[ \t]*(\r?\n|$)/.exec(input.slice(end, end + 200))?.[0];
    const start = begin - before.length;
    if (after === undefined || (start > 0 && input[start - 1] !== "\n")) return;
    const previous = tokens[index - 1];
    const next = tokens[index + 1];
    if (TypeGuards.isHTMLToken(previous)) previous.trimRight = Math.max(previous.trimRight, before.length);
    if (TypeGuards.isHTMLToken(next)) next.trimLeft = Math.max(next.trimLeft, after.length);
  });
}

/** The tag that opens one block too many: deeper ones would exhaust the stack, which is not as deep everywhere. */
function firstTooDeep(tokens: TopLevelToken[]): Fault | null {
  let depth = 0;
  for (const token of tokens) {
    if (!TypeGuards.isTagToken(token)) continue;
    if (token.name.startsWith("end")) depth = Math.max(0, depth - 1);
    else if (["if", "unless", "case", "for", "capture"].includes(token.name) && ++depth > LIMITS.depth)
      return { code: "too_deep", name: token.name, ...placeOf(token) };
  }
  return null;
}

function parse(source: string): Compiled {
  if (source.length > LIMITS.source)
    return { templates: [], variables: [], faults: [{ code: "too_long", name: "", line: 1, column: 1 }] };
  const templates: Template[] = [];
  const faults: Fault[] = [];
  const note = (error: unknown) => {
    const token = LiquidError.is(error) ? (error as unknown as { token: Token }).token : null;
    faults.push({ code: "syntax", name: syntaxDetail(error), ...placeOf(token) });
  };
  try {
    const tokens = new Tokenizer(source, engine.options.operators).readTopLevelTokens(engine.options);
    const tooDeep = firstTooDeep(tokens);
    if (tooDeep) return { templates: [], variables: [], faults: [tooDeep] };
    swallowTagLines(tokens);
    const parser = new Parser(engine);
    let token: TopLevelToken | undefined;
    while ((token = tokens.shift())) {
      try {
        templates.push(parser.parseToken(token, tokens));
      } catch (error) {
        note(error);
      }
    }
    for (const node of allNodes(templates)) faults.push(...faultsOf(node));
  } catch (error) {
    note(error);
  }
  const settled = settleTags(faults).sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    templates,
    faults: settled,
    variables: settled.some(({ code }) => code === "syntax") ? [] : variablesOf(templates),
  };
}

function placeOf(token: Token | null): { line: number; column: number } {
  const [line = 1, column = 1] = token?.getPosition() ?? [];
  return { line, column };
}

const syntaxDetail = (error: unknown) =>
  error instanceof Error ? error.message.replace(/(, file:.*)?, line:\d+, col:\d+$/s, "").slice(0, 200) : "";

type Segment = string | number | { segments: unknown[] };

function variablesOf(templates: Template[]): VariableUse[] {
  const { globals } = engine.analyzeSync(templates, { partials: false });
  return Object.values(globals)
    .flat()
    .map(({ segments, location }) => ({
      segments: (segments as Segment[]).map((segment) =>
        typeof segment === "object" ? null : String(segment),
      ),
      line: location.row,
      column: location.col,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

const cache = new Map<string, Compiled>();
const CACHE_SIZE = 500;

/** Parses a text once; the newest 500 are kept by the hash of their content. Never throws: faults are data. */
export function compile(source: string): Compiled {
  const hash = createHash("sha256").update(source).digest("base64");
  const known = cache.get(hash);
  const compiled = known ?? parse(source);
  cache.delete(hash);
  cache.set(hash, compiled);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  return compiled;
}

export type LiquidOutput = { text: string; values: string[] };

/**
 * Runs a compiled text. With `slots` every printed value stands as a SLOT and its text in `values`; without, as itself.
 * @param dates what `scope` shows as a date → its ISO form, for the `date` filter
 * @throws RunError past a limit or when an expression can't be evaluated
 */
export function runLiquid(
  { templates }: Compiled,
  scope: object,
  { slots, locale, dates }: { slots: boolean; locale: string; dates: Map<string, string> },
): LiquidOutput {
  let steps = 0;
  const limiter = {
    use() {},
    check() {
      if (++steps > LIMITS.steps) throw new LimitError("steps");
    },
  };
  const context = new Context(
    scope,
    { ...engine.options, locale },
    { sync: true, memoryLimit: LIMITS.memory },
    { liquid: engine, renderLimit: limiter as never },
  );
  const values: string[] = [];
  context.setRegister("sink", { values: slots ? values : null, dates, length: 0 } satisfies Sink);
  const emitter = new BoundedEmitter();
  try {
    toValueSync(engine.renderer.renderTemplates(templates, context, emitter as Emitter));
  } catch (error) {
    throw new RunError(error);
  }
  return { text: emitter.buffer, values };
}
