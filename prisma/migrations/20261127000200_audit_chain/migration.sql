-- The audit log becomes chains: one for each shop, one for the platform. An entry is one text; what is read of it stands in columns that
-- PostgreSQL makes from that text, so they cannot say anything else than what was hashed. hash = sha256(hash before || '\n' || entry).
SELECT set_config('app.scope', 'migration', true);

CREATE FUNCTION audit_instant(written text) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT written::timestamp AT TIME ZONE 'UTC' $$;

ALTER TABLE "audit_events" RENAME TO "audit_events_before";
ALTER TABLE "audit_events_before" RENAME CONSTRAINT "audit_events_pkey" TO "audit_events_before_pkey";
DROP INDEX "audit_events_shop_id_at_idx";

CREATE TABLE "audit_events" (
    "shop_id" UUID NOT NULL,
    "entry" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "detail_sealed" BYTEA,
    "seq" INTEGER NOT NULL GENERATED ALWAYS AS (("entry"::jsonb ->> 'seq')::integer) STORED,
    "id" UUID NOT NULL GENERATED ALWAYS AS (("entry"::jsonb ->> 'id')::uuid) STORED,
    "at" TIMESTAMPTZ(3) NOT NULL GENERATED ALWAYS AS (audit_instant("entry"::jsonb ->> 'at')) STORED,
    "actor" TEXT NOT NULL GENERATED ALWAYS AS ("entry"::jsonb ->> 'actor') STORED,
    "action" TEXT NOT NULL GENERATED ALWAYS AS ("entry"::jsonb ->> 'action') STORED,
    "subject" TEXT GENERATED ALWAYS AS ("entry"::jsonb ->> 'subject') STORED,
    "request" TEXT GENERATED ALWAYS AS ("entry"::jsonb ->> 'request') VIRTUAL,
    "before" JSONB GENERATED ALWAYS AS ("entry"::jsonb -> 'before') VIRTUAL,
    "after" JSONB GENERATED ALWAYS AS ("entry"::jsonb -> 'after') VIRTUAL,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("shop_id","id")
);
CREATE UNIQUE INDEX "audit_events_shop_id_seq_key" ON "audit_events"("shop_id", "seq");
CREATE INDEX "audit_events_shop_id_at_idx" ON "audit_events"("shop_id", "at");
CREATE INDEX "audit_events_shop_id_action_at_idx" ON "audit_events"("shop_id", "action", "at");
-- A shop goes only after its chain was closed.
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "audit_heads" (
    "shop_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "signature" TEXT,
    "key_id" TEXT,
    "verified_at" TIMESTAMPTZ(3),
    "verified_seq" INTEGER,
    "broken_seq" INTEGER,
    "broken_why" TEXT,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("shop_id")
);
CREATE INDEX "audit_heads_at_idx" ON "audit_heads"("at");

CREATE TABLE "platform_audit_events" (
    "entry" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "seq" INTEGER NOT NULL GENERATED ALWAYS AS (("entry"::jsonb ->> 'seq')::integer) STORED,
    "id" UUID NOT NULL GENERATED ALWAYS AS (("entry"::jsonb ->> 'id')::uuid) STORED,
    "at" TIMESTAMPTZ(3) NOT NULL GENERATED ALWAYS AS (audit_instant("entry"::jsonb ->> 'at')) STORED,
    "actor" TEXT NOT NULL GENERATED ALWAYS AS ("entry"::jsonb ->> 'actor') STORED,
    "action" TEXT NOT NULL GENERATED ALWAYS AS ("entry"::jsonb ->> 'action') STORED,
    "subject" TEXT GENERATED ALWAYS AS ("entry"::jsonb ->> 'subject') STORED,
    "request" TEXT GENERATED ALWAYS AS ("entry"::jsonb ->> 'request') VIRTUAL,
    "before" JSONB GENERATED ALWAYS AS ("entry"::jsonb -> 'before') VIRTUAL,
    "after" JSONB GENERATED ALWAYS AS ("entry"::jsonb -> 'after') VIRTUAL,

    CONSTRAINT "platform_audit_events_pkey" PRIMARY KEY ("seq")
);
CREATE INDEX "platform_audit_events_subject_action_seq_idx" ON "platform_audit_events"("subject", "action", "seq");

