// Guarantee: a backup is one moment's state of every table, sealed under a key of its own; its file is whole or not there.
import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { sealParts, writeHeader, type BackupHeader } from "#app/platform/backup/container.ts";
import { FrameWriter, type Manifest } from "#app/platform/backup/frames.ts";
import { fileName } from "#app/platform/backup/folder.ts";
import { listTables, quoted, readSchema, type Table } from "#app/platform/backup/tables.ts";
import { newKey } from "#app/platform/crypto/crypto.ts";
import { exportKeys, wrapBackupKey } from "#app/platform/crypto/keystore.copy.ts";
import { databaseUrl } from "#app/platform/db/db.ts";
import { findMain } from "#app/platform/installation.ts";
import { newId } from "#app/platform/db/ids.ts";

/** What a backup turned out to be. */
export type Written = {
  id: string;
  kind: BackupHeader["kind"];
  file: string;
  at: Date;
  schema: string;
  bytes: number;
  manifest: Manifest;
};

/** Writes the database as it is at one moment into a new file of `folder`. */
export async function writeDataBackup(folder: string, now: Date): Promise<Written> {
  const client = new Client({ connectionString: databaseUrl(), application_name: "aftercare backup" });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SELECT set_config('app.scope', 'backup', true)");
    const tables = await listTables(client);
    const schema = await readSchema(client);
    return await writeFile(folder, { kind: "data", at: now, schema }, (frames) =>
      copyOut(client, tables, frames),
    );
  } finally {
    await client.end();
  }
}

/** Writes the wrapped keys: taken after the database, so that no row is without its key. */
export async function writeKeysBackup(folder: string, now: Date): Promise<Written> {
  const schema = { name: "keys", hash: "1" };
  return writeFile(folder, { kind: "keys", at: now, schema }, async function* (frames) {
    for (const [name, rows] of Object.entries(await exportKeys())) {
      yield frames.table(name, []);
      yield frames.data(Buffer.from(JSON.stringify(rows)));
      frames.rows[name] = rows.length;
    }
  });
}

async function* copyOut(client: Client, tables: Table[], frames: FrameWriter): AsyncGenerator<Buffer> {
  for (const { name, columns } of tables) {
    yield frames.table(name, columns);
    const list = columns.map(quoted).join(", ");
    const rows = client.query(copyTo(`COPY (SELECT ${list} FROM ${quoted(name)}) TO STDOUT (FORMAT binary)`));
    for await (const bytes of rows as AsyncIterable<Buffer>) yield frames.data(bytes);
    frames.rows[name] = rows.rowCount;
  }
}

type Subject = { kind: BackupHeader["kind"]; at: Date; schema: BackupHeader["schema"] };

async function writeFile(
  folder: string,
  { kind, at, schema }: Subject,
  content: (frames: FrameWriter) => AsyncGenerator<Buffer>,
): Promise<Written> {
  const id = newId();
  const key = newKey("backup");
  const { under, wrapped } = await wrapBackupKey(id, key);
  const mark = await findMain();
  const header = {
    id,
    kind,
    at: at.toISOString(),
    schema,
    environment: mark?.environment ?? null,
    installation: mark?.installationId ?? null,
    key: { under, wrapped: wrapped.toString("base64") },
  };
  const { bytes, binding } = writeHeader(header);
  const frames = new FrameWriter();
  let manifest: Manifest | undefined;
  await mkdir(folder, { recursive: true });
  const path = join(folder, fileName(kind, at, id));
  const unfinished = `${path}.part`;
  try {
    await pipeline(
      async function* () {
        yield* content(frames);
        const end = frames.end();
        manifest = end.manifest;
        yield end.bytes;
      },
      createGzip({ level: 3 }),
      async function* (packed: AsyncIterable<Buffer>) {
        yield bytes;
        yield* sealParts(key.key, binding, packed);
      },
      createWriteStream(unfinished, { mode: 0o600 }),
    );
    await keep(unfinished);
    await rename(unfinished, path);
    await keep(folder);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  const { size } = await stat(path);
  return { id, kind, file: path, at, schema: schema.name, bytes: size, manifest: manifest! };
}

/** A name that survives a power cut before what it names would be a backup that is not there. */
async function keep(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}
