// Guarantee: changes of any number of orders are written in a few statements; what has left meanwhile, or was stopped, is not touched.
import type { MessageRow, SectionRow } from "#app/features/messages/changes.ts";
import type { Tx } from "#app/platform/db/db.ts";

/** Messages that are new or became something else; rows that exist keep what the planner does not decide. */
export async function saveMessages(tx: Tx, shopId: string, rows: MessageRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO messages (shop_id, id, order_id, channel, state, reason, due_at, timeline, created_at, updated_at)
    SELECT ${shopId}::uuid, r.id, r."orderId", r.channel, r.state, r.reason, r."dueAt", r.timeline, ${now}, now()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(id uuid, "orderId" uuid, channel text, state text, reason text, "dueAt" timestamptz, timeline jsonb)
    ON CONFLICT (shop_id, id) DO UPDATE
      SET state = EXCLUDED.state, reason = EXCLUDED.reason, due_at = EXCLUDED.due_at, timeline = EXCLUDED.timeline, updated_at = now()`;
}

/** What each trigger adds. Here lies "once": one row an order, trigger and channel. */
export async function saveSections(tx: Tx, shopId: string, rows: SectionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO sections (shop_id, message_id, order_id, trigger_id, channel, release_id, state, reason, due_at, line_ids, product_ids, buyer_index)
    SELECT ${shopId}::uuid, r."messageId", r."orderId", r."triggerId", r.channel, r."releaseId", r.state, r.reason, r."dueAt", r."lineIds",
      r."productIds", r."buyerIndex"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r("messageId" uuid, "orderId" uuid, "triggerId" uuid, channel text, "releaseId" uuid, state text, reason text, "dueAt" timestamptz,
        "lineIds" text[], "productIds" text[], "buyerIndex" text)
    ON CONFLICT (shop_id, order_id, trigger_id, channel) DO UPDATE
      SET message_id = EXCLUDED.message_id, release_id = EXCLUDED.release_id, state = EXCLUDED.state, reason = EXCLUDED.reason,
        due_at = EXCLUDED.due_at, line_ids = EXCLUDED.line_ids, product_ids = EXCLUDED.product_ids, buyer_index = EXCLUDED.buyer_index
      WHERE sections.state NOT IN ('frozen', 'stopped')`;
}
