// Looks for markers everywhere something could be kept, in every form it could be kept in: as text, inside what is sealed (opened with
// every key there still is), as a keyed hash under each of those keys, and as a plain hash. It knows the layout of our ciphertext and
// nothing else of the app: not its tables, not its places.
import { createDecipheriv, createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Client } from "pg";
import { deriveKey, hmac, type Key } from "#app/platform/crypto/crypto.ts";

/** Where a marker was found: `how` it lies there. */
export type Finding = { where: string; marker: string; how: "text" | "sealed" | "keyed hash" | "hash" };

/** Something kept, and a name for where. */
export type Kept = { where: string; text: string };

/** Every row of every table of a database, whatever schema it is in; bytes are written as hex. */
export async function dumpDatabase(url: string): Promise<Kept[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(`
      SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`);
    const kept: Kept[] = [];
    for (const { schema, name } of tables) {
      const { rows } = await client.query<{ column: string; text: string }>(
        `SELECT e.key AS column, e.value::text AS text FROM "${schema}"."${name}" t, jsonb_each(to_jsonb(t)) e
         WHERE e.value <> 'null'::jsonb`,
      );
      const table = schema === "public" ? name : `${schema}.${name}`;
      for (const { column, text } of rows) kept.push({ where: `${table}.${column}`, text });
    }
    return kept;
  } finally {
    await client.end();
  }
}

/** Every file below a folder; none where there is no folder. */
export async function readFiles(folder: string): Promise<Kept[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // latin1 keeps every byte, and text in it stays findable.
  return Promise.all(
    files.map(async (file) => ({
      where: `file ${file.slice(folder.length + 1)}`,
      text: (await readFile(file)).toString("latin1"),
    })),
  );
}

/** Every key that still opens something: those of the keyring, and all that lie wrapped under them. */
export function openKeys(keyStore: Kept[], keyring: Key[]): Key[] {
  const keys = [...keyring];
  for (const { text } of keyStore)
    for (const bytes of bytesIn(text)) {
      // Which id a key goes by stands in another column; so it is tried on everything.
      const wrapped = openSealed(bytes, keyring).filter((plain) => plain.length === 32);
      keys.push(...wrapped.map((key) => ({ id: "", key })));
    }
  return keys;
}

/** The bytes a text stands for: hex as PostgreSQL writes it, base64 in either alphabet. */
function bytesIn(text: string): Buffer[] {
  const hex = [...text.matchAll(/\\x([0-9a-f]{60,})/g)].map(([, digits = ""]) => Buffer.from(digits, "hex"));
  const base64 = [...text.matchAll(/[\w+/-]{40,}={0,2}/g)].map(([digits]) => Buffer.from(digits, "base64"));
  return [...hex, ...base64];
}

/**
 * What sealed bytes may say, under each key that could be theirs: version 1 | id length | id | iv 12 | tag 16 | ciphertext. GCM is
 * counter mode from the second block on: without the tag any bytes open, wherever they were sealed for.
 */
function openSealed(bytes: Buffer, keys: Key[]): Buffer[] {
  const start = 2 + (bytes[1] ?? 0);
  if (bytes[0] !== 1 || bytes.length < start + 28) return [];
  const id = bytes.toString("utf8", 2, start);
  const [iv, body] = [bytes.subarray(start, start + 12), bytes.subarray(start + 28)];
  return keys
    .filter((key) => key.id === id || key.id === "")
    .map(({ key }) =>
      createDecipheriv("aes-256-ctr", key, Buffer.concat([iv, Buffer.from([0, 0, 0, 2])])).update(body),
    );
}

/** Unpacked where it was packed. */
const unpacked = (bytes: Buffer) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);

export type Search = {
  markers: string[];
  keys: Key[];
  /** What keys are derived for hashing, and what kinds of things are hashed. */
  uses: string[];
  kinds: string[];
};

/** Everything that `search` finds in what is kept, each finding once. */
export function search(kept: Kept[], { markers, keys, uses, kinds }: Search): Finding[] {
  const forms = markers.flatMap((marker) => hashesOf(marker, keys, uses, kinds));
  const findings = new Map<string, Finding>();
  const note = (finding: Finding) => findings.set(Object.values(finding).join("\n"), finding);
  const look = (where: string, text: string, how: Finding["how"]) => {
    const lower = text.toLowerCase();
    for (const marker of markers) if (lower.includes(marker.toLowerCase())) note({ where, marker, how });
    for (const { marker, hash, how } of forms) if (text.includes(hash)) note({ where, marker, how });
  };
  const open = (where: string, bytes: Buffer, depth: number) => {
    look(where, bytes.toString("utf8"), "text");
    for (const plain of openSealed(bytes, keys)) {
      const content = unpacked(plain);
      look(where, content.toString("utf8"), "sealed");
      if (depth < 2) for (const inner of bytesIn(content.toString("latin1"))) open(where, inner, depth + 1);
    }
  };
  for (const { where, text } of kept) {
    look(where, text, "text");
    for (const bytes of bytesIn(text)) open(where, bytes, 0);
  }
  return [...findings.values()];
}

function hashesOf(marker: string, keys: Key[], uses: string[], kinds: string[]) {
  const spellings = [...new Set([marker, marker.toLowerCase()])];
  const spelt = (bytes: Buffer) =>
    ["hex", "base64", "base64url"].map((encoding) => bytes.toString(encoding as "hex"));
  const plain = spellings
    .flatMap((text) => ["sha256", "md5", "sha1"].map((name) => createHash(name).update(text).digest()))
    .flatMap(spelt)
    .map((hash) => ({ marker, hash, how: "hash" as const }));
  const keyed = keys
    .flatMap(({ key }) => [key, ...uses.map((use) => deriveKey(key, use))])
    .flatMap((key) =>
      spellings
        .flatMap((text) => [text, ...kinds.map((kind) => `${kind}|${text}`)])
        .map((text) => hmac(key, text)),
    )
    .flatMap(spelt)
    .map((hash) => ({ marker, hash, how: "keyed hash" as const }));
  return [...plain, ...keyed];
}
