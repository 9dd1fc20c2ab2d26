// Whether a text keeps to its channel's rules: pure, in time proportional to the text. What was found is data with its place.
import type { ChannelName } from "#app/connectors/channels.ts";
import { policies, type ChannelPolicy, type Limit } from "#app/connectors/policies.ts";
import type { PolicyRule, Severity, Sign } from "#app/connectors/policies.ts";
import { maskLiquid, placer, read, VALUE, type Reading } from "#app/features/templates/policy.reading.ts";
import { phrasesOf, signOfLink } from "#app/features/templates/policy.signs.ts";
import type {
  Purpose,
  RenderedMail,
  RenderEnvelope,
  TemplateDraft,
} from "#app/features/templates/templates.ts";

type Field = "subject" | "body";

/** A place that breaks a rule. `locale` is "" in a finished mail. Lines and columns count from 1. */
export type Finding = {
  ruleId: string;
  severity: Severity;
  /** What it was recognised by. */
  about: Sign | Exclude<Limit["kind"], "sign">;
  locale: string;
  field: Field;
  line: number;
  column: number;
  /** The words in question. In a finished mail they may be a buyer's: not for logs. */
  excerpt: string;
};

type Text = { locale: string; field: Field; source: string; written: string; reading: Reading };
type Span = { from: number; to: number };
/** `ageDays` null: not known before it is sent. */
type Check = { ageDays: number | null; purposes: readonly Purpose[]; texts: Text[] };

/** So many of one rule in one text; the rest is more of the same. */
const MOST_FOUND = 20;
const EXCERPT = 90;

/** What a draft says against its channel's rules, in all its languages and in reading order. */
export function checkPolicy(
  { channel, purpose, draft }: { channel: ChannelName; purpose: Purpose; draft: TemplateDraft },
  policy: ChannelPolicy = policies[channel],
): Finding[] {
  const texts = Object.entries(draft.locales).flatMap(([locale, content]) =>
    (["subject", "body"] as const).map((field): Text => {
      const written = maskLiquid(content[field]);
      return { locale, field, source: content[field], written, reading: read(written) };
    }),
  );
  return check(policy, { purposes: [purpose], texts, ageDays: null });
}

type Rendered = {
  channel: ChannelName;
  /** What the sections of the mail are for. */
  purposes: readonly Purpose[];
  mail: Pick<RenderedMail, "subject" | "text">;
  /** What is called as it is called, whatever it sounds like: see `namesIn`. */
  names: readonly string[];
  /** Days since the order was placed; left out, it is too old for any channel that has a window. */
  ageDays?: number;
};

/** What a finished mail says against its channel's rules. */
export function checkRendered(
  { channel, purposes, mail, names, ageDays = Infinity }: Rendered,
  policy: ChannelPolicy = policies[channel],
): Finding[] {
  const pattern = patternOf(names);
  const text = (field: Field, whole: string): Text => {
    const written = pattern ? whole.replace(pattern, (name) => VALUE.repeat(name.length)) : whole;
    return { locale: "", field, source: written.replaceAll(VALUE, "·"), written, reading: read(written) };
  };
  const texts = [text("subject", mail.subject), text("body", mail.text)];
  return check(policy, { purposes, texts, ageDays });
}

/**
 * The findings that stand in the way: `never` always, `overrulable` unless an approver overruled that rule.
 * @param overruled ids of overruled rules; null where nobody could say so yet: then only `never` stands in the way
 */
export function refusing(findings: Finding[], overruled: readonly string[] | null): Finding[] {
  return findings.filter(
    ({ severity, ruleId }) =>
      severity === "never" ||
      (severity === "overrulable" && overruled !== null && !overruled.includes(ruleId)),
  );
}

/** Every value of an order, a product and a shop that is a name and nobody's message. Metafields are not: merchants write texts there. */
export function namesIn({ sections, shopName, orderName, footer }: RenderEnvelope): string[] {
  const names = new Set([shopName, orderName, footer.legalName]);
  for (const { context } of sections)
    for (const group of Object.values(context))
      for (const value of Object.values(group)) if (typeof value === "string") names.add(value);
  return [...names];
}

