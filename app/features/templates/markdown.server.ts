// Markdown with slots → HTML that only holds what the allow-list names. Values go in after parsing: they can't become markup.
import { convert } from "html-to-text";
import { Marked, type Token, type Tokens } from "marked";
import sanitizeHtml from "sanitize-html";
import { SLOT } from "#app/features/templates/slots.ts";

const TAGS = (
  "a abbr b blockquote br code del div em h1 h2 h3 h4 hr i img li mark ol p pre s small span strong sub sup table tbody td " +
  "th thead tr u ul"
).split(" ");

/** Where nothing is left inside, these leave nothing behind. */
const HOLLOW = new Set(
  "a abbr b blockquote code div em h1 h2 h3 h4 i li mark ol p pre s small span strong u ul".split(" "),
);

const LINK_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const CONTENT_WIDTH = 536;

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** Text with its values in place, for reading and comparing; not for HTML. */
export const fillSlots = (text: string, values: string[]): string =>
  text.replace(SLOT, (_, index: string) => values[Number(index)] ?? "");

const attribute = (text: string) => escapeHtml(text).replaceAll("&#38;amp;", "&#38;");

const isButton = (token: Tokens.Paragraph): token is Tokens.Paragraph & { tokens: [Tokens.Link] } => {
  const [only, ...others] = token.tokens.filter(({ type, raw }) => type !== "text" || raw.trim() !== "");
  if (others.length > 0 || only?.type !== "link") return false;
  const link = only as Tokens.Link;
  return (
    link.raw.startsWith("[") && link.text !== link.href && !link.tokens.some(({ type }) => type === "image")
  );
};

const markdown = new Marked({
  gfm: true,
  // People who write letters mean a new line when they type one.
  breaks: true,
  renderer: {
    // The stock renderers percent-encode addresses, which would destroy the slots in them.
    link({ href, title, tokens }) {
      const label = this.parser.parseInline(tokens);
      return `<a href="${attribute(href)}"${title ? ` title="${attribute(title)}"` : ""}>${label}</a>`;
    },
    image({ href, title, text }) {
      return `<img src="${attribute(href)}" alt="${attribute(text)}"${title ? ` title="${attribute(title)}"` : ""}>`;
    },
    // A link that stands alone in its paragraph is what the reader is meant to press.
    paragraph(token) {
      if (!isButton(token)) return `<p>${this.parser.parseInline(token.tokens)}</p>\n`;
      const [link] = token.tokens;
      const label = this.parser.parseInline(link.tokens);
      return `<table class="button"><tbody><tr><td><a data-button="1" href="${attribute(link.href)}">${label}</a></td></tr></tbody></table>\n`;
    },
  },
});

export type Block = Token;

/** The blocks of a text: paragraphs, lists, headings … */
export const blocksOf = (text: string): Block[] =>
  markdown.lexer(text).filter(({ type }) => type !== "space");

/** An address with its values in place: whole at the start, percent-encoded anywhere behind it. */
function fillUrl(url: string, values: string[]): string {
  return url
    .replace(SLOT, (_, index: string, at: number) => {
      const value = values[Number(index)] ?? "";
      return at === 0 ? value.trim() : encodeURIComponent(value).replace(/%25(?=[0-9A-F]{2})/gi, "%");
    })
    .trim();
}

/** The address in its normal form, or null where mails must not point. */
export function safeUrl(url: string, kind: "link" | "image"): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return (kind === "image" ? protocol === "https:" : LINK_SCHEMES.has(protocol)) ? href : null;
}

export type MailTheme = {
  text: string;
  muted: string;
  line: string;
  wash: string;
  link: string;
  button: string;
  buttonInk: string;
};

