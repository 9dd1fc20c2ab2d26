// Guarantee: every stored webhook ends as done or as dead, whatever happens to the worker that holds it; each may be handled more
// than once, so handlers are idempotent.
import { Counter, Gauge, Histogram } from "prom-client";
import { z } from "zod";
import { systemClock, type Clock } from "#app/platform/clock.ts";
import { databaseUrl, rawPool } from "#app/platform/db/db.ts";
import { AppError, describeFailure, traceOf } from "#app/platform/errors.ts";
import {
  claim,
  extendLeases,
  settleDead,
  settleDone,
  settleLater,
  type Claimed,
  type Webhook,
} from "#app/platform/inbox/claim.ts";
import { openBody } from "#app/platform/inbox/keys.ts";
import { INBOX_CHANNEL } from "#app/platform/inbox/bell.ts";
import { listen } from "#app/platform/inbox/wakeup.ts";
import { log, withLogContext } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";

export type { Webhook } from "#app/platform/inbox/claim.ts";

/** What became of a webhook that was handled: why nothing was done with it, and whether its body is still needed. */
export type Handled = { reason?: string; keepBody?: boolean };

/**
 * Handles one webhook. AppError `invalid` and ZodError say that no repetition helps: the webhook is dead at once. Any other
 * failure is repeated for about a day.
 */
export type WebhookHandler = (webhook: Webhook, body: Buffer, now: Date) => Promise<Handled>;

export type ConsumeOptions = {
  handle: WebhookHandler;
  clock?: Clock;
  /** Aborting it stops claiming and lets what is under way finish. */
  signal: AbortSignal;
  /** How many are handled at once. */
  parallel?: number;
  /** How long a webhook is ours without a sign of life. */
  leaseSeconds?: number;
  /** The longest rest between two looks when nothing is heard. */
  pollMs?: number;
  /** How long what is under way may take after the stop. */
  drainMs?: number;
};

export const MOST_ATTEMPTS = 12;

const handledTotal = new Counter({
  name: "aftercare_webhooks_handled_total",
  help: "Webhooks taken out of the inbox by outcome: done, later, dead",
  labelNames: ["source", "outcome"],
  registers: [metrics],
});
const age = new Histogram({
  name: "aftercare_webhook_age_seconds",
  help: "Time from receiving a webhook to having handled it",
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 3600],
  registers: [metrics],
});
const inHand = new Gauge({
  name: "aftercare_inbox_in_hand",
  help: "Webhooks being handled now",
  registers: [metrics],
});

/** Works through the inbox until `signal` is aborted; resolves when drained. Survives a database that comes and goes. */
export async function consumeInbox(options: ConsumeOptions): Promise<void> {
  const { handle, signal, clock = systemClock, parallel = 8 } = options;
  const { leaseSeconds = 60, pollMs = 1_000, drainMs = 9_000 } = options;
  const wakeUp = listen(databaseUrl(), INBOX_CHANNEL);
  signal.addEventListener("abort", wakeUp.ring);
  const held = new Map<Claimed, Promise<void>>();
  const lifeSign = setInterval(
    () => {
      extendLeases([...held.keys()], leaseSeconds).catch((error: unknown) =>
        log.warn({ error: describeFailure(error) }, "leases not extended"),
      );
    },
    (leaseSeconds * 1000) / 3,
  );
  let cursor = "";

  const take = (webhook: Claimed) => {
    const work = handleOne(webhook, handle, clock).finally(() => {
      held.delete(webhook);
      inHand.set(held.size);
      wakeUp.ring();
    });
    held.set(webhook, work);
    inHand.set(held.size);
  };

  try {
    while (!signal.aborted) {
      const free = parallel - held.size;
      const found = free > 0 ? await tryClaim(cursor, free, leaseSeconds) : undefined;
      found?.claimed.forEach(take);
      cursor = found?.cursor ?? cursor;
      if (found && found.claimed.length === free) continue;
      await wakeUp.wait(pollMs);
    }
    await drained([...held.values()], drainMs);
  } finally {
    clearInterval(lifeSign);
    signal.removeEventListener("abort", wakeUp.ring);
    await wakeUp.close();
  }
}

