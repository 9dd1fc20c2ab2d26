-- The store of wrapped keys: a database of its own, so that its backups can be few and short. A key that is deleted here
-- makes everything sealed under it unreadable as soon as those backups have run out.
CREATE TABLE IF NOT EXISTS data_keys (
  shop_id    uuid PRIMARY KEY,
  key_id     text NOT NULL,
  wrapped    bytea NOT NULL,
  keyring_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS platform_keys (
  id         text PRIMARY KEY,
  wrapped    bytea NOT NULL,
  keyring_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
