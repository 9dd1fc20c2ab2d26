-- One row for each reason: an opt-out outlives a bounce that is put right. The address is sealed, for the merchant's own export.
DROP INDEX "suppressions_shop_id_channel_recipient_index_key";
ALTER TABLE "suppressions" ADD COLUMN "address_sealed" BYTEA;
CREATE UNIQUE INDEX "suppressions_shop_id_channel_recipient_index_reason_key" ON "suppressions"("shop_id", "channel", "recipient_index", "reason");

-- What buyers answered to "Did this help?".
CREATE TABLE "answers" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "message_id" UUID NOT NULL,
    "section_id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "helped" BOOLEAN NOT NULL,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "answers_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE INDEX "answers_shop_id_message_id_idx" ON "answers"("shop_id", "message_id");
CREATE INDEX "answers_shop_id_release_id_idx" ON "answers"("shop_id", "release_id");
CREATE UNIQUE INDEX "answers_shop_id_section_id_key" ON "answers"("shop_id", "section_id");
ALTER TABLE "answers" ADD CONSTRAINT "answers_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "answers" ADD CONSTRAINT "answers_shop_id_section_id_fkey" FOREIGN KEY ("shop_id", "section_id") REFERENCES "sections"("shop_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
SELECT wall_in('answers', 'shop_id');
