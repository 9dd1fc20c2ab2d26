// Guarantee: what is past its time goes, in bounded transactions each of which also notes what it erased; one shop's trouble holds up no
// other; a sweep that is killed is taken up again, and its receipt tells all of it.
import { pruneAuditChain } from "#app/features/audit/close.server.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import {
  daysBefore,
  listExpiredBuyers,
  listExpiredMails,
  listExpiredOrders,
  type Page,
} from "#app/features/privacy/expired.server.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { countsSchema, type Counts, type Details } from "#app/features/privacy/receipts.ts";
import { RULES, type TableRule } from "#app/features/privacy/register.ts";
import { RETENTION, type Retention } from "#app/features/privacy/retention.ts";
import { readRetention } from "#app/features/privacy/retention.server.ts";
import { deleteRowsOf } from "#app/features/privacy/rows.server.ts";
import { columnOf } from "#app/features/privacy/sql.ts";
import type { Clock } from "#app/platform/clock.ts";
import { destroyPlatformKeys, listPlatformKeys } from "#app/platform/crypto/keystore.copy.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { BEFORE_ALL } from "#app/platform/db/ids.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { forgetInboxKeys } from "#app/platform/inbox/keys.ts";
import { log } from "#app/platform/log.ts";

/** Orders, mails or rows that one transaction takes. */
const MOST = 500;

type Swept = { id: string; domain: string };

/** Sweeps every shop, one after the other, and then what is nobody's. */
export async function sweepAll(clock: Clock, signal: AbortSignal): Promise<void> {
  const shops = await forPlatform("retention", (tx) =>
    tx.shop.findMany({ select: { id: true, domain: true }, orderBy: { id: "asc" } }),
  );
  let failed = 0;
  for (const shop of shops) {
    if (signal.aborted) return;
    try {
      await sweepShop(shop, clock, signal);
    } catch (error) {
      failed += 1;
      log.error({ shop: shop.id, error: describeFailure(error) }, "the shop could not be swept");
    }
  }
  if (!signal.aborted) await sweepPlatform(clock, { shops: shops.length, failed });
}

/** Erases what a shop need not keep any longer. A receipt is left when that was anything. */
export async function sweepShop(shop: Swept, clock: Clock, signal?: AbortSignal): Promise<void> {
  const now = clock();
  const retention = await forShop(shop.id, (tx) => readRetention(tx, shop.id));
  await pruneAudit(shop.id, retention, now);
  // The buyer first, also where the order goes whole: that leaves the tombstone without which it could arrive and be planned anew.
  for (const step of [redactBuyers, deleteOrders, clearMails, forgetOptedOut, ...rowSteps]) {
    let after: string | null = BEFORE_ALL;
    while (after !== null && !signal?.aborted) {
      const page: Page = { after, most: MOST };
      after = await (step === redactBuyers ? forAll : forOne)(shop.id, async (tx) => {
        const { counts, next } = await step(tx, shop.id, retention, now, page);
        await note(tx, shop.id, counts, now);
        return next;
      });
    }
  }
  if (!signal?.aborted) await forShop(shop.id, (tx) => conclude(tx, shop, retention, clock()));
}

/** The chain of the audit log loses its beginning, which the platform's chain vouches for. */
async function pruneAudit(shopId: string, retention: Retention, now: Date): Promise<void> {
  const until = daysBefore(now, retention.audit);
  await forPlatform("retention", async (tx) => {
    const old = await tx.auditEvent.findFirst({ where: { shopId, at: { lt: until } }, select: { id: true } });
    if (old) await note(tx, shopId, { audit_events: await pruneAuditChain(tx, shopId, until, now) }, now);
  });
}

/** One transaction's work: what it erased, and after which id the next goes on. */
type Done = { counts: Counts; next: string | null };
type Step = (tx: Tx, shopId: string, retention: Retention, now: Date, page: Page) => Promise<Done>;

const forOne = forShop;
/** What is taken out of a batch of mails concerns the other shops in it. */
const forAll: typeof forShop = (_, work) => forPlatform("retention", work);

