// Guarantee: an order's data is past its time only when its last event is, and while something of it still waits to be sent only when
// the longest time that may be chosen is over too.
import { RETENTION, type Expiring, type Retention } from "#app/features/privacy/retention.ts";
import { Prisma } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";

const DAY_MS = 86_400_000;

/** The moment `days` before now. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

/** Of the order `o`: delivered, or shipped, or placed, whichever came last. */
const lastEvent = Prisma.sql`greatest(
  (SELECT max(greatest((f ->> 'deliveredAt')::timestamptz, (f ->> 'fulfilledAt')::timestamptz))
     FROM jsonb_array_elements(o.document -> 'fulfillments') f),
  coalesce(o.placed_at, o.created_at))`;

/** Of a marketplace, whether it came from there or through Shopify. */
const ofMarketplace = Prisma.sql`(o.source <> 'shopify' OR o.document -> 'header' ->> 'importedFrom' IS NOT NULL)`;

const waits = Prisma.sql`EXISTS (SELECT 1 FROM messages w
  WHERE w.shop_id = o.shop_id AND w.order_id = o.id AND w.state IN ('planned', 'sending'))`;

type Times = { own: number; marketplace: number; most: { own: number; marketplace: number } };

function timesOf(retention: Retention, kind: "buyer" | "mail" | "records"): Times {
  if (kind === "records") {
    const { max } = RETENTION.records.choice;
    return { own: retention.records, marketplace: retention.records, most: { own: max, marketplace: max } };
  }
  const { choice, marketplace } = RETENTION[kind];
  return {
    own: retention[kind],
    marketplace: kind === "buyer" ? retention.marketplaceBuyer : retention.marketplaceMail,
    most: { own: choice.max, marketplace: marketplace.max },
  };
}

/** The order `o` is past its time. */
function past(retention: Retention, kind: "buyer" | "mail" | "records", now: Date): Prisma.Sql {
  const { own, marketplace, most } = timesOf(retention, kind);
  const before = (times: { own: number; marketplace: number }) =>
    Prisma.sql`CASE WHEN ${ofMarketplace} THEN ${daysBefore(now, times.marketplace)}::timestamptz ELSE ${daysBefore(now, times.own)}::timestamptz END`;
  const soonest = daysBefore(now, Math.min(own, marketplace));
  // The first condition keeps the documents of young orders from being read.
  return Prisma.sql`(coalesce(o.placed_at, o.created_at) < ${soonest}::timestamptz AND ${lastEvent} < ${before({ own, marketplace })}
    AND (NOT ${waits} OR ${lastEvent} < ${before(most)}))`;
}

const namesBuyer = Prisma.sql`(o.person_sealed IS NOT NULL OR o.buyer_index IS NOT NULL)`;

/** Where to go on, and how many to take. */
export type Page = { after: string; most: number };

async function listOrders(
  tx: Tx,
  shopId: string,
  which: Prisma.Sql,
  { after, most }: Page,
  locked = Prisma.empty,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT o.id FROM orders o WHERE o.shop_id = ${shopId}::uuid AND ${which} AND o.id > ${after}::uuid
    ORDER BY o.id LIMIT ${most} ${locked}`;
  return rows.map(({ id }) => id);
}

/** Orders whose buyer has had their time. */
export function listExpiredBuyers(
  tx: Tx,
  shopId: string,
  retention: Retention,
  now: Date,
  page: Page,
): Promise<string[]> {
  return listOrders(tx, shopId, Prisma.sql`${namesBuyer} AND ${past(retention, "buyer", now)}`, page);
}

/** Orders to be deleted whole, locked; one that somebody works on can wait a day. */
export function listExpiredOrders(
  tx: Tx,
  shopId: string,
  retention: Retention,
  now: Date,
  page: Page,
): Promise<string[]> {
  return listOrders(tx, shopId, past(retention, "records", now), page, Prisma.sql`FOR UPDATE SKIP LOCKED`);
}

/** Messages `m` of the order `o` whose mail has had its time; what is being sent is kept whole, it may have to be repeated. */
function mailPast(retention: Retention, now: Date): Prisma.Sql {
  const { own, marketplace } = timesOf(retention, "mail");
  return Prisma.sql`(m.frozen_sealed IS NOT NULL AND m.state <> 'sending' AND coalesce(m.sent_at, m.due_at) <
    CASE WHEN ${ofMarketplace} THEN ${daysBefore(now, marketplace)}::timestamptz ELSE ${daysBefore(now, own)}::timestamptz END)`;
}

/** Messages whose mail is to go. */
export async function listExpiredMails(
  tx: Tx,
  shopId: string,
  retention: Retention,
  now: Date,
  page: Page,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT m.id FROM messages m JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id
    WHERE m.shop_id = ${shopId}::uuid AND ${mailPast(retention, now)} AND m.id > ${page.after}::uuid
    ORDER BY m.id LIMIT ${page.most} FOR UPDATE OF m SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/** How much is past its time under a choice: what a merchant is told before it is made. */
export async function countExpiring(
  tx: Tx,
  shopId: string,
  retention: Retention,
  now: Date,
): Promise<Expiring> {
  const [row] = await tx.$queryRaw<Record<keyof Expiring, bigint>[]>`
    SELECT (SELECT count(*) FROM orders o WHERE o.shop_id = ${shopId}::uuid AND ${namesBuyer} AND ${past(retention, "buyer", now)}) AS buyers,
           (SELECT count(*) FROM messages m JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id
             WHERE m.shop_id = ${shopId}::uuid AND ${mailPast(retention, now)}) AS mails,
           (SELECT count(*) FROM orders o WHERE o.shop_id = ${shopId}::uuid AND ${past(retention, "records", now)}) AS orders,
           (SELECT count(*) FROM audit_events a WHERE a.shop_id = ${shopId}::uuid AND a.at < ${daysBefore(now, retention.audit)}::timestamptz) AS audits`;
  const count = (key: keyof Expiring) => Number(row?.[key] ?? 0);
  return { buyers: count("buyers"), mails: count("mails"), orders: count("orders"), audits: count("audits") };
}
