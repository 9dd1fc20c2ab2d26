import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSuppressed, suppress } from "#app/features/messages/suppress.server.ts";
import { exportSuppressions, importSuppressions } from "#app/features/messages/suppressions.csv.server.ts";
import {
  addManually,
  findSuppressions,
  liftManually,
  listSuppressions,
} from "#app/features/messages/suppressions.server.ts";
import {
  kindOf,
  liftSchema,
  reasonsOf,
  SUPPRESSION_REASONS,
  type SuppressionKind,
} from "#app/features/messages/suppressions.ts";
import { exportUnreached, listUnreached } from "#app/features/messages/unreached.server.ts";
import { sweepShop } from "#app/features/privacy/sweep.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forShop } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { readJournal } from "#app/platform/journal.ts";
import { createTestDatabase } from "#tests/db.ts";
import { daysAgo, holdMessage, holdOrder, makeShop, plainEnvironment } from "#tests/factories/held.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await makeScratch();
  Object.assign(process.env, plainEnvironment(folder));
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: await openKeyring(env()) });
});
afterAll(async () => {
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
  await removeScratch(folder);
});

const textOf = async (pieces: AsyncIterable<string>) => {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
};
const all = { kind: null, after: null, before: null };
const actor = "user:1" as const;
const inShop = <T>(shop: Shop, work: Parameters<typeof forShop<T>>[1]) => forShop(shop.id, work);
const add = (shop: Shop, address: string) => inShop(shop, (tx) => addManually(tx, shop.id, address, actor));
const fileOf = (...pieces: (string | Uint8Array)[]) =>
  new Blob(pieces as BlobPart[]).stream() as ReadableStream<Uint8Array>;
const take = (shop: Shop, ...pieces: (string | Uint8Array)[]) =>
  importSuppressions(shop.id, fileOf(...pieces), actor);
const listed = async (shop: Shop, kind: SuppressionKind | null = null) =>
  (await inShop(shop, (tx) => listSuppressions(tx, shop.id, { ...all, kind }))).rows;
async function exported(shop: Shop, kind: SuppressionKind | null = null) {
  const text = await textOf(exportSuppressions(shop.id, kind));
  return parse(text, { bom: true, columns: true });
}
const audited = (shop: Shop, action: string) =>
  inShop(shop, (tx) =>
    tx.auditEvent.findMany({ where: { shopId: shop.id, action }, orderBy: { seq: "asc" } }),
  );