const goOn = (ids: string[], { most }: Page) => (ids.length < most ? null : (ids.at(-1) ?? null));

/** Tables whose rows belong to an order and are deleted with it, in erasing order. */
const ofOrders = RULES.filter(
  ({ of, buyer, retention }) => of === "shop" && buyer && retention === "records",
);

const deleteOrders: Step = async (tx, shopId, retention, now, page) => {
  const ids = await listExpiredOrders(tx, shopId, retention, now, page);
  const counts: Counts = {};
  for (const rule of ids.length > 0 ? ofOrders : [])
    counts[rule.table] = await deleteRowsOf(tx, shopId, rule, ids);
  return { counts, next: goOn(ids, page) };
};

/** Of each, every document is read and written anew. */
const MOST_BUYERS = 100;

const redactBuyers: Step = async (tx, shopId, retention, now, { after }) => {
  const page = { after, most: MOST_BUYERS };
  const ids = await listExpiredBuyers(tx, shopId, retention, now, page);
  if (ids.length > 0) await redactOrders(tx, shopId, ids, now);
  return { counts: { "orders.buyer": ids.length }, next: goOn(ids, page) };
};

const mailColumns = RULES.flatMap(({ model, columns }) =>
  model === "Message" ? Object.entries(columns).filter(([, kind]) => kind === "mail") : [],
).map(([column]) => `${columnOf(column)} = NULL`);

const clearMails: Step = async (tx, shopId, retention, now, page) => {
  const ids = await listExpiredMails(tx, shopId, retention, now, page);
  const cleared = await tx.$executeRawUnsafe(
    `UPDATE messages SET ${mailColumns.join(", ")} WHERE shop_id = $1::uuid AND id = ANY ($2::uuid[])`,
    shopId,
    ids,
  );
  return { counts: { "messages.mail": cleared }, next: goOn(ids, page) };
};

/** Opt-outs stay, the addresses they are of have the time of any buyer's. */
const forgetOptedOut: Step = async (tx, shopId, retention, now) => {
  const forgotten = await tx.suppression.updateMany({
    where: { shopId, createdAt: { lt: daysBefore(now, retention.buyer) }, addressSealed: { not: null } },
    data: { addressSealed: null },
  });
  return { counts: { "suppressions.address": forgotten.count }, next: null };
};

/** Tables whose rows have a time of their own. The audit log's goes link by link, by its own door. */
const ofThemselves = RULES.filter(
  ({ model, retention, buyer, age }) =>
    age && !buyer && retention !== "shop" && RETENTION[retention].days !== null && model !== "AuditEvent",
);

const rowSteps = ofThemselves
  .filter(({ of }) => of === "shop")
  .map((rule): Step => async (tx, shopId, retention, now, page) => {
    const deleted = await deleteRows(tx, rule, shopId, daysOf(rule, retention), now, page.most);
    return { counts: { [rule.table]: deleted }, next: deleted < page.most ? null : page.after };
  });

function daysOf(rule: TableRule, chosen?: Retention): number {
  const kind = rule.retention === "shop" ? "platform" : rule.retention;
  const own = chosen && kind in chosen ? chosen[kind as keyof Retention] : RETENTION[kind].days;
  return own ?? Infinity;
}