function styleOf(theme: MailTheme, start: "left" | "right"): Record<string, string> {
  const heading = `margin:28px 0 10px;font-weight:600;line-height:1.3;color:${theme.text}`;
  const cell = `padding:8px 10px;border-bottom:1px solid ${theme.line};text-align:${start};vertical-align:top`;
  return {
    a: `color:${theme.link};text-decoration:underline;word-break:break-word`,
    blockquote: `margin:20px 0;padding:14px 18px;background:${theme.wash};border-${start}:4px solid ${theme.button};border-radius:4px`,
    code: "font-family:Menlo,Consolas,monospace;font-size:14px;word-break:break-word",
    h1: `${heading};font-size:26px`,
    h2: `${heading};font-size:21px`,
    h3: `${heading};font-size:18px`,
    h4: `${heading};font-size:16px`,
    hr: `margin:28px 0;border:0;border-top:1px solid ${theme.line}`,
    img: "display:block;width:auto;max-width:100%;height:auto;border:0;border-radius:8px",
    li: "margin:0 0 8px",
    ol: `margin:0 0 18px;padding:0;padding-${start}:26px`,
    p: "margin:0 0 18px",
    pre: `margin:0 0 18px;padding:14px;background:${theme.wash};border-radius:4px;white-space:pre-wrap`,
    small: `font-size:14px;color:${theme.muted}`,
    table: "width:100%;word-break:break-word;margin:0 0 18px;border-collapse:collapse",
    td: cell,
    th: `${cell};font-weight:600`,
    ul: `margin:0 0 18px;padding:0;padding-${start}:26px`,
  };
}

export type HtmlOptions = {
  theme: MailTheme;
  dir: "ltr" | "rtl";
  /** Printed values that are addresses of the shop's own making → where they lead. */
  links: Map<string, string>;
  /** Text the buyer typed: an address that begins with it is refused. */
  buyer: string[];
};

/** An address that was left out because mails must not point there, as it was written. */
export type RefusedAddress = { url: string; kind: "link" | "image" };

