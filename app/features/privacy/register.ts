// Every table and every column: what it holds, why, for how long, and what becomes of it when somebody asks. Purge, redaction, export,
// the retention sweep and the page "What we hold" are driven by this list. A column that is missing does not compile; a table that
// Prisma does not know fails a test.
import type { RetentionClass } from "#app/features/privacy/retention.ts";
import type { Prisma } from "#app/platform/db/generated/client.ts";

/** What a column holds. `personal`: it says something about a human being, or a key opens a way to it. */
export const DATA_CLASSES = {
  /** A buyer's name and address, sealed. */
  buyer: { personal: true },
  /** The mail as it left, sealed: it holds what the template took of the buyer. */
  mail: { personal: true },
  /** A keyed hash of a buyer's address or number: finds equal ones, tells nothing without the shop's key. */
  index: { personal: true },
  /** What was bought, where it went (country and region) and what the merchant tags it with; of the buyer only Shopify's number. */
  purchase: { personal: true },
  /** A webhook's body, sealed. */
  payload: { personal: true },
  /** What a request for privacy names, sealed. */
  request: { personal: true },
  /** An access or refresh token, sealed. */
  credential: { personal: true },
  /** Which member of the merchant's staff did something, as Shopify's number; contact address of the shop. */
  staff: { personal: true },
  /** What the merchant wrote or chose. */
  setup: { personal: false },
  /** Facts about products. */
  product: { personal: false },
  /** What happened when: ids, states, codes, times. */
  record: { personal: false },
} as const;
export type DataClass = keyof typeof DATA_CLASSES;

type Model = Prisma.ModelName;
type Column<M extends Model> = keyof Prisma.TypeMap["model"][M]["payload"]["scalars"] & string;

export type TableRule<C extends string = string> = {
  /** Its name in the database. */
  table: string;
  /** Whose rows they are. `platform` rows may name a shop. */
  of: "shop" | "platform";
  /** Each column's class; sealed ones are AES-256-GCM ciphertext under the shop's key (the inbox: under its day's). */
  columns: Record<C, DataClass>;
  /** How the rows of one order, and so of one buyer, are found; left out where none are a buyer's. */
  buyer?: { by: C; of: "orders" | "messages" };
  /** Customer redaction of those rows: `clear` sets columns to null and `rewrite` takes the buyer out of a document. */
  redact?: "delete" | { clear: C[]; rewrite?: C[] };
  /** What of those rows a buyer's export holds. */
  exported?: C[];
  /** When the shop is erased (purge after an uninstall, shop/redact). */
  shop: "delete" | "keep" | "forget";
  /** When a source's connection is revoked: rows that lead to its orders go. */
  connection?: { by: C; of: "connections" | "orders" | "messages" };
  /** How long rows are kept; `shop`: as long as the app is installed. */
  retention: RetentionClass | "shop";
};

type Register = { [M in Model]: TableRule<Column<M>> };

