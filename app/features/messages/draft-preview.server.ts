// Guarantee: a draft is shown as it would leave for a real order, and a buyer's name goes nowhere but into that picture.
import { documentOf, loadOrders } from "#app/features/orders/orders.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { contextOf } from "#app/features/messages/compose.server.ts";
import { linkTo } from "#app/features/messages/links.server.ts";
import { namesIn, type Finding } from "#app/features/templates/policy.ts";
import { checkMailPolicy, renderMail } from "#app/features/templates/render.server.ts";
import type {
  MessageContext,
  Purpose,
  RenderedMail,
  RenderEnvelope,
  TemplateContent,
} from "#app/features/templates/templates.ts";
import { exampleContext } from "#app/features/templates/variables.ts";
import { isId } from "#app/platform/db/ids.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** An order to look at a draft with. `lines`: each could be what the message is about. No personal data. */
export type PreviewOrder = {
  id: string;
  name: string;
  placedAt: string;
  lines: { id: string; title: string }[];
};

const RECENT = 25;

/** The shop's newest orders. */
export async function listPreviewOrders(tx: Tx, shopId: string): Promise<PreviewOrder[]> {
  const rows = await tx.order.findMany({
    where: { shopId, placedAt: { not: null } },
    orderBy: [{ placedAt: "desc" }, { id: "desc" }],
    take: RECENT,
    select: { id: true, name: true, placedAt: true, document: true },
  });
  return rows
    .map((row) => ({
      id: row.id,
      name: row.name,
      placedAt: row.placedAt?.toISOString() ?? "",
      lines: documentOf(row).lines.map(({ id, title, variantTitle }) => ({
        id,
        title: [title, variantTitle].filter(Boolean).join(" – "),
      })),
    }))
    .filter(({ lines }) => lines.length > 0);
}

/** What a draft is shown with: a line of an order, or where there is none an invented one. */
export type PreviewSubject = { orderName: string; context: MessageContext };

/** @param orderId "" or one that is gone: an example; @param lineId "" or unknown: the first line */
export async function readPreviewSubject(
  tx: Tx,
  shop: Shop,
  wanted: { orderId: string; lineId: string; locale: string },
): Promise<PreviewSubject> {
  const row = isId(wanted.orderId)
    ? await tx.order.findUnique({ where: { shopId_id: { shopId: shop.id, id: wanted.orderId } } })
    : null;
  const [loaded] = row ? await loadOrders(tx, shop.id, [row]) : [];
  const lines = loaded?.order.lines ?? [];
  const line = lines.find(({ id }) => id === wanted.lineId) ?? lines[0];
  const example = exampleContext();
  if (loaded && line) {
    const context = contextOf(shop, loaded, [line.id]);
    // Nobody is kept of orders from before anything was switched on, or once erased: the picture shows somebody invented.
    const { customer } = loaded.row.personSealed ? context : example;
    return { orderName: loaded.order.header.name, context: { ...context, customer } };
  }
  const { sender } = shop.settings;
  const context = {
    ...example,
    shop: { name: sender.name, email: sender.replyTo, url: `https://${shop.domain}` },
  };
  return { orderName: example.order.name, context };
}

/**
 * The mail a draft makes, framed as the shop's mails are.
 * @throws RenderError
 */
export function renderDraft(
  shop: Shop,
  content: TemplateContent,
  locale: string,
  subject: PreviewSubject,
): Promise<RenderedMail> {
  return renderMail(envelopeOf(shop, content, locale, subject));
}

/**
 * The same, and what the finished mail says against its channel's rules.
 * @throws RenderError
 */
export async function renderAndCheckDraft(
  shop: Shop,
  purpose: Purpose,
  content: TemplateContent,
  locale: string,
  subject: PreviewSubject,
): Promise<{ mail: RenderedMail; findings: Finding[] }> {
  const envelope = envelopeOf(shop, content, locale, subject);
  const mail = await renderMail(envelope);
  const names = namesIn(envelope);
  return { mail, findings: await checkMailPolicy({ channel: "email", purposes: [purpose], mail, names }) };
}

function envelopeOf(
  shop: Shop,
  content: TemplateContent,
  locale: string,
  subject: PreviewSubject,
): RenderEnvelope {
  const { brand, footer, sender } = shop.settings;
  return {
    locale,
    sections: [{ content, context: subject.context }],
    shopName: sender.name,
    orderName: subject.orderName,
    brand,
    footer,
    // As in a mail to a buyer; it leads nowhere.
    optOut: { url: linkTo("unsubscribe"), past: false },
  };
}