/** Makes the HTML of one section. */
export function toHtml(
  blocks: Block[],
  values: string[],
  options: HtmlOptions,
): { html: string; refused: RefusedAddress[] } {
  const { theme, links } = options;
  const styles = styleOf(theme, options.dir === "rtl" ? "right" : "left");
  const refused: RefusedAddress[] = [];
  let anchors = 0;
  let deadButton = false;

  const address = (raw: string | undefined, kind: "link" | "image"): string | null => {
    const url = fillUrl(raw ?? "", values);
    const typed =
      (raw ?? "").startsWith("\uFDD0") && options.buyer.some((text) => url.toLowerCase().includes(text));
    const safe = typed ? null : safeUrl(url, kind);
    if (!safe && raw && !raw.startsWith("\uFDD0")) refused.push({ url: raw, kind });
    return safe;
  };
  const gone = { tagName: "span", attribs: {} };

  const textFilter = (text: string, tag: string): string => {
    const verbatim = tag === "code" || tag === "pre";
    return text.replace(SLOT, (_, index: string) => {
      const value = values[Number(index)] ?? "";
      const lines = verbatim ? escapeHtml(value) : escapeHtml(value).replaceAll("\n", "<br />");
      // A name written the other way must not drag the words around it along.
      const shown =
        RIGHT_TO_LEFT.test(value) === (options.dir === "rtl") ? lines : `<span dir="auto">${lines}</span>`;
      const href = verbatim || anchors > 0 ? undefined : links.get(value);
      return href ? `<a href="${escapeHtml(href)}" style="${styles.a}">${shown}</a>` : shown;
    });
  };

  const html = sanitizeHtml(markdown.parser(blocks), {
    allowedTags: TAGS,
    allowedAttributes: {
      "*": ["dir", "lang", "style"],
      a: ["href", "title", "target", "class"],
      img: ["src", "alt", "width", "title"],
      ol: ["start"],
      table: ["class", "role", "cellpadding", "cellspacing", "border"],
      td: ["align", "colspan", "rowspan", "bgcolor"],
      th: ["align", "colspan", "rowspan", "scope"],
    },
    allowedSchemes: ["http", "https", "mailto", "tel"],
    allowedSchemesByTag: { img: ["https"] },
    allowProtocolRelative: false,
    // Every style is ours: the transform below puts it in place of whatever was written.
    parseStyleAttributes: false,
    nestingLimit: 40,
    onOpenTag: (name) => void (name === "a" && anchors++),
    onCloseTag: (name) => void (name === "a" && anchors--),
    textFilter,
    transformTags: {
      "*": (tagName, given): { tagName: string; attribs: Record<string, string> } => {
        const { style: _, ...attribs } = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, fillSlots(value, values)]),
        );
        const name = tagName === "h5" || tagName === "h6" ? "h4" : tagName;
        if (name === "a") {
          const href = address(given.href, "link");
          if (!href && attribs["data-button"]) deadButton = true;
          if (!href) return gone;
          const style = attribs["data-button"]
            ? `display:inline-block;padding:13px 24px;font-weight:600;line-height:1.25;color:${theme.buttonInk};text-decoration:none`
            : styles.a;
          return { tagName: name, attribs: { ...attribs, href, style: style as string } };
        }
        if (name === "img") {
          const src = address(given.src, "image");
          if (!src) return gone;
          // Outlook on Windows ignores max-width: it needs the number.
          const width = String(
            Math.min(CONTENT_WIDTH, Number.parseInt(attribs.width ?? "", 10) || CONTENT_WIDTH),
          );
          return { tagName: name, attribs: { alt: "", ...attribs, src, width, style: styles.img as string } };
        }
        if (name === "table" && attribs.class === "button") {
          const bare = { role: "presentation", cellpadding: "0", cellspacing: "0", border: "0" };
          return {
            tagName: name,
            attribs: { class: "button", ...bare, style: "margin:6px 0 24px;border-collapse:separate" },
          };
        }
        if (name === "table")
          return { tagName: name, attribs: { class: "data", style: styles.table as string } };
        const style = styles[name];
        return { tagName: name, attribs: style ? { ...attribs, style } : attribs };
      },
    },
    exclusiveFilter: ({ tag, text, attribs, mediaChildren }) => {
      if (tag === "table" && attribs.class === "button") {
        const dead = deadButton || fillSlots(text, values).trim() === "";
        deadButton = false;
        return dead;
      }
      if (tag === "img") return !attribs.src;
      return HOLLOW.has(tag) && mediaChildren.length === 0 && fillSlots(text, values).trim() === "";
    },
  });
  return {
    html: html
      .replaceAll(BUTTON_CELL, buttonCell(theme))
      .replace(HOLLOW_BLOCK, "")
      .replace(/[\uFDD0\uFDD1]/g, "")
      .trim(),
    refused,
  };
}

/** What held nothing but a picture that was left out. */
const HOLLOW_BLOCK = /<(p|li|h[1-4]|blockquote)(?: [^>]*)?>(?:\s|<br \/>)*<\/\1>\n?/g;
const BUTTON_CELL = /(<table class="button"[^>]*><tbody><tr>)<td style="[^"]*">/g;
const buttonCell = (theme: MailTheme) =>
  `$1<td bgcolor="${theme.button}" style="background:${theme.button};border-radius:8px">`;

/** The plain text of a section's HTML: addresses spelled out behind their words, nothing wrapped. */
export function toText(html: string): string {
  return convert(html, {
    wordwrap: false,
    formatters: {
      image: (element, _walk, builder) => {
        const alt = String(element.attribs?.alt ?? "").trim();
        if (alt) builder.addInline(`[${alt}]`);
      },
    },
    selectors: [
      {
        selector: "a",
        options: { hideLinkHrefIfSameAsText: true, linkBrackets: ["(", ")"], ignoreHref: false },
      },
      ...["h1", "h2", "h3", "h4"].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: "img", format: "image" },
      { selector: "ul", options: { itemPrefix: "- " } },
      { selector: "hr", options: { length: 24 } },
      { selector: "table.data", format: "dataTable", options: { uppercaseHeaderCells: false } },
    ],
  })
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
