import { cp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test, vi } from "vitest";
import { PLATFORM } from "#app/features/audit/chain.ts";
import { copyHeads } from "#app/features/audit/checkpoint.server.ts";
import { verifyChain } from "#app/features/audit/verify.server.ts";
import { recordDelivery } from "#app/features/messages/delivery.server.ts";
import { backUp, readBackupHealth } from "#app/features/privacy/backup.server.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import { rehearseRestore } from "#app/features/privacy/drill.server.ts";
import { isGenuine } from "#app/features/privacy/receipts.server.ts";
import { restore } from "#app/features/privacy/restore.server.ts";
import { ensureShop, setSending, type Shop } from "#app/features/shops/shops.server.ts";
import { uninstallShop } from "#app/features/shops/uninstall.server.ts";
import { forgetVault, openVault } from "#app/features/vault/vault.server.ts";
import { openPerson } from "#app/features/orders/orders.server.ts";
import { refuseUnreplayed } from "#app/platform/backup/mark.ts";
import { connectKeyStore, destroyShopKey, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { checkKeys, rotateKeys } from "#app/platform/crypto/rotate.ts";
import { forPlatform, forShop, rawPool } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { env } from "#app/platform/env.ts";
import { claimInstallation, claimJournal } from "#app/platform/installation.ts";
import { appendJournal, journalFolder, markJournal } from "#app/platform/journal.ts";
import { useDatabases } from "#tests/databases.ts";
import { arrive, daysAgo, holdMessage, holdOrder, makeShop } from "#tests/factories/held.ts";
import { overTheWall } from "#tests/setup/wall.ts";

const NOW = new Date();
const clock = () => NOW;
const HOUR_MS = 3_600_000;
const MARKER = "unmistakable";

const { folder, connectNew } = useDatabases();
let backups: string;

afterEach(() => {
  backups = join(folder, newId());
});
/** Every row of every table of the catalogue, as text. */
async function dump(url: string, only?: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: overTheWall(url) });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
    );
    const tables: Record<string, string[]> = {};
    for (const { name } of rows) {
      const found = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      tables[name] = found.rows
        .map(({ row }) => row)
        .filter((row) => only === undefined || row.includes(only))
        .sort();
    }
    return tables;
  } finally {
    await client.end();
  }
}

async function people(shop: Shop): Promise<(string | null)[]> {
  const vault = await openVault(shop.id);
  const rows = await forShop(shop.id, (tx) =>
    tx.order.findMany({ where: { shopId: shop.id }, orderBy: { id: "asc" } }),
  );
  return rows.map((row) => openPerson(vault, row).email);
}

