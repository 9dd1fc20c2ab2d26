// Guarantee: an export holds what the register says is held on a buyer, of this buyer alone, and lies sealed until its time is over.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { timelineSchema, type TimelineEntry } from "#app/features/messages/messages.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { listOrdersOf } from "#app/features/orders/buyer.server.ts";
import type { Asked } from "#app/features/privacy/buyers.jobs.ts";
import { exportSchema, type BuyerExport } from "#app/features/privacy/buyers.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import type { Counts } from "#app/features/privacy/receipts.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { lockRequest, withoutSubject } from "#app/features/privacy/requests.server.ts";
import type { RequestState } from "#app/features/privacy/requests.ts";
import { RETENTION } from "#app/features/privacy/retention.ts";
import { rowsOf } from "#app/features/privacy/rows.server.ts";
import { columnName } from "#app/features/privacy/sql.ts";
import { openVault, type Place, type Vault } from "#app/features/vault/vault.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

const place = (row: string): Place => ({ table: "privacy_exports", column: "content_sealed", row });

/** Puts everything together that is held on the buyer, and tells the merchant. */
export async function exportBuyer({ request, shop, subject }: Asked, clock: Clock): Promise<void> {
  const vault = await openVault(shop.id);
  await forPlatform("privacy", async (tx) => {
    const now = clock();
    if (!(await lockRequest(tx, request.id))) return;
    const orders = await listOrdersOf(tx, shop.id, subject.buyer);
    const orderIds = orders.map(({ id }) => id);
    const indexes = orders.flatMap(({ buyerIndex }) => buyerIndex ?? []);
    if (subject.buyer.email) indexes.push(vault.blindIndex("email", subject.buyer.email));
    const optOuts = await tx.suppression.findMany({
      where: { shopId: shop.id, recipientIndex: { in: indexes } },
      select: { channel: true, reason: true, createdAt: true },
    });
    const held = await readHeld(tx, vault, shop.id, orderIds);
    const content: BuyerExport = exportSchema.parse({
      format: "aftercare-buyer-export",
      version: 1,
      madeAt: now.toISOString(),
      shop: { name: shop.name, domain: shop.domain },
      request: { id: request.id, kind: request.kind, receivedAt: request.receivedAt.toISOString() },
      about: subject.buyer,
      held: JSON.parse(JSON.stringify({ ...held, suppressions: optOuts })) as unknown,
    });
    const counts: Counts = Object.fromEntries(
      Object.entries(content.held).map(([table, rows]) => [table, rows.length]),
    );
    const found = orders.length + optOuts.length > 0;
    if (found) {
      const id = newId();
      await tx.privacyExport.create({
        data: {
          shopId: shop.id,
          id,
          requestId: request.id,
          orderIds,
          contentSealed: vault.seal(place(id), JSON.stringify(content)),
          createdAt: now,
          expiresAt: new Date(now.getTime() + RETENTION.export.days * 86_400_000),
        },
      });
    }
    const state: RequestState = found ? "ready" : "nothing_held";
    const receiptId = await issueReceipt(tx, {
      kind: "buyer_export",
      shopId: shop.id,
      shopDomain: shop.domain,
      requestId: request.id,
      startedAt: now,
      finishedAt: clock(),
      counts,
      details: { request: request.kind, receivedAt: request.receivedAt.toISOString() },
    });
    await tx.privacyRequest.update({
      where: { id: request.id },
      // Whom it is about is needed for as long as the export lies here: erasing them erases it.
      data: { state, reason: null, counts, completedAt: now, receiptId, ...(found ? {} : withoutSubject) },
    });
    await recordAudit(tx, shop.id, {
      actor: "system",
      action: "privacy.exported",
      subject: request.id,
      after: { state, orders: orders.length },
    });
    if (found && request.actor === "shopify")
      await enqueueNotice(tx, {
        shopId: shop.id,
        kind: "export_ready",
        facts: { requestId: request.id, dueAt: request.dueAt.toISOString() },
        key: `export-ready-${request.id}`,
        now,
      });
  });
}