function deleteRows(
  tx: Tx,
  { table, age, open }: TableRule,
  shopId: string | null,
  days: number,
  now: Date,
  most: number,
): Promise<number> {
  const done = open ? `AND ${columnOf(open.column)} <> ALL ($2::text[])` : "AND $2::text[] IS NOT NULL";
  const ofShop = shopId ? "AND shop_id = $4::uuid" : "AND $4::uuid IS NULL";
  return tx.$executeRawUnsafe(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE ${columnOf(age!)} < $1::timestamptz ${done} ${ofShop} LIMIT $3 FOR UPDATE SKIP LOCKED))`,
    daysBefore(now, days),
    open?.states ?? [],
    most,
    shopId,
  );
}

/** Rows without a shop, and the keys of days whose webhooks have had their time. */
export async function sweepPlatform(clock: Clock, details: Details = {}): Promise<void> {
  const now = clock();
  for (const rule of ofThemselves.filter(({ of }) => of === "platform")) {
    let deleted = MOST;
    while (deleted === MOST) {
      deleted = await forPlatform("retention", async (tx) => {
        const rows = await deleteRows(tx, rule, null, daysOf(rule), now, MOST);
        await note(tx, null, { [rule.table]: rows }, now);
        return rows;
      });
    }
  }
  const keys = await destroyDayKeys(now);
  await forPlatform("retention", (tx) =>
    concludePlatform(tx, { ...details, dayKeysDestroyed: keys }, clock()),
  );
}

/** A body under a day's key is unreadable with the key; those whose bodies somebody still needs stay. */
async function destroyDayKeys(now: Date): Promise<number> {
  const last = daysBefore(now, RETENTION.inbox.days + 1)
    .toISOString()
    .slice(0, 10);
  const old = (await listPlatformKeys("inbox-")).filter((id) => id.slice("inbox-".length) < last);
  if (old.length === 0) return 0;
  const needed = await forPlatform(
    "retention",
    (tx) => tx.$queryRaw<{ day: string }[]>`
      SELECT DISTINCT to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM inbox WHERE body_sealed IS NOT NULL`,
  );
  const kept = new Set(needed.map(({ day }) => `inbox-${day}`));
  const destroyed = await destroyPlatformKeys(old.filter((id) => !kept.has(id)));
  forgetInboxKeys();
  return destroyed;
}

/** Adds to what this sweep erased so far, in the transaction that erased it. */
async function note(tx: Tx, shopId: string | null, more: Counts, now: Date): Promise<void> {
  const news = Object.entries(more).filter(([, rows]) => rows > 0);
  if (news.length === 0) return;
  const sweep = await tx.sweep.findFirst({ where: { shopId } });
  const counts = countsSchema.parse(sweep?.counts ?? {});
  for (const [table, rows] of news) counts[table] = (counts[table] ?? 0) + rows;
  if (sweep) await tx.sweep.update({ where: { id: sweep.id }, data: { counts } });
  else await tx.sweep.create({ data: { shopId, counts, startedAt: now } });
}

/** The receipt of a shop that lost something. */
async function conclude(tx: Tx, shop: Swept, retention: Retention, now: Date): Promise<void> {
  const sweep = await tx.sweep.findFirst({ where: { shopId: shop.id } });
  if (!sweep) return;
  await issueReceipt(tx, {
    kind: "retention_sweep",
    shopId: shop.id,
    shopDomain: shop.domain,
    requestId: null,
    startedAt: sweep.startedAt,
    finishedAt: now,
    counts: countsSchema.parse(sweep.counts),
    details: { ...retention },
  });
  await tx.sweep.delete({ where: { id: sweep.id } });
}

/** The installation's receipt, of every sweep: also that nothing was past its time is evidence. */
async function concludePlatform(tx: Tx, details: Details, now: Date): Promise<void> {
  const sweep = await tx.sweep.findFirst({ where: { shopId: null } });
  await issueReceipt(tx, {
    kind: "retention_sweep",
    shopId: null,
    shopDomain: null,
    requestId: null,
    startedAt: sweep?.startedAt ?? now,
    finishedAt: now,
    counts: countsSchema.parse(sweep?.counts ?? {}),
    details,
  });
  if (sweep) await tx.sweep.delete({ where: { id: sweep.id } });
}

/** When everything was last looked through for what is past its time. */
export async function readLastSweep(): Promise<Date | null> {
  const receipt = await forPlatform("retention", (tx) =>
    tx.receipt.findFirst({
      where: { kind: "retention_sweep", shopId: null },
      orderBy: { finishedAt: "desc" },
      select: { finishedAt: true },
    }),
  );
  return receipt?.finishedAt ?? null;
}
