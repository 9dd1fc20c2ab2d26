// Guarantee: a restore is one transaction: all of the backup or nothing, and row level security is forced again when it commits. What it
// leaves is marked, and no process serves a database with that mark.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { damaged, openParts, readHeader, type BackupHeader } from "#app/platform/backup/container.ts";
import { readFrames, type Frame, type Manifest } from "#app/platform/backup/frames.ts";
import { ByteReader } from "#app/platform/backup/reader.ts";
import {
  clearSeeds,
  findFilled,
  forwardSequences,
  listTables,
  quoted,
  readSchema,
  type Table,
} from "#app/platform/backup/tables.ts";
import { storedKeysSchema, unwrapBackupKey, type StoredKeys } from "#app/platform/crypto/keystore.copy.ts";
import { databaseUrl } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

export type OpenBackup = { header: BackupHeader; frames: AsyncGenerator<Frame> };

/** Opens a file as far as its header; its frames are checked while they are read. @throws AppError invalid */
export async function openBackup(path: string, kind: BackupHeader["kind"]): Promise<OpenBackup> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError("invalid", `There is no backup at ${path}.`, { cause });
  });
  if (!found.isFile()) throw new AppError("invalid", `${path} is a folder: name one of its files.`);
  const reader = new ByteReader(createReadStream(path) as AsyncIterable<Buffer>);
  const { header, binding } = await readHeader(reader);
  if (header.kind !== kind) {
    throw damaged(
      kind === "data"
        ? "That file holds the keys, not the database."
        : "That file holds the database, not the keys.",
    );
  }
  const { under, wrapped } = header.key;
  const key = await unwrapBackupKey(header.id, { under, wrapped: Buffer.from(wrapped, "base64") }).catch(
    (cause: unknown) => {
      const why = cause instanceof AppError ? ` (${cause.message})` : "";
      throw new AppError("invalid", `The backup does not open with the keyring: key ${under}${why}.`, {
        cause,
      });
    },
  );
  return { header, frames: readFrames(unpacked(openParts(key, binding, reader))) };
}

async function* unpacked(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const flowing = pipeline(packed, gunzip);
  // Told below; without a listener it would end the process before.
  flowing.catch(() => {});
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) yield bytes;
  } catch (error) {
    await flowing;
    throw error;
  }
  await flowing;
}

/** The wrapped keys of a backup of the key store, read to its end. */
export async function readKeysBackup(path: string): Promise<{ at: Date; keys: StoredKeys }> {
  const { header, frames } = await openBackup(path, "keys");
  const tables: Record<string, unknown> = {};
  let name = "";
  for await (const frame of frames) {
    if (frame.kind === "table") name = frame.table.name;
    if (frame.kind === "rows") tables[name] = JSON.parse(frame.bytes.toString("utf8"));
  }
  return { at: new Date(header.at), keys: storedKeysSchema.parse(tables) };
}

/**
 * Puts a backup into the empty database, with the mark that it is restored and nothing erased since was erased again.
 * @throws AppError invalid when the file is no whole backup of ours, conflict when the database is not empty or of another schema
 */
export async function loadDataBackup(
  backup: OpenBackup,
  now: Date,
  url: string = databaseUrl(),
): Promise<Manifest> {
  const client = new Client({ connectionString: url, application_name: "aftercare restore" });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('app.scope', 'restore', true)");
    const tables = await listTables(client);
    await refuseUnfit(client, tables, backup.header);
    const forced = tables.filter((table) => table.forced);
    for (const { name } of forced)
      await client.query(`ALTER TABLE ${quoted(name)} NO FORCE ROW LEVEL SECURITY`);
    const manifest = await copyIn(client, tables, backup.frames);
    await forwardSequences(client);
    for (const { name } of forced) await client.query(`ALTER TABLE ${quoted(name)} FORCE ROW LEVEL SECURITY`);
    await client.query("INSERT INTO restores (id, backup_at, started_at) VALUES ($1, $2, $3)", [
      backup.header.id,
      backup.header.at,
      now,
    ]);
    await client.query("COMMIT");
    return manifest;
  } finally {
    // Whatever is not committed ends with its connection.
    await client.end();
  }
}

async function refuseUnfit(client: Client, tables: Table[], header: BackupHeader): Promise<void> {
  const schema = await readSchema(client);
  if (schema.hash !== header.schema.hash) {
    throw new AppError(
      "conflict",
      `The backup is of the schema ${header.schema.name}, the database of ${schema.name}: restore it with the release it was made with.`,
    );
  }
  await clearSeeds(client, tables);
  const filled = await findFilled(client, tables);
  if (filled) {
    throw new AppError(
      "conflict",
      `The database is not empty (${filled} has rows): a backup goes only into a new one, after "npm run db:migrate".`,
    );
  }
}

async function copyIn(client: Client, tables: Table[], frames: AsyncGenerator<Frame>): Promise<Manifest> {
  const rows: Record<string, number> = {};
  const next = async (): Promise<Frame> => {
    const { value, done } = await frames.next();
    if (done) throw damaged("The backup is cut short: its end is missing.");
    return value;
  };
  let frame = await next();
  while (frame.kind !== "end") {
    if (frame.kind !== "table") throw damaged("The backup is damaged: rows without a table.");
    const { name, columns } = frame.table;
    const known = tables.find((table) => table.name === name);
    if (!known || columns.some((column) => !known.columns.includes(column)))
      throw damaged(`The backup is damaged: the database has no such table or columns: ${name}.`);
    const list = columns.map(quoted).join(", ");
    const sink = client.query(copyFrom(`COPY ${quoted(name)} (${list}) FROM STDIN (FORMAT binary)`));
    await pipeline(async function* () {
      for (frame = await next(); frame.kind === "rows"; frame = await next()) yield frame.bytes;
    }, sink);
    rows[name] = sink.rowCount;
  }
  const { manifest } = frame;
  const short = Object.entries(manifest.rows).find(([name, count]) => rows[name] !== count);
  if (short) throw damaged(`The backup is damaged: ${short[0]} should have ${short[1]} rows.`);
  return manifest;
}
