// Guarantee: what is frozen was due, planned again and still wanted in the very transaction that froze it.
import { channels } from "#app/connectors/registry.ts";
import type { ChannelName, Mail } from "#app/connectors/channels.ts";
import { tellBroken } from "#app/features/messages/broken.server.ts";
import { composeMail, reasonNotComposed, type Draft } from "#app/features/messages/compose.server.ts";
import type { MessageReason, Timeline, TimelineEntry } from "#app/features/messages/messages.ts";
import { planLoaded, setState } from "#app/features/messages/schedule.server.ts";
import { readSuppressed } from "#app/features/messages/suppress.server.ts";
import { readSender, readSharedAllowance, type Sender } from "#app/features/messages/sender.server.ts";
import { loadOrders, type LoadedOrder } from "#app/features/orders/orders.server.ts";
import {
  isIntact,
  listReleasesById,
  listServingReleases,
  type Release,
} from "#app/features/releases/releases.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";
import type { Message } from "#app/platform/db/generated/client.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** A batch that is this worker's for the length of its lease. */
export type ClaimedBatch = { id: string; idempotencyKey: string; attempts: number; frozenAt: Date };
export type Member = { shopId: string; messageId: string };

/** Seconds a worker has to send a batch and record the answer before another repeats it. */
export const LEASE_SECONDS = 60;

type Frozen = {
  shop: Shop;
  message: Message;
  mail: Mail;
  sealed: Buffer<ArrayBuffer>;
  recipientIndex: string | null;
  shared: boolean;
};

/** Freezes what is due now into a new batch. `looked` = how many messages were due and looked at; batch null = none is to leave. */
export async function freezeDue(
  channel: ChannelName,
  account: string,
  now: Date,
): Promise<{ batch: ClaimedBatch | null; looked: number }> {
  return forPlatform("dispatch", async (tx) => {
    const due = await lockDue(tx, channel, now);
    const frozen: Frozen[] = [];
    const byShop = Map.groupBy(due, (row) => row.shop_id);
    const end = performance.now() + COMPOSE_MS;
    let shopsLeft = byShop.size;
    for (const [shopId, rows] of byShop) {
      const left = end - performance.now();
      if (left <= 0) break;
      // A slow shop takes its own share of the time; what a fast one leaves over is everybody's.
      frozen.push(...(await freezeShop(tx, shopId, rows, now, performance.now() + left / shopsLeft)));
      shopsLeft -= 1;
    }
    const batch = frozen.length > 0 ? await storeBatch(tx, channel, account, frozen, now) : null;
    return { batch, looked: due.length };
  });
}

type DueRow = { shop_id: string; id: string; order_id: string };

/**
 * Due messages of shops that may send, in turns by shop, each locked together with its order: a planner that holds the
 * order makes us pass over its message instead of waiting. One worker a shop at a time: two would each see the daily cap's room,
 * and an uninstall waits for us or we for it.
 */
async function lockDue(tx: Tx, channel: ChannelName, now: Date): Promise<DueRow[]> {
  const most = channels[channel].capabilities.batchSize;
  return tx.$queryRaw<DueRow[]>`
    WITH sending AS MATERIALIZED (
      SELECT s.id FROM shops s
      WHERE s.state = 'installed' AND s.sending
        AND NOT EXISTS (SELECT 1 FROM connections c WHERE c.shop_id = s.id AND c.source = 'shopify' AND c.state <> 'ok')
        AND EXISTS (SELECT 1 FROM messages m WHERE m.shop_id = s.id AND m.state = 'planned' AND m.due_at <= ${now})
      ORDER BY random()
      LIMIT ${most}
      FOR NO KEY UPDATE OF s SKIP LOCKED
    ), share AS (SELECT greatest(1, ${most}::int / greatest(1, count(*)::int)) AS size FROM sending)
    SELECT m.shop_id, m.id, m.order_id
    FROM sending CROSS JOIN share CROSS JOIN LATERAL (
      SELECT due.shop_id, due.id, due.order_id
      FROM messages due JOIN orders o ON o.shop_id = due.shop_id AND o.id = due.order_id
      WHERE due.shop_id = sending.id AND due.state = 'planned' AND due.channel = ${channel} AND due.due_at <= ${now}
      ORDER BY due.due_at LIMIT share.size
      FOR UPDATE OF due, o SKIP LOCKED
    ) m`;
}

