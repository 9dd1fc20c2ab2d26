// Guarantee: a message is composed only from its releases, which are checked against their hash, and from the order as it is now.
import { DateTime } from "luxon";
import type { Mail } from "#app/connectors/channels.ts";
import type { LoadedOrder } from "#app/features/orders/orders.server.ts";
import { remainingQuantity } from "#app/features/orders/orders.ts";
import { isIntact, type Release } from "#app/features/releases/releases.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { namesIn, refusing } from "#app/features/templates/policy.ts";
import { checkMailPolicy, renderMail } from "#app/features/templates/render.server.ts";
import { chooseLocale } from "#app/features/templates/templates.ts";
import type { MessageContext, RenderEnvelope, RenderSection } from "#app/features/templates/templates.ts";
import { signLink } from "#app/features/messages/links.server.ts";
import type { MessageReason, Timeline } from "#app/features/messages/messages.ts";
import type { Sender } from "#app/features/messages/sender.server.ts";
import type { Section } from "#app/platform/db/generated/client.ts";
import { AppError } from "#app/platform/errors.ts";

export type Draft = {
  message: { id: string };
  sections: Pick<Section, "id" | "releaseId" | "lineIds">[];
  /** The buyer wants no more of it, and it goes all the same. */
  pastOptOut: boolean;
};

/** The finished mail says what the channel's rules forbid. Names the rules, and nothing of the text. */
export class PolicyRefused extends AppError {
  constructor(ruleIds: string[]) {
    super("invalid", `policy: ${ruleIds.join(", ")}`, {
      forPerson: "The message says something that may not be sent. Open the template to see what.",
    });
    this.name = "PolicyRefused";
  }
}

/**
 * Renders one message as it would leave now.
 * @throws AppError conflict when a release is missing or altered, invalid when the template fails; PolicyRefused
 */
export async function composeMail(
  shop: Shop,
  sender: Sender,
  loaded: LoadedOrder,
  draft: Draft,
  releases: Map<string, Release>,
): Promise<Mail> {
  const parts = draft.sections.map((section) => ({
    section,
    release: requireIntact(releases.get(section.releaseId)),
  }));
  parts.sort(
    (a, b) =>
      b.release.content.trigger.priority - a.release.content.trigger.priority ||
      (a.release.triggerId < b.release.triggerId ? -1 : 1),
  );
  const [first] = parts;
  if (!first) throw new AppError("conflict", "a message without sections");
  const wanted = loaded.order.header.locale ?? shop.settings.locale;
  const { draft: lead } = first.release.content.template;
  const locale = chooseLocale(Object.keys(lead.locales), wanted, lead.fallbackLocale);
  const helped = await signHelped(shop, parts);
  const sections = parts.flatMap(({ section, release }): RenderSection[] => {
    const template = release.content.template.draft;
    const content =
      template.locales[chooseLocale(Object.keys(template.locales), wanted, template.fallbackLocale)];
    if (!content) throw new AppError("conflict", "a release without its fallback language");
    // Two products that one trigger is about are both explained; what reads the same for both stands there once.
    return oneLineEach(loaded, section.lineIds).map((lineIds) => ({
      content,
      context: contextOf(shop, loaded, lineIds),
      helpedUrl: helped.get(section.id),
    }));
  });
  const { brand, footer } = shop.settings;
  const unsubscribeUrl = await signLink("unsubscribe", { shopId: shop.id, id: draft.message.id });
  const envelope: RenderEnvelope = {
    locale,
    sections,
    shopName: shop.settings.sender.name,
    orderName: loaded.order.header.name,
    brand,
    footer,
    optOut: { url: unsubscribeUrl, past: draft.pastOptOut },
  };
  const mail = await renderMail(envelope);
  const purposes = parts.map(({ release }) => release.content.template.draft.purpose);
  const { channel } = first.release.content;
  const findings = await checkMailPolicy({ channel, purposes, mail, names: namesIn(envelope) });
  const refused = refusing(findings, overruledBy(parts));
  if (refused.length > 0) throw new PolicyRefused([...new Set(refused.map(({ ruleId }) => ruleId))]);
  return {
    messageId: draft.message.id,
    from: sender.from,
    to: loaded.person.email ?? "",
    replyTo: sender.replyTo,
    ...mail,
    unsubscribeUrl,
  };
}

/** Ids of the rules that the releases' reviews overrule; null where one went live before there were reviews, and can't tell. */
function overruledBy(parts: Part[]): string[] | null {
  const reviews = parts.map(({ release }) => release.review);
  if (reviews.some((review) => !review?.answers)) return null;
  return reviews.flatMap((review) => review?.overruled ?? []).map(({ ruleId }) => ruleId);
}

