// Guarantee: counts and dates are of this shop's own rows and receipts, read as they lie; a purge of another shop is told by its date.
import { readBackupHealth } from "#app/features/privacy/backup.server.ts";
import { countExpiring } from "#app/features/privacy/expired.server.ts";
import { readOldest } from "#app/features/privacy/holdings.server.ts";
import { RULES, DATA_CLASSES, type TableRule } from "#app/features/privacy/register.ts";
import { countsSchema, detailsSchema, DRILL_OF_PURGE } from "#app/features/privacy/receipts.ts";
import { LISTED_KINDS, OPEN_STATES } from "#app/features/privacy/requests.ts";
import { RETENTION, type RetentionClass } from "#app/features/privacy/retention.ts";
import { readRetention } from "#app/features/privacy/retention.server.ts";
import { columnName } from "#app/features/privacy/sql.ts";
import { isIntact, listServingReleases } from "#app/features/releases/releases.server.ts";
import type { Reader } from "#app/features/trust/evidence.server.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";

export const purposes: Reader<"purposes"> = ({ shopId }) =>
  forShop(shopId, async (tx) => {
    const [templates, messages] = await Promise.all([
      tx.template.count({ where: { shopId } }),
      tx.message.count({ where: { shopId } }),
    ]);
    return { state: messages === 0 ? "none" : "good", facts: { templates, messages } };
  });

export const messageRecords: Reader<"messageRecords"> = ({ shopId }) =>
  forShop(shopId, async (tx) => {
    const [messages, attempts, newest] = await Promise.all([
      tx.message.count({ where: { shopId } }),
      tx.attempt.count({ where: { shopId } }),
      tx.message.aggregate({ where: { shopId }, _max: { updatedAt: true } }),
    ]);
    const at = newest._max.updatedAt?.toISOString() ?? null;
    return { state: messages === 0 ? "none" : "good", facts: { messages, attempts, newest: at } };
  });

export const releases: Reader<"releases"> = ({ shopId }) =>
  forShop(shopId, async (tx) => {
    const live = (await listServingReleases(tx, shopId)).filter(({ state }) => state === "live");
    const altered = live.filter((release) => !isIntact(release)).length;
    const reviews = live.flatMap(({ reviewedAt }) => (reviewedAt ? [reviewedAt.getTime()] : []));
    const unreviewed = live.length - reviews.length;
    const newest = reviews.length > 0 ? new Date(Math.max(...reviews)).toISOString() : null;
    return {
      state: altered > 0 ? "bad" : live.length === 0 ? "none" : unreviewed > 0 ? "due" : "good",
      facts: { live: live.length, unreviewed, altered, newest },
    };
  });

/** The database's own catalogue beside the list. */
export const register: Reader<"register"> = () =>
  forPlatform("trust", async (tx) => {
    const kinds = RULES.flatMap((rule: TableRule) => Object.values(rule.columns));
    const listed = RULES.flatMap(({ table, columns }: TableRule) =>
      Object.keys(columns).map((column) => `${table}.${columnName(column)}`),
    );
    const [row] = await tx.$queryRaw<[{ unlisted: number }]>`
      SELECT count(*)::int AS unlisted FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name <> '_prisma_migrations'
        AND table_name || '.' || column_name <> ALL(${listed})`;
    const personal = kinds.filter((kind) => DATA_CLASSES[kind].personal).length;
    const facts = { tables: RULES.length, columns: kinds.length, personal, unlisted: row.unlisted };
    return { state: facts.unlisted > 0 ? "bad" : "good", facts };
  });

/** What is done daily is late when so long has passed since the last time. */
const DAILY_LATE_MS = 2 * 86_400_000;
const isLate = (last: Date | null | undefined, now: Date) =>
  last ? now.getTime() - last.getTime() > DAILY_LATE_MS : false;

/** The daily sweep has a receipt of the whole installation, and one of each shop in which something was past its time. */
export const sweep: Reader<"sweep"> = ({ shopId, now }) =>
  forPlatform("trust", async (tx) => {
    const newest = (of: string | null) =>
      tx.receipt.findFirst({
        where: { shopId: of, kind: "retention_sweep" },
        orderBy: { finishedAt: "desc" },
      });
    const [all, own] = [await newest(null), await newest(shopId)];
    const last = [all, own]
      .flatMap((each) => (each ? [each.finishedAt] : []))
      .sort((a, b) => +a - +b)
      .at(-1);
    return {
      state: !last ? "none" : isLate(last, now) ? "bad" : "good",
      facts: {
        at: last?.toISOString() ?? null,
        deletedAt: own?.finishedAt.toISOString() ?? null,
        rows: own ? sum(countsSchema.parse(own.counts)) : 0,
      },
    };
  });

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, each) => all + each, 0);