test("a backup from before an erasure brings nothing back, sends nothing twice, and leaves the others as they were", async () => {
  backups = join(folder, "rehearsed");
  const source = await connectNew();
  const bystander = await makeShop("bystander");
  const gone = await makeShop("gone");
  const redacted = await makeShop("redacted");
  const placedAt = daysAgo(NOW, 3);
  const marked = { placedAt, email: `${MARKER}@buyers.test`, externalId: "9007199254740993" };
  const order = await holdOrder(redacted, marked);
  await holdOrder(redacted, { placedAt, email: "another@buyers.test" });
  await holdOrder(gone, { placedAt, email: `${MARKER}@gone.test` });
  const quiet = await holdOrder(bystander, { placedAt, email: "calm@bystander.test" });
  const batchId = newId();
  await forPlatform("dispatch", (tx) =>
    tx.batch.create({
      data: {
        id: batchId,
        account: "a",
        channel: "email",
        idempotencyKey: "k",
        payloadHash: "h",
        size: 1,
        state: "frozen",
        frozenAt: NOW,
      },
    }),
  );
  const overdue = await holdMessage(redacted, order, { state: "planned", dueAt: daysAgo(NOW, 1) });
  const underway = await holdMessage(redacted, order, { state: "sending", dueAt: NOW, batchId });
  const later = await holdMessage(bystander, quiet, {
    state: "planned",
    dueAt: new Date(NOW.getTime() + HOUR_MS),
  });
  await forShop(bystander.id, (tx) => setSending(tx, bystander.id, true, "user:1"));
  const before = await dump(source.url, bystander.id);

  const { data } = await backUp(backups, 30, clock);
  expect(data.manifest.rows).toMatchObject({ shops: 3, orders: 4, messages: 3, batches: 1 });
  for (const name of await readdir(backups))
    expect((await readFile(join(backups, name))).includes(MARKER)).toBe(false);

  // Erased after the backup, as the journal has it.
  const at = NOW.toISOString();
  await appendJournal({
    kind: "buyer",
    at,
    shopId: redacted.id,
    requestId: newId(),
    orderIds: [order],
    orderIndexes: [],
  });
  await appendJournal({ kind: "shop", at, shopId: gone.id, generation: 1 });
  await destroyShopKey(gone.id);
  forgetVault(gone.id);

  // The ends of the log's chains were copied to the key store when they were longer than the backup knows.
  await forShop(bystander.id, (tx) => setSending(tx, bystander.id, false, "user:1"));
  await copyHeads();

  const target = await connectNew(source);
  const restored = await restore({ from: data.file }, clock);

  expect(restored).toMatchObject({ shops: 1, buyers: 1, messagesUnknown: 2, shopsStopped: 1 });
  expect(await people(redacted)).toEqual([null, "another@buyers.test"]);
  expect(await people(bystander)).toEqual(["calm@bystander.test"]);
  // The order arrives again, as Shopify repeats and corrects.
  expect(await arrive(redacted, marked)).toBeNull();
  expect(await people(redacted)).toEqual([null, "another@buyers.test"]);
  // Of the shop that is gone evidence remains, by its id, and nothing else.
  const rows = await dump(target.url);
  const told = ["platform_audit_events", "receipts", "purges"];
  const left = Object.entries(rows).filter(
    ([table, some]) =>
      !told.includes(table) && some.some((row) => row.includes(gone.id) || row.includes(gone.domain)),
  );
  expect(left).toEqual([]);
  // The bystander's rows are what they were, but for its switch and the line that says who pressed it.
  const after = await dump(target.url, bystander.id);
  for (const table of Object.keys(before).filter(
    (name) => !["shops", "audit_events", "audit_heads"].includes(name),
  ))
    expect(after[table], table).toEqual(before[table]);
  const states = await forPlatform("restore", async (tx) => ({
    messages: await tx.message.findMany({ select: { id: true, state: true, reason: true } }),
    batch: await tx.batch.findUniqueOrThrow({ where: { id: batchId } }),
    shop: await tx.shop.findUniqueOrThrow({ where: { id: bystander.id } }),
    receipt: await tx.receipt.findFirstOrThrow({ where: { kind: "restore" } }),
    forced: await tx.$queryRaw<{ open: bigint }[]>`
      SELECT count(*) AS open FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT relforcerowsecurity`,
    walled: await tx.$queryRaw<{ walled: bigint }[]>`
      SELECT count(*) AS walled FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity`,
  }));
  const stateOf = (id: string) => states.messages.find((message) => message.id === id);
  expect(stateOf(overdue)).toMatchObject({ state: "unknown", reason: "restored" });
  expect(stateOf(underway)).toMatchObject({ state: "unknown", reason: "restored" });
  expect(stateOf(later)).toMatchObject({ state: "planned" });
  expect(states.batch).toMatchObject({ state: "unknown", code: "restored" });
  expect(states.shop).toMatchObject({ sending: false, pauseReason: "restored" });
  expect(await isGenuine(states.receipt)).toBe(true);
  expect(states.forced[0]?.open).toBe(0n);
  expect(states.walled[0]!.walled).toBeGreaterThan(15n);
  await expect(refuseUnreplayed()).resolves.toBeUndefined();
  for (const chain of [PLATFORM, bystander.id, redacted.id])
    expect((await verifyChain(chain)).broken, chain).toBeNull();
});