/** Names as they stand in a text, whole words only; null when there are none to look for. */
function patternOf(names: readonly string[]): RegExp | null {
  const sources = names
    .map((name) => name.trim().slice(0, 500))
    // Two letters are part of too many words, and say nothing.
    .filter((name) => name.length > 2)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s{1,3}"));
  if (sources.length === 0) return null;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${sources.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

function check(policy: ChannelPolicy, given: Check): Finding[] {
  const findings: Finding[] = [];
  for (const text of given.texts) {
    const spans = policy.flatMap((rule) =>
      spansOf(rule, text, given)
        .slice(0, MOST_FOUND)
        .map((span) => ({ rule, span })),
    );
    spans.sort((a, b) => a.span.from - b.span.from);
    const place = placer(text.source);
    for (const { rule, span } of spans)
      findings.push({
        ruleId: rule.id,
        severity: rule.severity,
        about: rule.limit.kind === "sign" ? rule.limit.sign : rule.limit.kind,
        locale: text.locale,
        field: text.field,
        ...place(span.from),
        excerpt: excerptOf(text.source, span),
      });
  }
  return findings;
}

function excerptOf(source: string, { from, to }: Span): string {
  const words = source
    .slice(from, Math.min(to, from + 4 * EXCERPT))
    .replace(/\s+/g, " ")
    .trim();
  return words.length > EXCERPT ? `${words.slice(0, EXCERPT - 1).toWellFormed()}…` : words;
}

/** The whole text, where what is wrong has no place in it. */
const WHOLE: Span[] = [{ from: 0, to: 0 }];

function spansOf({ limit }: PolicyRule, text: Text, { purposes, ageDays, texts }: Check): Span[] {
  const { written, reading } = text;
  const isFirst = text === texts[0];
  switch (limit.kind) {
    case "sign":
      return signSpans(limit.sign, reading);
    case "length": {
      const { length } = written.replaceAll(VALUE, "");
      return limit.field === text.field && length > limit.most ? [{ from: limit.most, to: length }] : [];
    }
    case "links":
      return linkSpans(reading).filter(({ url }) => !isAllowed(url, limit.allowed));
    case "html":
      return matches(/<\/?[a-z][^<>]{0,400}>/gi, written);
    case "attachments":
      return matches(/!\[|<img\b/gi, written);
    case "window":
      return isFirst && ageDays !== null && ageDays > limit.days ? WHOLE : [];
    case "purposes": {
      const different = new Set(purposes);
      const kept = different.size <= limit.most && purposes.every((each) => limit.allowed.includes(each));
      return isFirst && !kept ? WHOLE : [];
    }
  }
}

const matches = (pattern: RegExp, text: string): Span[] =>
  Array.from(text.matchAll(pattern), (match) => ({ from: match.index, to: match.index + match[0].length }));

const linkSpans = ({ links }: Reading) =>
  links.map(({ url, at }) => ({ url, from: at, to: at + url.length }));

/** A value may lead anywhere: what it is shows in the finished mail. */
function isAllowed(url: string, hosts: readonly string[]): boolean {
  if (hosts.length === 0) return false;
  if (url.startsWith(VALUE)) return true;
  const full = /^https?:/i.test(url) ? url : `https://${url}`;
  return URL.canParse(full) && hosts.includes(new URL(full).hostname.replace(/^www\./, ""));
}

function signSpans(sign: Sign, reading: Reading): Span[] {
  const found: Span[] = linkSpans(reading).filter(({ url }) => signOfLink(url, sign));
  for (const pattern of phrasesOf(sign))
    for (const { from, to } of matches(pattern, reading.text))
      found.push({ from: reading.at[from] ?? 0, to: (reading.at[to - 1] ?? 0) + 1 });
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  // The same words, recognised twice.
  let end = -1;
  return found.filter((span) => span.from >= end && (end = span.to) > 0);
}
