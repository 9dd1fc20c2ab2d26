-- What a shop agreed to, in which version.
CREATE TABLE "agreements" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "document" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_by" TEXT NOT NULL,

    CONSTRAINT "agreements_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE UNIQUE INDEX "agreements_shop_id_document_version_key" ON "agreements"("shop_id", "document", "version");
ALTER TABLE "agreements" ADD CONSTRAINT "agreements_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;
SELECT wall_in('agreements', 'shop_id');

-- What no software can prove: a named person's word, for a year.
CREATE TABLE "attestations" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "commitment" TEXT NOT NULL,
    "attested_by" TEXT NOT NULL,
    "note" TEXT,
    "attested_at" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attestations_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "attestations_commitment_attested_at_idx" ON "attestations"("commitment", "attested_at");

CREATE TABLE "policy_reviews" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "policy" TEXT NOT NULL,
    "reviewed_by" TEXT NOT NULL,
    "note" TEXT,
    "reviewed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_reviews_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "policy_reviews_policy_reviewed_at_idx" ON "policy_reviews"("policy", "reviewed_at");

-- What the installation is built on, noted whenever it starts with something else than before.
CREATE TABLE "configuration_changes" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "aspect" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB NOT NULL,
    "noticed_at" TIMESTAMPTZ(3) NOT NULL,
    "reviewed_at" TIMESTAMPTZ(3),
    "reviewed_by" TEXT,
    "note" TEXT,

    CONSTRAINT "configuration_changes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "configuration_changes_aspect_noticed_at_idx" ON "configuration_changes"("aspect", "noticed_at");

-- A change of suppliers that is planned.
CREATE TABLE "supplier_announcements" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "supplier" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "announced_at" TIMESTAMPTZ(3) NOT NULL,
    "announced_by" TEXT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "supplier_announcements_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "supplier_announcements_effective_at_idx" ON "supplier_announcements"("effective_at");