test("both databases lost: the keys come from their own backup, those of shops erased since are destroyed again", async () => {
  backups = join(folder, "both");
  await connectNew();
  const shop = await makeShop("kept");
  const erased = await makeShop("erased");
  await holdOrder(shop, { placedAt: daysAgo(NOW, 1), email: "kept@buyers.test" });
  await holdOrder(erased, { placedAt: daysAgo(NOW, 1) });
  const { data, keys } = await backUp(backups, 30, clock);
  await appendJournal({ kind: "shop", at: NOW.toISOString(), shopId: erased.id, generation: 1 });

  await connectNew();
  forgetVault(shop.id);
  forgetVault(erased.id);
  await restore({ from: data.file, keys: keys.file }, clock);
  expect(await people(shop)).toEqual(["kept@buyers.test"]);
  await expect(openVault(erased.id)).rejects.toMatchObject({ code: "unavailable" });
});

test("keys come back into a key store that was rotated since: what is there stays, what is not lies under a living id", async () => {
  backups = join(folder, "rotated");
  const source = await connectNew();
  const shop = await makeShop("rotated");
  const lost = await makeShop("lost");
  await holdOrder(shop, { placedAt: daysAgo(NOW, 1), email: "rotated@buyers.test" });
  await holdOrder(lost, { placedAt: daysAgo(NOW, 1), email: "lost@buyers.test" });
  const { data, keys } = await backUp(backups, 30, clock);
  const newer = { id: "newer", key: Buffer.alloc(32, 5) };
  const rotated = async () => {
    await disconnectKeyStore();
    await connectKeyStore({ url: source.keysUrl, keyring: [newer, ...env().KEYRING!] });
  };
  await rotated();
  await rotateKeys(() => undefined);
  await destroyShopKey(lost.id);
  forgetVault(lost.id);

  await connectNew(source);
  await rotated();
  await restore({ from: data.file, keys: keys.file }, clock);
  expect(await people(shop)).toEqual(["rotated@buyers.test"]);
  expect(await people(lost)).toEqual(["lost@buyers.test"]);
  expect(await checkKeys()).toMatchObject({ sound: true });
});

test("a restore that is cut off leaves a mark on which nothing starts, and goes on from there", async () => {
  backups = join(folder, "cut");
  const source = await connectNew();
  const shop = await makeShop("cut");
  const order = await holdOrder(shop, { placedAt: daysAgo(NOW, 1), email: `${MARKER}@cut.test` });
  const { data } = await backUp(backups, 30, clock);
  await forPlatform("privacy", (tx) => redactOrders(tx, shop.id, [order], NOW));
  await appendJournal({
    kind: "buyer",
    at: NOW.toISOString(),
    shopId: shop.id,
    requestId: newId(),
    orderIds: [order],
    orderIndexes: [],
  });
  await connectNew(source);
  const journal = join(folder, "journal");
  await cp(journal, join(folder, "aside"), { recursive: true });
  await writeFile(join(journal, "2020-01-01-broken.jsonl"), "not an entry\n");
  await expect(restore({ from: data.file }, clock)).rejects.toThrow();
  await expect(refuseUnreplayed()).rejects.toThrow(
    /restored from a backup of .*run "npm run restore" to its end/,
  );
  await rm(join(journal, "2020-01-01-broken.jsonl"));
  await restore({ from: data.file }, clock);
  expect(await people(shop)).toEqual([null]);
  await expect(refuseUnreplayed()).resolves.toBeUndefined();
});

