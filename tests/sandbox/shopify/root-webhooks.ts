import { gid } from "#tests/sandbox/shopify/payloads.ts";
import { topicEnum } from "#tests/sandbox/shopify/root.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";
import type { ApiSubscription } from "#tests/sandbox/shopify/webhooks.types.ts";
import type { Store } from "#tests/sandbox/state.ts";

interface SubscriptionInput {
  uri?: string;
  callbackUrl?: string;
  filter?: string;
  includeFields?: string[];
  name?: string;
}

// ORDERS_PAID → orders/paid; the resource of a topic is its longest known beginning.
const RESOURCES = [
  "bulk_operations",
  "fulfillment_events",
  "order_transactions",
  "orders",
  "fulfillments",
  "refunds",
  "products",
  "customers",
  "collections",
  "app",
  "shop",
];

function restTopic(name: string): string {
  const lower = name.toLowerCase();
  const resource = RESOURCES.find((each) => lower.startsWith(`${each}_`)) ?? lower.split("_")[0]!;
  return `${resource}/${lower.slice(resource.length + 1)}`;
}

export function webhookType(of: ApiSubscription | undefined): Record<string, unknown> | null {
  if (!of) return null;
  return {
    __typename: "WebhookSubscription",
    id: gid("WebhookSubscription", of.id),
    legacyResourceId: of.id,
    topic: topicEnum(of.topic),
    uri: of.uri,
    callbackUrl: of.uri,
    endpoint: { __typename: "WebhookHttpEndpoint", callbackUrl: of.uri },
    filter: of.filter,
    includeFields: of.includeFields,
    format: "JSON",
    name: of.name,
    metafieldNamespaces: [],
    metafields: [],
    apiVersion: { handle: "2026-10", displayName: "2026-10", supported: true },
    createdAt: of.createdAt,
    updatedAt: of.updatedAt,
  };
}

export function webhookMutations(shop: Shop, store: Store, now: () => Date, newId: () => string) {
  const mine = (id: string) =>
    store.state.subscriptions.find(
      (each) => each.shop === shop.domain && gid("WebhookSubscription", each.id) === id,
    );
  const missing = { field: ["id"], message: "Webhook subscription does not exist" };

  function assign(of: ApiSubscription, given: SubscriptionInput): void {
    of.uri = given.uri ?? given.callbackUrl ?? of.uri;
    of.filter = given.filter ?? of.filter;
    of.includeFields = given.includeFields ?? of.includeFields;
    of.name = given.name ?? of.name;
    of.updatedAt = now().toISOString();
    store.changed();
  }

  return {
    webhookSubscriptionCreate: ({
      topic,
      webhookSubscription,
    }: {
      topic: string;
      webhookSubscription: SubscriptionInput;
    }) => {
      const uri = webhookSubscription.uri ?? webhookSubscription.callbackUrl;
      if (!uri) {
        return {
          webhookSubscription: null,
          userErrors: [{ field: ["webhookSubscription", "uri"], message: "Address can't be blank" }],
        };
      }
      const rest = restTopic(topic);
      if (
        store.state.subscriptions.some(
          (each) => each.shop === shop.domain && each.topic === rest && each.uri === uri,
        )
      ) {
        const message = "Address for this topic has already been taken";
        return {
          webhookSubscription: null,
          userErrors: [{ field: ["webhookSubscription", "callbackUrl"], message }],
        };
      }
      const at = now().toISOString();
      const made: ApiSubscription = {
        id: newId(),
        shop: shop.domain,
        topic: rest,
        uri,
        filter: null,
        includeFields: [],
        name: null,
        failuresInARow: 0,
        createdAt: at,
        updatedAt: at,
      };
      store.state.subscriptions.push(made);
      assign(made, webhookSubscription);
      return { webhookSubscription: webhookType(made), userErrors: [] };
    },
    webhookSubscriptionUpdate: ({
      id,
      webhookSubscription,
    }: {
      id: string;
      webhookSubscription: SubscriptionInput;
    }) => {
      const found = mine(id);
      if (!found) return { webhookSubscription: null, userErrors: [missing] };
      assign(found, webhookSubscription);
      return { webhookSubscription: webhookType(found), userErrors: [] };
    },
    webhookSubscriptionDelete: ({ id }: { id: string }) => {
      const found = mine(id);
      if (!found) return { deletedWebhookSubscriptionId: null, userErrors: [missing] };
      store.state.subscriptions.splice(store.state.subscriptions.indexOf(found), 1);
      store.changed();
      return { deletedWebhookSubscriptionId: id, userErrors: [] };
    },
  };
}