const DAY_MS = 86_400_000;

/** The classes whose age is told; the same reading as “What we hold”. */
const AGED = ["buyer", "mail", "records", "audit", "evidence"] as const;

export const oldest: Reader<"oldest"> = ({ shopId, domain, now }) =>
  forShop(shopId, async (tx) => {
    const retention = await readRetention(tx, shopId);
    const chosen: Partial<Record<RetentionClass, number>> = retention;
    const classes = (await readOldest(tx, { id: shopId, domain }, AGED)).map(({ kept, at }) => ({
      class: kept,
      at: at?.toISOString() ?? null,
      days: chosen[kept] ?? RETENTION[kept].days,
    }));
    const then = new Date(now.getTime() - DAILY_LATE_MS);
    const late = await countExpiring(tx, shopId, retention, then);
    const overdue = sum(late);
    const state = overdue > 0 ? "bad" : classes.some(({ at }) => at) ? "good" : "none";
    return { state, facts: { classes, overdue } };
  });

/** Rehearsals are weekly; so long after the last one something is wrong. */
const DRILL_LATE_MS = 15 * DAY_MS;

/** Of the installation: a shop that can read this has not been purged. */
export const purge: Reader<"purge"> = ({ now }) =>
  forPlatform("trust", async (tx) => {
    const last = await tx.receipt.findFirst({
      where: { kind: "shop_purge" },
      orderBy: { finishedAt: "desc" },
    });
    const {
      keyBackupsGoneAt: gone = null,
      inTime = true,
      since,
    } = last ? detailsSchema.parse(last.details) : {};
    // From the uninstall, as the promise counts, and not from when the purge began.
    const from = typeof since === "string" ? new Date(since) : last?.startedAt;
    const hours = last && from ? (last.finishedAt.getTime() - from.getTime()) / 3_600_000 : 0;
    const drill = await lastPurgeDrill(tx);
    const late = drill !== null && now.getTime() - drill.at.getTime() > DRILL_LATE_MS;
    const bad = !inTime || (drill !== null && (late || !drill.passed));
    return {
      state: bad ? "bad" : last || drill ? "good" : "none",
      facts: {
        at: last?.finishedAt.toISOString() ?? null,
        hours,
        keyBackupsGoneAt: typeof gone === "string" ? gone : null,
        drillAt: drill?.at.toISOString() ?? null,
        drillPassed: drill?.passed ?? false,
      },
    };
  });

async function lastPurgeDrill(tx: Tx): Promise<{ at: Date; passed: boolean } | null> {
  const last = await tx.receipt.findFirst({
    // A drill may also have been of a restore.
    where: { kind: "drill", details: { path: ["of"], equals: DRILL_OF_PURGE } },
    orderBy: { finishedAt: "desc" },
  });
  return last && { at: last.finishedAt, passed: detailsSchema.parse(last.details).passed === true };
}

export const requests: Reader<"requests"> = ({ shopId, now }) =>
  forShop(shopId, async (tx) => {
    const open = await tx.privacyRequest.findMany({
      where: { shopId, kind: { in: LISTED_KINDS }, state: { in: [...OPEN_STATES] } },
      orderBy: { dueAt: "asc" },
      select: { dueAt: true },
    });
    const overdue = open.filter(({ dueAt }) => dueAt < now).length;
    return {
      state: overdue > 0 ? "bad" : "good",
      facts: { open: open.length, overdue, nextDue: open[0]?.dueAt.toISOString() ?? null },
    };
  });

export const backups: Reader<"backups"> = ({ now }) =>
  forPlatform("trust", async (tx) => {
    const { configured, last, lastDrill } = await readBackupHealth(tx);
    return {
      state: !configured ? "off" : isLate(last?.at, now) ? "bad" : last && lastDrill ? "good" : "none",
      facts: {
        configured,
        at: last?.at.toISOString() ?? null,
        rehearsedAt: lastDrill?.toISOString() ?? null,
      },
    };
  });