test("what is not a whole backup of ours is refused with a sentence, and the database stays empty", async () => {
  backups = join(folder, "bad");
  const source = await connectNew();
  const shop = await makeShop("bad");
  for (let each = 0; each < 20; each++) await holdOrder(shop, { placedAt: daysAgo(NOW, 1) });
  const { data, keys } = await backUp(backups, 30, clock);
  const target = await connectNew(source);
  const whole = await readFile(data.file);
  const attempt = async (bytes: Buffer) => {
    const path = join(backups, "attempt");
    await writeFile(path, bytes);
    return restore({ from: path }, clock).then(
      () => "restored",
      (error: Error) => error.message,
    );
  };
  const empty = await dump(target.url);

  expect(await attempt(Buffer.from("no backup"))).toBe("The file is not a backup of Aftercare.");
  for (const cut of [1, 20, whole.length >> 1, whole.length - 30])
    expect(await attempt(whole.subarray(0, whole.length - cut))).toMatch(
      /^The backup is (cut short|damaged)/,
    );
  for (let each = 0; each < 50; each++) {
    const altered = Buffer.from(whole);
    const place = Math.floor((whole.length * (each + 0.5)) / 50);
    altered[place]! ^= 1 << (each % 8);
    expect(await attempt(altered)).toMatch(/^The (backup (is|does not)|file is not|database)/);
  }
  expect(await attempt(Buffer.concat([whole, Buffer.from("more")]))).toMatch(/something follows its end/);
  await expect(restore({ from: keys.file }, clock)).rejects.toThrow(
    "That file holds the keys, not the database.",
  );
  await expect(restore({ from: join(backups, "none") }, clock)).rejects.toThrow("There is no backup at");
  await expect(restore({ from: backups }, clock)).rejects.toThrow("is a folder: name one of its files");
  expect(await dump(target.url)).toEqual(empty);

  await disconnectKeyStore();
  const other = { id: env().KEYRING![0]!.id, key: Buffer.alloc(32, 7) };
  await connectKeyStore({ url: source.keysUrl, keyring: [other] });
  await expect(restore({ from: data.file }, clock)).rejects.toThrow(/does not open with the keyring/);
  await disconnectKeyStore();
  await connectKeyStore({ url: source.keysUrl, keyring: [{ id: "k9", key: Buffer.alloc(32, 7) }] });
  await expect(restore({ from: data.file }, clock)).rejects.toThrow(/key k1 \(the keyring has no key k1\)/);
});

test("a database that is not empty is left as it is", async () => {
  backups = join(folder, "full");
  await connectNew();
  await makeShop("full");
  const { data } = await backUp(backups, 30, clock);
  await expect(restore({ from: data.file }, clock)).rejects.toThrow(
    /The database is not empty \(\w+ has rows\)/,
  );
});

test("a backup of another environment, or of another schema, is refused, and the database stays empty", async () => {
  backups = join(folder, "foreign");
  const source = await connectNew();
  await makeShop("foreign");
  const { data: unmarked } = await backUp(backups, 30, clock);
  await claimInstallation("staging");
  const { data: marked } = await backUp(backups, 30, clock);
  const target = await connectNew(source);
  const empty = await dump(target.url);
  await expect(restore({ from: marked.file }, clock)).rejects.toThrow(
    'The backup is of the environment "staging", this is "test" (ENVIRONMENT, or else NODE_ENV).',
  );
  expect(await dump(target.url)).toEqual(empty);

  await rawPool().query("UPDATE _prisma_migrations SET checksum = repeat('0', 64)");
  const altered = await dump(target.url);
  await expect(restore({ from: unmarked.file }, clock)).rejects.toThrow(
    /^The backup is of the schema \S+, the database of \S+: restore it with the release it was made with\.$/,
  );
  expect(await dump(target.url)).toEqual(altered);
});

test("who left or opted out since the backup has left and opted out again, and who came back is not purged", async () => {
  const source = await connectNew();
  const [left, returned, complained] = [
    await makeShop("left"),
    await makeShop("returned"),
    await makeShop("complained"),
  ];
  const placedAt = daysAgo(NOW, 1);
  const order = await holdOrder(complained, { placedAt });
  const messageId = await holdMessage(complained, order, {
    state: "sent",
    dueAt: placedAt,
    sentAt: placedAt,
  });
  const waiting = await holdMessage(left, await holdOrder(left, { placedAt }), {
    state: "planned",
    dueAt: new Date(Date.now() + HOUR_MS),
  });
  const { data } = await backUp(backups, 30, clock);

  const leftAt = new Date(Date.now() + 1_000);
  for (const shop of [left, returned])
    await forPlatform("webhooks", (tx) => uninstallShop(tx, shop.id, leftAt));
  await vi.waitUntil(() => Date.now() > leftAt.getTime(), { timeout: 5_000 });
  await ensureShop(returned.domain, new Date());
  const event = { messageId, at: NOW.toISOString(), kind: "complained", permanent: true } as const;
  await recordDelivery({ ...event, eventId: "e", providerId: "p", detail: null });

  await connectNew(source);
  const restored = await restore({ from: data.file }, clock);
  expect(restored).toMatchObject({ uninstalls: 1, optOuts: 1 });
  const found = await forPlatform("restore", async (tx) => ({
    states: await tx.shop.findMany({ select: { id: true, state: true } }),
    purges: await tx.purge.findMany({ select: { shopId: true, state: true, startsAt: true } }),
    optOuts: await tx.suppression.findMany({ select: { shopId: true, channel: true, reason: true } }),
    waiting: await tx.message.findFirstOrThrow({ where: { id: waiting }, select: { state: true } }),
  }));
  const stateOf = new Map(found.states.map(({ id, state }) => [id, state]));
  expect([left, returned, complained].map(({ id }) => stateOf.get(id))).toEqual([
    "uninstalled",
    "installed",
    "installed",
  ]);
  const startsAt = new Date(leftAt.getTime() + env().UNINSTALL_GRACE_HOURS * HOUR_MS);
  expect(found.purges).toEqual([{ shopId: left.id, state: "waiting", startsAt }]);
  expect(found.optOuts).toEqual([{ shopId: complained.id, channel: "email", reason: "complained" }]);
  expect(found.waiting).toEqual({ state: "cancelled" });
});

