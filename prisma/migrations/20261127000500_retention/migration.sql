-- A sweep under way, and what it erased so far.
CREATE TABLE "sweeps" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "shop_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "counts" JSONB NOT NULL,

    CONSTRAINT "sweeps_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "sweeps_shop_id_key" ON "sweeps"("shop_id");
SELECT wall_in('sweeps', 'shop_id');

-- Backups that were made, and restores from them. Of the installation, without a shop: nothing here is behind the wall.
CREATE TABLE "backups" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "schema_name" TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "backups_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "backups_kind_at_idx" ON "backups"("kind", "at");

CREATE TABLE "restores" (
    "id" UUID NOT NULL,
    "backup_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "replayed_at" TIMESTAMPTZ(3),

    CONSTRAINT "restores_pkey" PRIMARY KEY ("id")
);
