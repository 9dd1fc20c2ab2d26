// The questions that are asked all day long, asked by the features themselves.
import { freezeDue } from "#app/features/messages/claim.server.ts";
import { recordDelivery } from "#app/features/messages/delivery.server.ts";
import { checkProof, countLedger, readLedgerPage } from "#app/features/messages/ledger.server.ts";
import { readFilter } from "#app/features/messages/list.ts";
import { getMessageDetail, listMessages } from "#app/features/messages/list.server.ts";
import { readOverview } from "#app/features/messages/overview.server.ts";
import { planLoaded } from "#app/features/messages/schedule.server.ts";
import type { LoadedOrder } from "#app/features/orders/orders.server.ts";
import { getShop, type Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import * as make from "#tests/factories/orders.ts";

export type Hot = Record<
  "list" | "detail" | "history" | "overview" | "claim" | "delivery" | "ledger" | "proof",
  () => Promise<unknown>
>;

/** For one shop of a crowd (factories/crowd.ts). The claim looks at a time when nothing was due yet. */
export async function hotQueries(): Promise<Hot & { shop: Shop }> {
  const shop = await forPlatform("health", async (tx) =>
    getShop(tx, (await tx.shop.findFirstOrThrow({ orderBy: { domain: "asc" } })).id),
  );
  const inShop = <T>(work: (tx: Tx) => Promise<T>) => forShop(shop.id, work);
  const message = await inShop((tx) =>
    tx.message.findFirstOrThrow({ where: { shopId: shop.id, state: "sent" } }),
  );
  const row = await inShop((tx) =>
    tx.order.findFirstOrThrow({ where: { shopId: shop.id, buyerIndex: { not: null } } }),
  );
  const loaded: LoadedOrder = {
    row,
    order: make.order({ id: row.id, buyer: row.buyerIndex }),
    person: { email: null, firstName: null, lastName: null },
  };
  const all = readFilter(new URLSearchParams());
  const now = new Date();
  const dayBefore = (count: number) =>
    new Date(now.getTime() - count * 86_400_000).toISOString().slice(0, 10);
  const days = { from: dayBefore(1), to: dayBefore(0) };
  return {
    shop,
    list: () => inShop((tx) => listMessages(tx, shop.id, all, "UTC")),
    detail: () => inShop((tx) => getMessageDetail(tx, shop.id, message.id)),
    history: () => inShop((tx) => planLoaded(tx, shop, [loaded], [], now)),
    overview: () => inShop((tx) => readOverview(tx, shop.id, "UTC", now)),
    ledger: () =>
      inShop(async (tx) => {
        const [last] = (await readLedgerPage(tx, shop.id, days, "UTC", null)).slice(-1);
        await readLedgerPage(tx, shop.id, days, "UTC", last ?? null);
        await countLedger(tx, shop.id, days, "UTC");
      }),
    proof: () => inShop((tx) => checkProof(tx, shop.id, "0".repeat(64))),
    claim: () => freezeDue("email", "email:default", LONG_AGO),
    delivery: () => recordDelivery({ ...event, messageId: message.id }),
  };
}

const event = {
  eventId: "msg_1",
  kind: "delayed",
  at: "2026-01-01T00:00:00.000Z",
  permanent: false,
  providerId: "p",
  detail: null,
} as const;

export const LONG_AGO = new Date("2001-02-03T00:00:00.000Z");