async function tryClaim(cursor: string, count: number, leaseSeconds: number) {
  try {
    return await claim(cursor, count, leaseSeconds);
  } catch (error) {
    log.error({ error: describeFailure(error) }, "the inbox cannot be read; trying again");
    return undefined;
  }
}

async function drained(work: Promise<void>[], ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => (timer = setTimeout(resolve, ms, "late")));
  const first = await Promise.race([Promise.all(work), late]);
  clearTimeout(timer);
  // What is left keeps its lease and is taken up by another worker when that ends.
  if (first === "late") log.warn("stopping with webhooks still in hand");
}

async function handleOne(webhook: Claimed, handle: WebhookHandler, clock: Clock): Promise<void> {
  const context = { job: webhook.inboxId, topic: webhook.topic, shop: webhook.shopDomain || undefined };
  await withLogContext(context, async () => {
    try {
      await settleDone(webhook, ...(await run(webhook, handle, clock)));
      handledTotal.inc({ source: webhook.source, outcome: "done" });
      age.observe((clock().getTime() - webhook.receivedAt.getTime()) / 1000);
    } catch (error) {
      await giveBack(webhook, error);
    }
  });
}

async function run(
  webhook: Claimed,
  handle: WebhookHandler,
  clock: Clock,
): Promise<[string | null, boolean]> {
  const { attempt, bodySealed, ...facts } = webhook;
  // Whoever took it last time never came back to say why: a payload that kills its worker must not do so for ever.
  if (attempt > MOST_ATTEMPTS) throw new AppError("invalid", "the worker ended every time");
  if (!bodySealed) throw new AppError("invalid", "the body is gone");
  const { reason, keepBody } = await handle(facts, await openBody(webhook.inboxId, bodySealed), clock());
  return [reason ?? null, keepBody ?? false];
}

async function giveBack(webhook: Claimed, error: unknown): Promise<void> {
  const reason = describeFailure(error);
  const permanent = (error instanceof AppError && error.code === "invalid") || error instanceof z.ZodError;
  const dead = permanent || webhook.attempt >= MOST_ATTEMPTS;
  const outcome = dead ? "dead" : "later";
  log[dead ? "error" : "warn"](
    { error: reason, attempt: webhook.attempt, trace: permanent ? undefined : traceOf(error) },
    dead ? "webhook is dead" : "webhook failed; again later",
  );
  handledTotal.inc({ source: webhook.source, outcome });
  try {
    if (dead) await settleDead(webhook, reason);
    else await settleLater(webhook, reason, backoffSeconds(webhook.attempt, Math.random()));
  } catch (failure) {
    log.error({ error: describeFailure(failure) }, "webhook not given back; its lease will run out");
  }
}

/**
 * Seconds to wait after the attempt with this number (from 1): 10 s growing to 8 h, so that 12 attempts span most of a day.
 * @param chance 0 to 1: spreads them by a quarter to either side
 */
export function backoffSeconds(attempt: number, chance: number): number {
  return Math.min(28_800, 10 * 2.4 ** (attempt - 1)) * (0.75 + chance / 2);
}

export type InboxDepth = { pending: number; dead: number; oldestSeconds: number };

/** How many wait, how many are dead, and how long the oldest that is due has waited. */
export async function inboxDepth(): Promise<InboxDepth> {
  const { rows } = await rawPool().query<InboxDepth>(
    `SELECT (SELECT count(*)::int FROM inbox WHERE state = 'pending') AS pending,
            (SELECT count(*)::int FROM inbox WHERE state = 'dead') AS dead,
            (SELECT coalesce(extract(epoch FROM now() - min(next_at)), 0)::float FROM inbox
              WHERE state = 'pending' AND next_at <= now()) AS "oldestSeconds"`,
  );
  return rows[0] ?? { pending: 0, dead: 0, oldestSeconds: 0 };
}

new Gauge({
  name: "aftercare_inbox",
  help: "Webhooks that wait (pending) or were given up (dead), and the longest wait of one that is due (oldestSeconds)",
  labelNames: ["of"],
  registers: [metrics],
  async collect() {
    try {
      for (const [of, value] of Object.entries(await inboxDepth())) this.set({ of }, value);
    } catch (error) {
      this.reset(); // the other metrics matter most when the database is away
      log.warn({ error: describeFailure(error) }, "the depth of the inbox is not known");
    }
  },
});
