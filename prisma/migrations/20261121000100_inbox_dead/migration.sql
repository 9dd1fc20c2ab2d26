-- Dead webhooks are few among many: listed newest first, and counted.
CREATE INDEX "inbox_dead" ON "inbox" ("id") WHERE "state" = 'dead';
