// Guarantee: an audit event is written in the same transaction as the change it tells of, as the next entry of its chain.
import type { Prisma } from "#app/platform/db/generated/client.ts";
import { appendAll, type Pending } from "#app/features/audit/append.server.ts";
import { beforeCommit, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { requestOrigin } from "#app/platform/http/origin.ts";
import { logContext } from "#app/platform/log.ts";

/** The merchant's people by Shopify's user id, our own staff, the app by itself, and Shopify by its webhooks. */
export type Actor = `user:${string}` | `staff:${string}` | "system" | "shopify";

export const AUDIT_ACTIONS = [
  "shop.installed",
  "shop.uninstalled",
  "shop.returned",
  "shop.kept",
  "shop.fresh",
  "shop.scopes_changed",
  "sending.on",
  "sending.off",
  "settings.saved",
  "people.role_changed",
  "people.removed",
  "people.start_changed",
  "alerts.added",
  "alerts.confirmed",
  "alerts.changed",
  "alerts.removed",
  "domain.added",
  "domain.removed",
  "domain.changed",
  "domain.checked",
  "template.saved",
  "template.deleted",
  "template.tested",
  "trigger.saved",
  "trigger.on",
  "trigger.off",
  "trigger.deleted",
  "release.submitted",
  "release.returned",
  "release.live",
  "release.rolled_back",
  "release.ended",
  "release.broken",
  "message.cancelled",
  "message.retried",
  "ledger.exported",
  "suppression.added",
  "suppression.removed",
  "suppression.imported",
  "suppression.exported",
  "import.applied",
  "connection.refused",
  "connection.restored",
  "connection.revoked",
  "connection.erased",
  "privacy.recorded",
  "retention.saved",
  "restore.done",
  "keys.rotated",
  "agreement.accepted",
  "evidence.packed",
  "trust.attested",
  "trust.reviewed",
  "trust.announced",
  "configuration.changed",
  "configuration.reviewed",
  "audit.exported",
  "audit.founded",
  "audit.closed",
  "audit.pruned",
  "audit.verified",
  "purge.begun",
  "purge.cancelled",
  "purge.done",
  "purge.suspected",
  "purge.confirmed",
  "purge.alarm",
  "purge.held",
  "purge.hold_lifted",
  "purge.provider_done",
  "purge.rehearsed",
  "privacy.exported",
  "privacy.delivered",
  "privacy.corrected",
  "privacy.erased",
  "privacy.failed",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
type AreaOf<Action> = Action extends `${infer Area}.${string}` ? Area : never;
/** What an action is about: what comes before its dot. */
export type AuditArea = AreaOf<AuditAction>;

export type AuditEvent = {
  actor: Actor;
  action: AuditAction;
  subject?: string | null;
  before?: Prisma.InputJsonValue | null;
  after?: Prisma.InputJsonValue | null;
};

export type PlatformAuditEvent = AuditEvent & {
  /** The shop it is about; the subject, where no other is named. */
  shopId?: string | null;
};

// What a transaction has to tell, until it commits.
const pendings = new WeakMap<Tx, Pending>();

/**
 * Notes one event of the shop. Its entry is written just before the transaction commits: a chain has one end, and whoever holds that
 * makes everybody else wait. `before` and `after` hold no personal data.
 */
export function recordAudit(tx: Tx, shopId: string, event: AuditEvent): Promise<void> {
  const { shops } = pendingOf(tx);
  const address = isPerson(event.actor) ? requestOrigin() : undefined;
  const told = { ...noted(event), detail: address ? { address } : undefined };
  shops.set(shopId, [...(shops.get(shopId) ?? []), told]);
  return Promise.resolve();
}

/** Notes one event of the platform's own chain, in the same way. */
export function recordPlatformAudit(tx: Tx, event: PlatformAuditEvent): Promise<void> {
  const { shopId, ...rest } = event;
  pendingOf(tx).platform.push({
    ...noted({ ...rest, subject: rest.subject ?? shopId }),
    shop: shopId ?? undefined,
  });
  return Promise.resolve();
}

/** Writes what was noted so far, for those who go on to read or close the chain in the same transaction. */
export async function flushAudit(tx: Tx): Promise<void> {
  const pending = pendings.get(tx);
  if (!pending) return;
  const { shops, platform } = pending;
  pending.shops = new Map();
  pending.platform = [];
  await appendAll(tx, { shops, platform });
}

function pendingOf(tx: Tx): Pending {
  const known = pendings.get(tx);
  if (known) return known;
  beforeCommit(tx, flushAudit);
  const pending: Pending = { shops: new Map(), platform: [] };
  pendings.set(tx, pending);
  return pending;
}

function isPerson(actor: Actor): boolean {
  return actor.startsWith("user:") || actor.startsWith("staff:");
}

function noted(event: AuditEvent) {
  const { request, job } = logContext();
  return {
    id: newId(),
    actor: event.actor,
    action: event.action,
    subject: event.subject ?? undefined,
    request: request ?? job,
    before: event.before ?? undefined,
    after: event.after ?? undefined,
  };
}
