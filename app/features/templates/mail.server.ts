// One mail from an envelope: pure and synchronous; the same envelope gives the same bytes. Runs in the renderer's threads.
import { cleanText, compile, longDate, RunError, runLiquid } from "#app/features/templates/liquid.server.ts";
import { FONT, layoutMail, themeOf } from "#app/features/templates/mail.layout.ts";
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

type Section = { subject: string; caption: string; blocks: Block[]; values: string[]; scope: Scope };

function readSection({ content, context }: RenderSection, locale: string): Section {
  const scope = scopeOf(context, locale);
  const subject = singleLine(run(content.subject, scope, locale, false).text);
  const { text, values } = run(content.body, scope, locale, true);
  return { subject, caption: titleOf(context), blocks: blocksOf(text), values, scope };
}

const titleOf = ({ line, product }: MessageContext) => singleLine(line.title || product.title);
const sourceOf = (section: Section) =>
  section.blocks.map((block) => fillSlots(block.raw, section.values).trim());

/**
 * Several messages in one mail: what is word for word the same comes once, and a greeting or a closing that all share is
 * said at the beginning and at the end.
 */
function mergeSections(all: Section[]): Section[] {
  const seen = new Set<string>();
  const sections = all.filter((section) => {
    const key = JSON.stringify([section.subject, ...sourceOf(section)]);
    return !seen.has(key) && seen.add(key);
  });
  const [first, last] = [sections[0], sections.at(-1)];
  if (!first || !last || first === last) return sections;
  const greeting = first.blocks[0]?.type === "paragraph" ? sourceOf(first)[0] : undefined;
  const closing = last.blocks.at(-1)?.type === "paragraph" ? sourceOf(last).at(-1) : undefined;
  return sections.map((section) => {
    const source = sourceOf(section);
    let { blocks } = section;
    if (section !== last && blocks.length > 2 && source.at(-1) === closing) blocks = blocks.slice(0, -1);
    if (section !== first && blocks.length > 2 && source[0] === greeting) blocks = blocks.slice(1);
    return { ...section, blocks };
  });
}

type Written = { heading: string; caption: string; html: string; text: string };

function writeSections(envelope: RenderEnvelope): { subject: string; sections: Written[] } {
  const { locale, dir } = mailLanguage(envelope.locale);
  const theme = themeOf(envelope.brand.color);
  const read = envelope.sections.map((section) => readSection(section, locale));
  const fallback = singleLine(mailWords(locale).subject(envelope.orderName));
  const sections = mergeSections(read)
    .map(({ subject, caption, blocks, values, scope }) => {
      const { html } = toHtml(blocks, values, { theme, dir, links: scope.links, buyer: scope.buyer });
      const heading = subject || caption || fallback;
      return { heading, caption: heading.includes(caption) ? "" : caption, html, text: toText(html) };
    })
    .filter(({ html, text }) => text !== "" || html.includes("<img"));
  if (sections.length === 0) throw new MailFault("message_empty");
  return { subject: read[0]?.subject || fallback, sections };
}

const RULE = "-".repeat(24);

function joinTexts(sections: Written[]): string {
  if (sections.length === 1) return sections[0]?.text ?? "";
  return sections
    .map(({ heading, caption, text }) =>
      [caption, heading, "", text].filter((part, index) => part !== "" || index === 2).join("\n"),
    )
    .join(`\n\n${RULE}\n\n`);
}

/** Names of what was ordered, ready to read; none where that would be a long list. */
function productList(sections: RenderSection[], language: string): string {
  const titles = [...new Set(sections.map(({ context }) => titleOf(context)).filter(Boolean))];
  if (titles.length > 3) return "";
  return new Intl.ListFormat(language, { type: "conjunction" }).format(titles);
}

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
    const { subject, sections } = writeSections(envelope);
    const { reason, language } = mailWords(locale);
    const shop = singleLine(envelope.shopName);
    const about = {
      products: productList(envelope.sections, language),
      order: singleLine(envelope.orderName),
      shop,
    };
    // "Hearth & Co." brings the sentence's full stop along.
    const why = reason(about).replace(/(?<!\.)\.\.(?!\.)/, ".");
    const { legalName, address, contact } = envelope.footer;
    const lines = [legalName, ...cleanText(address).split("\n")]
      .map((line) => singleLine(line))
      .filter(Boolean);
    const html = layoutMail({
      locale,
      dir,
      subject,
      preheader: singleLine(
        sections[0]?.text.replace(/\((https?|mailto|tel):\S+\)|\[[^\]]*\]/g, "") ?? "",
        140,
      ),
      shopName: shop,
      brand: { logoUrl: safeUrl(envelope.brand.logoUrl, "image"), color: envelope.brand.color },
      sections,
      imprint: [...lines.map(escapeHtml), contactHtml(contact)],
      reason: { text: why, language: language.split("-")[0] ?? language },
    });
    if (html.length > MAIL_LENGTH) throw new MailFault("template_too_large");
    const text = [joinTexts(sections), RULE, why, [...lines, singleLine(contact)].filter(Boolean).join("\n")];
    return { subject, html, text: `${text.filter(Boolean).join("\n\n")}\n` };
  });
}

/** The text alone, without the mail's frame, for channels that carry nothing else. @throws MailFault and nothing else */
export function makePlainText(envelope: RenderEnvelope): string {
  return guarded(() => joinTexts(writeSections(envelope).sections));
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
