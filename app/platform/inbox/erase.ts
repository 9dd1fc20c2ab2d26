// Guarantee: a body that is dropped is gone from its row, and a worker that held it meanwhile settles nothing over it.
import { rawPool, type Tx } from "#app/platform/db/db.ts";
import { BEFORE_ALL } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { openBody } from "#app/platform/inbox/keys.ts";

export type KeptBody = { id: string; source: string; topic: string; receivedAt: Date; body: Buffer };

const PAGE = 200;

/**
 * Every webhook of a shop, or of a sender that names no shop, that still has its body: those waiting, those given up, and those
 * kept. Bodies whose key is gone are passed over: nobody opens them any more.
 */
export async function* keptBodies(shopDomain: string): AsyncGenerator<KeptBody> {
  let after: string = BEFORE_ALL;
  for (;;) {
    const { rows } = await rawPool().query<
      Omit<KeptBody, "body" | "receivedAt"> & { received_at: Date; body_sealed: Buffer }
    >(
      `SELECT id, source, topic, received_at, body_sealed FROM inbox
        WHERE shop_domain = $1 AND body_sealed IS NOT NULL AND id > $2 ORDER BY id LIMIT ${PAGE}`,
      [shopDomain, after],
    );
    for (const { id, source, topic, received_at: receivedAt, body_sealed: sealed } of rows) {
      const body = await openBody(id, sealed).catch((error: unknown) => {
        if (error instanceof AppError && error.code === "invalid") return null;
        throw error;
      });
      if (body) yield { id, source, topic, receivedAt, body };
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

/** Drops the bodies of these webhooks; those that waited are done with. @returns how many had one */
export async function dropBodies(tx: Tx, ids: string[], reason: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE inbox SET body_sealed = NULL, state = 'done', reason = ${reason}, processed_at = coalesce(processed_at, now())
    WHERE id = ANY (${ids}::uuid[]) AND body_sealed IS NOT NULL`;
}
