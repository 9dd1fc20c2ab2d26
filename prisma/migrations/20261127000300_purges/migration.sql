-- Erasing a shop, its earlier installs or one connection takes many transactions: here stands how far each has come.
CREATE TABLE "purges" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "shop_id" UUID,
    "shop_domain" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "connection_id" UUID,
    "reason" TEXT NOT NULL,
    "request_id" UUID,
    "state" TEXT NOT NULL,
    "step" TEXT,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "provider_domains" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "since" TIMESTAMPTZ(3) NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "alarmed_hours" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "receipt_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "purges_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "purges_shop_id_idx" ON "purges"("shop_id");
CREATE INDEX "purges_shop_domain_idx" ON "purges"("shop_domain");
CREATE INDEX "purges_state_starts_at_idx" ON "purges"("state", "starts_at");
-- Two signals for the same thing are one purge.
CREATE UNIQUE INDEX "purges_open" ON "purges" ("shop_id", "scope", coalesce("connection_id", "shop_id"))
 WHERE "state" IN ('waiting', 'held');

SELECT wall_in('purges', 'shop_id');

-- While one stands, no purge begins by itself.
CREATE TABLE "purge_holds" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "reason" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,

    CONSTRAINT "purge_holds_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "purge_holds_standing" ON "purge_holds" (("lifted_at" IS NULL)) WHERE "lifted_at" IS NULL;

ALTER TABLE "orders" ADD COLUMN "heard_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- The orders an earlier install brought in, for when they are to go.
CREATE INDEX "orders_shop_id_generation_id_idx" ON "orders"("shop_id", "generation", "id");

-- What was there before there were purges: orders, and shops that had left.
SELECT set_config('app.scope', 'migration', true);
UPDATE "orders" SET "heard_at" = "updated_at";
INSERT INTO "purges" ("shop_id", "shop_domain", "scope", "generation", "reason", "state", "since", "starts_at", "deadline_at")
SELECT "id", "domain", 'shop', "generation", 'uninstalled', 'waiting', "uninstalled_at", "uninstalled_at" + interval '24 hours',
       "uninstalled_at" + interval '48 hours'
FROM "shops" WHERE "state" = 'uninstalled' AND "uninstalled_at" IS NOT NULL;