/** In the order in which rows may be erased: what points at something comes before it. */
export const REGISTER = {
  Attempt: {
    table: "attempts",
    of: "shop",
    buyer: { by: "messageId", of: "messages" },
    exported: ["number", "outcome", "code", "startedAt", "finishedAt"],
    shop: "delete",
    connection: { by: "messageId", of: "messages" },
    retention: "records",
    columns: {
      shopId: "record",
      id: "record",
      messageId: "record",
      batchId: "record",
      number: "record",
      outcome: "record",
      code: "record",
      detail: "record",
      httpStatus: "record",
      providerId: "record",
      startedAt: "record",
      finishedAt: "record",
    },
  },
  Section: {
    table: "sections",
    of: "shop",
    buyer: { by: "orderId", of: "orders" },
    redact: { clear: ["buyerIndex"] },
    exported: ["triggerId", "channel", "state", "reason", "dueAt"],
    shop: "delete",
    connection: { by: "orderId", of: "orders" },
    retention: "records",
    columns: {
      shopId: "record",
      id: "record",
      messageId: "record",
      orderId: "record",
      triggerId: "record",
      channel: "record",
      releaseId: "record",
      state: "record",
      reason: "record",
      dueAt: "record",
      lineIds: "record",
      productIds: "record",
      buyerIndex: "index",
    },
  },
  Message: {
    table: "messages",
    of: "shop",
    buyer: { by: "orderId", of: "orders" },
    redact: { clear: ["frozenSealed", "recipientIndex"] },
    exported: [
      "channel",
      "state",
      "reason",
      "dueAt",
      "sentAt",
      "deliveredAt",
      "frozenSealed",
      "timeline",
      "createdAt",
    ],
    shop: "delete",
    connection: { by: "orderId", of: "orders" },
    retention: "records",
    columns: {
      shopId: "record",
      id: "record",
      orderId: "record",
      channel: "record",
      state: "record",
      reason: "record",
      dueAt: "record",
      batchId: "record",
      batchPosition: "record",
      frozenSealed: "mail",
      recipientIndex: "index",
      sharedDomain: "record",
      providerId: "record",
      sentAt: "record",
      deliveredAt: "record",
      timeline: "record",
      createdAt: "record",
      updatedAt: "record",
    },
  },
  Order: {
    table: "orders",
    of: "shop",
    buyer: { by: "id", of: "orders" },
    redact: { clear: ["personSealed", "buyerIndex"], rewrite: ["document", "decisions"] },
    exported: [
      "source",
      "externalId",
      "name",
      "placedAt",
      "document",
      "personSealed",
      "decisions",
      "createdAt",
    ],
    shop: "delete",
    connection: { by: "connectionId", of: "connections" },
    retention: "records",
    columns: {
      shopId: "record",
      id: "record",
      connectionId: "record",
      source: "record",
      externalId: "purchase",
      name: "purchase",
      placedAt: "purchase",
      document: "purchase",
      personSealed: "buyer",
      buyerIndex: "index",
      decisions: "record",
      plannedAt: "record",
      generation: "record",
      erasedAt: "record",
      createdAt: "record",
      updatedAt: "record",
    },
  },
  Suppression: {
    table: "suppressions",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      channel: "record",
      recipientIndex: "index",
      reason: "record",
      messageId: "record",
      createdAt: "record",
    },
  },
  Release: {
    table: "releases",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      triggerId: "record",
      templateVersionId: "record",
      number: "record",
      content: "setup",
      hash: "record",
      state: "record",
      liveSince: "record",
      endedAt: "record",
      createdAt: "record",
      createdBy: "staff",
    },
  },
  Trigger: {
    table: "triggers",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      name: "setup",
      active: "setup",
      definition: "setup",
      templateId: "record",
      priority: "setup",
      liveSince: "record",
      deletedAt: "record",
      createdAt: "record",
      updatedAt: "record",
    },
  },
  TemplateVersion: {
    table: "template_versions",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      templateId: "record",
      number: "record",
      content: "setup",
      hash: "record",
      createdAt: "record",
      createdBy: "staff",
    },
  },
  Template: {
    table: "templates",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      name: "setup",
      purpose: "setup",
      currentVersionId: "record",
      createdAt: "record",
      updatedAt: "record",
    },
  },
  Product: {
    table: "products",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      externalId: "product",
      facts: "product",
      readAt: "record",
      stale: "record",
    },
  },
  SendingDomain: {
    table: "sending_domains",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      domain: "setup",
      localPart: "setup",
      providerId: "record",
      state: "record",
      records: "setup",
      dmarc: "setup",
      checkedAt: "record",
      createdAt: "record",
    },
  },
  Session: {
    table: "sessions",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      sessionId: "staff",
      online: "record",
      userId: "staff",
      scope: "record",
      expiresAt: "record",
      contentSealed: "credential",
      updatedAt: "record",
    },
  },
  Connection: {
    table: "connections",
    of: "shop",
    shop: "delete",
    connection: { by: "id", of: "connections" },
    retention: "shop",
    columns: {
      shopId: "record",
      id: "record",
      source: "record",
      externalId: "record",
      state: "record",
      stateReason: "record",
      stateSince: "record",
      scopes: "record",
      reconciledUntil: "record",
      createdAt: "record",
    },
  },
  AuditEvent: {
    table: "audit_events",
    of: "shop",
    // By its own door: the chain is closed in the platform's chain first (features/audit).
    shop: "delete",
    retention: "audit",
    columns: {
      shopId: "record",
      id: "record",
      at: "record",
      actor: "staff",
      action: "record",
      subject: "record",
      before: "setup",
      after: "setup",
    },
  },
  Shop: {
    table: "shops",
    of: "shop",
    shop: "delete",
    retention: "shop",
    columns: {
      id: "record",
      domain: "record",
      name: "setup",
      state: "record",
      sending: "setup",
      pauseReason: "record",
      settings: "setup",
      installedAt: "record",
      uninstalledAt: "record",
      guideDismissedAt: "record",
      generation: "record",
      returnedAt: "record",
      contactSealed: "staff",
      retention: "setup",
      updatedAt: "record",
    },
  },
  Inbox: {
    table: "inbox",
    of: "platform",
    // Found by the shop's domain.
    shop: "forget",
    retention: "inbox",
    columns: {
      id: "record",
      source: "record",
      topic: "record",
      shopDomain: "record",
      webhookId: "record",
      eventId: "record",
      apiVersion: "record",
      triggeredAt: "record",
      receivedAt: "record",
      bodySealed: "payload",
      state: "record",
      attempts: "record",
      nextAt: "record",
      reason: "record",
      processedAt: "record",
    },
  },
  Batch: {
    table: "batches",
    of: "platform",
    shop: "keep",
    retention: "records",
    columns: {
      id: "record",
      account: "record",
      channel: "record",
      idempotencyKey: "record",
      payloadHash: "record",
      size: "record",
      state: "record",
      attempts: "record",
      code: "record",
      frozenAt: "record",
      nextAt: "record",
      settledAt: "record",
    },
  },
  ProviderAccount: {
    table: "provider_accounts",
    of: "platform",
    shop: "keep",
    retention: "platform",
    columns: { id: "record", perSecond: "record", nextSlotAt: "record", blockedReason: "record" },
  },
  Installation: {
    table: "installation",
    of: "platform",
    shop: "keep",
    retention: "platform",
    columns: { one: "record", installationId: "record", environment: "record", createdAt: "record" },
  },
  PrivacyRequest: {
    table: "privacy_requests",
    of: "platform",
    shop: "keep",
    retention: "evidence",
    columns: {
      id: "record",
      shopDomain: "record",
      shopId: "record",
      kind: "record",
      inboxId: "record",
      state: "record",
      receivedAt: "record",
      dueAt: "record",
    },
  },
  Receipt: {
    table: "receipts",
    of: "platform",
    shop: "keep",
    retention: "evidence",
    columns: {
      id: "record",
      kind: "record",
      shopId: "record",
      shopDomain: "record",
      requestId: "record",
      startedAt: "record",
      finishedAt: "record",
      counts: "record",
      details: "record",
      hash: "record",
      signature: "record",
      keyId: "record",
    },
  },
} satisfies Register;

/** The rules in erasing order, as data that code can walk. */
export const RULES: readonly (TableRule & { model: Model })[] = Object.entries(REGISTER).map(
  ([model, rule]) => ({ model: model as Model, ...(rule as TableRule) }),
);
