// Guarantee: one row an order, whatever arrives when, twice or at once; the person is stored only sealed.
import { z } from "zod";
import type { OrderParts, ProductFacts, Source } from "#app/connectors/orders.ts";
import { classifyAddress } from "#app/connectors/registry.ts";
import { mergeOrder } from "#app/features/orders/merge.ts";
import { isErased, lockArrival } from "#app/features/orders/erase.server.ts";
import { emptyDocument, type Order, type OrderDocument } from "#app/features/orders/orders.ts";
import { openVault, type Vault } from "#app/features/vault/vault.server.ts";
import type { Order as OrderRow } from "#app/platform/db/generated/client.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

const personSchema = z.object({
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
});
export type Person = z.infer<typeof personSchema>;

/** As stored. `told`: what the source says where the merchant knows better; once it says something else, that is news. */
const storedPersonSchema = personSchema.extend({ told: personSchema.partial().optional() });
type StoredPerson = z.infer<typeof storedPersonSchema>;

const nobody: Person = { email: null, firstName: null, lastName: null };
const place = (row: string) => ({ table: "orders", column: "person_sealed", row });

export type MergedIn = {
  orderId: string;
  document: OrderDocument;
  /** Two observations of one version disagree: the source must be asked. */
  disputed: boolean;
};

/** Unites arrived parts with what is stored of the order; null when its buyer was erased, and nothing is kept. */
export async function mergeIn(
  tx: Tx,
  shopId: string,
  connectionId: string,
  parts: OrderParts,
  now: Date,
): Promise<MergedIn | null> {
  await lockArrival(tx, shopId, connectionId, parts.externalId);
  if (await isErased(tx, shopId, parts)) return null;
  const row = await tx.order.findUnique({
    where: { shopId_connectionId_externalId: { shopId, connectionId, externalId: parts.externalId } },
  });
  const merged = mergeOrder(row ? documentOf(row) : emptyDocument, parts);
  const id = row?.id ?? newId();
  const vault = await openVault(shopId);
  const person =
    merged.takesPerson && parts.person
      ? sealPerson(vault, id, withCorrections(row && openStored(vault, row), parts.person))
      : {};
  // Of which install it is, the last one that heard of it tells: what an earlier one brought in may have to go alone.
  const { generation } = await tx.shop.findUniqueOrThrow({
    where: { id: shopId },
    select: { generation: true },
  });
  const data = {
    generation,
    heardAt: now,
    name: merged.document.header?.name ?? "",
    placedAt: merged.document.header?.placedAt ?? null,
    document: merged.document,
    ...person,
  };
  if (row) await tx.order.update({ where: { shopId_id: { shopId, id } }, data });
  else
    await tx.order.create({
      data: { shopId, id, connectionId, source: parts.source, externalId: parts.externalId, ...data },
    });
  return { orderId: id, document: merged.document, disputed: merged.tie };
}

/** An install turned out to have begun at `since`: the orders that were heard of after that are its own. */
export async function raiseGeneration(
  tx: Tx,
  shopId: string,
  since: Date,
  generation: number,
): Promise<void> {
  await tx.order.updateMany({
    where: { shopId, heardAt: { gt: since }, generation: { lt: generation } },
    data: { generation },
  });
}

function sealPerson(vault: Vault, id: string, person: StoredPerson) {
  return {
    personSealed: vault.seal(place(id), JSON.stringify(storedPersonSchema.parse(person))),
    buyerIndex: person.email ? vault.blindIndex("email", person.email) : null,
  };
}

function openStored(vault: Vault, row: Pick<OrderRow, "id" | "personSealed">): StoredPerson {
  return row.personSealed
    ? storedPersonSchema.parse(JSON.parse(vault.open(place(row.id), row.personSealed)))
    : nobody;
}

const FIELDS = ["email", "firstName", "lastName"] as const;

/** What arrives, but for the fields the merchant put right and of which the source only repeats what it said before. */
function withCorrections(stored: StoredPerson | null, person: Person): StoredPerson {
  const kept = FIELDS.filter(
    (field) => stored?.told?.[field] !== undefined && stored.told[field] === person[field],
  );
  if (!stored || kept.length === 0) return person;
  const pick = (from: Partial<Person>) => Object.fromEntries(kept.map((field) => [field, from[field]]));
  return { ...person, ...pick(stored), told: pick(stored.told ?? {}) };
}

/** The person with a merchant's correction, sealed anew; null when nothing changes. */
export function resealPerson(vault: Vault, row: OrderRow, correction: Partial<Person>) {
  const stored = openStored(vault, row);
  const changed = FIELDS.filter(
    (field) => correction[field] !== undefined && correction[field] !== stored[field],
  );
  if (changed.length === 0) return null;
  const pick = (from: Partial<Person>) => Object.fromEntries(changed.map((field) => [field, from[field]]));
  return sealPerson(vault, row.id, {
    ...stored,
    ...pick(correction),
    told: { ...pick(stored), ...stored.told },
  });
}

/** The stored document; its shape is ours alone, written by `mergeOrder`. */
export function documentOf(row: Pick<OrderRow, "document">): OrderDocument {
  return row.document as unknown as OrderDocument;
}

