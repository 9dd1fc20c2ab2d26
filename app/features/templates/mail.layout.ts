import { contrast, inkOn, readable } from "#app/features/templates/mail.color.ts";
import { escapeHtml, type MailTheme } from "#app/features/templates/markdown.server.ts";

export const FONT =
  "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','Hiragino Sans',Meiryo,sans-serif";

const DARK = {
  page: "#121316",
  card: "#1e2024",
  text: "#eceef1",
  muted: "#a9b0ba",
  line: "#363a41",
  wash: "#282b31",
};

const knownColor = (color: string) => (/^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : "#1f5f4a");

/** Colours of a mail on its white card, from the shop's brand colour. */
export function themeOf(color: string): MailTheme {
  const brand = knownColor(color);
  // The brand's own colour, unless nobody would see it on the card.
  const button = contrast(brand, "#ffffff") < 1.25 ? "#1f2328" : brand;
  return {
    text: "#1f2328",
    muted: "#59606b",
    line: "#e3e5e9",
    wash: "#f4f5f7",
    link: readable(brand, "#ffffff"),
    button,
    buttonInk: inkOn(button),
  };
}

/** Clients that know the dark show the same mail in the dark; the others never see these rules. */
function darkRules(brand: string): string {
  const color = knownColor(brand);
  const link = readable(color, DARK.card);
  const button = contrast(color, DARK.card) < 1.6 ? link : color;
  const rules: [string, string][] = [
    [".page", `background:${DARK.page}`],
    [".card", `background:${DARK.card};border-color:${DARK.line};border-top-color:${button}`],
    [
      ".card,.card p,.card li,.card td,.card th,.card h1,.card h2,.card h3,.card h4,.brand",
      `color:${DARK.text}`,
    ],
    [".card a", `color:${link}`],
    [".card blockquote,.card pre", `background:${DARK.wash}`],
    [".card td,.card th,.card hr,.rule", `border-color:${DARK.line}`],
    [".card small,.foot,.foot p,.foot a,.caption", `color:${DARK.muted}`],
    // A dark logo on a transparent ground.
    [".brand img", "background:#ffffff;padding:6px;border-radius:6px"],
    [".card .button td", `background:${button}`],
    [".card .button a", `color:${inkOn(button)}`],
  ];
  return rules
    .map(([selector, style]) => `${selector}{${style.replace(/(;|$)/g, " !important$1")}}`)
    .join("");
}

const STYLE = (color: string) =>
  [
    "body{margin:0;padding:0;width:100%;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%}",
    "table{mso-table-lspace:0;mso-table-rspace:0}",
    ".card p:last-child,.card ul:last-child,.card ol:last-child,.card table:last-child{margin-bottom:0 !important}",
    ".section>:first-child{margin-top:0 !important}",
    "@media (max-width:620px){.pad{padding-left:20px !important;padding-right:20px !important}.outer{padding:0 !important}" +
      ".card{border-radius:0 !important;border-left:0 !important;border-right:0 !important}}",
    `@media (prefers-color-scheme:dark){${darkRules(color)}}`,
  ].join("");

type LinkText = { text: string; url: string };
/** "Did this help?" with its two links. */
export type Question = { text: string; answers: LinkText[] };
export type LaidSection = { heading: string; caption: string; html: string; question: Question | null };

export type Layout = {
  locale: string;
  dir: "ltr" | "rtl";
  subject: string;
  preheader: string;
  shopName: string;
  brand: { logoUrl: string | null; color: string };
  /** HTML of a greeting that stands above all sections, or "". */
  greeting: string;
  sections: LaidSection[];
  /** Lines of the imprint as HTML, in order; empty ones are left out. */
  imprint: string[];
  reason: { text: string; optOut: LinkText | null; language: string };
};

// Fills the preview line in the inbox, so that clients don't go on into the header.
const PREHEADER_FILL = "&#8199;&#847; ".repeat(60);

