-- When a mail's bytes were fixed, and their hash, which outlives them.
ALTER TABLE "messages" ADD COLUMN "frozen_at" TIMESTAMPTZ(3), ADD COLUMN "sent_hash" TEXT;
CREATE INDEX "messages_shop_id_frozen_at_id_idx" ON "messages"("shop_id", "frozen_at", "id");
CREATE INDEX "messages_shop_id_sent_hash_idx" ON "messages"("shop_id", "sent_hash");
