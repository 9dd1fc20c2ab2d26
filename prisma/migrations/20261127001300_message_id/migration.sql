-- What the provider tells of a mail names the message and no shop: without this, the whole primary key is read.
CREATE INDEX "messages_id_idx" ON "messages"("id");