/** One column, at most 600 px wide, on tables: what Outlook, Gmail and phones all draw alike. */
export function layoutMail(mail: Layout): string {
  const { dir, brand } = mail;
  const theme = themeOf(brand.color);
  const start = dir === "rtl" ? "right" : "left";
  const name = escapeHtml(mail.shopName);
  const isolated = (html: string) => `<span dir="auto">${html}</span>`;
  const head = brand.logoUrl
    ? `<img src="${escapeHtml(brand.logoUrl)}" alt="${name}" height="44" style="display:block;height:44px;max-width:220px;border:0;font-size:20px;font-weight:600;color:${theme.text}">`
    : isolated(name);
  const sections = mail.sections.map((section, index) =>
    sectionHtml(section, index, mail.sections.length, theme, start, mail.reason.language),
  );
  const small = `font-family:${FONT};font-size:13px;line-height:1.55;color:${theme.muted}`;
  const imprint = mail.imprint.filter(Boolean).map(isolated).join("<br>");
  const reasonDir = mail.reason.language === mail.locale.split("-")[0]?.toLowerCase() ? dir : "ltr";
  return `<!doctype html>
<html lang="${mail.locale}" dir="${dir}" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(mail.subject)}</title>
<style>:root{color-scheme:light dark;supported-color-schemes:light dark}${STYLE(brand.color)}</style>
</head>
<body class="page" style="margin:0;padding:0;background:${theme.wash}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(mail.preheader)}${PREHEADER_FILL}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;background:${theme.wash}" dir="${dir}"><tr><td class="outer" align="center" style="padding:32px 12px">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;margin:0 auto;table-layout:fixed">
<tr><td class="pad brand" align="${start}" style="padding:20px 32px;font-family:${FONT};font-size:20px;font-weight:600;line-height:1.3;color:${theme.text}">${head}</td></tr>
<tr><td class="card pad" align="${start}" style="padding:32px;background:#ffffff;border:1px solid ${theme.line};border-top:4px solid ${theme.button};border-radius:6px;font-family:${FONT};font-size:16px;line-height:1.6;color:${theme.text};text-align:${start}">
${mail.greeting ? `<div style="margin:0 0 24px">${mail.greeting}</div>\n` : ""}${sections.join("\n")}
</td></tr>
<tr><td class="pad foot" align="${start}" style="padding:24px 32px 32px;${small}">
<p lang="${mail.reason.language}" dir="${reasonDir}" style="margin:0 0 12px;${small}">${escapeHtml(mail.reason.text)}${mail.reason.optOut ? ` ${linkHtml(mail.reason.optOut)}` : ""}</p>
${imprint ? `<p style="margin:0;${small}">${imprint}</p>` : ""}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`;
}

function sectionHtml(
  section: LaidSection,
  index: number,
  count: number,
  theme: MailTheme,
  start: string,
  language: string,
): string {
  const rule =
    index > 0 ? `<hr class="rule" style="margin:32px 0;border:0;border-top:1px solid ${theme.line}">` : "";
  const { question } = section;
  const asked = question
    ? `<p class="caption question" lang="${language}" style="margin:24px 0 0;font-size:14px;line-height:1.4;color:${theme.muted}">${escapeHtml(question.text)} ${question.answers.map(linkHtml).join(" · ")}</p>`
    : "";
  if (count === 1) return `<div class="section">${section.html}</div>${asked}`;
  const caption = section.caption
    ? `<p class="caption" style="margin:0 0 4px;font-size:14px;line-height:1.4;color:${theme.muted}">${escapeHtml(section.caption)}</p>`
    : "";
  const heading = `<h2 style="margin:0 0 16px;font-size:24px;font-weight:600;line-height:1.3;color:${theme.text};text-align:${start}">${escapeHtml(section.heading)}</h2>`;
  return `${rule}<div class="section">${caption}${heading}${section.html}</div>${asked}`;
}

const linkHtml = ({ text, url }: LinkText) =>
  `<a href="${escapeHtml(url)}" style="color:inherit;text-decoration:underline">${escapeHtml(text)}</a>`;
