import type { Mail } from "#app/connectors/channels.ts";
import type { NoticeFacts, NoticeKind } from "#app/features/messages/notices.ts";
import { noticeFooter, noticeWords, type NoticeWords } from "#app/features/messages/notices.words.ts";
import { escapeHtml } from "#app/features/templates/markdown.server.ts";
import { FONT, layoutMail, themeOf } from "#app/features/templates/mail.layout.ts";

const BRAND = { logoUrl: null, color: "#1f5f4a" };

/** Where a page of the app opens inside the merchant's admin. */
export function adminUrl(shopDomain: string, appHandle: string, path: string): string {
  const handle = shopDomain.replace(/\.myshopify\.com$/, "");
  return `https://admin.shopify.com/store/${handle}/apps/${appHandle}${path}`;
}

/** The mail a notice becomes. Pure: the same notice gives the same bytes. */
export function noticeMail(notice: {
  id: string;
  kind: NoticeKind;
  facts: NoticeFacts;
  to: string;
  /** What a daily summary tells. */
  gathered?: { kind: NoticeKind; facts: NoticeFacts }[];
  /** Where its button leads, when that is no page of the app. */
  link?: string | null;
  /** null = it goes to staff. */
  shop: { domain: string; name: string } | null;
  sender: { domain: string; support: string; appHandle: string };
}): Mail {
  const { shop, sender } = notice;
  const words: NoticeWords = wordsOf(
    notice,
    (notice.gathered ?? []).map((each) => wordsOf(each, [])),
  );
  const path = words.action?.path;
  const url = notice.link ?? (shop && path ? adminUrl(shop.domain, sender.appHandle, path) : null);
  const link = words.action && url ? { label: words.action.label, url } : null;
  const footer = shop ? noticeFooter(shop.name, sender.support) : "";
  return {
    messageId: notice.id,
    from: `"Aftercare" <notices@${sender.domain}>`,
    to: notice.to,
    replyTo: sender.support,
    subject: words.subject,
    html: layoutMail({
      locale: "en",
      dir: "ltr",
      subject: words.subject,
      preheader: words.lines[0] ?? "",
      shopName: "Aftercare",
      brand: BRAND,
      greeting: "",
      sections: [{ heading: "", caption: "", html: htmlOf(words.lines, link), question: null }],
      imprint: [],
      reason: { text: footer, optOut: null, language: "en" },
    }),
    text: [
      ...words.lines,
      ...(link ? [`${link.label}: ${link.url}`] : []),
      ...(footer ? [`-- \n${footer}`] : []),
    ].join("\n\n"),
  };
}

const wordsOf = (notice: { kind: NoticeKind; facts: NoticeFacts }, gathered: NoticeWords[]): NoticeWords =>
  noticeWords[notice.kind](notice.facts, gathered);

function htmlOf(lines: string[], link: { label: string; url: string } | null): string {
  const theme = themeOf(BRAND.color);
  const paragraphs = lines.map((line) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`);
  if (!link) return paragraphs.join("\n");
  const button =
    `<table role="presentation" class="button" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 0"><tr>` +
    `<td style="background:${theme.button};border-radius:6px"><a href="${escapeHtml(link.url)}" style="display:inline-block;padding:12px 20px;` +
    `font-family:${FONT};font-size:16px;font-weight:600;line-height:1.25;color:${theme.buttonInk};text-decoration:none">${escapeHtml(link.label)}</a></td></tr></table>`;
  return [...paragraphs, button].join("\n");
}
