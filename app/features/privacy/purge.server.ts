// Guarantee: a purge that has begun comes to its end however often it is cut off: every step may be repeated, and the last one, which
// leaves a signed receipt, happens once.
import { mailDomains } from "#app/connectors/registry.ts";
import { recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { endBatches } from "#app/features/messages/erase.server.ts";
import { dropUnclaimed } from "#app/features/privacy/buyers.inbox.server.ts";
import {
  eraseConnected,
  eraseOrders,
  eraseTables,
  eraseWebhooks,
} from "#app/features/privacy/erase.server.ts";
import { endConnection, endGeneration, endShop } from "#app/features/privacy/purge.end.server.ts";
import { PURGE_REASONS, type PurgeReason, type PurgeScope } from "#app/features/shops/purges.ts";
import { beginErasing, lockShop } from "#app/features/shops/purges.server.ts";
import { forgetVault } from "#app/features/vault/vault.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { destroyShopKey } from "#app/platform/crypto/keystore.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import type { Purge } from "#app/platform/db/generated/client.ts";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { appendJournal } from "#app/platform/journal.ts";
import { log } from "#app/platform/log.ts";
import { forgetJobs } from "#app/platform/queue/queue.ts";

type Run = { purge: Purge; clock: Clock; signal?: AbortSignal };
/** Does whatever is left of it to do; repeated, it does nothing more. */
type Step = (run: Run) => Promise<unknown>;

/** What is done for each scope, in this order. The key goes first: from then on no copy of the data says anything. */
const STEPS: Record<PurgeScope, Record<string, Step>> = {
  shop: {
    journal: writeJournal,
    key: destroyKey,
    provider: giveUpDomains,
    batches: settleBatches,
    tables: (run) => eraseTables(erasing(run), run.signal),
    inbox: forgetInbox,
    queue: forgetQueue,
    end: endShop,
  },
  generation: {
    journal: writeJournal,
    orders: (run) =>
      eraseOrders(erasing(run), { generationBefore: run.purge.generation }, run.clock(), run.signal),
    inbox: forgetInbox,
    end: endGeneration,
  },
  connection: {
    journal: writeJournal,
    orders: (run) => eraseOrders(erasing(run), { connectionId: connectionOf(run) }, run.clock(), run.signal),
    rest: (run) => eraseConnected(erasing(run), connectionOf(run), run.signal),
    end: endConnection,
  },
};

/**
 * Begins a purge that is due, or goes on where it was cut off, to its end.
 * @returns whether it came to its end; false when it may not begin
 * @throws whatever `signal` was aborted with, between two batches
 */
export async function runPurge(id: string, clock: Clock, signal?: AbortSignal): Promise<boolean> {
  const purge = await forPlatform("purge", (tx) => beginPurge(tx, id, clock()));
  if (!purge) return false;
  const steps = Object.entries(STEPS[purge.scope as PurgeScope]);
  const reached = Math.max(
    0,
    steps.findIndex(([name]) => name === purge.step),
  );
  for (const [name, step] of steps.slice(reached)) {
    signal?.throwIfAborted();
    await forPlatform("purge", (tx) =>
      tx.purge.updateMany({ where: { id, state: "running" }, data: { step: name } }),
    );
    await step({ purge, clock, signal });
  }
  return true;
}

/** In one transaction with the shop's state, so that a shop that comes back is saved whole or is a new one. */
export async function beginPurge(tx: Tx, id: string, now: Date): Promise<Purge | null> {
  const { shopId } = (await tx.purge.findUnique({ where: { id }, select: { shopId: true } })) ?? {};
  const shop = shopId ? await lockShop(tx, shopId) : null;
  await tx.$queryRaw`SELECT 1 FROM purges WHERE id = ${id}::uuid FOR UPDATE`;
  const purge = await tx.purge.findUnique({ where: { id } });
  if (purge?.state === "running") return purge;
  if (purge?.state !== "waiting" || purge.startsAt > now || (await isHeldBack(tx, purge))) return null;
  const { scope, reason } = purge;
  // Installed again without a word about it: nothing that has begun to live is purged on an old word.
  if (
    scope === "shop" &&
    shop?.state === "installed" &&
    !PURGE_REASONS[reason as PurgeReason].evenInstalled
  ) {
    await tx.purge.update({ where: { id }, data: { state: "cancelled", finishedAt: now } });
    return null;
  }
  const providerDomains = scope === "shop" && shopId ? await beginErasing(tx, shopId) : [];
  await recordPlatformAudit(tx, {
    actor: "system",
    action: "purge.begun",
    subject: id,
    shopId,
    after: { scope, reason, generation: purge.generation },
  });
  return tx.purge.update({ where: { id }, data: { state: "running", startedAt: now, providerDomains } });
}

/** Whether a person has to lift the hold on purging first. What has begun goes on: there is nothing left to save. */
async function isHeldBack(tx: Tx, { reason }: Purge): Promise<boolean> {
  if (!PURGE_REASONS[reason as PurgeReason].automatic) return false;
  return (await tx.purgeHold.findFirst({ where: { liftedAt: null }, select: { id: true } })) !== null;
}

function erasing({ purge: { id, shopId } }: Run) {
  // Of a shop we never knew there is nothing to erase but its webhooks: no row has this id.
  return { id, shopId: shopId ?? NOBODY };
}
const NOBODY = "00000000-0000-0000-0000-000000000000";

function connectionOf({ purge }: Run): string {
  if (!purge.connectionId) throw new AppError("internal", "the purge of a connection names none");
  return purge.connectionId;
}

async function writeJournal({ purge, clock }: Run): Promise<void> {
  const { shopId, generation, connectionId } = purge;
  if (!shopId) return;
  const at = clock().toISOString();
  if (connectionId) return appendJournal({ kind: "connection", at, shopId, connectionId });
  await appendJournal({ kind: purge.scope === "shop" ? "shop" : "generation", at, shopId, generation });
}

/** Other processes hold a shop's key in memory for up to a minute; what they can still open with it goes in the next steps. */
async function destroyKey({ purge: { shopId } }: Run): Promise<void> {
  if (!shopId) return;
  await destroyShopKey(shopId);
  forgetVault(shopId);
}

/** Gives the shop's sending domains up at the provider. One that does not answer holds up nothing: it is asked again later. */
export async function giveUpDomains({ purge }: Pick<Run, "purge">): Promise<void> {
  for (const domain of purge.providerDomains) {
    try {
      if (!(await isUsedByAnother(purge.shopId, domain))) await mailDomains.remove(domain);
    } catch (error) {
      log.warn({ purge: purge.id, error: describeFailure(error) }, "a sending domain was not given up yet");
      continue;
    }
    await forPlatform("purge", async (tx) => {
      await tx.$executeRaw`
        UPDATE purges SET provider_domains = array_remove(provider_domains, ${domain}) WHERE id = ${purge.id}::uuid`;
      await recordPlatformAudit(tx, {
        actor: "system",
        action: "purge.provider_done",
        subject: purge.id,
        shopId: purge.shopId,
      });
    });
  }
}

/** A shop that came back as a new one may have taken the domain over before we gave it up. */
async function isUsedByAnother(shopId: string | null, providerId: string): Promise<boolean> {
  const holder = await forPlatform("purge", (tx) =>
    tx.sendingDomain.findFirst({
      where: { providerId, ...(shopId ? { shopId: { not: shopId } } : {}) },
      select: { id: true },
    }),
  );
  return holder !== null;
}

/** Batches are settled in the dispatcher's own scope: their other members may be other shops' messages. */
async function settleBatches({ purge: { shopId }, clock }: Run): Promise<void> {
  if (shopId) await forPlatform("purge", (tx) => endBatches(tx, shopId, null, clock()));
}

async function forgetInbox({ purge, clock, signal }: Run): Promise<void> {
  await eraseWebhooks(purge.id, purge.shopDomain, clock(), signal);
  // An invented shop has no buyer whom an unclaimed event could be about: they are all other shops'.
  if (purge.reason !== "drill") await dropUnclaimed(signal);
}

async function forgetQueue({ purge: { shopId } }: Run): Promise<void> {
  if (shopId) await forPlatform("purge", (tx) => forgetJobs(tx, shopId));
}
