-- When a mail's bytes were fixed, and their hash, which outlives them. Of earlier mails only the time is known.
SELECT set_config('app.scope', 'migration', true);
ALTER TABLE "messages" ADD COLUMN "frozen_at" TIMESTAMPTZ(3), ADD COLUMN "sent_hash" TEXT;
UPDATE "messages" SET "frozen_at" = coalesce("sent_at", "due_at") WHERE "batch_id" IS NOT NULL;
CREATE INDEX "messages_shop_id_frozen_at_id_idx" ON "messages"("shop_id", "frozen_at", "id");
CREATE INDEX "messages_shop_id_sent_hash_idx" ON "messages"("shop_id", "sent_hash");
