// One mail from an envelope: pure and synchronous; the same envelope gives the same bytes. Runs in the renderer's threads.
import { compile } from "#app/features/templates/compile.server.ts";
import { longDate, RunError, runLiquid } from "#app/features/templates/liquid.server.ts";
import { FONT, layoutMail, themeOf, type LaidSection } from "#app/features/templates/mail.layout.ts";
import { mailLanguage, mailWords } from "#app/features/templates/mail.words.ts";
import {
  blocksOf,
  escapeHtml,
  fillSlots,
  safeUrl,
  toHtml,
  toText,
} from "#app/features/templates/markdown.server.ts";
import type { Block } from "#app/features/templates/markdown.server.ts";
import { cleanText } from "#app/features/templates/slots.ts";
import { metafieldText } from "#app/features/templates/metafields.ts";
import type {
  MessageContext,
  RenderEnvelope,
  RenderedMail,
  RenderSection,
} from "#app/features/templates/templates.ts";

/** Why a mail can't be made. Holds nothing of what the buyer or the merchant wrote. */
export type RenderFault =
  | "template_invalid"
  /** An expression that can't be evaluated. */
  | "template_broken"
  /** Loops too long, or prints or stores too much. */
  | "template_too_large"
  /** Nothing is left to read. */
  | "message_empty";

export class MailFault extends Error {
  readonly fault: RenderFault;
  constructor(fault: RenderFault) {
    super(fault);
    this.fault = fault;
  }
}

const SUBJECT_LENGTH = 200;
const MAIL_LENGTH = 1_000_000;

type Scope = { values: object; dates: Map<string, string>; links: Map<string, string>; buyer: string[] };

/** Values without a prototype, each cleaned: what a template can reach, and nothing else. */
function bare(value: unknown, read: (text: string) => unknown = cleanText): unknown {
  if (typeof value === "string") return read(value);
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) copy[key] = bare(item, read);
  return copy;
}

const metafields = (all: Record<string, Record<string, string>>) =>
  bare(all, (text) => bare(metafieldText(text)));

function* texts(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const item of Object.values(value)) yield* texts(item);
}

/** What a template sees of a context, with dates in the language of the mail. */
export function scopeOf(context: MessageContext, locale: string): Scope {
  const { product, variant } = context;
  const values = bare(context) as Record<string, Record<string, unknown>>;
  const own = { ...values.product, metafields: metafields(product.metafields) };
  const ofVariant = { ...values.variant, metafields: metafields(variant.metafields) };
  values.product = Object.assign(Object.create(null), own);
  values.variant = Object.assign(Object.create(null), ofVariant);
  const date = longDate(context.order.date, locale);
  values.order = Object.assign(Object.create(null), values.order, { date });

  const links = new Map<string, string>();
  const addresses = [product.url, product.image, context.tracking.url, context.shop.url];
  for (const text of [...addresses, ...texts(own.metafields), ...texts(ofVariant.metafields)]) {
    const clean = cleanText(text);
    const href = /^https?:\/\/\S+$/i.test(clean) ? safeUrl(clean, "link") : null;
    if (href) links.set(clean, href);
  }
  const { email } = context.shop;
  if (/^[^\s@<>]+@[^\s@<>]+$/.test(email)) links.set(email, `mailto:${email}`);
  const typed = [context.customer.first_name, context.customer.last_name];
  const buyer = typed
    .map((text) => cleanText(text).trim().toLowerCase())
    .filter((text) => /[:/.]/.test(text));
  return { values, dates: new Map([[date, context.order.date]]), links, buyer };
}

function run(source: string, scope: Scope, locale: string, slots: boolean) {
  const compiled = compile(source);
  if (compiled.faults.length > 0) throw new MailFault("template_invalid");
  try {
    return runLiquid(compiled, scope.values, { slots, locale, dates: scope.dates });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw new MailFault(error.tooLarge ? "template_too_large" : "template_broken");
  }
}

