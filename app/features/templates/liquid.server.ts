// The one Liquid engine: what it allows, what it refuses, and how far a template may go.
import {
  CaptureTag,
  Context,
  Liquid,
  LiquidError,
  Tag,
  filters as stockFilters,
  toValueSync,
} from "liquidjs";
import type { Emitter, Template, Token } from "liquidjs";
import { cleanText } from "#app/features/templates/slots.ts";

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

export const LIMITS = {
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

/** Where a token stands; lines and columns count from 1. */
export function placeOf(token: Token | null): { line: number; column: number } {
  const [line = 1, column = 1] = token?.getPosition() ?? [];
  return { line, column };
}

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

/** Stands for a tag that isn't there. */
export class UnknownTag extends Tag {
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

export const engine = createEngine();

export const TAG_NAMES: readonly string[] = TAGS;
export const FILTER_NAMES: readonly string[] = Object.keys(engine.filters).sort();

export type LiquidOutput = { text: string; values: string[] };

/**
 * Runs a compiled text. With `slots` every printed value stands as a SLOT and its text in `values`; without, as itself.
 * @param dates what `scope` shows as a date → its ISO form, for the `date` filter
 * @throws RunError past a limit or when an expression can't be evaluated
 */
export function runLiquid(
  { templates }: { templates: Template[] },
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
