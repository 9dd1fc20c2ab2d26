-- Who of the merchant's staff may do what, by Shopify's number; the name is sealed.
CREATE TABLE "members" (
    "shop_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "account_owner" BOOLEAN NOT NULL DEFAULT false,
    "name_sealed" BYTEA,
    "told_at" TIMESTAMPTZ(3),
    "seen_on" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "members_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE UNIQUE INDEX "members_shop_id_user_id_key" ON "members"("shop_id", "user_id");
ALTER TABLE "members" ADD CONSTRAINT "members_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE CASCADE ON UPDATE CASCADE;
SELECT wall_in('members', 'shop_id');

-- What people who open the app for the first time may do.
ALTER TABLE "shops" ADD COLUMN "new_people" TEXT NOT NULL DEFAULT 'editor';
