// Guarantee: what `appendJournal` resolved for is on disk, outside the database. A restored backup is older than the erasures made
// since, and than who left since; this is how they are known. Ids and keyed hashes alone, never a person.
import { randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, readFile, type FileHandle } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { env } from "#app/platform/env.ts";
import { ConfigurationError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

const entrySchema = z.discriminatedUnion("kind", [
  /** Everything of a shop, as it was installed up to `generation`. */
  z.object({
    kind: z.literal("shop"),
    at: z.iso.datetime(),
    shopId: z.uuid(),
    generation: z.number().int().positive(),
  }),
  /** What belongs to installs before `generation`, of a shop that is installed again. */
  z.object({
    kind: z.literal("generation"),
    at: z.iso.datetime(),
    shopId: z.uuid(),
    generation: z.number().int().positive(),
  }),
  /** A buyer: the orders held by their row ids, those named by their keyed hashes; stored webhooks by their row ids. */
  z.object({
    kind: z.literal("buyer"),
    at: z.iso.datetime(),
    shopId: z.uuid(),
    requestId: z.uuid(),
    orderIds: z.array(z.uuid()),
    orderIndexes: z.array(z.string()),
    inboxIds: z.array(z.uuid()).optional(),
    /** Asked before about the same person. */
    requestIds: z.array(z.uuid()).optional(),
    /** Keyed hashes of their addresses, which the list of opt-outs names no more. */
    recipientIndexes: z.array(z.string()).optional(),
  }),
  /** A source of orders that was disconnected. */
  z.object({ kind: z.literal("connection"), at: z.iso.datetime(), shopId: z.uuid(), connectionId: z.uuid() }),
  /** A shop that left, which will be erased, and one that came back before it was. */
  z.object({ kind: z.enum(["uninstalled", "returned"]), at: z.iso.datetime(), shopId: z.uuid() }),
  /** An address that is written to no more, by its keyed hash, and one that may be again. */
  z.object({
    kind: z.enum(["opted_out", "lifted"]),
    at: z.iso.datetime(),
    shopId: z.uuid(),
    channel: z.string(),
    recipientIndex: z.string(),
    reason: z.string(),
  }),
]);
export type JournalEntry = z.infer<typeof entrySchema>;

export function journalFolder(): string {
  const { JOURNAL_DIR, DATA_DIR } = env();
  return resolve(JOURNAL_DIR ?? join(DATA_DIR, "journal"));
}

let file: { path: string; handle: Promise<FileHandle> } | undefined;
let turn: Promise<unknown> = Promise.resolve();

/** Call it before the transaction that erases commits: to repeat an erasure that never was does no harm, to forget one does. */
export function appendJournal(...entries: JournalEntry[]): Promise<void> {
  const [first] = entries;
  if (!first) return Promise.resolve();
  const lines = entries.map((entry) => `${JSON.stringify(entrySchema.parse(entry))}\n`).join("");
  const written = turn.then(async () => {
    const handle = await openFile(first.at.slice(0, 10));
    await handle.appendFile(lines);
    await handle.datasync();
  });
  turn = written.catch(() => undefined);
  return written;
}

const writer = randomUUID().slice(0, 8);

/** A file a day and process, so that no two ever write into one, nor one after a line that was cut short. */
async function openFile(day: string): Promise<FileHandle> {
  const folder = journalFolder();
  const path = join(folder, `${day}-${writer}.jsonl`);
  if (file?.path === path) return file.handle;
  const before = file;
  const handle = mkdir(folder, { recursive: true }).then(() => open(path, "a", 0o600));
  file = { path, handle };
  handle.catch(() => (file = undefined));
  await (await before?.handle)?.close();
  return handle;
}

/** The file by which the folder is known as this installation's. */
export const markOf = (installationId: string) => join(journalFolder(), `installation-${installationId}`);

/** Notes in the folder whose erasures are written there, so that a restore can tell an empty or a foreign one. */
export async function markJournal(installationId: string): Promise<void> {
  try {
    await mkdir(journalFolder(), { recursive: true });
    await (await open(markOf(installationId), "a", 0o600)).close();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `The folder of the erasure journal, ${journalFolder()}, cannot be written to (${code}): see JOURNAL_DIR.`,
      { cause },
    );
  }
}

/** Whether the folder holds the journal of this installation; null: of one that no process was ever started on. */
export async function hasJournal(installationId: string | null): Promise<boolean> {
  return access(installationId === null ? journalFolder() : markOf(installationId)).then(
    () => true,
    () => false,
  );
}

/** Every entry since `since`, oldest first. A last line that a crash cut short stands for an erasure that did not happen. */
export async function readJournal(since: Date): Promise<JournalEntry[]> {
  const folder = journalFolder();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const entries: JournalEntry[] = [];
  for (const name of names.filter((each) => each.endsWith(".jsonl"))) {
    const lines = (await readFile(join(folder, name), "utf8")).split("\n");
    const cut = lines.pop();
    if (cut) log.warn({ file: name }, "the journal's last line is cut short");
    entries.push(...lines.map((line) => entrySchema.parse(JSON.parse(line))));
  }
  return entries
    .filter((entry) => entry.at >= since.toISOString())
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