/** @param until by `performance.now()`: when no more may be begun */
async function freezeShop(
  tx: Tx,
  shopId: string,
  rows: DueRow[],
  now: Date,
  until: number,
): Promise<Frozen[]> {
  const shop = await getShop(tx, shopId);
  const orders = await tx.order.findMany({ where: { shopId, id: { in: rows.map((row) => row.order_id) } } });
  const loaded = await loadOrders(tx, shopId, orders);
  await planLoaded(tx, shop, loaded, await listServingReleases(tx, shopId), now);

  const messages = await tx.message.findMany({
    where: { shopId, id: { in: rows.map((row) => row.id) }, state: "planned", dueAt: { lte: now } },
    include: { sections: { where: { state: "planned" } } },
    orderBy: [{ dueAt: "asc" }, { id: "asc" }],
  });
  const sender = await readSender(tx, shop);
  const allowance = sender.shared ? await readSharedAllowance(tx, shopId, now) : Infinity;
  await hold(
    tx,
    shopId,
    messages.slice(Math.min(allowance, messages.length)),
    "daily_cap",
    new Date(now.getTime() + CAP_AGAIN_MS),
    now,
  );

  const releases = new Map(
    (
      await listReleasesById(tx, shopId, [
        ...new Set(messages.flatMap((message) => message.sections.map((section) => section.releaseId))),
      ])
    ).map((release) => [release.id, release]),
  );
  for (const release of releases.values()) if (!isIntact(release)) await tellBroken(tx, shopId, release, now);
  const byOrder = new Map(loaded.map((item) => [item.order.id, item]));
  const chosen = messages.slice(0, Math.min(allowance, messages.length));
  const buyerOf = (message: Message) => byOrder.get(message.orderId)?.order.buyer ?? null;
  const buyers = [...new Set(chosen.flatMap((message) => buyerOf(message) ?? []))];
  const suppressed = await readSuppressed(tx, shopId, buyers);
  const composed = await composeAll(chosen, until, (message) => {
    const draft = { message, sections: message.sections, pastOptOut: suppressed.has(buyerOf(message) ?? "") };
    return tryCompose(shop, sender, byOrder.get(message.orderId), draft, releases);
  });
  const vault = await openVault(shopId);
  const frozen: Frozen[] = [];
  for (const [index, result] of composed.entries()) {
    const message = chosen[index]!;
    if ("reason" in result) {
      if (result.reason === "render_held") {
        await hold(tx, shopId, [message], "render_held", new Date(now.getTime() + RENDER_AGAIN_MS), now);
        continue;
      }
      await setState(tx, shopId, message, "failed", result.reason, {
        at: now.toISOString(),
        kind: "failed",
        detail: result.reason,
      });
      await tx.section.updateMany({
        where: { shopId, messageId: message.id, state: "planned" },
        data: { state: "frozen" },
      });
      continue;
    }
    frozen.push({
      shop,
      message,
      mail: result.mail,
      sealed: vault.seal(
        { table: "messages", column: "frozen_sealed", row: message.id },
        JSON.stringify(result.mail),
      ),
      recipientIndex: buyerOf(message),
      shared: sender.shared,
    });
  }
  return frozen;
}

/**
 * How long one round may go on beginning to compose. A template may take seconds, all of it inside the transaction that freezes,
 * which ends after 30 s: then nothing of anybody would ever leave. What is not reached stays planned.
 */
const COMPOSE_MS = 8_000;

/** Few at a time, until the time is up; once the renderer gave up on one, the rest of the shop's messages wait with it. */
async function composeAll<M>(
  messages: M[],
  until: number,
  compose: (message: M) => Promise<Composed>,
): Promise<Composed[]> {
  const composed: Composed[] = [];
  while (composed.length < messages.length) {
    const some = messages.slice(composed.length, composed.length + COMPOSED_AT_ONCE);
    const held = composed.some((result) => "reason" in result && result.reason === "render_held");
    // To hold takes no time: left planned, they would cost the next round as much again.
    if (!held && composed.length > 0 && performance.now() >= until) break;
    composed.push(
      ...(held ? some.map(() => ({ reason: "render_held" as const })) : await Promise.all(some.map(compose))),
    );
  }
  return composed;
}

const COMPOSED_AT_ONCE = 4;
type Composed = { mail: Mail } | { reason: MessageReason };

async function tryCompose(
  shop: Shop,
  sender: Sender,
  loaded: LoadedOrder | undefined,
  draft: Draft & { message: Message },
  releases: Map<string, Release>,
): Promise<Composed> {
  const { message } = draft;
  try {
    if (!loaded) throw new AppError("conflict", "a message without its order");
    return { mail: await composeMail(shop, sender, loaded, draft, releases) };
  } catch (error) {
    const reason = reasonNotComposed(error, message.timeline as Timeline);
    log.error(
      { shop: shop.id, message: message.id, error: describeFailure(error), reason },
      "message could not be composed",
    );
    return { reason };
  }
}

/** Over the shared domain's cap: looked at again every hour until the day's allowance has room. */
const CAP_AGAIN_MS = 3_600_000;
const RENDER_AGAIN_MS = 5 * 60_000;

async function hold(
  tx: Tx,
  shopId: string,
  messages: Message[],
  reason: MessageReason,
  dueAt: Date,
  now: Date,
): Promise<void> {
  const entry: TimelineEntry = { at: now.toISOString(), kind: "held", detail: reason };
  for (const message of messages) {
    const before = message.timeline as TimelineEntry[];
    const timeline = reason === "daily_cap" && message.reason === reason ? before : [...before, entry];
    await tx.message.update({
      where: { shopId_id: { shopId, id: message.id } },
      data: { dueAt, reason, timeline },
    });
  }
}

