// Guarantee: an alert goes to nobody who did not confirm, and always to somebody: where nobody wants its topic, to the store's own address.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import {
  AT_ONCE,
  MOST_RECIPIENTS,
  pacesSchema,
  TOPIC_OF,
  type Pace,
  type Paces,
} from "#app/features/messages/alerts.ts";
import { readLink } from "#app/features/messages/links.server.ts";
import type { NoticeKind } from "#app/features/messages/notices.ts";
import { DUE_CHANNEL } from "#app/features/messages/schedule.server.ts";
import { lockShop } from "#app/features/shops/purges.server.ts";
import { openContact, type Shop } from "#app/features/shops/shops.server.ts";
import { openVault, type Place } from "#app/features/vault/vault.server.ts";
import { classifyAddress } from "#app/connectors/registry.ts";
import type { Notice } from "#app/platform/db/generated/client.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

/** What stands in the place of the hash of the store's own address. */
const CONTACT = "contact";
const DAY_MS = 86_400_000;
const place = (row: string): Place => ({ table: "alert_recipients", column: "address_sealed", row });

/** `id` null = the store's own address, which is always there. */
export type Recipient = { id: string | null; address: string; confirmed: boolean; paces: Paces };

/** Everybody who hears of something, or was asked whether they want to. */
export async function listRecipients(tx: Tx, shop: Shop): Promise<Recipient[]> {
  const rows = await tx.alertRecipient.findMany({ where: { shopId: shop.id }, orderBy: { id: "asc" } });
  const vault = await openVault(shop.id);
  const own = rows.find(({ addressIndex }) => addressIndex === CONTACT);
  const others = rows.flatMap((row) =>
    row.addressSealed
      ? [
          {
            id: row.id,
            address: vault.open(place(row.id), row.addressSealed),
            confirmed: row.confirmedAt !== null,
            paces: pacesSchema.parse(row.paces),
          },
        ]
      : [],
  );
  const paces = own ? pacesSchema.parse(own.paces) : AT_ONCE;
  return [{ id: null, address: await openContact(shop), confirmed: true, paces }, ...others];
}

/** To whom a notice of this kind goes, and when. */
export async function listTargets(
  tx: Tx,
  shopId: string,
  kind: NoticeKind,
): Promise<{ recipientId: string | null; pace: Exclude<Pace, "never"> }[]> {
  const contact = [{ recipientId: null, pace: "at_once" as const }];
  const topic = TOPIC_OF[kind];
  if (topic === "contact" || topic === "staff" || topic === "own") return contact;
  const rows = await tx.alertRecipient.findMany({ where: { shopId, confirmedAt: { not: null } } });
  const own = rows.some(({ addressIndex }) => addressIndex === CONTACT);
  const all = [
    ...(own ? [] : [{ recipientId: null, pace: AT_ONCE[topic] }]),
    ...rows.map((row) => ({
      recipientId: row.addressIndex === CONTACT ? null : row.id,
      pace: pacesSchema.parse(row.paces)[topic],
    })),
  ];
  const wanted = all.flatMap(({ recipientId, pace }) => (pace === "never" ? [] : [{ recipientId, pace }]));
  return wanted.length > 0 ? wanted : contact;
}

/** The address of a notice; null where whoever had it was removed, or never confirmed. */
export async function openRecipient(tx: Tx, shop: Shop, notice: Notice): Promise<string | null> {
  if (!notice.recipientId) return openContact(shop);
  const row = await tx.alertRecipient.findUnique({
    where: { shopId_id: { shopId: shop.id, id: notice.recipientId } },
  });
  const asking = notice.kind === ("alert_confirm" satisfies NoticeKind);
  if (!row?.addressSealed || (!row.confirmedAt && !asking)) return null;
  return (await openVault(shop.id)).open(place(row.id), row.addressSealed);
}

/**
 * An owner adds an address, which is asked by mail. Added again, it is asked again until it has confirmed.
 * @throws AppError invalid, conflict: with words for beside the field
 */
