// Guarantee: a request is recorded once however often its webhook comes, also for a shop we do not know; whom it is about only sealed.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import {
  REQUEST_KINDS,
  subjectSchema,
  type RequestKind,
  type RequestState,
  type Subject,
} from "#app/features/privacy/requests.ts";
import { openVault, type Place } from "#app/features/vault/vault.server.ts";
import type { PrivacyRequest } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import type { Webhook } from "#app/platform/inbox/inbox.ts";

export { REQUEST_KINDS, type RequestKind } from "#app/features/privacy/requests.ts";

/** When what it tells of happened, by Shopify's word, which is not believed about the future: a deadline would wait for it. */
export const happenedAt = ({ triggeredAt, receivedAt }: Webhook): Date =>
  triggeredAt && triggeredAt < receivedAt ? triggeredAt : receivedAt;

/** @returns its id; null when it was recorded before */
export function recordRequest(
  tx: Tx,
  webhook: Webhook,
  shopId: string | null,
  more: Partial<NewRequest> = {},
): Promise<string | null> {
  return saveRequest(tx, {
    shopDomain: webhook.shopDomain,
    shopId,
    kind: webhook.topic as RequestKind,
    actor: "shopify",
    inboxId: webhook.inboxId,
    eventId: webhook.eventId,
    receivedAt: webhook.receivedAt,
    ...more,
  });
}

export type NewRequest = {
  id?: string;
  shopDomain: string;
  shopId: string | null;
  kind: RequestKind;
  actor: Actor;
  inboxId?: string;
  eventId?: string | null;
  receivedAt: Date;
  state?: RequestState;
  reason?: string;
  completedAt?: Date;
  subjectSealed?: Buffer<ArrayBuffer>;
  subjectIndexes?: string[];
};

/** Writes a request with its deadline and its line in the audit log. @returns its id; null when it was recorded before */
export async function saveRequest(tx: Tx, request: NewRequest): Promise<string | null> {
  const id = request.id ?? newId();
  const { shopId, kind, receivedAt } = request;
  const shop = shopId
    ? await tx.shop.findUnique({ where: { id: shopId }, select: { generation: true } })
    : null;
  const dueAt = new Date(receivedAt.getTime() + REQUEST_KINDS[kind].hours * 3_600_000);
  const { count } = await tx.privacyRequest.createMany({
    data: [{ ...request, id, dueAt, generation: shop?.generation ?? null }],
    skipDuplicates: true,
  });
  if (count === 0) return null;
  if (shopId)
    await recordAudit(tx, shopId, {
      actor: request.actor,
      action: "privacy.recorded",
      subject: id,
      after: { kind },
    });
  return id;
}

const place = (row: string): Place => ({ table: "privacy_requests", column: "subject_sealed", row });

/** Whom it is about as it is stored: sealed, and by keyed hashes. @throws AppError unavailable without the shop's key */
export async function sealSubject(shopId: string, id: string, subject: Subject) {
  const vault = await openVault(shopId);
  const { customerId, email } = subject.buyer;
  return {
    subjectSealed: vault.seal(place(id), JSON.stringify(subjectSchema.parse(subject))),
    subjectIndexes: [
      ...(customerId ? [vault.blindIndex("customer", customerId)] : []),
      ...(email ? [vault.blindIndex("email", email)] : []),
    ],
  };
}

/** @throws AppError unavailable without the shop's key */
export async function openSubject(request: PrivacyRequest): Promise<Subject | null> {
  if (!request.shopId || !request.subjectSealed) return null;
  const vault = await openVault(request.shopId);
  return subjectSchema.parse(JSON.parse(vault.open(place(request.id), request.subjectSealed)));
}

/** What a request says once nothing is left to do about it, or nothing but to hand it over: no person any more. */
export const withoutSubject = { subjectSealed: null, subjectIndexes: [] };

/** Holds a request that is to be answered; false when it has been meanwhile. */
export async function lockRequest(tx: Tx, requestId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM privacy_requests WHERE id = ${requestId}::uuid AND state IN ('recorded', 'failed') FOR UPDATE`;
  return rows.length === 1;
}
