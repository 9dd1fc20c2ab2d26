import type {
  OrderFulfillment,
  OrderHeader,
  OrderLine,
  OrderRefund,
  ProductFacts,
  Source,
} from "#app/connectors/orders.ts";

/** An order as merged so far: parts arrive in any order, so each may still be missing. No personal data. */
export type OrderDocument = {
  header: OrderHeader | null;
  /** Version of the newest complete set of lines. */
  linesVersion: string | null;
  lines: OrderLine[];
  fulfillments: OrderFulfillment[];
  refunds: OrderRefund[];
  /** The source says the order was deleted. */
  deleted: boolean;
  /** What not every observation can tell, with the version it was last told in (merge.ts). */
  told: Record<string, Told>;
};

/** A value and the version of the part that brought it. */
export type Told = { version: string; value: string | boolean | string[] };

export const emptyDocument: OrderDocument = {
  header: null,
  linesVersion: null,
  lines: [],
  fulfillments: [],
  refunds: [],
  deleted: false,
  told: {},
};

/** What may stand in the way of writing to the buyer. */
export type Recipient = "ok" | "missing" | "malformed" | "proxy";

export type PlanLine = OrderLine & { product: ProductFacts | null };

/** An order with everything the planner asks of it: header known, products looked up, the buyer only as a blind index. */
export type Order = {
  id: string;
  source: Source;
  header: OrderHeader;
  lines: PlanLine[];
  fulfillments: OrderFulfillment[];
  refunds: OrderRefund[];
  deleted: boolean;
  recipient: Recipient;
  buyer: string | null;
};

/** How many of a line the buyer keeps: after edits, removals and refunds. */
export function remainingQuantity(line: OrderLine, refunds: OrderRefund[]): number {
  const refunded = refunds.flatMap((refund) => refund.lines).filter((entry) => entry.lineId === line.id);
  const returned = refunded.reduce((sum, entry) => sum + entry.quantity, 0);
  return Math.max(0, Math.min(line.currentQuantity, line.quantity - returned));
}