/** Every table's rows of these orders, the columns that the register exports, sealed ones opened. */
async function readHeld(tx: Tx, vault: Vault, shopId: string, orderIds: string[]) {
  const held: Record<string, Record<string, unknown>[]> = {};
  // The register lists what points at something before it; people read the other way round.
  for (const rule of [...RULES].reverse()) {
    const { exported, table } = rule;
    if (!rule.buyer || !exported) continue;
    const rows = await rowsOf(tx, shopId, rule, orderIds, exported);
    held[table] = rows.map((row) =>
      Object.fromEntries(["id", ...exported].map((column) => opened(vault, table, row, column))),
    );
  }
  return held;
}

function opened(
  vault: Vault,
  table: string,
  row: Record<string, unknown>,
  column: string,
): [string, unknown] {
  const value = row[column];
  if (column === "timeline") return [column, timelineSchema.parse(value).map(withoutActor)];
  if (!column.endsWith("Sealed")) return [column, value];
  const name = column.slice(0, -"Sealed".length);
  if (!(value instanceof Uint8Array)) return [name, null];
  const text = vault.open({ table, column: columnName(column), row: String(row.id) }, value);
  return [name, JSON.parse(text)];
}

/** Who of the shop's people did it is not the buyer's to know. */
const withoutActor = ({ detail, ...entry }: TimelineEntry) => ({
  ...entry,
  detail: detail && /^(user|staff):/.test(detail) ? null : detail,
});

/** The export of a request, opened; null when there is none (any more). */
export async function readExport(
  tx: Tx,
  shopId: string,
  requestId: string,
): Promise<{ content: BuyerExport; expiresAt: Date } | null> {
  const row = await tx.privacyExport.findUnique({ where: { shopId_requestId: { shopId, requestId } } });
  if (!row) return null;
  const text = (await openVault(shopId)).open(place(row.id), row.contentSealed);
  return { content: exportSchema.parse(JSON.parse(text)), expiresAt: row.expiresAt };
}

/** Notes who took the export to hand it over, and how; the first time counts. @throws AppError conflict when none is ready */
export async function recordDelivered(
  tx: Tx,
  shopId: string,
  requestId: string,
  how: "downloaded" | "handed_over",
  actor: Actor,
  now: Date,
): Promise<void> {
  const held = await tx.privacyExport.findUnique({
    where: { shopId_requestId: { shopId, requestId } },
    select: { id: true },
  });
  if (!held)
    throw new AppError("conflict", "no export is ready", { forPerson: "There is no export to hand over." });
  await tx.privacyRequest.updateMany({
    where: { id: requestId, shopId, state: "ready" satisfies RequestState },
    data: {
      state: "delivered" satisfies RequestState,
      deliveredAt: now,
      deliveredBy: actor,
      deliveredHow: how,
      subjectSealed: null,
    },
  });
  // Whoever takes it again has read it as well.
  await recordAudit(tx, shopId, { actor, action: "privacy.delivered", subject: requestId, after: { how } });
}

/** Deletes the exports whose time is over. A request has nothing left to hand over then, and says no more whom it was about. */
export async function lapseExports(tx: Tx, now: Date): Promise<void> {
  await tx.privacyExport.deleteMany({ where: { expiresAt: { lt: now } } });
  await tx.$executeRaw`
    UPDATE privacy_requests r
       SET state = CASE state WHEN 'ready' THEN 'lapsed' ELSE state END, subject_sealed = NULL, subject_indexes = '{}'
     WHERE (state = 'ready' OR state = 'delivered' AND subject_indexes <> '{}')
       AND NOT EXISTS (SELECT FROM privacy_exports e WHERE e.shop_id = r.shop_id AND e.request_id = r.id)`;
}
