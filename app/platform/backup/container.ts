// Guarantee: what `openParts` yields is what `sealParts` was given: whole, unaltered, in its order, under this header and key, or it
// throws. Layout of a file: magic | header length | header | parts, each length | ciphertext | tag.
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { z } from "zod";
import { AppError } from "#app/platform/errors.ts";
import { ByteReader } from "#app/platform/backup/reader.ts";

const MAGIC = Buffer.from("aftercare backup 1\n");
const PART = 1024 * 1024;
const TAG = 16;
const MOST_HEADER = 64 * 1024;

export const headerSchema = z.object({
  id: z.uuid(),
  /** The database, or the store of wrapped keys, whose copies live shorter. */
  kind: z.enum(["data", "keys"]),
  /** The moment whose state it holds. */
  at: z.iso.datetime(),
  /** Name of the newest migration and a hash over all of them. */
  schema: z.object({ name: z.string(), hash: z.string() }),
  /** Which environment it is of; another does not take it in. */
  environment: z.string().nullable(),
  /** Which installation it is of: that one's journal tells what was erased since. Null before a first start. */
  installation: z.uuid().nullable(),
  /** The backup's own key, wrapped under this key of the keyring. */
  key: z.object({ under: z.string(), wrapped: z.base64() }),
});
export type BackupHeader = z.infer<typeof headerSchema>;

/** The file's first bytes, and what binds every part to them. */
export function writeHeader(header: BackupHeader): { bytes: Buffer; binding: Buffer } {
  const text = Buffer.from(JSON.stringify(header));
  return { bytes: Buffer.concat([MAGIC, length(text.length), text]), binding: digest(text) };
}

/** Reads as far as the header. @throws AppError invalid when this is no backup */
export async function readHeader(reader: ByteReader): Promise<{ header: BackupHeader; binding: Buffer }> {
  const magic = await reader.take(MAGIC.length);
  if (!magic?.equals(MAGIC)) throw damaged("The file is not a backup of Aftercare.");
  const size = (await reader.take(4))?.readUInt32BE() ?? 0;
  const text = size <= MOST_HEADER ? await reader.take(size) : null;
  const header = text && headerSchema.safeParse(parsed(text));
  if (!text || !header?.success) throw damaged("The backup is damaged: its first lines can't be read.");
  return { header: header.data, binding: digest(text) };
}

/** Seals a stream part by part. The last part is marked, so that a file that was cut short shows. */
export async function* sealParts(
  key: Buffer,
  binding: Buffer,
  plain: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let number = 0;
  const seal = (part: Buffer, last: boolean) => {
    const cipher = createCipheriv("aes-256-gcm", key, nonce(number++, last)).setAAD(binding);
    const sealed = Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([length(sealed.length), sealed]);
  };
  const reader = new ByteReader(plain);
  let part = await reader.upTo(PART);
  for (let next = await reader.upTo(PART); next.length > 0; next = await reader.upTo(PART)) {
    yield seal(part, false);
    part = next;
  }
  yield seal(part, true);
}

/** @throws AppError invalid with a sentence for the operator, at the first part that does not fit */
export async function* openParts(key: Buffer, binding: Buffer, reader: ByteReader): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    const size = (await reader.take(4))?.readUInt32BE();
    if (size === undefined) throw damaged("The backup is cut short: its end is missing.");
    if (size < TAG || size > PART + TAG)
      throw damaged(`The backup is damaged: part ${number + 1} has no length.`);
    const sealed = await reader.take(size);
    if (!sealed) throw damaged("The backup is cut short: its end is missing.");
    const part = open(key, binding, number, false, sealed);
    if (part) {
      yield part;
      continue;
    }
    const last = open(key, binding, number, true, sealed);
    if (!last) throw damaged(`The backup is damaged: part ${number + 1} does not open.`);
    if ((await reader.upTo(1)).length > 0) throw damaged("The backup is damaged: something follows its end.");
    yield last;
    return;
  }
}

function open(key: Buffer, binding: Buffer, number: number, last: boolean, sealed: Buffer): Buffer | null {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce(number, last), { authTagLength: TAG })
    .setAAD(binding)
    .setAuthTag(sealed.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
  } catch {
    return null;
  }
}

/** A key seals one backup alone, so its parts' numbers never repeat under it; the last byte tells the end. */
function nonce(number: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(number));
  bytes[11] = last ? 1 : 0;
  return bytes;
}

function length(size: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(size);
  return bytes;
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A backup that can't be used, in a sentence for the operator. */
export function damaged(sentence: string): AppError {
  return new AppError("invalid", sentence);
}