/** Opens who the buyer is. Only for sending and for pages that show it. */
export function openPerson(vault: Vault, row: Pick<OrderRow, "id" | "personSealed">): Person {
  const { email, firstName, lastName } = openStored(vault, row);
  return { email, firstName, lastName };
}

export type LoadedOrder = { row: OrderRow; order: Order; person: Person };

/** Locks an order for planning; null while its header has not arrived. */
export async function lockOrder(tx: Tx, shopId: string, orderId: string): Promise<OrderRow> {
  await tx.$queryRaw`SELECT id FROM orders WHERE shop_id = ${shopId}::uuid AND id = ${orderId}::uuid FOR UPDATE`;
  const row = await tx.order.findUnique({ where: { shopId_id: { shopId, id: orderId } } });
  if (!row) throw new AppError("not_found", "no such order");
  return row;
}

/** The orders as the planner wants them, with their products; rows without a header, or without their buyer, are left out. */
export async function loadOrders(tx: Tx, shopId: string, rows: OrderRow[]): Promise<LoadedOrder[]> {
  if (rows.length === 0) return [];
  const vault = await openVault(shopId);
  const products = await findProducts(
    tx,
    shopId,
    rows.flatMap((row) => productIdsOf(documentOf(row))),
  );
  return rows.flatMap((row) => {
    const { header, lines, fulfillments, refunds, deleted } = documentOf(row);
    if (!header || row.erasedAt) return [];
    const person = openPerson(vault, row);
    const order: Order = {
      id: row.id,
      source: row.source as Source,
      header,
      lines: lines.map((line) => ({
        ...line,
        product: (line.productId && products.get(line.productId)) || null,
      })),
      fulfillments,
      refunds,
      deleted,
      recipient: classifyAddress(person.email),
      buyer: row.buyerIndex,
    };
    return [{ row, order, person }];
  });
}

export function productIdsOf(document: OrderDocument): string[] {
  return [
    ...new Set(
      document.lines
        .flatMap((line) => [line.productId, line.bundle?.productId ?? null])
        .filter((id) => id !== null),
    ),
  ];
}

async function findProducts(
  tx: Tx,
  shopId: string,
  externalIds: string[],
): Promise<Map<string, ProductFacts>> {
  const rows = await tx.product.findMany({ where: { shopId, externalId: { in: externalIds } } });
  return new Map(
    rows.flatMap((row) =>
      row.facts ? [[row.externalId, row.facts as unknown as ProductFacts] as const] : [],
    ),
  );
}

/** Products of these ids that were never read, are marked stale, or were read before `oldest`. */
export async function listUnreadProducts(
  tx: Tx,
  shopId: string,
  externalIds: string[],
  oldest: Date,
): Promise<string[]> {
  const known = await tx.product.findMany({
    where: { shopId, externalId: { in: externalIds }, stale: false, readAt: { gte: oldest } },
    select: { externalId: true },
  });
  const fresh = new Set(known.map((row) => row.externalId));
  return externalIds.filter((id) => !fresh.has(id));
}

/** Keeps what Shopify says of products; ids it no longer knows are kept without facts. */
export async function saveProducts(
  tx: Tx,
  shopId: string,
  asked: string[],
  facts: ProductFacts[],
  readAt: Date,
): Promise<void> {
  const byId = new Map(facts.map((product) => [product.productId, product]));
  for (const externalId of [...asked].sort()) {
    const data = { facts: byId.get(externalId) ?? undefined, readAt, stale: false };
    await tx.product.upsert({
      where: { shopId_externalId: { shopId, externalId } },
      create: { shopId, externalId, ...data },
      update: data,
    });
  }
}

/** A product changed or went: the next planner that needs it reads it again. @returns whether we hold it at all */
export async function markProductStale(tx: Tx, shopId: string, externalId: string): Promise<boolean> {
  const { count } = await tx.product.updateMany({ where: { shopId, externalId }, data: { stale: true } });
  return count > 0;
}

/**
 * Whether this version of an order, or a newer one, is held already. Not while its payment is unknown: only `orders/paid` tells when
 * that was, so an `orders/updated` after a lost one brings the version without the payment. An order whose buyer was erased counts as
 * held: what would be read of it is not taken in.
 */
export async function holdsVersion(
  tx: Tx,
  shopId: string,
  connectionId: string,
  externalId: string,
  version: string,
): Promise<boolean> {
  if (await isErased(tx, shopId, { source: "shopify", externalId })) return true;
  const row = await tx.order.findUnique({
    where: { shopId_connectionId_externalId: { shopId, connectionId, externalId } },
    select: { document: true },
  });
  const header = row && documentOf(row).header;
  return header !== null && header.paidAt !== null && header.version >= version;
}

/** Keeps what the planner concluded for orders, of each one versioned document for all releases. */
export async function saveDecisions(
  tx: Tx,
  shopId: string,
  documents: { orderId: string; decisions: object }[],
  now: Date,
): Promise<void> {
  if (documents.length === 0) return;
  await tx.$executeRaw`
    UPDATE orders o SET decisions = d.decisions, planned_at = ${now}, updated_at = now()
    FROM jsonb_to_recordset(${JSON.stringify(documents)}::jsonb) AS d("orderId" uuid, decisions jsonb)
    WHERE o.shop_id = ${shopId}::uuid AND o.id = d."orderId"`;
}
