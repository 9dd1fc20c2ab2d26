// Guarantee: a shop has a data key before anything of it is stored, and is sending only by a person's switch.
import type { StoreInfo } from "#app/connectors/sources.ts";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { defaultSettings, shopSettingsSchema, type ShopSettings } from "#app/features/shops/settings.ts";
import { settingsChange } from "#app/features/shops/settings.change.ts";
import { cancelPurges, lockShop, schedulePurge } from "#app/features/shops/purges.server.ts";
import { createVault, forgetVault, openVault, type Place } from "#app/features/vault/vault.server.ts";
import { destroyShopKey } from "#app/platform/crypto/keystore.ts";
import type { Shop as ShopRow } from "#app/platform/db/generated/client.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { appendJournal } from "#app/platform/journal.ts";

/** A tenant. `sending` is the merchant's switch; `pauseReason` says why it is off. */
export type Shop = Omit<ShopRow, "settings"> & { settings: ShopSettings };

function fromRow(row: ShopRow): Shop {
  return { ...row, settings: shopSettingsSchema.parse(row.settings) };
}

export async function findShopByDomain(tx: Tx, domain: string): Promise<Shop | null> {
  const row = await tx.shop.findUnique({ where: { domain } });
  return row && fromRow(row);
}

export async function findShopById(tx: Tx, shopId: string): Promise<Shop | null> {
  const row = await tx.shop.findUnique({ where: { id: shopId } });
  return row && fromRow(row);
}

/** @throws AppError not_found */
export async function getShop(tx: Tx, shopId: string): Promise<Shop> {
  const shop = await findShopById(tx, shopId);
  if (!shop) throw new AppError("not_found", "no such shop");
  return shop;
}

/**
 * The shop of an authenticated request; made when Shopify brings it for the first time, revived when it comes back within the grace.
 * Safe to call at every token exchange, and from two processes at once.
 */
export async function ensureShop(domain: string, now: Date): Promise<Shop> {
  // A turn without a shop was overtaken: by another process that installs it, or by a purge that began. The next one sees which.
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const known = await forPlatform("install", (tx) => findShopByDomain(tx, domain));
    if (known?.state === "installed") return known;
    const shop = known ? await reviveShop(known.id, now) : await makeShop(domain, now);
    if (shop) return shop;
  }
  throw new AppError("unavailable", "the shop was overtaken again and again");
}

const MOST_TURNS = 5;

async function makeShop(domain: string, now: Date): Promise<Shop | null> {
  const shopId = newId();
  await createVault(shopId);
  const settings = defaultSettings({
    name: domain.replace(/\.myshopify\.com$/, ""),
    email: null,
    timeZone: "UTC",
    locale: "en",
  });
  const shop = await forPlatform("install", async (tx) => {
    const made = await tx.shop.createMany({
      data: [{ id: shopId, domain, name: settings.sender.name, settings, installedAt: now }],
      skipDuplicates: true,
    });
    if (made.count === 0) return null;
    await tx.connection.create({ data: { shopId, source: "shopify", externalId: domain } });
    await recordAudit(tx, shopId, { actor: "shopify", action: "shop.installed" });
    await recordFreshStart(tx, shopId, domain);
    return getShop(tx, shopId);
  });
  if (!shop) {
    forgetVault(shopId);
    await destroyShopKey(shopId);
  }
  return shop;
}

/** The merchant threw away what was there before: the record of that shop goes with it, so the new one's says who did. */
async function recordFreshStart(tx: Tx, shopId: string, domain: string): Promise<void> {
  const last = await tx.purge.findFirst({
    where: { shopDomain: domain, scope: "shop", state: { not: "cancelled" } },
    orderBy: { createdAt: "desc" },
  });
  if (!last?.shopId || last.reason !== "start_fresh") return;
  const asked = await tx.auditEvent.findFirst({ where: { shopId: last.shopId, action: "shop.fresh" } });
  const actor = (asked?.actor ?? "system") as Actor;
  await recordAudit(tx, shopId, { actor, action: "shop.fresh", subject: last.id });
}