CREATE TABLE "platform_audit_heads" (
    "chain" TEXT NOT NULL DEFAULT 'platform',
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "signature" TEXT,
    "key_id" TEXT,
    "verified_at" TIMESTAMPTZ(3),
    "verified_seq" INTEGER,
    "broken_seq" INTEGER,
    "broken_why" TEXT,

    CONSTRAINT "platform_audit_heads_pkey" PRIMARY KEY ("chain")
);
INSERT INTO "platform_audit_heads" ("seq", "hash", "at")
VALUES (0, encode(sha256('aftercare audit platform'), 'hex'), now());

-- What was written so far. The heads are signed by the first process that starts with a key (features/audit/found.server.ts).
DO $$
DECLARE
  event record;
  head text;
  place integer;
  of_shop uuid;
  written text;
BEGIN
  FOR event IN SELECT * FROM audit_events_before ORDER BY shop_id, id LOOP
    IF of_shop IS DISTINCT FROM event.shop_id THEN
      of_shop := event.shop_id;
      place := 0;
      head := encode(sha256(convert_to('aftercare audit ' || of_shop, 'UTF8')), 'hex');
    END IF;
    place := place + 1;
    written := format('{"seq":%s,"id":"%s","at":"%s","actor":%s,"action":%s%s%s%s}',
      place, event.id, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      to_json(event.actor), to_json(event.action),
      ',"subject":' || to_json(event.subject)::text, ',"before":' || event.before::text, ',"after":' || event.after::text);
    head := encode(sha256(convert_to(head || E'\n' || written, 'UTF8')), 'hex');
    INSERT INTO audit_events (shop_id, entry, hash) VALUES (of_shop, written, head);
    INSERT INTO audit_heads (shop_id, seq, hash, at) VALUES (of_shop, place, head, now())
      ON CONFLICT (shop_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
  END LOOP;
END $$;
DROP TABLE "audit_events_before";

-- Nobody changes what was written, the owner no more than others.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: audit entries stay as they were written', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

-- Entries go as one piece from the chain's beginning, and only when the platform's chain says exactly which: how many, the first and the last.
CREATE FUNCTION audit_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT shop_id, count(*) AS entries, min(seq) AS from_seq, max(seq) AS to_seq FROM gone GROUP BY shop_id) piece
      JOIN gone AS first ON first.shop_id = piece.shop_id AND first.seq = piece.from_seq
      JOIN gone AS last ON last.shop_id = piece.shop_id AND last.seq = piece.to_seq
    WHERE EXISTS (SELECT FROM audit_events kept WHERE kept.shop_id = piece.shop_id AND kept.seq < piece.to_seq)
       OR NOT EXISTS (
        SELECT FROM platform_audit_events told
         WHERE told.subject = piece.shop_id::text AND told.action IN ('audit.closed', 'audit.pruned')
           AND told.after -> 'count' = to_jsonb(piece.entries)
           AND told.after -> 'first' = jsonb_build_object('seq', first.seq, 'hash', first.hash)
           AND told.after -> 'last' = jsonb_build_object('seq', last.seq, 'hash', last.hash))
  ) THEN
    RAISE EXCEPTION 'DELETE on audit_events is refused: no checkpoint in the platform''s chain tells of these entries'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER unchanged BEFORE UPDATE ON "audit_events" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER untruncated BEFORE TRUNCATE ON "audit_events" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER removed AFTER DELETE ON "audit_events" REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audit_removal();
CREATE TRIGGER unchanged BEFORE UPDATE OR DELETE ON "platform_audit_events" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER untruncated BEFORE TRUNCATE ON "platform_audit_events" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- ALWAYS: no session's replication role steps past them.
ALTER TABLE "audit_events" ENABLE ALWAYS TRIGGER unchanged, ENABLE ALWAYS TRIGGER untruncated, ENABLE ALWAYS TRIGGER removed;
ALTER TABLE "platform_audit_events" ENABLE ALWAYS TRIGGER unchanged, ENABLE ALWAYS TRIGGER untruncated;

SELECT wall_in('audit_events', 'shop_id'),
       wall_in('audit_heads', 'shop_id');
