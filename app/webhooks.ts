// Every webhook that means something to us: who may send them (sources), and per topic how its body is read and who handles it.
// A new topic is one line here, a handler in the feature that owns it, a fixture, and a subscription in shopify.app.toml.
import type { z } from "zod";
import { readDeliveryEvent, resendWebhooks } from "#app/connectors/email/events.ts";
import { parseBody } from "#app/connectors/shopify/json.ts";
import { partsFromWebhook, type OrderWebhookTopic } from "#app/connectors/shopify/parts.webhooks.ts";
import {
  customersRedact,
  dataRequest,
  productChange,
  scopesUpdate,
  shopRedact,
  uninstalled,
} from "#app/connectors/shopify/payloads.ts";
import { shopifyWebhooks } from "#app/connectors/shopify/webhooks.ts";
import { recordDelivery } from "#app/features/messages/delivery.server.ts";
import { refreshProduct, takeInOrder } from "#app/features/messages/intake.server.ts";
import { buyerSchema, type Buyer } from "#app/features/orders/buyer.ts";
import { takeInBuyerRequest } from "#app/features/privacy/buyers.server.ts";
import { takeInShopRedact } from "#app/features/privacy/shop-redact.server.ts";
import { takeInUninstall } from "#app/features/privacy/uninstalled.server.ts";
import { takeInScopes } from "#app/features/shops/scopes.server.ts";
import { findShopByDomain, type Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import type { Env } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Handled, Webhook, WebhookHandler } from "#app/platform/inbox/inbox.ts";
import type { WebhookSource } from "#app/platform/inbox/sources.ts";

/** Why nothing was done with a webhook; nothing when something was. */
type Outcome = Promise<string | void>;

/** How one topic is read and handled. Handlers are idempotent: a webhook may be handled more than once. */
export type WebhookTopic = {
  handle(webhook: Webhook, body: Buffer, now: Date): Outcome;
  /** The body is still needed when the webhook is done. */
  keepBody?: boolean;
};

/** A topic about an installed shop. From any other shop it is noted and dropped. */
function ofShop<Payload>(
  read: (payload: unknown) => Payload,
  handle: (shop: Shop, payload: Payload, now: Date) => Outcome,
): WebhookTopic {
  return {
    async handle(webhook, body, now) {
      const shop = await findShop(webhook);
      if (!shop) return "unknown shop";
      if (shop.state !== "installed") return "uninstalled shop";
      return handle(shop, read(parseBody(body)), now);
    },
  };
}

const orderTopic = (topic: OrderWebhookTopic) =>
  ofShop((payload) => partsFromWebhook(topic, payload), takeInOrder);

/** What we hold of a product is read again, so that waiting messages show today's facts. */
const productTopic = ofShop(
  (payload) => productChange.parse(payload),
  (shop, product, now) => refreshProduct(shop, product.id, now),
);

/**
 * A topic that counts from any shop, known or not, and whatever its body looks like: it is recorded first, by its headers. A body
 * that is not as expected then makes it a dead letter, for a person to look at.
 */
function ofAnybody(
  schema: z.ZodType,
  record: (webhook: Webhook, shop: Shop | null) => Outcome,
  options: { keepBody: boolean },
): WebhookTopic {
  return {
    keepBody: options.keepBody,
    async handle(webhook, body) {
      const reason = await record(webhook, await findShop(webhook));
      schema.parse(parseBody(body));
      return reason;
    },
  };
}

/**
 * What a buyer may ask for, through Shopify: recorded also for a shop we do not know, and when the body does not say whom it is about;
 * that then is a dead letter, for a person to look at. Once recorded the body is not needed: whom it is about is sealed with the request.
 */
function ofBuyer(read: (payload: unknown) => Buyer): WebhookTopic {
  return {
    async handle(webhook, body, now) {
      const seen = attempt(() => read(parseBody(body)));
      const reason = await takeInBuyerRequest(
        webhook,
        await findShop(webhook),
        "error" in seen ? null : seen.value,
        now,
      );
      if ("error" in seen) throw seen.error;
      return reason;
    },
  };
}

