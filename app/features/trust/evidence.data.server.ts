// Guarantee: counts and dates are of this shop's own rows and receipts, read as they lie; a purge of another shop is told by its date.
import { readBackupHealth } from "#app/features/privacy/backup.server.ts";
import { RULES, DATA_CLASSES, type TableRule } from "#app/features/privacy/register.ts";
import { countsSchema, detailsSchema } from "#app/features/privacy/receipts.ts";
import { OPEN_STATES } from "#app/features/privacy/requests.ts";
import { RETENTION, type RetentionClass } from "#app/features/privacy/retention.ts";
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

export const register: Reader<"register"> = () => {
  const columns = RULES.flatMap((rule: TableRule) => Object.values(rule.columns));
  const personal = columns.filter((kind) => DATA_CLASSES[kind].personal).length;
  return Promise.resolve({
    state: "good",
    facts: { tables: RULES.length, columns: columns.length, personal },
  });
};

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

/** When the oldest of a class was last touched; null: nothing of it is held. */
const OLDEST: Partial<Record<RetentionClass, (tx: Tx, shopId: string) => Promise<Date | null | undefined>>> =
  {
    buyer: async (tx, shopId) =>
      (
        await tx.order.aggregate({
          where: { shopId, personSealed: { not: null } },
          _min: { updatedAt: true },
        })
      )._min.updatedAt,
    mail: async (tx, shopId) =>
      (
        await tx.message.aggregate({
          where: { shopId, frozenSealed: { not: null } },
          _min: { updatedAt: true },
        })
      )._min.updatedAt,
    records: async (tx, shopId) =>
      (await tx.order.aggregate({ where: { shopId }, _min: { updatedAt: true } }))._min.updatedAt,
    audit: async (tx, shopId) =>
      (await tx.auditEvent.aggregate({ where: { shopId }, _min: { at: true } }))._min.at,
    evidence: async (tx, shopId) =>
      (await tx.receipt.aggregate({ where: { shopId }, _min: { finishedAt: true } }))._min.finishedAt,
  };

export const oldest: Reader<"oldest"> = ({ shopId }) =>
  forShop(shopId, async (tx) => {
    const classes = [];
    for (const [name, find] of Object.entries(OLDEST)) {
      const kind = name as RetentionClass;
      const at = await find(tx, shopId);
      classes.push({ class: kind, at: at?.toISOString() ?? null, days: RETENTION[kind].days });
    }
    return { state: classes.some(({ at }) => at) ? "good" : "none", facts: { classes } };
  });

/** Of the installation: a shop that can read this has not been purged. */
export const purge: Reader<"purge"> = () =>
  forPlatform("trust", async (tx) => {
    const last = await tx.receipt.findFirst({
      where: { kind: "shop_purge" },
      orderBy: { finishedAt: "desc" },
    });
    const hours = last ? (last.finishedAt.getTime() - last.startedAt.getTime()) / 3_600_000 : 0;
    const { keyBackupsGoneAt: gone = null, inTime = true } = last ? detailsSchema.parse(last.details) : {};
    const drillAt = await lastPurgeDrill(tx);
    return {
      state: !inTime ? "bad" : last || drillAt ? "good" : "none",
      facts: {
        at: last?.finishedAt.toISOString() ?? null,
        hours,
        keyBackupsGoneAt: typeof gone === "string" ? gone : null,
        drillAt,
      },
    };
  });

async function lastPurgeDrill(tx: Tx): Promise<string | null> {
  const last = await tx.receipt.findFirst({
    // A drill may also have been of a restore.
    where: { kind: "drill", details: { path: ["of"], equals: "purge" } },
    orderBy: { finishedAt: "desc" },
    select: { finishedAt: true },
  });
  return last?.finishedAt.toISOString() ?? null;
}

export const requests: Reader<"requests"> = ({ shopId, now }) =>
  forShop(shopId, async (tx) => {
    const open = await tx.privacyRequest.findMany({
      where: { shopId, state: { in: [...OPEN_STATES] } },
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
