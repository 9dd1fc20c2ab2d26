-- Since when a folder holds the erasure journal of this installation: a start with another one is refused.
ALTER TABLE "installation" ADD COLUMN "journal_at" TIMESTAMPTZ(3);
