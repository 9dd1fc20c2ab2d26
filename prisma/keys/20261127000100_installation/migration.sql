-- Every id of the keyring under which a key ever lay. Retired: none lies there, and none can be put there any more, not even by a process
-- that still has that id as its newest.
CREATE TABLE keyring_ids (
  id            text PRIMARY KEY,
  first_used_at timestamptz(3) NOT NULL DEFAULT now(),
  retired_at    timestamptz(3)
);
INSERT INTO keyring_ids (id) SELECT keyring_id FROM data_keys UNION SELECT keyring_id FROM platform_keys;

CREATE INDEX data_keys_keyring_id_idx ON data_keys (keyring_id);
CREATE INDEX platform_keys_keyring_id_idx ON platform_keys (keyring_id);

CREATE FUNCTION lie_under_living_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO keyring_ids (id) VALUES (NEW.keyring_id) ON CONFLICT DO NOTHING;
  -- With this lock whoever retires the id waits for us, or we for them.
  PERFORM FROM keyring_ids WHERE id = NEW.keyring_id AND retired_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the keyring id % is retired', NEW.keyring_id USING ERRCODE = 'KR001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER living_keyring_id BEFORE INSERT OR UPDATE OF keyring_id ON data_keys
  FOR EACH ROW EXECUTE FUNCTION lie_under_living_id();
CREATE TRIGGER living_keyring_id BEFORE INSERT OR UPDATE OF keyring_id ON platform_keys
  FOR EACH ROW EXECUTE FUNCTION lie_under_living_id();

-- The same mark as in the main database: the two belong together, and to one environment.
CREATE TABLE installation (
  one             boolean PRIMARY KEY DEFAULT true CHECK (one),
  installation_id uuid NOT NULL,
  environment     text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now()
);