/** One line without control characters; cut between characters, not inside one. */
export function singleLine(text: string, length = SUBJECT_LENGTH): string {
  const line = cleanText(text)
    .replace(/[\s\u0085\u2028\u2029]+/g, " ")
    .trim();
  if (line.length <= length) return line;
  let cut = "";
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(line)) {
    if (cut.length + segment.length > length - 1) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}

type Section = {
  subject: string;
  caption: string;
  blocks: Block[];
  values: string[];
  scope: Scope;
  helpedUrl: string | undefined;
};

function readSection({ content, context, helpedUrl }: RenderSection, locale: string): Section {
  const scope = scopeOf(context, locale);
  const subject = singleLine(run(content.subject, scope, locale, false).text);
  const { text, values } = run(content.body, scope, locale, true);
  return { subject, caption: titleOf(context), blocks: blocksOf(text), values, scope, helpedUrl };
}

const titleOf = ({ line, product }: MessageContext) => singleLine(line.title || product.title);
const sourceOf = (section: Section) =>
  section.blocks.map((block) => fillSlots(block.raw, section.values).trim());

/**
 * Several messages in one mail: what is word for word the same comes once. A greeting that all begin with stands above
 * the first heading, a closing that all end with is left to the last.
 */
function mergeSections(all: Section[]): { greeting: Section | null; sections: Section[] } {
  const seen = new Set<string>();
  const sections = all.filter((section) => {
    const key = JSON.stringify([section.subject, ...sourceOf(section)]);
    return !seen.has(key) && seen.add(key);
  });
  const [first, last] = [sections[0], sections.at(-1)];
  if (!first || !last || first === last) return { greeting: null, sections };
  // Only where something is left between the two.
  const shared = (at: 0 | -1) =>
    sections.every(({ blocks }) => blocks.length > 2 && blocks.at(at)?.type === "paragraph") &&
    new Set(sections.map((section) => sourceOf(section).at(at))).size === 1;
  const from = shared(0) ? 1 : 0;
  const closed = shared(-1);
  return {
    greeting: from ? { ...first, blocks: first.blocks.slice(0, 1) } : null,
    sections: sections.map((section) => ({
      ...section,
      blocks: section.blocks.slice(from, closed && section !== last ? -1 : undefined),
    })),
  };
}

type Written = LaidSection & { text: string };

type Body = { subject: string; greeting: { html: string; text: string }; sections: Written[] };

function writeSections(envelope: RenderEnvelope): Body {
  const { locale, dir } = mailLanguage(envelope.locale);
  const theme = themeOf(envelope.brand.color);
  const read = envelope.sections.map((section) => readSection(section, locale));
  const fallback = singleLine(mailWords(locale).subject(envelope.orderName));
  const merged = mergeSections(read);
  const write = ({ blocks, values, scope }: Section) => {
    const { html } = toHtml(blocks, values, { theme, dir, links: scope.links, buyer: scope.buyer });
    return { html, text: toText(html) };
  };
  const sections = merged.sections
    .map((section) => {
      const heading = section.subject || section.caption || fallback;
      const caption = heading.includes(section.caption) ? "" : section.caption;
      return { heading, caption, helpedUrl: section.helpedUrl, ...write(section) };
    })
    .filter(({ html, text }) => text !== "" || html.includes("<img"))
    .map(({ helpedUrl, ...written }, index, all) => ({
      ...written,
      question: helpedUrl && helpedUrl !== all[index + 1]?.helpedUrl ? questionOf(helpedUrl, locale) : null,
    }));
  if (sections.length === 0) throw new MailFault("message_empty");
  const greeting = merged.greeting ? write(merged.greeting) : { html: "", text: "" };
  return { subject: read[0]?.subject || fallback, greeting, sections };
}

function questionOf(url: string, locale: string): LaidSection["question"] {
  const { helped } = mailWords(locale);
  return {
    text: helped.question,
    answers: [
      { text: helped.yes, url: `${url}&said=yes` },
      { text: helped.no, url: `${url}&said=no` },
    ],
  };
}

const RULE = "-".repeat(24);

/** The text with its question, which the preview line in the inbox does without. */
function asking({ text, question, ...section }: Written): Written {
  const answers = question?.answers.map((answer) => `${answer.text}: ${answer.url}`) ?? [];
  return { ...section, question, text: question ? [text, "", question.text, ...answers].join("\n") : text };
}

