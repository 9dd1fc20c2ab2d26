-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "shops" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "domain" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'installed',
    "sending" BOOLEAN NOT NULL DEFAULT false,
    "pause_reason" TEXT DEFAULT 'not_started',
    "settings" JSONB NOT NULL,
    "installed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uninstalled_at" TIMESTAMPTZ(3),
    "guide_dismissed_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shops_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'ok',
    "state_reason" TEXT,
    "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "reconciled_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "session_id" TEXT NOT NULL,
    "online" BOOLEAN NOT NULL,
    "user_id" TEXT,
    "scope" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "content_sealed" BYTEA NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "source" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "shop_domain" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event_id" TEXT,
    "api_version" TEXT,
    "triggered_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body_sealed" BYTEA,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reason" TEXT,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "products" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "external_id" TEXT NOT NULL,
    "facts" JSONB,
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "stale" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "products_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "orders" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "connection_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "placed_at" TIMESTAMPTZ(3),
    "document" JSONB NOT NULL,
    "person_sealed" BYTEA,
    "buyer_index" TEXT,
    "decisions" JSONB,
    "planned_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "templates" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "current_version_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "templates_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "template_versions" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "template_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "template_versions_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "triggers" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT false,
    "definition" JSONB NOT NULL,
    "template_id" UUID NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "live_since" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "triggers_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "releases" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "trigger_id" UUID NOT NULL,
    "template_version_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "live_since" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "releases_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "messages" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "order_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "batch_id" UUID,
    "batch_position" INTEGER,
    "frozen_sealed" BYTEA,
    "recipient_index" TEXT,
    "shared_domain" BOOLEAN NOT NULL DEFAULT false,
    "provider_id" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "timeline" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "sections" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "message_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "trigger_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "release_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "line_ids" TEXT[],
    "product_ids" TEXT[],
    "buyer_index" TEXT,

    CONSTRAINT "sections_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "batches" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "account" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "payload_hash" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "code" TEXT,
    "frozen_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "batches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "message_id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "detail" TEXT,
    "http_status" INTEGER,
    "provider_id" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "provider_accounts" (
    "id" TEXT NOT NULL,
    "per_second" DOUBLE PRECISION NOT NULL DEFAULT 2,
    "next_slot_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "blocked_reason" TEXT,

    CONSTRAINT "provider_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "channel" TEXT NOT NULL,
    "recipient_index" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "message_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "sending_domains" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "domain" TEXT NOT NULL,
    "local_part" TEXT NOT NULL DEFAULT 'hello',
    "provider_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "records" JSONB NOT NULL DEFAULT '[]',
    "dmarc" JSONB,
    "checked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sending_domains_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "privacy_requests" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "shop_domain" TEXT NOT NULL,
    "shop_id" UUID,
    "kind" TEXT NOT NULL,
    "inbox_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'recorded',
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "privacy_requests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "shops_domain_key" ON "shops"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "connections_shop_id_source_external_id_key" ON "connections"("shop_id", "source", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_shop_id_session_id_key" ON "sessions"("shop_id", "session_id");

-- CreateIndex
CREATE INDEX "inbox_shop_domain_received_at_idx" ON "inbox"("shop_domain", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_source_webhook_id_key" ON "inbox"("source", "webhook_id");

-- CreateIndex
CREATE UNIQUE INDEX "products_shop_id_external_id_key" ON "products"("shop_id", "external_id");

-- CreateIndex
CREATE INDEX "orders_shop_id_name_idx" ON "orders"("shop_id", "name");

-- CreateIndex
CREATE INDEX "orders_shop_id_placed_at_idx" ON "orders"("shop_id", "placed_at");

-- CreateIndex
CREATE INDEX "orders_shop_id_buyer_index_idx" ON "orders"("shop_id", "buyer_index");

-- CreateIndex
CREATE UNIQUE INDEX "orders_shop_id_connection_id_external_id_key" ON "orders"("shop_id", "connection_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "templates_shop_id_name_key" ON "templates"("shop_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "template_versions_shop_id_template_id_number_key" ON "template_versions"("shop_id", "template_id", "number");

-- CreateIndex
CREATE INDEX "triggers_shop_id_template_id_idx" ON "triggers"("shop_id", "template_id");

-- CreateIndex
CREATE UNIQUE INDEX "releases_shop_id_trigger_id_number_key" ON "releases"("shop_id", "trigger_id", "number");

-- CreateIndex
CREATE INDEX "messages_shop_id_order_id_idx" ON "messages"("shop_id", "order_id");

-- CreateIndex
CREATE INDEX "messages_shop_id_created_at_id_idx" ON "messages"("shop_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "messages_shop_id_state_due_at_idx" ON "messages"("shop_id", "state", "due_at");

-- CreateIndex
CREATE INDEX "messages_shop_id_sent_at_idx" ON "messages"("shop_id", "sent_at");

-- CreateIndex
CREATE INDEX "messages_batch_id_idx" ON "messages"("batch_id");

-- CreateIndex
CREATE INDEX "sections_shop_id_message_id_idx" ON "sections"("shop_id", "message_id");

-- CreateIndex
CREATE INDEX "sections_shop_id_buyer_index_trigger_id_idx" ON "sections"("shop_id", "buyer_index", "trigger_id");

-- CreateIndex
CREATE UNIQUE INDEX "sections_shop_id_order_id_trigger_id_channel_key" ON "sections"("shop_id", "order_id", "trigger_id", "channel");

-- CreateIndex
CREATE UNIQUE INDEX "batches_idempotency_key_key" ON "batches"("idempotency_key");

-- CreateIndex
CREATE INDEX "attempts_shop_id_message_id_idx" ON "attempts"("shop_id", "message_id");

-- CreateIndex
CREATE UNIQUE INDEX "suppressions_shop_id_channel_recipient_index_key" ON "suppressions"("shop_id", "channel", "recipient_index");

-- CreateIndex
CREATE UNIQUE INDEX "sending_domains_shop_id_domain_key" ON "sending_domains"("shop_id", "domain");

-- CreateIndex
CREATE INDEX "audit_events_shop_id_at_idx" ON "audit_events"("shop_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "privacy_requests_inbox_id_key" ON "privacy_requests"("inbox_id");

-- CreateIndex
CREATE INDEX "privacy_requests_shop_domain_idx" ON "privacy_requests"("shop_domain");

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "products" ADD CONSTRAINT "products_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_shop_id_connection_id_fkey" FOREIGN KEY ("shop_id", "connection_id") REFERENCES "connections"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "templates" ADD CONSTRAINT "templates_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "template_versions" ADD CONSTRAINT "template_versions_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "template_versions" ADD CONSTRAINT "template_versions_shop_id_template_id_fkey" FOREIGN KEY ("shop_id", "template_id") REFERENCES "templates"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "triggers" ADD CONSTRAINT "triggers_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "triggers" ADD CONSTRAINT "triggers_shop_id_template_id_fkey" FOREIGN KEY ("shop_id", "template_id") REFERENCES "templates"("shop_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_shop_id_trigger_id_fkey" FOREIGN KEY ("shop_id", "trigger_id") REFERENCES "triggers"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_shop_id_order_id_fkey" FOREIGN KEY ("shop_id", "order_id") REFERENCES "orders"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sections" ADD CONSTRAINT "sections_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sections" ADD CONSTRAINT "sections_shop_id_message_id_fkey" FOREIGN KEY ("shop_id", "message_id") REFERENCES "messages"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sections" ADD CONSTRAINT "sections_shop_id_order_id_fkey" FOREIGN KEY ("shop_id", "order_id") REFERENCES "orders"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_shop_id_message_id_fkey" FOREIGN KEY ("shop_id", "message_id") REFERENCES "messages"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sending_domains" ADD CONSTRAINT "sending_domains_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What the queues read: only what waits.
CREATE INDEX "inbox_pending" ON "inbox" ("shop_domain", "next_at") WHERE "state" = 'pending';
CREATE INDEX "messages_due" ON "messages" ("shop_id", "due_at") WHERE "state" = 'planned';
CREATE INDEX "messages_due_any" ON "messages" ("due_at") WHERE "state" = 'planned';
CREATE INDEX "batches_open" ON "batches" ("account", "next_at") WHERE "state" = 'frozen';

-- One live release a trigger; a name only among triggers that exist.
CREATE UNIQUE INDEX "releases_live" ON "releases" ("shop_id", "trigger_id") WHERE "state" = 'live';
CREATE UNIQUE INDEX "triggers_name" ON "triggers" ("shop_id", "name") WHERE "deleted_at" IS NULL;
