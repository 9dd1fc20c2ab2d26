-- Who hears of what: the store's own address, and others that confirmed by a link.
CREATE TABLE "alert_recipients" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "address_sealed" BYTEA,
    "address_index" TEXT NOT NULL,
    "paces" JSONB NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_recipients_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE UNIQUE INDEX "alert_recipients_shop_id_address_index_key" ON "alert_recipients"("shop_id", "address_index");
ALTER TABLE "alert_recipients" ADD CONSTRAINT "alert_recipients_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;
SELECT wall_in('alert_recipients', 'shop_id');

-- To whom a notice goes, and the daily summary that tells it.
ALTER TABLE "notices" ADD COLUMN "recipient_id" UUID, ADD COLUMN "digest_id" UUID;
CREATE INDEX "notices_gathered_idx" ON "notices"("created_at") WHERE state = 'gathered';
CREATE INDEX "notices_digest_id_idx" ON "notices"("digest_id");
