-- Installs are counted, orders know theirs; receipts outlive the shops they tell of.
ALTER TABLE "shops" ADD COLUMN "generation" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN "returned_at" TIMESTAMPTZ(3),
ADD COLUMN "contact_sealed" BYTEA,
ADD COLUMN "retention" JSONB NOT NULL DEFAULT '{}';

ALTER TABLE "orders" ADD COLUMN "generation" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN "erased_at" TIMESTAMPTZ(3);

CREATE TABLE "receipts" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "kind" TEXT NOT NULL,
    "shop_id" UUID,
    "shop_domain" TEXT,
    "request_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "counts" JSONB NOT NULL,
    "details" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,

    CONSTRAINT "receipts_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "receipts_shop_id_kind_finished_at_idx" ON "receipts"("shop_id", "kind", "finished_at");
CREATE INDEX "receipts_kind_finished_at_idx" ON "receipts"("kind", "finished_at");

-- Who people are is told apart in the audit log: "staff" is ours, "user" the merchant's.
UPDATE "audit_events" SET "actor" = 'user:' || substr("actor", 7) WHERE "actor" LIKE 'staff:%';
UPDATE "audit_events" SET "actor" = 'system' WHERE "actor" = 'app';
UPDATE "template_versions" SET "created_by" = 'user:' || substr("created_by", 7) WHERE "created_by" LIKE 'staff:%';
UPDATE "releases" SET "created_by" = 'user:' || substr("created_by", 7) WHERE "created_by" LIKE 'staff:%';

-- The second wall. Forced, so that it binds the owner as well. Two settings, each of one transaction (platform/db): a shop, or a reason
-- to step outside one; with neither, nothing is visible. A migration that adds a table with a shop calls this for it.
CREATE FUNCTION wall_in(of_table regclass, of_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', of_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_table);
  -- A sub-select is worked out once a statement, not once a row.
  EXECUTE format('CREATE POLICY of_shop ON %s USING (%I = (SELECT nullif(current_setting(''app.shop'', true), '''')::uuid))',
                 of_table, of_column);
  EXECUTE format('CREATE POLICY of_platform ON %s USING ((SELECT coalesce(current_setting(''app.scope'', true), '''') <> ''''))',
                 of_table);
END $$;

SELECT wall_in('shops', 'id'),
       wall_in('connections', 'shop_id'),
       wall_in('sessions', 'shop_id'),
       wall_in('products', 'shop_id'),
       wall_in('orders', 'shop_id'),
       wall_in('templates', 'shop_id'),
       wall_in('template_versions', 'shop_id'),
       wall_in('triggers', 'shop_id'),
       wall_in('releases', 'shop_id'),
       wall_in('messages', 'shop_id'),
       wall_in('sections', 'shop_id'),
       wall_in('attempts', 'shop_id'),
       wall_in('suppressions', 'shop_id'),
       wall_in('sending_domains', 'shop_id'),
       wall_in('audit_events', 'shop_id'),
       wall_in('privacy_requests', 'shop_id'),
       wall_in('receipts', 'shop_id');
