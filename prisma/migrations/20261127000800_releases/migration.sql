-- A trigger is on when it has a live release; editing it changes nothing that is live.
SELECT set_config('app.scope', 'migration', true);

ALTER TABLE "triggers"
  DROP COLUMN "active",
  DROP COLUMN "live_since",
  ADD COLUMN "updated_by" TEXT NOT NULL DEFAULT 'system';

ALTER TABLE "releases" RENAME COLUMN "created_at" TO "submitted_at";
ALTER TABLE "releases" RENAME COLUMN "created_by" TO "submitted_by";
ALTER TABLE "releases" RENAME COLUMN "live_since" TO "serves_from";
ALTER TABLE "releases"
  ALTER COLUMN "serves_from" DROP NOT NULL,
  ADD COLUMN "authors" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "reviewed_at" TIMESTAMPTZ(3),
  ADD COLUMN "reviewed_by" TEXT,
  ADD COLUMN "review" JSONB,
  ADD COLUMN "serves_until" TIMESTAMPTZ(3),
  ADD COLUMN "included_from" TIMESTAMPTZ(3),
  ADD COLUMN "included_at" TIMESTAMPTZ(3),
  ADD COLUMN "rolled_back_from" UUID;

-- What is live stays live, and says that nobody reviewed it; what had ended serves no order.
UPDATE "releases" SET "serves_until" = "serves_from" WHERE "state" <> 'live';

CREATE UNIQUE INDEX "releases_in_review" ON "releases" ("shop_id", "trigger_id") WHERE "state" = 'in_review';
CREATE INDEX "releases_including" ON "releases" ("shop_id") WHERE "included_from" IS NOT NULL AND "included_at" IS NULL;

CREATE FUNCTION refuse_release_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a release never changes';
END $$;
CREATE TRIGGER "releases_never_change" BEFORE UPDATE ON "releases" FOR EACH ROW
  WHEN ((OLD."trigger_id", OLD."template_version_id", OLD."number", OLD."content", OLD."hash", OLD."submitted_at", OLD."submitted_by", OLD."authors")
    IS DISTINCT FROM
        (NEW."trigger_id", NEW."template_version_id", NEW."number", NEW."content", NEW."hash", NEW."submitted_at", NEW."submitted_by", NEW."authors"))
  EXECUTE FUNCTION refuse_release_change();
