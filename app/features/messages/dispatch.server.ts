// Guarantee: a crash at any point loses no message and sends none twice; a batch in doubt is repeated unchanged or settled unknown.
import { setTimeout as wait } from "node:timers/promises";
import { channels } from "#app/connectors/registry.ts";
import type { ChannelName, SendOutcome } from "#app/connectors/channels.ts";
import {
  claimOpenBatch,
  freezeDue,
  readBatch,
  type ClaimedBatch,
  type Member,
} from "#app/features/messages/claim.server.ts";
import { LONGEST_PAUSE_MS, learnPace, readPause, takeSlot } from "#app/features/messages/pace.server.ts";
import {
  recordAccepted,
  recordLater,
  returnBatch,
  returnUnsent,
  settleFailed,
  settleUnknown,
  splitBatch,
} from "#app/features/messages/settle.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { log, withLogContext } from "#app/platform/log.ts";

/** A provider forgets its keys after a day; an hour is kept for the last try and clocks that differ. */
function repeatableUntil(channel: ChannelName, batch: ClaimedBatch): number {
  return (
    batch.frozenAt.getTime() + Math.max(0, channels[channel].capabilities.idempotencyHours - 1) * 3_600_000
  );
}

/**
 * One round: repeats a batch that waits for it, else freezes what is due, and sends.
 * @returns whether there was anything to do, so that the caller knows to come back at once
 */
export async function dispatchRound(
  channel: ChannelName,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const account = `${channel}:default`;
  if ((await readPause(account)) > LONGEST_PAUSE_MS) return false;
  const open = await claimOpenBatch(account);
  if (open) {
    await sendBatch(channel, account, open, clock, signal);
    return true;
  }
  const { batch, looked } = await freezeDue(channel, account, clock());
  if (batch) await sendBatch(channel, account, batch, clock, signal);
  return looked > 0;
}

async function sendBatch(
  channel: ChannelName,
  account: string,
  batch: ClaimedBatch,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  await withLogContext({ batch: batch.id }, async () => {
    await wait(await takeSlot(account), undefined, { signal });
    // After the wait: a member may have been taken back during it, or the key have grown too old.
    const { members, payload } = await readBatch(batch.id, channel);
    if (payload === null) {
      const end = batch.attempts === 1 ? returnUnsent : settleUnknown;
      return end(batch.id, members, "altered", clock());
    }
    if (batch.attempts > 1 && clock().getTime() > repeatableUntil(channel, batch))
      return settleUnknown(batch.id, members, "too_old", clock());
    const startedAt = clock();
    const outcome = await channels[channel].send({ idempotencyKey: batch.idempotencyKey, payload });
    const finishedAt = clock();
    await learnPace(account, outcome.pace, outcome.kind === "later" ? outcome.retryAfterMs : null);
    await record(channel, batch, members, outcome, { startedAt, finishedAt });
  });
}

export type Times = { startedAt: Date; finishedAt: Date };

async function record(
  channel: ChannelName,
  batch: ClaimedBatch,
  members: Member[],
  outcome: SendOutcome,
  times: Times,
): Promise<void> {
  if (outcome.kind === "accepted") return recordAccepted(batch, members, outcome, times);
  log.warn(
    { outcome: outcome.kind, code: outcome.code, size: members.length, attempt: batch.attempts },
    "batch not accepted",
  );
  if (outcome.kind === "refused" && members.length > 1)
    return splitBatch(channel, batch, members, outcome, times);
  if (outcome.kind === "refused") return settleFailed(batch, members, outcome, times);
  if (outcome.kind === "uncertain" && channels[channel].capabilities.idempotencyHours === 0) {
    return settleUnknown(batch.id, members, outcome.code, times.finishedAt);
  }
  // Refused for longer than a moment and never in doubt: no bytes need repeating, so the truth is asked again when they may go.
  if (outcome.kind === "later" && batch.attempts === 1 && (outcome.retryAfterMs ?? 0) > LONGEST_PAUSE_MS)
    return returnBatch(batch, members, outcome, times);
  return recordLater(batch, members, outcome, times);
}
