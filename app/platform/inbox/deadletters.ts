import { rawPool } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { INBOX_CHANNEL } from "#app/platform/inbox/bell.ts";

/** A webhook that was given up. The reason holds no personal data. */
export type DeadLetter = {
  id: string;
  source: string;
  topic: string;
  shopDomain: string;
  receivedAt: Date;
  diedAt: Date | null;
  attempts: number;
  reason: string;
  /** Whether there is still a body to replay. */
  replayable: boolean;
};

/**
 * Newest first. Where `shopDomain` is left out, those of all senders.
 * @param query.before the id of the last one of the page before
 */
export async function listDeadLetters(
  query: { shopDomain?: string; before?: string; limit?: number } = {},
): Promise<DeadLetter[]> {
  if (query.before !== undefined && !isId(query.before)) return [];
  const { rows } = await rawPool().query<DeadLetter>(
    `SELECT id, source, topic, shop_domain AS "shopDomain", received_at AS "receivedAt", processed_at AS "diedAt", attempts,
            coalesce(reason, '') AS reason, body_sealed IS NOT NULL AS replayable
       FROM inbox
      WHERE state = 'dead' AND ($1::text IS NULL OR shop_domain = $1) AND ($2::uuid IS NULL OR id < $2)
      ORDER BY id DESC LIMIT $3`,
    [query.shopDomain ?? null, query.before ?? null, query.limit ?? 50],
  );
  return rows;
}

/**
 * Puts a dead webhook back in line; where `shopDomain` is given, only if it is of that shop.
 * @throws AppError not_found when it is not dead or has no body any more
 */
export async function replayDeadLetter(id: string, shopDomain?: string): Promise<void> {
  const { rowCount } = isId(id)
    ? await rawPool().query(
        `WITH back AS (
           UPDATE inbox SET state = 'pending', attempts = 0, next_at = now(), reason = NULL, processed_at = NULL
            WHERE id = $1 AND state = 'dead' AND body_sealed IS NOT NULL AND ($2::text IS NULL OR shop_domain = $2) RETURNING 1)
         SELECT pg_notify('${INBOX_CHANNEL}', '') FROM back`,
        [id, shopDomain ?? null],
      )
    : { rowCount: 0 };
  if (rowCount !== 1) throw new AppError("not_found", "no such dead webhook");
}
