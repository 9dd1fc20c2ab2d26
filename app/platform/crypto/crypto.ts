// AES-256-GCM with the key's id in the prefix. Layout: version 1 | id length | id | iv 12 | tag 16 | ciphertext.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from "node:crypto";
import { AppError } from "#app/platform/errors.ts";

export type Key = { id: string; key: Buffer };

const VERSION = 1;

/** Encrypts under `key`; `aad` binds the ciphertext to its place, so that it opens nowhere else. */
export function seal(key: Key, aad: string, plain: Buffer | string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", prepared(key.key), iv).setAAD(Buffer.from(aad));
  const body = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain);
  const rest = cipher.final();
  const id = Buffer.from(key.id);
  return Buffer.concat([Buffer.from([VERSION, id.length]), id, iv, cipher.getAuthTag(), body, rest]);
}

const preparedKeys = new WeakMap<Buffer, KeyObject>();

/** Node turns raw bytes into a key object at every use, which costs as much as encrypting a kilobyte. */
function prepared(key: Buffer): KeyObject {
  const known = preparedKeys.get(key);
  if (known) return known;
  const made = createSecretKey(key);
  preparedKeys.set(key, made);
  return made;
}

/** The id of the key that sealed these bytes. @throws AppError internal when they are no ciphertext of ours. */
export function sealedUnder(sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const length = bytes[1] ?? 0;
  if (bytes[0] !== VERSION || bytes.length < 2 + length + 28)
    throw new AppError("internal", "not a sealed value");
  return bytes.toString("utf8", 2, 2 + length);
}

/** Decrypts what `seal` made. @throws AppError internal when key, place or bytes do not fit. */
export function unseal(key: Key, aad: string, sealed: Uint8Array): Buffer {
  if (sealedUnder(sealed) !== key.id) throw new AppError("internal", "sealed under another key");
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const start = 2 + (bytes[1] ?? 0);
  const iv = bytes.subarray(start, start + 12);
  const decipher = createDecipheriv("aes-256-gcm", prepared(key.key), iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(aad)).setAuthTag(bytes.subarray(start + 12, start + 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start + 28)), decipher.final()]);
  } catch (cause) {
    throw new AppError("internal", "sealed value does not open", { cause });
  }
}

/** A key for one use only, derived so that no two uses share one. */
export function deriveKey(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, Buffer.alloc(0), use, 32));
}

export function newKey(id: string): Key {
  return { id, key: randomBytes(32) };
}

export function hmac(key: Buffer | string, data: Buffer | string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

export function sha256(data: Buffer | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Compares without telling how far the two agree. */
export function equalBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** JSON with sorted keys: equal content, equal text, equal hash. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
