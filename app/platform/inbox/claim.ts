// Guarantee: a row is held by one worker at a time, by the database's clock; a worker that lost its lease settles nothing, as
// the number of the attempt is part of every later statement.
import { rawPool } from "#app/platform/db/db.ts";

/** A verified webhook as it waits in the inbox, without its body. */
export type Webhook = {
  inboxId: string;
  source: string;
  topic: string;
  shopDomain: string;
  webhookId: string;
  eventId: string | null;
  apiVersion: string | null;
  triggeredAt: Date | null;
  receivedAt: Date;
};

export type Claimed = Webhook & { attempt: number; bodySealed: Buffer | null };

type Row = {
  id: string;
  source: string;
  topic: string;
  shop_domain: string;
  webhook_id: string;
  event_id: string | null;
  api_version: string | null;
  triggered_at: Date | null;
  received_at: Date;
  attempts: number;
  body_sealed: Buffer | null;
};

// Times in the table are rounded to milliseconds: what is due now may lie half of one ahead.
const DUE = "next_at <= now() + interval '1 millisecond'";

// Walks the shops that have something due from one to the next (each step one look into the index), beginning after the shop that
// was served last, and takes as evenly from each as there is room: a shop with 100,000 webhooks gets no more turns than one with 10.
const CLAIM = `WITH RECURSIVE
after_last AS (
  (SELECT shop_domain, 1 AS round FROM inbox
    WHERE state = 'pending' AND ${DUE} AND shop_domain > $1 ORDER BY shop_domain LIMIT 1)
  UNION ALL
  SELECT (SELECT i.shop_domain FROM inbox i
           WHERE i.state = 'pending' AND i.${DUE} AND i.shop_domain > after_last.shop_domain
           ORDER BY i.shop_domain LIMIT 1), 1
    FROM after_last WHERE after_last.shop_domain IS NOT NULL
),
from_start AS (
  (SELECT shop_domain, 2 AS round FROM inbox
    WHERE state = 'pending' AND ${DUE} AND shop_domain <= $1 ORDER BY shop_domain LIMIT 1)
  UNION ALL
  SELECT (SELECT i.shop_domain FROM inbox i
           WHERE i.state = 'pending' AND i.${DUE} AND i.shop_domain > from_start.shop_domain AND i.shop_domain <= $1
           ORDER BY i.shop_domain LIMIT 1), 2
    FROM from_start WHERE from_start.shop_domain IS NOT NULL
),
shops AS MATERIALIZED (
  SELECT shop_domain, round FROM (
    (SELECT * FROM after_last WHERE shop_domain IS NOT NULL LIMIT $2)
    UNION ALL
    (SELECT * FROM from_start WHERE shop_domain IS NOT NULL LIMIT $2)
  ) AS every_shop LIMIT $2
),
chosen AS MATERIALIZED (
  SELECT picked.id, shops.round, shops.shop_domain
    FROM shops, LATERAL (
      SELECT id FROM inbox
       WHERE state = 'pending' AND ${DUE} AND shop_domain = shops.shop_domain
       ORDER BY next_at
       LIMIT (SELECT ceil($2::numeric / greatest(count(*), 1)) FROM shops)
       FOR UPDATE SKIP LOCKED
    ) AS picked
   LIMIT $2
)
UPDATE inbox SET attempts = attempts + 1, next_at = now() + make_interval(secs => $3)
  FROM chosen WHERE inbox.id = chosen.id
RETURNING inbox.id, source, topic, inbox.shop_domain, webhook_id, event_id, api_version, triggered_at, received_at, attempts,
          body_sealed, chosen.round`;

/**
 * Takes up to `count` due webhooks for `leaseSeconds`, evenly from the shops that come after `cursor`.
 * `cursor` of the answer is where the next call should go on.
 */
export async function claim(
  cursor: string,
  count: number,
  leaseSeconds: number,
): Promise<{ claimed: Claimed[]; cursor: string }> {
  const { rows } = await rawPool().query<Row & { round: number }>(CLAIM, [cursor, count, leaseSeconds]);
  let last = { round: 0, shop_domain: cursor };
  for (const row of rows) {
    const later = row.round - last.round || (row.shop_domain > last.shop_domain ? 1 : -1);
    if (later > 0) last = row;
  }
  return { claimed: rows.map(fromRow), cursor: last.shop_domain };
}

function fromRow(row: Row): Claimed {
  return {
    inboxId: row.id,
    source: row.source,
    topic: row.topic,
    shopDomain: row.shop_domain,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    apiVersion: row.api_version,
    triggeredAt: row.triggered_at,
    receivedAt: row.received_at,
    attempt: row.attempts,
    bodySealed: row.body_sealed,
  };
}

/** Moves the end of the leases that are still ours. */
export async function extendLeases(held: Claimed[], leaseSeconds: number): Promise<void> {
  await rawPool().query(
    `UPDATE inbox SET next_at = now() + make_interval(secs => $3)
       FROM unnest($1::uuid[], $2::int[]) AS held (id, attempt)
      WHERE inbox.id = held.id AND attempts = held.attempt AND state = 'pending'`,
    [held.map(({ inboxId }) => inboxId), held.map(({ attempt }) => attempt), leaseSeconds],
  );
}

/** Handled for good. The body goes, unless somebody still needs it. */
export async function settleDone(held: Claimed, reason: string | null, keepBody: boolean): Promise<void> {
  await settle(
    held,
    `state = 'done', reason = $3, processed_at = now()${keepBody ? "" : ", body_sealed = NULL"}`,
    reason,
  );
}

/** Given up: kept with its body, to be seen and replayed. */
export async function settleDead(held: Claimed, reason: string): Promise<void> {
  await settle(held, "state = 'dead', reason = $3, processed_at = now()", reason);
}

/** Not now: again after `seconds`. */
export async function settleLater(held: Claimed, reason: string, seconds: number): Promise<void> {
  await settle(held, "reason = $3, next_at = now() + make_interval(secs => $4)", reason, seconds);
}

async function settle(held: Claimed, change: string, ...values: unknown[]): Promise<void> {
  await rawPool().query(`UPDATE inbox SET ${change} WHERE id = $1 AND attempts = $2 AND state = 'pending'`, [
    held.inboxId,
    held.attempt,
    ...values,
  ]);
}
