// Guarantee: an answer is recorded whole (batch, messages, attempts) in one transaction, and never takes a later state back.
import { channels } from "#app/connectors/registry.ts";
import type { ChannelName, Mail, SendOutcome } from "#app/connectors/channels.ts";
import type { ClaimedBatch, Member } from "#app/features/messages/claim.server.ts";
import type { Times } from "#app/features/messages/dispatch.server.ts";
import type { MessageReason, MessageState, TimelineEntry } from "#app/features/messages/messages.ts";
import { cancelWaiting } from "#app/features/messages/schedule.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";

type Accepted = Extract<SendOutcome, { kind: "accepted" }>;
type NotAccepted = Exclude<SendOutcome, { kind: "accepted" }>;

export async function recordAccepted(
  batch: ClaimedBatch,
  members: Member[],
  outcome: Accepted,
  times: Times,
): Promise<void> {
  await forPlatform("dispatch", async (tx) => {
    if (!(await settle(tx, batch.id, "accepted", null, times.finishedAt))) return;
    const ids = members.map((_, index) => outcome.providerIds[index] ?? null);
    await writeAttempts(tx, batch, members, outcome, times, ids);
    const entry: TimelineEntry = { at: times.finishedAt.toISOString(), kind: "accepted", detail: null };
    // A delivery event may have been faster than the answer: then only what it could not know is filled in.
    await tx.$executeRaw`
      UPDATE messages m
      SET state = CASE WHEN m.state = 'sending' THEN 'sent' ELSE m.state END, provider_id = coalesce(f.provider_id, m.provider_id),
          -- The provider may have told already that it keeps the mail back.
          sent_at = CASE WHEN m.reason = ${"suppressed_by_provider" satisfies MessageReason} THEN NULL ELSE ${times.finishedAt}::timestamptz END, updated_at = now(), timeline = m.timeline || ${JSON.stringify([entry])}::jsonb
      FROM unnest(${shops(members)}::uuid[], ${messages(members)}::uuid[], ${ids}::text[]) AS f(shop_id, id, provider_id)
      WHERE m.shop_id = f.shop_id AND m.id = f.id AND m.batch_id = ${batch.id}::uuid`;
  });
}

/** Nothing is decided yet: the same bytes go again under the same key, after a while. */
export async function recordLater(
  batch: ClaimedBatch,
  members: Member[],
  outcome: NotAccepted,
  times: Times,
): Promise<void> {
  const asked = outcome.kind === "later" ? outcome.retryAfterMs : null;
  const backOff =
    Math.min(15 * 60_000, 1_000 * 2 ** Math.min(batch.attempts, 10)) * (0.75 + Math.random() / 2);
  await forPlatform("dispatch", async (tx) => {
    const moved = await tx.$executeRaw`
      UPDATE batches SET code = ${outcome.code}, next_at = clock_timestamp() + make_interval(secs => ${(asked ?? backOff) / 1000})
      WHERE id = ${batch.id}::uuid AND state = 'frozen'`;
    if (moved === 0) return;
    await writeAttempts(tx, batch, members, outcome, times);
    await mark(tx, batch.id, members, null, {
      at: times.finishedAt.toISOString(),
      kind: outcome.kind === "later" ? "later" : "uncertain",
      detail: outcome.code,
    });
  });
}

/** Nothing was taken and nothing is in doubt: the messages wait again as if they had never been in the batch. */
export async function returnBatch(
  batch: ClaimedBatch,
  members: Member[],
  outcome: NotAccepted,
  times: Times,
): Promise<void> {
  await forPlatform("dispatch", async (tx) => {
    if (!(await settle(tx, batch.id, "returned", outcome.code, times.finishedAt))) return;
    await writeAttempts(tx, batch, members, outcome, times);
    const entry: TimelineEntry = {
      at: times.finishedAt.toISOString(),
      kind: "later",
      detail: outcome.code,
    };
    await planAgain(tx, batch.id, members, entry, times.finishedAt);
  });
}

