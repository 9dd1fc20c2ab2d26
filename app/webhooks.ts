// Every webhook that means something to us: who may send them (sources), and per topic how its body is read and who handles it.
// A new topic is one line here, a handler in the feature that owns it, a fixture, and a subscription in shopify.app.toml.
import type { z } from "zod";
import { parseBody } from "#app/connectors/shopify/json.ts";
import {
  customersRedact,
  dataRequest,
  scopesUpdate,
  shopRedact,
  uninstalled,
} from "#app/connectors/shopify/payloads.ts";
import { shopifyWebhooks } from "#app/connectors/shopify/webhooks.ts";
import { takeInRequest } from "#app/features/privacy/requests.server.ts";
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
  handle(webhook: Webhook, body: Buffer): Outcome;
  /** The body is still needed when the webhook is done. */
  keepBody?: boolean;
};

/** A topic about an installed shop. From any other shop it is noted and dropped. */
export function ofShop<Payload>(
  schema: z.ZodType<Payload>,
  handle: (shop: Shop, payload: Payload, webhook: Webhook) => Outcome,
): WebhookTopic {
  return {
    async handle(webhook, body) {
      const shop = await findShop(webhook);
      if (!shop) return "unknown shop";
      if (shop.state !== "installed") return "uninstalled shop";
      return handle(shop, schema.parse(parseBody(body)), webhook);
    },
  };
}

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

function findShop(webhook: Webhook): Promise<Shop | null> {
  return forPlatform("webhooks", (tx) => findShopByDomain(tx, webhook.shopDomain));
}

/** Shopify's topics. tests/ holds this list against shopify.app.toml. */
export const topics = {
  "app/uninstalled": ofAnybody(uninstalled, takeInUninstall, { keepBody: false }),
  "app/scopes_update": ofShop(scopesUpdate, takeInScopes),
  "customers/data_request": ofAnybody(dataRequest, takeInRequest, { keepBody: true }),
  "customers/redact": ofAnybody(customersRedact, takeInRequest, { keepBody: true }),
  "shop/redact": ofAnybody(shopRedact, takeInRequest, { keepBody: true }),
} satisfies Record<string, WebhookTopic>;

async function handleShopify(webhook: Webhook, body: Buffer): Promise<Handled> {
  const topic: WebhookTopic | undefined = Object.hasOwn(topics, webhook.topic)
    ? topics[webhook.topic as keyof typeof topics]
    : undefined;
  // Not done but dead: during a deploy an old worker meets topics that only the new one knows, and then they can be replayed.
  if (!topic) throw new AppError("invalid", "unknown topic");
  const reason = await topic.handle(webhook, body);
  return { reason: reason ?? undefined, keepBody: topic.keepBody };
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
} satisfies Record<string, Sender>;

export function webhookSources(env: Env): WebhookSource[] {
  return Object.values(senders).map(({ source }) => source(env));
}

/** What the worker does with a row of the inbox. */
export const handleWebhook: WebhookHandler = async (webhook, body) => {
  const sender: Sender | undefined = Object.hasOwn(senders, webhook.source)
    ? senders[webhook.source as keyof typeof senders]
    : undefined;
  if (!sender) throw new AppError("invalid", "unknown source");
  return sender.handle(webhook, body);
};
