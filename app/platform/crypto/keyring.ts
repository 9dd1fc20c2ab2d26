// Guarantee: what wraps the keys of the key store stands behind one small interface, so that a cloud's key service can take the place of
// the keyring that is here; no complaint repeats key material.
import { readFile, stat } from "node:fs/promises";
import { seal, unseal, type Key } from "#app/platform/crypto/crypto.ts";
import { isMadeForDemo, keyringSchema, type Env } from "#app/platform/env.ts";
import { AppError, ConfigurationError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** Wraps keys in keys that it knows by id. `place` says where the wrapped key lies, so that it opens nowhere else. */
export type KeyWrapper = {
  /** The ids it can open now, the one for new keys first. */
  ids(): Promise<string[]>;
  wrap(under: string, place: string, key: Buffer): Promise<Buffer>;
  /** @throws AppError internal when it lacks that id, or place or bytes do not fit. */
  unwrap(under: string, place: string, wrapped: Buffer): Promise<Buffer>;
};

/** The keyring that the environment holds, or names the file of. @throws ConfigurationError */
export async function openKeyring(
  env: Pick<Env, "KEYRING" | "KEYRING_FILE" | "NODE_ENV">,
): Promise<KeyWrapper> {
  if (!env.KEYRING_FILE) return localKeyring(env.KEYRING ?? []);
  const keys = followFile(env.KEYRING_FILE, env.NODE_ENV === "production");
  await keys();
  return localKeyring(keys);
}

/** @param keys newest first; asked at every use when it is a function */
export function localKeyring(keys: readonly Key[] | (() => Promise<readonly Key[]>)): KeyWrapper {
  const present = async () => (typeof keys === "function" ? keys() : keys);
  const find = async (id: string) => {
    const key = (await present()).find((each) => each.id === id);
    if (!key) throw new AppError("internal", `the keyring has no key ${id}`);
    return key;
  };
  return {
    ids: async () => (await present()).map(({ id }) => id),
    wrap: async (under, place, key) => seal(await find(under), place, key),
    unwrap: async (under, place, wrapped) => unseal(await find(under), place, wrapped),
  };
}

/** The file's keys, read anew when it has changed; while what it holds then is no keyring, those read before remain in use. */
function followFile(path: string, production: boolean): () => Promise<Key[]> {
  let held: { stamp: string; keys: Key[] } | undefined;
  let refused = "";
  return async () => {
    const stamp = await stampOf(path);
    if (held?.stamp === stamp) return held.keys;
    try {
      held = { stamp, keys: await readKeys(path, production) };
      return held.keys;
    } catch (error) {
      if (!held || !(error instanceof ConfigurationError)) throw error;
      if (refused !== stamp) log.error(`${error.message}; the keys read before remain in use`);
      refused = stamp;
      return held.keys;
    }
  };
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found ? [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join() : "none";
}

async function readKeys(path: string, production: boolean): Promise<Key[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(`KEYRING_FILE: cannot be read (${error.code ?? "unknown error"})`);
  });
  const { data, error } = keyringSchema.safeParse(text);
  if (!data) throw new ConfigurationError(`KEYRING_FILE: ${error.issues[0]?.message ?? "is no keyring"}`);
  if (production && data.some(({ id }) => isMadeForDemo(id)))
    throw new ConfigurationError("KEYRING_FILE: has a key that was generated for the demo");
  return data;
}
