-- Whoever forges an entry must not stop the others: with a place that may be taken only once, one row in the next place kept every later
-- entry out, and with it every purge. Writers hold the chain's end, so the genuine entries do not need it; verification names the forged.
SELECT set_config('app.scope', 'migration', true);

ALTER TABLE "platform_audit_events" DROP CONSTRAINT "platform_audit_events_pkey",
  ADD CONSTRAINT "platform_audit_events_pkey" PRIMARY KEY ("id");
CREATE INDEX "platform_audit_events_seq_idx" ON "platform_audit_events"("seq");
DROP INDEX "audit_events_shop_id_seq_key";
CREATE INDEX "audit_events_shop_id_seq_idx" ON "audit_events"("shop_id", "seq");

-- As before, but where several entries share the first or the last place, one of them is the one that is told of.
CREATE OR REPLACE FUNCTION audit_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT shop_id, count(*) AS entries, min(seq) AS from_seq, max(seq) AS to_seq FROM gone GROUP BY shop_id) piece
    WHERE EXISTS (SELECT FROM audit_events kept WHERE kept.shop_id = piece.shop_id AND kept.seq < piece.to_seq)
       OR NOT EXISTS (
        SELECT FROM platform_audit_events told
          JOIN gone AS first ON first.shop_id = piece.shop_id AND first.seq = piece.from_seq
          JOIN gone AS last ON last.shop_id = piece.shop_id AND last.seq = piece.to_seq
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
