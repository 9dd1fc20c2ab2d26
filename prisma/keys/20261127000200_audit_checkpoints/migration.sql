-- Where each audit chain stood when it was last looked at: in another database than the chain, so that a tail that was cut off shows.
CREATE TABLE audit_checkpoints (
  chain     text PRIMARY KEY,
  seq       integer NOT NULL,
  hash      text NOT NULL,
  at        timestamptz(3) NOT NULL,
  signature text NOT NULL,
  key_id    text NOT NULL
);
CREATE INDEX audit_checkpoints_at_idx ON audit_checkpoints (at);