describe("reasons", () => {
  test("add up: what stops everything outweighs an opt-out, and so does what nobody knows", () => {
    expect(kindOf([])).toBeNull();
    for (const reason of SUPPRESSION_REASONS)
      expect(kindOf([reason])).toBe(
        ["unsubscribed", "manual"].includes(reason) ? "opted_out" : "undeliverable",
      );
    expect(kindOf(["manual", "unsubscribed"])).toBe("opted_out");
    expect(kindOf(["unsubscribed", "bounced"])).toBe("undeliverable");
    expect(kindOf(["from a later version"])).toBe("undeliverable");
    expect([...reasonsOf("opted_out"), ...reasonsOf("undeliverable")].sort()).toEqual(
      [...SUPPRESSION_REASONS].sort(),
    );
  });

  test("for taking an address off are written, and name no address", () => {
    const why = (text: string) => liftSchema.safeParse({ id: crypto.randomUUID(), why: text }).success;
    expect([why(""), why("asked"), why("mia@shop.test asked"), why("x".repeat(301))]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(why("The buyer asked by phone")).toBe(true);
  });
});

describe("by hand", () => {
  test("an address is added once, found by its hash, and stops all but warnings in this shop alone", async () => {
    const [shop, other] = [await makeShop("one"), await makeShop("other")];
    expect(await add(shop, " Mia@Buyers.test ")).toBe(true);
    expect(await add(shop, "mia@buyers.test")).toBe(false);
    await expect(add(shop, "mia at buyers")).rejects.toMatchObject({ code: "invalid" });
    expect(await inShop(shop, (tx) => findSuppressions(tx, shop.id, "MIA@buyers.test"))).toMatchObject([
      { reason: "manual", kind: "opted_out", lifts: true, address: "Mia@Buyers.test" },
    ]);
    expect(await inShop(other, (tx) => findSuppressions(tx, other.id, "mia@buyers.test"))).toEqual([]);
    const events = await audited(shop, "suppression.added");
    expect(events).toMatchObject([{ actor, after: { reason: "manual" } }]);
    expect(JSON.stringify(events).toLowerCase()).not.toContain("mia@");
  });

  test("an entry is lifted with a reason, for good also after a restore; a complaint never", async () => {
    const shop = await makeShop("lift");
    await add(shop, "noa@buyers.test");
    const [row] = await listed(shop);
    const why = "The buyer asked by phone";
    await inShop(shop, (tx) => liftManually(tx, shop.id, { id: row!.id, why }, actor));
    expect(await listed(shop)).toEqual([]);
    expect(await audited(shop, "suppression.removed")).toMatchObject([
      { subject: row!.id, before: { reason: "manual" }, after: { why } },
    ]);
    const entries = (await readJournal(new Date(0))).filter(({ shopId }) => shopId === shop.id);
    expect(entries.map(({ kind }) => kind)).toEqual(["opted_out", "lifted"]);
    await inShop(shop, (tx) =>
      suppress(tx, shop.id, { channel: "email", recipientIndex: "x", reason: "complained" }),
    );
    const [complaint] = await listed(shop);
    expect(complaint).toMatchObject({ lifts: false, address: null });
    await expect(
      inShop(shop, (tx) => liftManually(tx, shop.id, { id: complaint!.id, why }, actor)),
    ).rejects.toMatchObject({ code: "conflict" });
    const other = await makeShop("lifts-elsewhere");
    await expect(
      inShop(other, (tx) => liftManually(tx, other.id, { id: complaint!.id, why }, actor)),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("the list is turned page by page, and narrowed", async () => {
    const shop = await makeShop("pages");
    const addresses = Array.from({ length: 120 }, (_, index) => `b${index}@buyers.test`);
    await take(
      shop,
      `email,reason\n${addresses.map((each, index) => `${each},${index % 2 ? "bounced" : ""}`).join("\n")}`,
    );
    const page = (place: object) => inShop(shop, (tx) => listSuppressions(tx, shop.id, { ...all, ...place }));
    const first = await page({});
    const second = await page({ after: first.older });
    const third = await page({ after: second.older });
    expect([first, second, third].map(({ rows }) => rows.length)).toEqual([50, 50, 20]);
    expect([first.newer, third.older]).toEqual([null, null]);
    expect(await page({ before: second.newer })).toMatchObject({ rows: first.rows, newer: null });
    const seen = [...first.rows, ...second.rows, ...third.rows].map(({ address }) => address);
    expect(new Set(seen)).toEqual(new Set(addresses));
    const narrowed = await page({ kind: "undeliverable" });
    expect(new Set(narrowed.rows.map(({ reason }) => reason))).toEqual(new Set(["bounced"]));
  });
});

describe("an import", () => {
  test("takes every address, says of the others in which line they stand, and may be repeated", async () => {
    const shop = await makeShop("import");
    const file = [
      "Name;E-Mail;reason",
      "Ana;ana@buyers.test;",
      "Ben;not an address;",
      ";;",
      "Cem;cem@buyers.test;complained",
      "Dev;;unsubscribed",
      '"Eli; with a\nline break";eli@buyers.test;unsubscribed',
      "Fay;fay@buyers.test;because",
      "Ana again;ANA@buyers.test;manual",
      "Gil;'=gil@buyers.test;",
    ].join("\r\n");
    expect(await take(shop, file)).toEqual({
      added: 4,
      known: 1,
      bad: [
        { line: 3, fault: "not_an_address" },
        { line: 6, fault: "no_address" },
        { line: 9, fault: "unknown_reason" },
      ],
      unreadFrom: null,
    });
    expect(await take(shop, file)).toMatchObject({ added: 0, known: 5 });
    expect((await listed(shop)).map(({ address, reason }) => `${address} ${reason}`).sort()).toEqual([
      "=gil@buyers.test manual",
      "ana@buyers.test manual",
      "cem@buyers.test complained",
      "eli@buyers.test unsubscribed",
    ]);
    expect(await audited(shop, "suppression.imported")).toMatchObject([
      { after: { added: 4, known: 1, bad: 3 } },
      { after: { added: 0, known: 5, bad: 3 } },
    ]);
  });

  test("needs no heading, takes a mark and wide letters, and an empty file", async () => {
    const shop = await makeShop("plain");
    expect(await take(shop, "hal@buyers.test\nida@buyers.test")).toMatchObject({ added: 2, bad: [] });
    expect(await take(shop, "\uFEFFemail\njan@buyers.test\n")).toMatchObject({ added: 1, bad: [] });
    const wide = Buffer.from("\uFEFFemail\r\nkim@buyers.test\r\n", "utf16le");
    expect(await take(shop, new Uint8Array(wide))).toMatchObject({ added: 1, bad: [] });
    expect(await take(shop, "")).toEqual({ added: 0, known: 0, bad: [], unreadFrom: null });
  });

  test("stops where nobody can tell what a row is, and says from which line on", async () => {
    const shop = await makeShop("quotes");
    const report = await take(
      shop,
      `email\nleo@buyers.test\n"mia@buyers.test\n${"nan@buyers.test\n".repeat(2_000)}`,
    );
    expect(report).toEqual({ added: 1, known: 0, bad: [], unreadFrom: 3 });
  });

  test("of 50,000 rows is taken whole, and one more is told of", async () => {
    const shop = await makeShop("large");
    const rows = Array.from({ length: 50_001 }, (_, index) => `buyer${index}@buyers.test`);
    const report = await take(shop, "email\n", rows.join("\n"));
    expect(report).toEqual({ added: 50_000, known: 0, bad: [], unreadFrom: 50_002 });
    expect(await inShop(shop, (tx) => tx.suppression.count({ where: { shopId: shop.id } }))).toBe(50_000);
  }, 120_000);
});

describe("an export", () => {
  test("comes back as it was, cannot run in a spreadsheet, and leaves out what is no longer held", async () => {
    const [shop, other] = [await makeShop("export"), await makeShop("import-of-it")];
    await take(shop, "email,reason\n=ana@buyers.test,\nben@buyers.test,bounced\n");
    await inShop(shop, (tx) =>
      suppress(tx, shop.id, { channel: "email", recipientIndex: "only a hash", reason: "complained" }),
    );
    const text = await textOf(exportSuppressions(shop.id, null));
    expect(text).toContain("'=ana@buyers.test");
    expect(await exported(shop)).toHaveLength(2);
    expect(await exported(shop, "undeliverable")).toMatchObject([
      { email: "ben@buyers.test", reason: "bounced" },
    ]);
    await take(other, text);
    const facts = async (of: Shop) =>
      (await listed(of)).flatMap(({ address, reason }) => (address ? [`${address} ${reason}`] : [])).sort();
    expect(await facts(other)).toEqual(await facts(shop));
  });
});

test("after the buyer's time the address goes, and mails are still kept away", async () => {
  const shop = await makeShop("swept");
  await add(shop, "old@buyers.test");
  const now = new Date();
  const recipientIndex = (await openVault(shop.id)).blindIndex("email", "old@buyers.test");
  const kind = () =>
    inShop(shop, async (tx) => (await readSuppressed(tx, shop.id, [recipientIndex])).get(recipientIndex));
  await sweepShop(shop, () => new Date(now.getTime() + 179 * 86_400_000));
  expect(await listed(shop)).toMatchObject([{ address: "old@buyers.test" }]);
  await sweepShop(shop, () => new Date(now.getTime() + 181 * 86_400_000));
  expect(await listed(shop)).toMatchObject([{ address: null }]);
  expect(await kind()).toBe("opted_out");
});

test("not reached are those who should have had a message; who opted out is not among them", async () => {
  const shop = await makeShop("unreached");
  const now = new Date();
  const hold = async (state: string, reason: string | null, name: string) => {
    const orderId = await holdOrder(shop, { placedAt: daysAgo(now, 1), header: { name } });
    const id = await holdMessage(shop, orderId, { state, dueAt: now });
    await inShop(shop, (tx) => tx.message.updateMany({ where: { id }, data: { reason } }));
  };
  await hold("bounced", null, "#1");
  await hold("bounced", "suppressed_by_provider", "#2");
  await hold("complained", null, "#3");
  await hold("failed", "render_failed", "#4");
  await hold("skipped", "no_email", "#5");
  await hold("skipped", "suppressed", "#6");
  await hold("skipped", "opted_out", "#7");
  await hold("delivered", null, "#8");
  await hold("planned", null, "=9");
  const { rows, newer, older } = await inShop(shop, (tx) => listUnreached(tx, shop.id, all));
  expect(rows.map(({ orderName }) => orderName)).toEqual(["#6", "#5", "#4", "#3", "#2", "#1"]);
  expect([newer, older]).toEqual([null, null]);
  const table = parse(await textOf(exportUnreached(shop.id)), {
    bom: true,
    columns: true,
  });
  expect(table).toHaveLength(6);
  expect(table[0]).toMatchObject({ order: "#6", state: "skipped", reason: "suppressed" });
});
