// Guarantee: entries of one chain follow each other, whoever writes; different shops never wait for each other. Locks are taken in one
// order everywhere: shops, their chains' ends (each by id), the platform's end.
import {
  entryHash,
  genesis,
  headStatement,
  PLATFORM,
  writeEntry,
  type EntryContent,
  type Link,
} from "#app/features/audit/chain.ts";
import { openDetailSealer, type Detail } from "#app/features/audit/detail.server.ts";
import { removedUpTo } from "#app/features/audit/removals.server.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";
import { openSigner, type Signer } from "#app/platform/crypto/signing.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

/** An event that has no place in its chain yet. */
export type Noted = Omit<EntryContent, "seq" | "at" | "detail">;
export type Pending = { shops: Map<string, (Noted & { detail?: Detail })[]>; platform: Noted[] };
type Sealed = Noted & { detailSealed?: Buffer<ArrayBuffer> };
type Held = Link & { now: Date };

/** Writes all of it, the platform's last. */
export async function appendAll(tx: Tx, pending: Pending): Promise<void> {
  const signer = await openSigner();
  if (pending.shops.size > 0) await appendToShops(tx, pending.shops, signer);
  if (pending.platform.length > 0) await appendToPlatform(tx, pending.platform, signer);
}

async function appendToShops(tx: Tx, pending: Pending["shops"], signer: Signer): Promise<void> {
  const shopIds = [...pending.keys()].sort();
  const events = new Map<string, Sealed[]>();
  for (const shopId of shopIds) events.set(shopId, await sealDetails(shopId, pending.get(shopId)!));
  const heads = await holdHeads(tx, shopIds);
  const rows = [];
  for (const shopId of shopIds) {
    const { now, ...end } = heads.get(shopId)!;
    const { entries, head } = link(end, events.get(shopId)!, now);
    rows.push(...entries.map((each) => ({ shopId, ...each })));
    await tx.auditHead.update({
      where: { shopId },
      data: { ...head, at: now, ...signer.sign(headStatement(shopId, head, now)) },
    });
  }
  await tx.auditEvent.createMany({ data: rows });
}

async function appendToPlatform(tx: Tx, events: Noted[], signer: Signer): Promise<void> {
  const { now, ...end } = await holdPlatformHead(tx);
  const { entries, head } = link(end, events, now);
  await tx.platformAuditHead.update({
    where: { chain: PLATFORM },
    data: { ...head, at: now, ...signer.sign(headStatement(PLATFORM, head, now)) },
  });
  await tx.platformAuditEvent.createMany({ data: entries.map(({ entry, hash }) => ({ entry, hash })) });
}

async function sealDetails(shopId: string, events: (Noted & { detail?: Detail })[]): Promise<Sealed[]> {
  const sealer = events.some(({ detail }) => detail) ? await openDetailSealer(shopId) : null;
  return events.map(({ detail, ...event }) => ({
    ...event,
    detailSealed: detail && sealer?.(event.id, detail),
  }));
}

function link(end: Link, events: Sealed[], now: Date) {
  let head = end;
  const entries = events.map(({ detailSealed, ...event }) => {
    const seq = head.seq + 1;
    const detail = detailSealed && sha256(detailSealed);
    const entry = writeEntry({ ...event, seq, detail, at: now.toISOString() });
    head = { seq, hash: entryHash(head.hash, entry) };
    return { entry, hash: head.hash, detailSealed };
  });
  return { entries, head };
}

/** Holds the ends of these shops' chains until the transaction is over. `shopIds` sorted. */
export async function holdHeads(tx: Tx, shopIds: string[]): Promise<Map<string, Held>> {
  // An entry refers to its shop, so its insert would wait for whoever holds that: better now than with a chain's end in hand.
  const shops = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM shops WHERE id = ANY(${shopIds}::uuid[]) ORDER BY id FOR KEY SHARE`;
  if (shops.length < shopIds.length) throw new AppError("internal", "an audit event of a shop that is gone");
  const held = await lockHeads(tx, shopIds);
  for (const shopId of shopIds) if (!held.has(shopId)) held.set(shopId, await begin(tx, shopId));
  return held;
}

async function lockHeads(tx: Tx, shopIds: string[]): Promise<Map<string, Held>> {
  const rows = await tx.$queryRaw<(Held & { shop_id: string })[]>`
    SELECT shop_id, seq, hash, date_trunc('milliseconds', clock_timestamp()) AS now
      FROM audit_heads WHERE shop_id = ANY(${shopIds}::uuid[]) ORDER BY shop_id FOR UPDATE`;
  return new Map(rows.map(({ shop_id, ...held }) => [shop_id, held]));
}

/** A shop's first entry; or the first since its chain was closed, which goes on where that ended. */
async function begin(tx: Tx, shopId: string): Promise<Held> {
  const start = (await removedUpTo(tx, shopId)) ?? genesis(shopId);
  await tx.auditHead.createMany({ data: [{ shopId, ...start, at: new Date() }], skipDuplicates: true });
  const held = (await lockHeads(tx, [shopId])).get(shopId);
  if (!held) throw new AppError("internal", "the end of an audit chain was not kept");
  return held;
}

/** Holds the end of the platform's chain until the transaction is over. */
export async function holdPlatformHead(tx: Tx): Promise<Held> {
  const [held] = await tx.$queryRaw<Held[]>`
    SELECT seq, hash, date_trunc('milliseconds', clock_timestamp()) AS now
      FROM platform_audit_heads WHERE chain = ${PLATFORM} FOR UPDATE`;
  if (!held) throw new AppError("internal", "the platform's audit chain has no end");
  return held;
}