type Part = { section: Draft["sections"][number]; release: Release };

/** Where each section's "Did this help?" is answered. A warning asks nothing: it is to be heeded. */
async function signHelped(shop: Shop, parts: Part[]): Promise<Map<string, string>> {
  const asked = parts.filter(({ release }) => release.content.template.draft.purpose !== "warning");
  if (!shop.settings.askHelped) return new Map();
  return new Map(
    await Promise.all(
      asked.map(
        async ({ section: { id } }) => [id, await signLink("helped", { shopId: shop.id, id })] as const,
      ),
    ),
  );
}

/** The section's lines, one for each different product and variant; at least one entry, also when no line is left. */
function oneLineEach({ order }: LoadedOrder, lineIds: string[]): string[][] {
  const lines = order.lines.filter(
    (line) => lineIds.includes(line.id) && remainingQuantity(line, order.refunds) > 0,
  );
  const different = new Map(
    lines.map((line) => [`${line.productId ?? line.title}|${line.variantId ?? ""}`, [line.id]]),
  );
  return different.size > 0 ? [...different.values()] : [lineIds];
}

function requireIntact(release: Release | undefined): Release {
  if (!release || !isIntact(release))
    throw new AppError("conflict", "the release is missing or not what was released");
  return release;
}

/** What Liquid sees of an order, from the first of the section's lines that is still there. */
export function contextOf(shop: Shop, { order, person }: LoadedOrder, lineIds: string[]): MessageContext {
  const line = order.lines.find((candidate) => lineIds.includes(candidate.id));
  const product = line?.product ?? null;
  const variant = line?.variantId ? product?.variants[line.variantId] : undefined;
  const fulfillment = order.fulfillments.findLast(
    (candidate) =>
      candidate.status === "success" && candidate.lines.some((entry) => lineIds.includes(entry.lineId)),
  );
  const tracking = fulfillment?.tracking[0];
  return {
    order: { name: order.header.name, date: dayIn(order.header.placedAt, shop.settings.timeZone) },
    customer: { first_name: person.firstName ?? "", last_name: person.lastName ?? "" },
    line: {
      title: line?.title ?? "",
      variant_title: line?.variantTitle ?? "",
      quantity: line?.quantity ?? 0,
      sku: line?.sku ?? "",
    },
    product: {
      title: product?.title ?? line?.title ?? "",
      url: product?.onlineStoreUrl ?? (product ? `https://${shop.domain}/products/${product.handle}` : ""),
      image: variant?.imageUrl ?? product?.imageUrl ?? "",
      type: product?.productType ?? "",
      vendor: product?.vendor ?? line?.vendor ?? "",
      metafields: nest(product?.metafields ?? {}),
    },
    variant: {
      title: variant?.title ?? line?.variantTitle ?? "",
      sku: variant?.sku ?? line?.sku ?? "",
      metafields: nest(variant?.metafields ?? {}),
    },
    tracking: { company: tracking?.company ?? "", number: tracking?.number ?? "", url: tracking?.url ?? "" },
    shop: {
      name: shop.settings.sender.name,
      email: shop.settings.sender.replyTo,
      url: `https://${shop.domain}`,
    },
  };
}

/** The shop's calendar day, YYYY-MM-DD: the template's language and filters make of it what they like. */
function dayIn(iso: string, timeZone: string): string {
  return DateTime.fromISO(iso, { zone: timeZone }).toISODate() ?? "";
}

/** "custom.care" → {custom: {care}}: what Liquid's dots walk through. */
function nest(flat: Record<string, string>): Record<string, Record<string, string>> {
  // "__proto__" is a namespace that Shopify allows: in a plain object it would write into every object there is.
  const nested = Object.create(null) as Record<string, Record<string, string>>;
  for (const [key, value] of Object.entries(flat)) {
    const dot = key.indexOf(".");
    if (dot > 0) (nested[key.slice(0, dot)] ??= {})[key.slice(dot + 1)] = value;
  }
  return nested;
}

/** A renderer that had no time is asked again, but not for ever: a template may be what makes it slow. */
const RENDER_HOLDS = 3;

/** What a failed composition means for the message: held and tried again, or failed. */
export function reasonNotComposed(error: unknown, timeline: Timeline): MessageReason {
  if (error instanceof PolicyRefused) return "policy_refused";
  const code = error instanceof AppError ? error.code : "internal";
  if (code === "conflict") return "release_broken";
  const holds = timeline.filter((entry) => entry.detail === "render_held").length;
  return code === "unavailable" && holds < RENDER_HOLDS ? "render_held" : "render_failed";
}