/** The same of a batch that no provider was ever given. */
export async function returnUnsent(
  batchId: string,
  members: Member[],
  code: string,
  now: Date,
): Promise<void> {
  await forPlatform("dispatch", (tx) => returnUnsentIn(tx, batchId, members, code, now));
}

/** In the caller's transaction, which must see all shops. */
export async function returnUnsentIn(
  tx: Tx,
  batchId: string,
  members: Member[],
  code: string,
  now: Date,
): Promise<void> {
  if (!(await settle(tx, batchId, "returned", code, now))) return;
  await planAgain(tx, batchId, members, { at: now.toISOString(), kind: "returned", detail: code }, now);
}

async function planAgain(
  tx: Tx,
  batchId: string,
  members: Member[],
  entry: TimelineEntry,
  now: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE sections s SET state = 'planned'
    FROM unnest(${shops(members)}::uuid[], ${messages(members)}::uuid[]) AS f(shop_id, id)
    WHERE s.shop_id = f.shop_id AND s.message_id = f.id AND s.state = 'frozen'`;
  await tx.$executeRaw`
    UPDATE messages m
    SET state = 'planned', batch_id = NULL, batch_position = NULL, frozen_sealed = NULL,
        frozen_at = NULL, sent_hash = NULL, shared_domain = false, updated_at = now(),
        timeline = m.timeline || ${JSON.stringify([entry])}::jsonb
    FROM unnest(${shops(members)}::uuid[], ${messages(members)}::uuid[]) AS f(shop_id, id)
    WHERE m.shop_id = f.shop_id AND m.id = f.id AND m.batch_id = ${batchId}::uuid AND m.state = 'sending'`;
  // A shop that left while its batch was under way waits for nothing any more.
  const left = await tx.shop.findMany({
    where: { id: { in: shops(members) }, state: { not: "installed" } },
    select: { id: true },
  });
  for (const { id } of left) await cancelWaiting(tx, id, "uninstalled", now);
}

export async function settleFailed(
  batch: ClaimedBatch,
  members: Member[],
  outcome: NotAccepted,
  times: Times,
): Promise<void> {
  await forPlatform("dispatch", async (tx) => {
    if (!(await settle(tx, batch.id, "refused", outcome.code, times.finishedAt))) return;
    await writeAttempts(tx, batch, members, outcome, times);
    await mark(
      tx,
      batch.id,
      members,
      { state: "failed", reason: "refused_by_provider" },
      { at: times.finishedAt.toISOString(), kind: "failed", detail: outcome.code },
    );
  });
}

/** Whether it was delivered can no longer be found out by repeating: shown as such, never repeated blindly. */
export async function settleUnknown(
  batchId: string,
  members: Member[],
  code: string,
  now: Date,
): Promise<void> {
  await forPlatform("dispatch", (tx) => settleUnknownIn(tx, batchId, members, code, now));
}

/** The same in the caller's transaction, which must see all shops. */
export async function settleUnknownIn(
  tx: Tx,
  batchId: string,
  members: Member[],
  code: string,
  now: Date,
): Promise<void> {
  if (!(await settle(tx, batchId, "unknown", code, now))) return;
  await mark(
    tx,
    batchId,
    members,
    { state: "unknown", reason: "provider_silent" },
    { at: now.toISOString(), kind: "unknown", detail: code },
  );
}

/** The provider refused the whole because of a part: halves go out under keys of their own, with the bytes they had. */
export async function splitBatch(
  channel: ChannelName,
  batch: ClaimedBatch,
  members: Member[],
  outcome: NotAccepted,
  times: Times,
): Promise<void> {
  const middle = Math.ceil(members.length / 2);
  await forPlatform("dispatch", async (tx) => {
    if (!(await settle(tx, batch.id, "split", outcome.code, times.finishedAt))) return;
    await writeAttempts(tx, batch, members, outcome, times);
    for (const half of [members.slice(0, middle), members.slice(middle)])
      await freezeHalf(tx, channel, batch, half);
  });
}

async function freezeHalf(tx: Tx, channel: ChannelName, batch: ClaimedBatch, half: Member[]): Promise<void> {
  const mails: Mail[] = [];
  for (const { shopId, messageId } of half) {
    const row = await tx.message.findUniqueOrThrow({
      where: { shopId_id: { shopId, id: messageId } },
      select: { frozenSealed: true },
    });
    const vault = await openVault(shopId);
    mails.push(
      JSON.parse(
        vault.open(
          { table: "messages", column: "frozen_sealed", row: messageId },
          row.frozenSealed ?? Buffer.alloc(0),
        ),
      ) as Mail,
    );
  }
  const id = newId();
  const { account } = await tx.batch.findUniqueOrThrow({
    where: { id: batch.id },
    select: { account: true },
  });
  await tx.$executeRaw`
    INSERT INTO batches (id, account, channel, idempotency_key, payload_hash, size, state, frozen_at)
    VALUES (${id}::uuid, ${account}, ${channel}, ${`aftercare-${id}`}, ${sha256(channels[channel].freeze(mails))}, ${half.length}, 'frozen', ${batch.frozenAt})`;
  await tx.$executeRaw`
    UPDATE messages m SET batch_id = ${id}::uuid, batch_position = f.position
    FROM unnest(${shops(half)}::uuid[], ${messages(half)}::uuid[], ${half.map((_, position) => position)}::int[]) AS f(shop_id, id, position)
    WHERE m.shop_id = f.shop_id AND m.id = f.id`;
}

/** Ends a batch once; false when another worker has done so already. */
async function settle(
  tx: Tx,
  batchId: string,
  state: string,
  code: string | null,
  now: Date,
): Promise<boolean> {
  const changed = await tx.batch.updateMany({
    where: { id: batchId, state: "frozen" },
    data: { state, code, settledAt: now },
  });
  return changed.count === 1;
}

async function mark(
  tx: Tx,
  batchId: string,
  members: Member[],
  to: { state: MessageState; reason: MessageReason } | null,
  entry: TimelineEntry,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE messages m
    SET state = CASE WHEN m.state = 'sending' THEN coalesce(${to?.state ?? null}, m.state) ELSE m.state END,
        reason = CASE WHEN m.state = 'sending' THEN coalesce(${to?.reason ?? null}, m.reason) ELSE m.reason END,
        updated_at = now(), timeline = m.timeline || ${JSON.stringify([entry])}::jsonb
    FROM unnest(${shops(members)}::uuid[], ${messages(members)}::uuid[]) AS f(shop_id, id)
    WHERE m.shop_id = f.shop_id AND m.id = f.id AND m.batch_id = ${batchId}::uuid`;
}

