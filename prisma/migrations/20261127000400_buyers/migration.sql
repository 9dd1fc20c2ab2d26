-- Mails of ours to a merchant or to staff: each a batch of one.
CREATE TABLE "notices" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "shop_id" UUID,
    "kind" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "key" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'planned',
    "reason" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "idempotency_key" TEXT,
    "frozen_sealed" BYTEA,
    "payload_hash" TEXT,
    "frozen_at" TIMESTAMPTZ(3),
    "recipient_index" TEXT,
    "provider_id" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);
-- Staff are one recipient as well: a key is told once to a shop, and once to them.
CREATE UNIQUE INDEX "notices_shop_id_key_key" ON "notices"("shop_id", "key") NULLS NOT DISTINCT;
CREATE INDEX "notices_open" ON "notices" ("next_at") WHERE "state" IN ('planned', 'sending');

-- What is asked for a buyer: by Shopify, or by the merchant in the app.
ALTER TABLE "privacy_requests" ALTER COLUMN "inbox_id" DROP NOT NULL,
ADD COLUMN "event_id" TEXT,
ADD COLUMN "actor" TEXT NOT NULL DEFAULT 'shopify',
ADD COLUMN "generation" INTEGER,
ADD COLUMN "subject_sealed" BYTEA,
ADD COLUMN "subject_indexes" TEXT[] NOT NULL DEFAULT '{}',
ADD COLUMN "reason" TEXT,
ADD COLUMN "counts" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN "completed_at" TIMESTAMPTZ(3),
ADD COLUMN "delivered_at" TIMESTAMPTZ(3),
ADD COLUMN "delivered_by" TEXT,
ADD COLUMN "delivered_how" TEXT,
ADD COLUMN "receipt_id" UUID;
CREATE UNIQUE INDEX "privacy_requests_shop_domain_kind_event_id_key" ON "privacy_requests"("shop_domain", "kind", "event_id");
CREATE INDEX "privacy_requests_shop_id_received_at_idx" ON "privacy_requests"("shop_id", "received_at");

CREATE TABLE "privacy_exports" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "request_id" UUID NOT NULL,
    "order_ids" UUID[],
    "content_sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "privacy_exports_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE UNIQUE INDEX "privacy_exports_shop_id_request_id_key" ON "privacy_exports"("shop_id", "request_id");
CREATE INDEX "privacy_exports_expires_at_idx" ON "privacy_exports"("expires_at");
ALTER TABLE "privacy_exports" ADD CONSTRAINT "privacy_exports_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Orders whose buyer was erased, by keyed hash: they may arrive again, and bring nothing back.
CREATE TABLE "order_tombstones" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "order_index" TEXT NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_tombstones_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE UNIQUE INDEX "order_tombstones_shop_id_order_index_key" ON "order_tombstones"("shop_id", "order_index");
ALTER TABLE "order_tombstones" ADD CONSTRAINT "order_tombstones_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A buyer's orders are found by Shopify's number of the customer.
CREATE INDEX "orders_customer" ON "orders" ("shop_id", ("document" -> 'header' ->> 'customerId'));

SELECT wall_in('notices', 'shop_id'),
       wall_in('privacy_exports', 'shop_id'),
       wall_in('order_tombstones', 'shop_id');