function joinTexts({ greeting, sections }: Body): string {
  if (sections.length === 1) return [greeting.text, sections[0]?.text].filter(Boolean).join("\n\n");
  const parts = sections.map(
    ({ heading, caption, text }) => `${[caption, heading].filter(Boolean).join("\n")}\n\n${text}`,
  );
  return [greeting.text, parts.join(`\n\n${RULE}\n\n`)].filter(Boolean).join("\n\n");
}

/** Names of what was ordered, ready to read; none where that would be a long list. */
function productList(sections: RenderSection[], language: string): string {
  const titles = [...new Set(sections.map(({ context }) => titleOf(context)).filter(Boolean))];
  if (titles.length > 3) return "";
  return new Intl.ListFormat(language, { type: "conjunction" }).format(titles);
}

const preheaderOf = (text: string) =>
  singleLine(text.replace(/ \((https?|mailto|tel):\S+\)|\[[^\]]*\]/g, ""), 140);

/** A contact as HTML: an address that can be written to or opened leads there. */
function contactHtml(contact: string): string {
  const text = singleLine(contact);
  const href = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text) ? `mailto:${text}` : text;
  const safe = /^(mailto:|https?:\/\/)\S+$/i.test(href) ? safeUrl(href, "link") : null;
  return safe
    ? `<a href="${escapeHtml(safe)}" style="color:inherit;font-family:${FONT}">${escapeHtml(text)}</a>`
    : escapeHtml(text);
}

/**
 * Makes the mail of an envelope: subject of its first section, HTML and plain text.
 * @throws MailFault and nothing else
 */
export function makeMail(envelope: RenderEnvelope): RenderedMail {
  return guarded(() => {
    const { locale, dir } = mailLanguage(envelope.locale);
    const body = writeSections(envelope);
    const { subject, greeting, sections } = body;
    const { reason, language, optOut } = mailWords(locale);
    const shop = singleLine(envelope.shopName);
    const about = {
      products: productList(envelope.sections, language),
      order: singleLine(envelope.orderName),
      shop,
    };
    // "Hearth & Co." brings the sentence's full stop along.
    const comes = reason(about).replace(/(?<!\.)\.\.(?!\.)/, ".");
    const why = envelope.optOut?.past ? `${comes} ${optOut.past}` : comes;
    const leave = envelope.optOut ? { text: optOut.link, url: envelope.optOut.url } : null;
    const { legalName, address, contact } = envelope.footer;
    const lines = [legalName, ...cleanText(address).split("\n")]
      .map((line) => singleLine(line))
      .filter(Boolean);
    const html = layoutMail({
      locale,
      dir,
      subject,
      preheader: preheaderOf(joinTexts({ ...body, sections: sections.slice(0, 1) })),
      shopName: shop,
      brand: { logoUrl: safeUrl(envelope.brand.logoUrl, "image"), color: envelope.brand.color },
      greeting: greeting.html,
      sections,
      imprint: [...lines.map(escapeHtml), contactHtml(contact)],
      reason: { text: why, optOut: leave, language: language.split("-")[0] ?? language },
    });
    if (html.length > MAIL_LENGTH) throw new MailFault("template_too_large");
    const text = [
      joinTexts({ ...body, sections: sections.map(asking) }),
      RULE,
      why,
      leave && `${leave.text}: ${leave.url}`,
      [...lines, singleLine(contact)].filter(Boolean).join("\n"),
    ];
    return { subject, html, text: `${text.filter(Boolean).join("\n\n")}\n` };
  });
}

/** The text alone, without the mail's frame, for channels that carry nothing else. @throws MailFault and nothing else */
export function makePlainText(envelope: RenderEnvelope): string {
  return guarded(() => joinTexts(writeSections(envelope)));
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MailFault) throw error;
    // Markdown nested so deep that its parser runs out of stack.
    throw new MailFault(error instanceof RangeError ? "template_too_large" : "template_broken");
  }
}
