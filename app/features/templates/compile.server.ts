// What a text asks of Liquid, without running it: its faults with their places, its variables. Never throws: faults are data.
import { createHash } from "node:crypto";
import { LiquidError, Parser, Tokenizer, TypeGuards, toValueSync } from "liquidjs";
import type { TagToken, Template, Token, TopLevelToken, Value } from "liquidjs";
import { engine, LIMITS, placeOf, UnknownTag } from "#app/features/templates/liquid.server.ts";

export type FaultCode =
  "syntax" | "unknown_tag" | "unknown_filter" | "stray_tag" | "current_date" | "too_long" | "too_deep";
/** Something in the text that keeps it from being used. Lines and columns count from 1. */
export type Fault = { code: FaultCode; name: string; line: number; column: number };
/** A variable that the text reads and doesn't set itself; a segment is null where it is only known when rendering. */
export type VariableUse = { segments: (string | null)[]; line: number; column: number };
export type Compiled = { templates: Template[]; faults: Fault[]; variables: VariableUse[] };

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