/** Back within the grace: everything that was set up is still there, and the purge is called off before it began. */
async function reviveShop(shopId: string, now: Date): Promise<Shop | null> {
  return forPlatform("install", async (tx) => {
    const row = await lockShop(tx, shopId);
    if (row?.state === "installed") return fromRow(row);
    if (row?.state !== "uninstalled") return null;
    const generation = row.generation + 1;
    await tx.shop.update({
      where: { id: shopId },
      data: {
        state: "installed",
        installedAt: now,
        uninstalledAt: null,
        generation,
        returnedAt: now,
        sending: false,
        pauseReason: "returned",
      },
    });
    await tx.connection.updateMany({
      where: { shopId, source: "shopify", state: { not: "ok" } },
      data: { state: "ok", stateReason: null, stateSince: now },
    });
    await appendJournal({ kind: "returned", at: now.toISOString(), shopId });
    await recordAudit(tx, shopId, { actor: "shopify", action: "shop.installed", after: { generation } });
    const calledOff = await cancelPurges(tx, shopId, now);
    if (calledOff.length > 0) await recordAudit(tx, shopId, { actor: "system", action: "purge.cancelled" });
    // What Shopify asked for meanwhile is still to be done: of the installs before this one.
    for (const { requestId, shopDomain, since } of calledOff)
      if (requestId)
        await schedulePurge(tx, {
          shopId,
          shopDomain,
          scope: "generation",
          generation,
          reason: "shop_redact",
          requestId,
          since,
          startsAt: now,
        });
    return getShop(tx, shopId);
  });
}

/** The merchant who came back keeps what was set up. */
export async function keepSetup(tx: Tx, shopId: string, actor: Actor): Promise<void> {
  const { count } = await tx.shop.updateMany({
    where: { id: shopId, returnedAt: { not: null } },
    data: { returnedAt: null },
  });
  if (count > 0) await recordAudit(tx, shopId, { actor, action: "shop.kept" });
}

const contactPlace = (shopId: string): Place => ({ table: "shops", column: "contact_sealed", row: shopId });

/** Where notices go: the store's own address, else the one its mails are answered to; "" where neither is known. */
export async function openContact(shop: Shop): Promise<string> {
  if (!shop.contactSealed) return shop.settings.sender.replyTo;
  return (await openVault(shop.id)).open(contactPlace(shop.id), shop.contactSealed);
}

/** Takes over Shopify's name and contact, and its time zone and language while the settings are still untouched since the install. */
export async function applyShopInfo(shopId: string, info: StoreInfo): Promise<void> {
  const vault = await openVault(shopId);
  const contact = info.email ? { contactSealed: vault.seal(contactPlace(shopId), info.email) } : {};
  await forShop(shopId, async (tx) => {
    const saved = await tx.auditEvent.findFirst({
      where: { shopId, action: "settings.saved" },
      select: { id: true },
    });
    const settings = defaultSettings(info);
    await tx.shop.update({
      where: { id: shopId },
      data: { name: info.name, ...contact, ...(saved ? {} : { settings }) },
    });
  });
}

/** Saves the merchant's settings, and notes what is different. */
export async function saveSettings(
  tx: Tx,
  shopId: string,
  settings: ShopSettings,
  actor: Actor,
): Promise<void> {
  const before = await getShop(tx, shopId);
  await tx.shop.update({ where: { id: shopId }, data: { settings } });
  await recordAudit(tx, shopId, {
    actor,
    action: "settings.saved",
    ...settingsChange(before.settings, settings),
  });
}

/** The big switch. Off: nothing leaves; what waits goes on waiting. */
export async function setSending(
  tx: Tx,
  shopId: string,
  on: boolean,
  actor: Actor,
  reason = "merchant",
): Promise<void> {
  const shop = await getShop(tx, shopId);
  if (shop.state !== "installed") throw new AppError("conflict", "the shop is not installed");
  if (shop.sending === on) return;
  await tx.shop.update({ where: { id: shopId }, data: { sending: on, pauseReason: on ? null : reason } });
  await recordAudit(tx, shopId, {
    actor,
    action: on ? "sending.on" : "sending.off",
    after: { reason: on ? null : reason },
  });
}

export async function dismissGuide(tx: Tx, shopId: string, dismissed: boolean, now: Date): Promise<void> {
  await tx.shop.update({ where: { id: shopId }, data: { guideDismissedAt: dismissed ? now : null } });
}
