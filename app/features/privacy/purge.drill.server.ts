// Guarantee: a rehearsed purge is the real one, of a shop that nobody has: its rows are written behind that shop's own wall, it has left
// before it has any, nobody outside hears of it, and a rehearsal that was cut off is purged like every shop that left.
import { Counter } from "prom-client";
import { recordAudit, recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { answerRequest } from "#app/features/privacy/buyers.jobs.ts";
import { insertion, inventRows, writtenBytes, type Row } from "#app/features/privacy/invented.server.ts";
import { runPurge } from "#app/features/privacy/purge.server.ts";
import { countsSchema, DRILL_OF_PURGE, type Counts, type Details } from "#app/features/privacy/receipts.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { NOT_AT_PROVIDER } from "#app/features/shops/purges.ts";
import { OPEN_PURGES } from "#app/features/shops/purges.server.ts";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { createVault, forgetVault, openVault, type Place } from "#app/features/vault/vault.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { findShopKey } from "#app/platform/crypto/keystore.ts";
import { readTables, type Table } from "#app/platform/db/catalogue.ts";
import { forPlatform, forShop, rawPool, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError, describeFailure, traceOf } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";
import { countJobs, enqueue } from "#app/platform/queue/queue.ts";

const drills = new Counter({
  name: "aftercare_purge_drills_total",
  help: "Rehearsed purges, by whether nothing was left",
  labelNames: ["result"],
  registers: [metrics],
});

type Sealed = { place: Place; value: Buffer };
type Invented = {
  id: string;
  domain: string;
  /** The shop's data in every form in which it could still be read. */
  traces: string[];
  sealed: Sealed[];
  /** Where it has something. */
  places: string[];
};
type Outcome = { passed: boolean; counts: Counts; details: Details };

const DAY_MS = 86_400_000;
/** Rows are this much older than the rehearsal, so that clocks that differ make none of them new. */
const AGE_MS = 60_000;

/** Rows that the purge itself writes, or the audit log: they are not invented. */
const WRITTEN = ["shops", "audit_events", "audit_heads"];
const ERASED = new Set(RULES.flatMap(({ shop, table }) => (shop === "delete" ? table : [])));
const KEPT = new Set(RULES.flatMap(({ shop, table }) => (shop === "keep" ? table : [])));

/** Rows of these kinds wait for nothing: no worker takes them up. */
const KINDS: Record<string, Row> = {
  connections: { source: "shopify", state: "removed" },
  orders: { source: "shopify" },
  messages: { channel: "email", state: "cancelled" },
  sections: { channel: "email", state: "stopped" },
  releases: { state: "withdrawn" },
  members: { role: "viewer" },
  suppressions: { channel: "email" },
  sending_domains: { provider_id: NOT_AT_PROVIDER },
  notices: { kind: "erasure_done", state: "cancelled" },
};

/**
 * Invents a shop with a row in every table a shop has rows in, purges it, looks in every table that names a shop, and leaves a receipt.
 * @returns whether nothing was left
 * @throws whatever `signal` was aborted with
 */
export async function rehearsePurge(clock: Clock, signal?: AbortSignal): Promise<boolean> {
  const startedAt = clock();
  let outcome: Outcome;
  try {
    // What a rehearsal that was cut off left.
    await purgeInvented(clock, signal);
    outcome = await rehearse(clock, signal);
  } catch (error) {
    signal?.throwIfAborted();
    log.error({ error: describeFailure(error), trace: traceOf(error) }, "the rehearsal of a purge failed");
    outcome = { passed: false, counts: {}, details: { failure: describeFailure(error).slice(0, 200) } };
  }
  await forPlatform("purge", (tx) => conclude(tx, outcome, startedAt, clock()));
  const { passed, details } = outcome;
  drills.inc({ result: passed ? "passed" : "failed" });
  if (passed) log.info({ details }, "a purge was rehearsed, and nothing was left");
  else log.error({ details }, "a purge was rehearsed and did not do what it must");
  return passed;
}

async function rehearse(clock: Clock, signal?: AbortSignal): Promise<Outcome> {
  const tables = await readTables(rawPool());
  const shop = await invent(tables, clock());
  const seen = await findTraces(shop, tables);
  await purgeInvented(clock, signal);
  const left = await findTraces(shop, tables);
  const purge = await forPlatform("purge", (tx) =>
    tx.purge.findFirstOrThrow({ where: { shopId: shop.id, reason: "drill" } }),
  );
  // Who does not find it before has not shown that it is gone afterwards.
  const unseen = shop.places.filter((place) => !seen.includes(place));
  const passed = purge.state === "done" && unseen.length === 0 && left.length === 0;
  const details = { places: shop.places.length, unseen, left, purgeReceiptId: purge.receiptId };
  return { passed, counts: countsSchema.parse(purge.counts), details };
}

/** Every invented shop that is there is purged, now. */
async function purgeInvented(clock: Clock, signal?: AbortSignal): Promise<void> {
  const open = await forPlatform("purge", (tx) =>
    tx.purge.updateManyAndReturn({
      where: { reason: "drill", state: { in: OPEN_PURGES } },
      data: { startsAt: clock() },
    }),
  );
  for (const { id } of open) await runPurge(id, clock, signal);
}

/** It has left in the transaction that makes it, so that its purge comes by itself whatever happens here. */
async function invent(tables: Table[], now: Date): Promise<Invented> {
  const id = newId();
  const [domain, mark] = [`drill-${id}.invalid`, `rehearsed-${newId()}`];
  const at = new Date(now.getTime() - AGE_MS);
  const settings = defaultSettings({ name: "Rehearsal", email: null, timeZone: "UTC", locale: "en" });
  await forShop(id, async (tx) => {
    await tx.shop.create({ data: { id, domain, name: mark, settings, installedAt: at } });
    const left = await uninstallShop(tx, id, now, { actor: "system", reason: "drill" });
    if (left !== "left") throw new AppError("internal", "the invented shop did not leave");
  });

  const vault = await createVault(id);
  const filled = tables.filter(({ name, shop }) => shop && ERASED.has(name) && !WRITTEN.includes(name));
  const later = new Date(now.getTime() + 30 * DAY_MS);
  const kinds = { ...KINDS, privacy_exports: { expires_at: later.toISOString() } };
  const rows = inventRows(filled, { shopId: id, mark, at }, kinds);
  const sealed: Sealed[] = [];
  const seal = (table: string, column: string, row: string) => {
    const place = { table, column, row };
    const value = vault.seal(place, mark);
    sealed.push({ place, value });
    return value;
  };
  for (const [table, row] of rows)
    for (const column of Object.keys(row).filter((name) => name.endsWith("_sealed")))
      row[column] = writtenBytes(seal(table, column, String(row.id)));
  const [requestId, index] = [newId(), vault.blindIndex("email", mark)];

  await forShop(id, async (tx) => {
    for (const [table, row] of rows) await tx.$executeRawUnsafe(insertion(table, row), JSON.stringify(row));
    await tx.inbox.create({
      data: {
        source: "shopify",
        topic: "orders/paid",
        shopDomain: domain,
        webhookId: requestId,
        bodySealed: Buffer.from(mark),
        state: "done",
        receivedAt: at,
      },
    });
    await tx.privacyRequest.create({
      data: {
        id: requestId,
        shopId: id,
        shopDomain: domain,
        kind: "app/uninstalled",
        actor: "system",
        receivedAt: at,
        dueAt: later,
        subjectSealed: seal("privacy_requests", "subject_sealed", requestId),
        subjectIndexes: [index],
      },
    });
    await recordAudit(tx, id, { actor: "system", action: "settings.saved", after: { name: mark } });
    // Were it ever run, it would find nothing to do.
    await enqueue(tx, answerRequest, { shopId: id, requestId }, { at: later });
  });
  const places = [...filled.map(({ name }) => name), ...WRITTEN, "inbox", "privacy_requests", ...ELSEWHERE];
  const traces = [mark, Buffer.from(mark).toString("hex"), index];
  traces.push(...sealed.map(({ value }) => value.toString("hex")));
  return { id, domain, traces, sealed, places };
}

const ELSEWHERE = ["queue", "data_key", "sealed_values"] as const;

/**
 * Where something of the shop is: tables with a row of it, evidence in which its data can be read, jobs that name it, its key, and
 * whether what was sealed still opens.
 */
async function findTraces(shop: Invented, tables: Table[]): Promise<string[]> {
  const found: string[] = [];
  await forPlatform("purge", async (tx) => {
    for (const table of tables) if (await isIn(tx, table, shop)) found.push(table.name);
    if ((await countJobs(tx, shop.id)) > 0) found.push("queue");
  });
  // What this process remembers of the key is no key.
  forgetVault(shop.id);
  if (await findShopKey(shop.id)) found.push("data_key");
  if (await opensAny(shop)) found.push("sealed_values");
  return found;
}

async function isIn(tx: Tx, { name, shop, columns }: Table, of: Invented): Promise<boolean> {
  const byDomain = columns.some((column) => column.name === "shop_domain");
  if (!shop && !byDomain) return false;
  const where = shop ? `"${shop}" = $1::uuid` : `shop_domain = $1`;
  // Of evidence the row stays, but it says nothing of what the shop had.
  const readable = KEPT.has(name)
    ? "EXISTS (SELECT FROM unnest($2::text[]) trace WHERE position(trace IN t::text) > 0)"
    : "$2::text[] IS NOT NULL";
  const [row] = await tx.$queryRawUnsafe<[{ there: boolean }]>(
    `SELECT EXISTS (SELECT FROM "${name}" t WHERE ${where} AND ${readable}) AS there`,
    shop ? of.id : of.domain,
    of.traces,
  );
  return row.there;
}

async function opensAny({ id, sealed }: Invented): Promise<boolean> {
  for (const { place, value } of sealed)
    try {
      (await openVault(id)).open(place, value);
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  return false;
}

async function conclude(tx: Tx, { passed, counts, details }: Outcome, startedAt: Date, now: Date) {
  const receiptId = await issueReceipt(tx, {
    kind: "drill",
    shopId: null,
    shopDomain: null,
    requestId: null,
    startedAt,
    finishedAt: now,
    counts,
    details: { of: DRILL_OF_PURGE, passed, ...details },
  });
  await recordPlatformAudit(tx, {
    actor: "system",
    action: "purge.rehearsed",
    subject: receiptId,
    after: { passed },
  });
  if (passed) return;
  const places = [details.left, details.unseen].flat().filter((place) => typeof place === "string");
  await enqueueNotice(tx, {
    shopId: null,
    kind: "purge_drill_failed",
    facts: { receiptId, places: places.join(", ") },
    key: `purge_drill ${receiptId}`,
    now,
  });
}
