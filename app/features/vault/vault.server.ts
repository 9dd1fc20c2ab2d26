// Guarantee: a sealed value opens only in the table, column, shop and row it was sealed for, and never without the shop's key.
import { deriveKey, hmac, seal, unseal, type Key } from "#app/platform/crypto/crypto.ts";
import { ensureShopKey, findShopKey } from "#app/platform/crypto/keystore.ts";
import { AppError } from "#app/platform/errors.ts";

/** Where a sealed value lies. The shop is added by the vault. */
export type Place = { table: string; column: string; row: string };

export type Vault = {
  seal(place: Place, plain: string): Buffer<ArrayBuffer>;
  /** @throws AppError internal when the value was moved, changed or sealed under another key. */
  open(place: Place, sealed: Uint8Array): string;
  /** A keyed hash, equal for equal values of this shop only: to find a buyer without holding who they are. */
  blindIndex(kind: "email" | "customer" | "order", value: string): string;
};

type Held = { vault: Vault; until: number };
const held = new Map<string, Held>();
const HOLD_MS = 60_000;
const HOLD_MOST = 5_000;

/** The shop's vault. @throws AppError unavailable when the shop has no key (uninstalled and purged). */
export async function openVault(shopId: string): Promise<Vault> {
  const known = held.get(shopId);
  if (known && known.until > performance.now()) return known.vault;
  const key = await findShopKey(shopId);
  if (!key) throw new AppError("unavailable", "the shop has no data key");
  return hold(shopId, key);
}

/** For installing: makes the key where there is none. */
export async function createVault(shopId: string): Promise<Vault> {
  return hold(shopId, await ensureShopKey(shopId));
}

function hold(shopId: string, key: Key): Vault {
  if (held.size >= HOLD_MOST) held.clear();
  const vault = vaultOf(shopId, key);
  held.set(shopId, { vault, until: performance.now() + HOLD_MS });
  return vault;
}

export function forgetVault(shopId: string): void {
  held.delete(shopId);
}

function vaultOf(shopId: string, key: Key): Vault {
  const index = deriveKey(key.key, "blind-index");
  const aad = (place: Place) => `${place.table}|${place.column}|${shopId}|${place.row}`;
  return {
    seal: (place, plain) => Buffer.from(seal(key, aad(place), plain)),
    open: (place, sealed) => unseal(key, aad(place), sealed).toString("utf8"),
    blindIndex: (kind, value) =>
      hmac(index, `${kind}|${kind === "email" ? normalise(value) : value}`).toString("base64url"),
  };
}

function normalise(email: string): string {
  return email.trim().toLowerCase().normalize("NFC");
}
