// Ed25519 signatures that anybody with the public key can check, ourselves years later and a merchant's auditor today. The private key
// lies wrapped in the key store, outside the database whose contents it vouches for.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { findPlatformKey, openedKeyStore } from "#app/platform/crypto/keystore.ts";
import { AppError } from "#app/platform/errors.ts";

export type Signature = { keyId: string; signature: string };

export type Signer = {
  keyId: string;
  /** PEM, for those who check for themselves. */
  publicKey: string;
  /** base64url */
  sign(text: string): Signature;
  verify(text: string, signed: Signature): boolean;
};

const KEY_ID = "signing-1";
/** What precedes a raw Ed25519 seed in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

// Of the key store that is open: a test, or a process that reopens, must not sign with another's key.
const signers = new WeakMap<object, Promise<Signer>>();

/** The installation's signer. @throws AppError unavailable without a key store */
export function openSigner(): Promise<Signer> {
  const store = openedKeyStore();
  const known = signers.get(store);
  if (known) return known;
  const opening = makeSigner();
  signers.set(store, opening);
  opening.catch(() => signers.delete(store));
  return opening;
}

async function makeSigner(): Promise<Signer> {
  const seed = await findPlatformKey(KEY_ID, true);
  if (!seed) throw new AppError("internal", "the signing key was not kept");
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed.key]),
    format: "der",
    type: "pkcs8",
  });
  const open = createPublicKey(secret);
  return {
    keyId: KEY_ID,
    publicKey: open.export({ type: "spki", format: "pem" }).toString(),
    sign: (text) => ({
      keyId: KEY_ID,
      signature: sign(null, Buffer.from(text), secret).toString("base64url"),
    }),
    verify: (text, signed) => signed.keyId === KEY_ID && verifies(open, text, signed.signature),
  };
}

function verifies(key: KeyObject, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"));
}