async function storeBatch(
  tx: Tx,
  channel: ChannelName,
  account: string,
  frozen: Frozen[],
  now: Date,
): Promise<ClaimedBatch> {
  const id = newId();
  const idempotencyKey = `aftercare-${id}`;
  const payload = channels[channel].freeze(frozen.map((item) => item.mail));
  await tx.$executeRaw`
    INSERT INTO batches (id, account, channel, idempotency_key, payload_hash, size, state, attempts, frozen_at, next_at)
    VALUES (${id}::uuid, ${account}, ${channel}, ${idempotencyKey}, ${sha256(payload)}, ${frozen.length}, 'frozen', 1, ${now},
            clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))`;
  const entry: TimelineEntry = { at: now.toISOString(), kind: "frozen", detail: id };
  await tx.$executeRaw`
    UPDATE messages m
    SET state = 'sending', reason = NULL, batch_id = ${id}::uuid, batch_position = f.position, frozen_sealed = f.sealed, recipient_index = f.recipient,
        frozen_at = ${now}, sent_hash = f.hash, shared_domain = f.shared, updated_at = now(), timeline = m.timeline || ${JSON.stringify([entry])}::jsonb
    FROM unnest(${frozen.map((item) => item.shop.id)}::uuid[], ${frozen.map((item) => item.message.id)}::uuid[], ${frozen.map((_, position) => position)}::int[],
                ${frozen.map((item) => item.sealed)}::bytea[], ${frozen.map((item) => item.recipientIndex)}::text[], ${frozen.map((item) => item.shared)}::bool[],
                ${frozen.map((item) => hashOfMail(channel, item.mail))}::text[])
      AS f(shop_id, id, position, sealed, recipient, shared, hash)
    WHERE m.shop_id = f.shop_id AND m.id = f.id`;
  await tx.$executeRaw`
    UPDATE sections s SET state = 'frozen', reason = NULL
    FROM unnest(${frozen.map((item) => item.shop.id)}::uuid[], ${frozen.map((item) => item.message.id)}::uuid[]) AS f(shop_id, message_id)
    WHERE s.shop_id = f.shop_id AND s.message_id = f.message_id AND s.state = 'planned'`;
  return { id, idempotencyKey, attempts: 1, frozenAt: now };
}

/** What the ledger keeps of a mail: the hash of the bytes it leaves as, whoever shares the batch with it. */
export const hashOfMail = (channel: ChannelName, mail: Mail): string =>
  sha256(channels[channel].freeze([mail]));

/** Takes over a batch that waits to be repeated, or whose worker has vanished. */
export async function claimOpenBatch(account: string): Promise<ClaimedBatch | null> {
  return forPlatform("dispatch", async (tx) => {
    const [row] = await tx.$queryRaw<ClaimedBatch[]>`
      UPDATE batches SET attempts = attempts + 1, next_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      WHERE id = (
        SELECT id FROM batches WHERE account = ${account} AND state = 'frozen' AND next_at <= clock_timestamp()
        ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, idempotency_key AS "idempotencyKey", attempts, frozen_at AS "frozenAt"`;
    return row ?? null;
  });
}

/** A batch's members with the bytes to send, or null when they are not what was frozen (a member was erased). */
export async function readBatch(
  batchId: string,
  channel: ChannelName,
): Promise<{ members: Member[]; payload: string | null }> {
  const { batch, rows } = await forPlatform("dispatch", async (tx) => ({
    batch: await tx.batch.findUnique({ where: { id: batchId } }),
    rows: await tx.message.findMany({
      where: { batchId },
      orderBy: { batchPosition: "asc" },
      select: { shopId: true, id: true, frozenSealed: true },
    }),
  }));
  const members = rows.map((row) => ({ shopId: row.shopId, messageId: row.id }));
  const payload = await thaw(channel, rows);
  const whole =
    batch !== null && payload !== null && rows.length === batch.size && sha256(payload) === batch.payloadHash;
  return { members, payload: whole ? payload : null };
}

async function thaw(
  channel: ChannelName,
  rows: { shopId: string; id: string; frozenSealed: Uint8Array | null }[],
): Promise<string | null> {
  const mails: Mail[] = [];
  for (const row of rows) {
    if (!row.frozenSealed) return null;
    try {
      const vault = await openVault(row.shopId);
      mails.push(
        JSON.parse(
          vault.open({ table: "messages", column: "frozen_sealed", row: row.id }, row.frozenSealed),
        ) as Mail,
      );
    } catch (error) {
      if (error instanceof AppError && error.code === "unavailable") return null;
      throw error;
    }
  }
  return channels[channel].freeze(mails);
}