export async function addRecipient(
  tx: Tx,
  shopId: string,
  address: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  if (classifyAddress(address) !== "ok")
    throw new AppError("invalid", "no address for alerts", {
      forPerson: "Mail to this address does not arrive.",
    });
  await lockShop(tx, shopId);
  const since = { gt: new Date(now.getTime() - DAY_MS) };
  const kind: NoticeKind = "alert_confirm";
  const asked = await tx.notice.count({ where: { shopId, kind, createdAt: since } });
  const rows = await tx.alertRecipient.findMany({ where: { shopId, addressSealed: { not: null } } });
  const vault = await openVault(shopId);
  const addressIndex = vault.blindIndex("email", address);
  const known = rows.find((row) => row.addressIndex === addressIndex);
  if (known?.confirmedAt)
    throw new AppError("conflict", "an address twice", { forPerson: "This address gets alerts already." });
  if ((!known && rows.length >= MOST_RECIPIENTS) || asked >= MOST_RECIPIENTS)
    throw new AppError("conflict", "too many addresses for alerts", {
      forPerson: `Up to ${MOST_RECIPIENTS} addresses are possible, and as many mails that ask for a confirmation a day.`,
    });
  const id = known?.id ?? newId();
  if (!known) {
    await tx.alertRecipient.create({
      data: {
        shopId,
        id,
        addressSealed: vault.seal(place(id), address),
        addressIndex,
        paces: AT_ONCE,
        createdAt: now,
      },
    });
    await recordAudit(tx, shopId, { actor, action: "alerts.added", subject: id });
  }
  await tx.notice.create({
    data: { shopId, kind, facts: {}, key: `${kind}|${newId()}`, recipientId: id, dueAt: now, createdAt: now },
  });
  await tx.$executeRaw`SELECT pg_notify(${DUE_CHANNEL}, '')`;
}

/** How an address hears of what. @throws AppError not_found */
export async function savePaces(
  tx: Tx,
  shopId: string,
  id: string | null,
  paces: Paces,
  actor: Actor,
  now: Date,
): Promise<void> {
  await lockShop(tx, shopId);
  const row = await tx.alertRecipient.findFirst({
    where: { shopId, ...(id ? { id } : { addressIndex: CONTACT }) },
  });
  if (!row && id) throw new AppError("not_found", "no such address for alerts");
  const subject = row?.id ?? newId();
  await tx.alertRecipient.upsert({
    where: { shopId_id: { shopId, id: subject } },
    create: { shopId, id: subject, addressIndex: CONTACT, paces, confirmedAt: now, createdAt: now },
    update: { paces },
  });
  await recordAudit(tx, shopId, {
    actor,
    action: "alerts.changed",
    subject,
    before: row ? pacesSchema.parse(row.paces) : AT_ONCE,
    after: paces,
  });
}

/** Takes an address off the list; what waits for it goes nowhere. */
export async function removeRecipient(tx: Tx, shopId: string, id: string, actor: Actor): Promise<void> {
  const { count } = await tx.alertRecipient.deleteMany({
    where: { shopId, id, addressSealed: { not: null } },
  });
  if (count > 0) await recordAudit(tx, shopId, { actor, action: "alerts.removed", subject: id });
}

/** What the link of the asking mail leads to; null where it leads nowhere. Changes nothing. */
export async function findAsked(token: string): Promise<{ shopName: string; confirmed: boolean } | null> {
  const target = await readLink("alerts", token);
  if (!target) return null;
  return forShop(target.shopId, async (tx) => {
    const row = await tx.alertRecipient.findUnique({
      where: { shopId_id: { shopId: target.shopId, id: target.id } },
      include: { shop: { select: { name: true } } },
    });
    return row && { shopName: row.shop.name, confirmed: row.confirmedAt !== null };
  });
}

/** Whoever reads the address wants alerts, or (again) none. @returns whether the link led anywhere */
export async function answerAsked(token: string, wants: boolean, now: Date): Promise<boolean> {
  const target = await readLink("alerts", token);
  if (!target) return false;
  const { shopId, id } = target;
  return forShop(shopId, async (tx) => {
    const { count } = await tx.alertRecipient.updateMany({
      where: { shopId, id, confirmedAt: wants ? null : { not: null } },
      data: { confirmedAt: wants ? now : null },
    });
    if (count > 0)
      await recordAudit(tx, shopId, {
        actor: "system",
        action: wants ? "alerts.confirmed" : "alerts.removed",
        subject: id,
      });
    return (await tx.alertRecipient.count({ where: { shopId, id } })) > 0;
  });
}