function attempt<T>(work: () => T): { value: T } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

const buyerOf = (
  customer: { id?: string | null; email: string | null; phone: string | null },
  orders: string[],
): Buyer =>
  buyerSchema.parse({
    customerId: customer.id ?? null,
    email: customer.email,
    phone: customer.phone,
    orders,
  });

const readDataRequest = (payload: unknown) => {
  const { customer, orders_requested } = dataRequest.parse(payload);
  return buyerOf(customer, orders_requested);
};
const readRedaction = (payload: unknown) => {
  const { customer, orders_to_redact } = customersRedact.parse(payload);
  return buyerOf(customer, orders_to_redact);
};

function findShop(webhook: Webhook): Promise<Shop | null> {
  return forPlatform("webhooks", (tx) => findShopByDomain(tx, webhook.shopDomain));
}

/** Shopify's topics. tests/ holds this list against shopify.app.toml. */
export const topics = {
  "app/uninstalled": ofAnybody(uninstalled, takeInUninstall, { keepBody: false }),
  "app/scopes_update": ofShop((payload) => scopesUpdate.parse(payload), takeInScopes),
  "customers/data_request": ofBuyer(readDataRequest),
  "customers/redact": ofBuyer(readRedaction),
  "shop/redact": ofAnybody(shopRedact, takeInShopRedact, { keepBody: false }),
  "orders/paid": orderTopic("orders/paid"),
  "orders/updated": orderTopic("orders/updated"),
  "orders/cancelled": orderTopic("orders/cancelled"),
  "orders/delete": orderTopic("orders/delete"),
  "fulfillments/create": orderTopic("fulfillments/create"),
  "fulfillments/update": orderTopic("fulfillments/update"),
  "refunds/create": orderTopic("refunds/create"),
  "products/update": productTopic,
  "products/delete": productTopic,
} satisfies Record<string, WebhookTopic> & Record<OrderWebhookTopic, WebhookTopic>;

async function handleShopify(webhook: Webhook, body: Buffer, now: Date): Promise<Handled> {
  const topic: WebhookTopic | undefined = Object.hasOwn(topics, webhook.topic)
    ? topics[webhook.topic as keyof typeof topics]
    : undefined;
  // Not done but dead: during a deploy an old worker meets topics that only the new one knows, and then they can be replayed.
  if (!topic) throw new AppError("invalid", "unknown topic");
  const reason = await topic.handle(webhook, body, now);
  return { reason: reason ?? undefined, keepBody: topic.keepBody };
}

async function handleResend(webhook: Webhook, body: Buffer): Promise<Handled> {
  const event = readDeliveryEvent(webhook.webhookId, parseBody(body));
  if (!event) return { reason: "not about a delivery" };
  return (await recordDelivery(event)) === "ignored" ? { reason: "no message of ours" } : {};
}

type Sender = { source: (env: Env) => WebhookSource; handle: WebhookHandler };

/** Everybody who sends us webhooks. */
const senders = {
  shopify: {
    source: (env) =>
      shopifyWebhooks(
        [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS].filter((secret) => secret !== undefined),
      ),
    handle: handleShopify,
  },
  resend: {
    source: (env) => resendWebhooks([env.RESEND_WEBHOOK_SECRET]),
    handle: handleResend,
  },
} satisfies Record<string, Sender>;

export function webhookSources(env: Env): WebhookSource[] {
  return Object.values(senders).map(({ source }) => source(env));
}

/** What the worker does with a row of the inbox. */
export const handleWebhook: WebhookHandler = async (webhook, body, now) => {
  const sender: Sender | undefined = Object.hasOwn(senders, webhook.source)
    ? senders[webhook.source as keyof typeof senders]
    : undefined;
  if (!sender) throw new AppError("invalid", "unknown source");
  return sender.handle(webhook, body, now);
};