async function writeAttempts(
  tx: Tx,
  batch: ClaimedBatch,
  members: Member[],
  outcome: SendOutcome,
  times: Times,
  providerIds: (string | null)[] = [],
): Promise<void> {
  const failure =
    outcome.kind === "accepted"
      ? { code: null, detail: null }
      : { code: outcome.code, detail: outcome.detail };
  const left = await lockMembers(tx, members);
  await tx.attempt.createMany({
    data: members.flatMap(({ shopId, messageId }, index) =>
      left.has(messageId)
        ? [
            {
              shopId,
              messageId,
              batchId: batch.id,
              number: batch.attempts,
              outcome: outcome.kind,
              ...failure,
              httpStatus: outcome.httpStatus,
              providerId: providerIds[index] ?? null,
              ...times,
            },
          ]
        : [],
    ),
  });
}

/** The members that are still there, kept so until the end of the transaction: one may be erased while its mail is on the way. */
async function lockMembers(tx: Tx, members: Member[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT m.id FROM messages m
    JOIN unnest(${shops(members)}::uuid[], ${messages(members)}::uuid[]) AS f(shop_id, id) ON m.shop_id = f.shop_id AND m.id = f.id
    FOR KEY SHARE OF m`;
  return new Set(rows.map(({ id }) => id));
}

const shops = (members: Member[]) => members.map((member) => member.shopId);
const messages = (members: Member[]) => members.map((member) => member.messageId);
