// Guarantee: reads only, and only of the one shop: the messages that should have reached a buyer and did not, without who that is.
import { stringify } from "csv-stringify/sync";
import type { MessageReason, MessageState } from "#app/features/messages/messages.ts";
import type { SkipReason } from "#app/features/messages/plan.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import type { Prisma } from "#app/platform/db/generated/client.ts";

const PAGE = 50;

/** Skips that leave a buyer without a message they should have had; who opted out is not among them. */
const UNREACHED: SkipReason[] = ["no_email", "malformed_address", "marketplace_address", "suppressed"];
const FAILED: MessageState[] = ["bounced", "complained", "failed"];

/** `orderExternalId`: Shopify's, for the link into its admin. */
export type UnreachedRow = {
  id: string;
  orderName: string;
  orderExternalId: string;
  state: MessageState;
  reason: MessageReason | null;
  at: string;
};
export type UnreachedPage = { rows: UnreachedRow[]; newer: string | null; older: string | null };

const where = (shopId: string): Prisma.MessageWhereInput => ({
  shopId,
  OR: [{ state: { in: FAILED } }, { state: "skipped", reason: { in: UNREACHED } }],
});

async function read(
  tx: Tx,
  shopId: string,
  beyond: { gt: string } | { lt: string } | null,
  take: number,
): Promise<UnreachedRow[]> {
  const rows = await tx.message.findMany({
    where: { AND: [where(shopId), beyond ? { id: beyond } : {}] },
    orderBy: { id: beyond && "gt" in beyond ? "asc" : "desc" },
    take,
    select: {
      id: true,
      state: true,
      reason: true,
      dueAt: true,
      order: { select: { name: true, externalId: true } },
    },
  });
  return rows.map(({ id, state, reason, dueAt, order }) => ({
    id,
    orderName: order.name,
    orderExternalId: order.externalId,
    state: state as MessageState,
    reason: reason as MessageReason | null,
    at: dueAt.toISOString(),
  }));
}

/** One page, newest first. */
export async function listUnreached(
  tx: Tx,
  shopId: string,
  { after, before }: { after: string | null; before: string | null },
): Promise<UnreachedPage> {
  const found = await read(tx, shopId, before ? { gt: before } : after ? { lt: after } : null, PAGE + 1);
  const more = found.length > PAGE;
  const rows = found.slice(0, PAGE);
  if (before) rows.reverse();
  return {
    rows,
    newer: rows[0] && (before ? more : after !== null) ? rows[0].id : null,
    older: rows.length > 0 && (before !== null || more) ? rows.at(-1)!.id : null,
  };
}

/** As a table, newest first. */
export async function* exportUnreached(shopId: string): AsyncGenerator<string> {
  const write = (rows: unknown[][], bom = false) =>
    stringify(rows, { bom, escape_formulas: true, record_delimiter: "\r\n" });
  yield write([["order", "shopify_order_id", "state", "reason", "due"]], true);
  for (let after: string | null = null; ;) {
    const page: UnreachedRow[] = await forShop(shopId, (tx) =>
      read(tx, shopId, after ? { lt: after } : null, 500),
    );
    const last = page.at(-1);
    if (!last) return;
    yield write(page.map((row) => [row.orderName, row.orderExternalId, row.state, row.reason, row.at]));
    after = last.id;
  }
}
