// Guarantee: reads only, and only of the one shop; a page of the list stays what it was when entries are added meanwhile.
import type { Actor, AuditAction } from "#app/features/audit/audit.server.ts";
import { openDetail } from "#app/features/audit/detail.server.ts";
import { changesOf, type Change } from "#app/features/audit/diff.ts";
import type { AuditFilter, Who } from "#app/features/audit/list.ts";
import { spanOf } from "#app/platform/days.ts";
import type { AuditEvent, Prisma } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

export const PAGE_SIZE = 50;

/** An entry as lists show it. */
export type AuditRow = {
  id: string;
  seq: number;
  /** ISO */
  at: string;
  actor: Actor;
  action: AuditAction;
  /** What it is about calls itself so, where that is known. */
  name: string | null;
};
export type AuditPage = { rows: AuditRow[]; newer: number | null; older: number | null };

/** One page, newest first. `timeZone` says what the filter's days are. */
export async function listAudit(
  tx: Tx,
  shopId: string,
  filter: AuditFilter,
  timeZone: string,
  limit = PAGE_SIZE,
): Promise<AuditPage> {
  const upwards = filter.before !== null;
  const seq = upwards ? { gt: filter.before! } : filter.after === null ? undefined : { lt: filter.after };
  const found = await tx.auditEvent.findMany({
    where: { AND: [whereOf(shopId, filter, timeZone), { seq }] },
    orderBy: { seq: upwards ? "asc" : "desc" },
    take: limit + 1,
  });
  const more = found.length > limit;
  const page = found.slice(0, limit);
  if (upwards) page.reverse();
  const first = page[0];
  const last = page.at(-1);
  return {
    rows: page.map(rowOf),
    newer: first && (upwards ? more : filter.after !== null) ? first.seq : null,
    older: last && (upwards || more) ? last.seq : null,
  };
}

const ACTORS: Record<Who, Prisma.StringFilter> = {
  team: { startsWith: "user:" },
  support: { startsWith: "staff:" },
  app: { equals: "system" },
  shopify: { equals: "shopify" },
};

export function whereOf(shopId: string, filter: AuditFilter, timeZone: string): Prisma.AuditEventWhereInput {
  return {
    shopId,
    OR: filter.areas.length
      ? filter.areas.map((area) => ({ action: { startsWith: `${area}.` } }))
      : undefined,
    actor: filter.who ? ACTORS[filter.who] : undefined,
    at: spanOf(filter.from, filter.to, timeZone),
  };
}

export function rowOf(event: AuditEvent): AuditRow {
  return {
    id: event.id,
    seq: event.seq,
    at: event.at.toISOString(),
    actor: event.actor as Actor,
    action: event.action as AuditAction,
    name: nameIn(event.after) ?? nameIn(event.before),
  };
}

function nameIn(document: Prisma.JsonValue): string | null {
  if (!document || typeof document !== "object" || Array.isArray(document)) return null;
  const name = document.name ?? document.domain;
  return typeof name === "string" && name !== "" ? name : null;
}

/** The areas in which something ever happened in this shop. */
export async function listAreas(tx: Tx, shopId: string): Promise<string[]> {
  const actions = await tx.auditEvent.groupBy({ by: ["action"], where: { shopId } });
  return [...new Set(actions.map(({ action }) => action.split(".")[0] ?? ""))].sort();
}

export type AuditDetail = AuditRow & {
  subject: string | null;
  request: string | null;
  /** The network address the request came from, while the shop's key opens it. */
  address: string | null;
  changes: Change[];
  hash: string;
};

/** One entry. @throws AppError not_found */
export async function getAuditEntry(tx: Tx, shopId: string, id: string): Promise<AuditDetail> {
  const event = isId(id) ? await tx.auditEvent.findUnique({ where: { shopId_id: { shopId, id } } }) : null;
  if (!event) throw new AppError("not_found", "no such audit entry");
  const detail = event.detailSealed && (await openDetail(shopId, id, event.detailSealed));
  return {
    ...rowOf(event),
    subject: event.subject,
    request: event.request,
    address: detail?.address ?? null,
    changes: changesOf(event.before, event.after),
    hash: event.hash,
  };
}