test("another installation's journal is none of ours, nor is an empty folder", async () => {
  const source = await connectNew();
  const installation = await claimInstallation("test");
  await makeShop("marked");
  await markJournal(installation);
  const { data } = await backUp(backups, 30, clock);
  const target = await connectNew(source);
  const journal = journalFolder();
  await rename(journal, `${journal}-ours`);
  const empty = await dump(target.url);
  await markJournal(newId());
  await expect(restore({ from: data.file }, clock)).rejects.toThrow(
    `There is no journal of erasures of this installation in ${journal}`,
  );
  expect(await dump(target.url)).toEqual(empty);
  await rm(journal, { recursive: true });
  await rename(`${journal}-ours`, journal);
  await expect(restore({ from: data.file }, clock)).resolves.toBeDefined();
});

test("without a journal a restore is refused unless nothing was ever erased", async () => {
  backups = join(folder, "journalless");
  const source = await connectNew();
  const installation = await claimInstallation("test");
  await claimJournal(installation);
  await makeShop("plain");
  const { data } = await backUp(backups, 30, clock);
  await connectNew(source);
  await rm(join(folder, "journal"), { recursive: true, force: true });
  await expect(restore({ from: data.file }, clock)).rejects.toThrow(/There is no journal of erasures/);
  await expect(restore({ from: data.file, withoutJournal: true }, clock)).resolves.toMatchObject({
    shops: 0,
  });
  // What was restored knows of a journal, and a start goes on with the new one.
  await claimJournal(installation);
});

test("backups past their time are deleted, keys sooner, and nothing else in the folder", async () => {
  backups = join(folder, "old");
  await connectNew();
  const at = (days: number) => () => daysAgo(NOW, days);
  await backUp(backups, 30, at(31));
  await backUp(backups, 30, at(8));
  await writeFile(join(backups, "a-note.txt"), "mine");
  await utimes(join(backups, "a-note.txt"), new Date(0), new Date(0));
  const { deleted } = await backUp(backups, 30, clock);
  const left = await readdir(backups);
  const kinds = (names: string[]) => names.map((name) => name.slice(0, 14)).sort();
  // The first one's keys went with the second run already.
  expect(kinds(deleted)).toEqual(["aftercare-data", "aftercare-keys"]);
  expect(kinds(left)).toEqual(["a-note.txt", "aftercare-data", "aftercare-data", "aftercare-keys"]);
});

test("a rehearsed restore leaves a receipt and nothing else", async () => {
  backups = join(folder, "drill");
  const database = await connectNew();
  const shop = await makeShop("drill");
  await holdOrder(shop, { placedAt: daysAgo(NOW, 1) });
  const { data } = await backUp(backups, 30, clock);
  const before = await dump(database.url);
  await rehearseRestore(data.file, clock);
  const after = await dump(database.url);
  expect({ ...after, receipts: [] }).toEqual({ ...before, receipts: [] });
  const health = await forPlatform("backup", readBackupHealth);
  expect(health).toMatchObject({ configured: false, keepDays: 30, keysKeepDays: 7, lastDrill: NOW });
  expect(health.last).toMatchObject({ at: NOW });
});
