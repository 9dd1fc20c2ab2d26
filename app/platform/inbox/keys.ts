// Inbox bodies lie under a key of their day, not of their shop: webhooks of unknown and erased shops must be kept as well,
// and a day's key can be destroyed when its bodies have had their time.
import { seal, sealedUnder, unseal, type Key } from "#app/platform/crypto/crypto.ts";
import { findPlatformKey } from "#app/platform/crypto/keystore.ts";
import { AppError } from "#app/platform/errors.ts";

const cached = new Map<string, Key>();
const MOST_CACHED = 40;

const place = (id: string) => `inbox|body_sealed|${id}`;

/** The key for bodies received at `now` (a UTC day's). @throws when the key store does not answer */
export function inboxKey(now: Date): Key | Promise<Key> {
  const id = `inbox-${now.toISOString().slice(0, 10)}`;
  return cached.get(id) ?? fetchKey(id, true);
}

/** @param id of the row, known before it is written */
export function sealBody(key: Key, id: string, raw: Buffer): Buffer {
  return seal(key, place(id), raw);
}

/** @throws AppError invalid when the key is gone or the value does not open: no repetition mends that. */
export async function openBody(id: string, sealed: Buffer): Promise<Buffer> {
  const keyId = sealedUnder(sealed);
  const key = cached.get(keyId) ?? (await fetchKey(keyId, false));
  try {
    return unseal(key, place(id), sealed);
  } catch (cause) {
    throw new AppError("invalid", "the stored body does not open", { cause });
  }
}

async function fetchKey(id: string, make: boolean): Promise<Key> {
  const key = await findPlatformKey(id, make);
  if (!key) throw new AppError("invalid", "the key of the stored body is gone");
  if (cached.size >= MOST_CACHED) cached.clear();
  cached.set(id, key);
  return key;
}

/** Forgets the keys held in memory. */
export function forgetInboxKeys(): void {
  cached.clear();
}
