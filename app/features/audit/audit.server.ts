// Guarantee: an audit event is written in the same transaction as the change it tells of.
import type { Prisma } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** The merchant's people by Shopify's user id, our own staff, the app by itself, and Shopify by its webhooks. */
export type Actor = `user:${string}` | `staff:${string}` | "system" | "shopify";

export const AUDIT_ACTIONS = [
  "shop.installed",
  "shop.uninstalled",
  "shop.scopes_changed",
  "sending.on",
  "sending.off",
  "settings.saved",
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
  "release.live",
  "release.ended",
  "message.cancelled",
  "message.retried",
  "import.applied",
  "connection.refused",
  "connection.restored",
  "privacy.recorded",
  "privacy.exported",
  "privacy.delivered",
  "privacy.corrected",
  "privacy.erased",
  "privacy.failed",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditEvent = {
  actor: Actor;
  action: AuditAction;
  subject?: string | null;
  before?: Prisma.InputJsonValue | null;
  after?: Prisma.InputJsonValue | null;
};

/** Writes one event. `before` and `after` hold no personal data. */
export async function recordAudit(tx: Tx, shopId: string, event: AuditEvent): Promise<void> {
  await tx.auditEvent.create({
    data: {
      shopId,
      actor: event.actor,
      action: event.action,
      subject: event.subject ?? null,
      before: event.before ?? undefined,
      after: event.after ?? undefined,
    },
  });
}
