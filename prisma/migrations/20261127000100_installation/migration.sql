-- Which installation this database belongs to; the key store carries the same mark. One row, written at the first start.
CREATE TABLE "installation" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "installation_id" UUID NOT NULL,
    "environment" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("one"),
    CONSTRAINT "installation_one_check" CHECK ("one")
);
