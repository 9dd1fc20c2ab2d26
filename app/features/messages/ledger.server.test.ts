import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  checkProof,
  countLedger,
  exportLedgerCsv,
  exportLedgerJson,
} from "#app/features/messages/ledger.server.ts";
import { ledgerSpanSchema, proofSchema } from "#app/features/messages/ledger.ts";
import { redactOrders } from "#app/features/privacy/redact.server.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { startEngine, type Engine } from "#tests/engine.ts";
import { holdMessage, holdOrder, makeShop } from "#tests/factories/held.ts";
import * as make from "#tests/factories/orders.ts";

const BOUGHT = "Trailcell 600 Lithium Battery Pack";
const NOON = new Date("2026-03-29T12:00:00.000Z");

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  const include = {
    mode: "any" as const,
    rules: [{ kind: "product" as const, values: [{ id: engine.productId(BOUGHT), label: BOUGHT }] }],
  };
  await engine.addTrigger({ name: "Usage", trigger: { definition: make.definition({ include }) } });
});
afterAll(() => engine.stop());

const inShop = <T>(work: Parameters<typeof forShop<T>>[1]) => forShop(engine.shop.id, work);
const check = (proof: string) => inShop((tx) => checkProof(tx, engine.shop.id, proof));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const textOf = async (pieces: AsyncIterable<string>) => {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
};
type Entry = {
  message: string;
  sha256: string | null;
  releases: string[];
  attempts: object[];
  events: object[];
};
const entriesOf = async (shopId: string, from: string, to: string, timeZone = "UTC") =>
  (JSON.parse(await textOf(exportLedgerJson(shopId, { from, to }, timeZone))) as { messages: Entry[] })
    .messages;

/** Two buy at once, so that their mails share a batch. @returns the first's message, and its bytes as the provider got them */
async function buy(email: string) {
  for (const address of [email, `other-${email}`])
    engine.sandbox.placeOrder({ email: address, lines: [{ product: BOUGHT }] });
  await engine.settle();
  await engine.dispatch();
  const message = await inShop(async (tx) =>
    tx.message.findFirstOrThrow({
      where: { recipientIndex: (await openVault(engine.shop.id)).blindIndex("email", email) },
      include: { sections: true },
    }),
  );
  const body = Buffer.from(engine.sandbox.mailRequests().at(-1)?.body ?? "", "base64").toString();
  const members = JSON.parse(body) as { to: string[] }[];
  expect(members).toHaveLength(2);
  return { message, bytes: JSON.stringify(members.filter(({ to }) => to.includes(email))) };
}

describe("a mail that left", () => {
  test("stands in the ledger with the hash of what the provider got, its release and answers, and no buyer", async () => {
    const { message, bytes } = await buy("ada@ledger.test");
    expect(message.sentHash).toBe(sha256(bytes));
    const day = message.frozenAt!.toISOString().slice(0, 10);
    const text = await textOf(exportLedgerJson(engine.shop.id, { from: day, to: day }, "UTC"));
    for (const personal of ["ada", "ledger.test", message.recipientIndex!, "Trailcell"])
      expect(text).not.toContain(personal);
    const entry = (JSON.parse(text) as { messages: Entry[] }).messages.find(
      ({ message: id }) => id === message.id,
    );
    expect(entry).toMatchObject({
      state: "sent",
      sha256: sha256(bytes),
      releases: message.sections.map(({ releaseId }) => releaseId),
      providerId: message.providerId,
      attempts: [{ outcome: "accepted", httpStatus: 200, code: null }],
    });
    expect(entry?.events).toContainEqual(expect.objectContaining({ kind: "accepted" }));
  });

  test("is proved by its id or its bytes, and its hash outlives them", async () => {
    const { message, bytes } = await buy("bea@ledger.test");
    const { id: messageId, sentHash: hash, orderId } = message;
    expect(await check(messageId)).toEqual({ kind: "same", messageId, hash });
    expect(await check(sha256(bytes))).toEqual({ kind: "same", messageId, hash });
    expect(await check(sha256(`${bytes} `))).toEqual({ kind: "unknown" });
    expect(await check(newId())).toEqual({ kind: "unknown" });

    await inShop((tx) =>
      tx.message.updateMany({ where: { id: messageId }, data: { sentHash: "0".repeat(64) } }),
    );
    expect(await check(messageId)).toMatchObject({ kind: "other" });
    await inShop((tx) => tx.message.updateMany({ where: { id: messageId }, data: { sentHash: hash } }));

    await forPlatform("privacy", (tx) => redactOrders(tx, engine.shop.id, [orderId], new Date()));
    expect(await check(messageId)).toEqual({ kind: "bytes_gone", messageId, hash });
  });

  test("is no other shop's", async () => {
    const { message } = await buy("cleo@ledger.test");
    const other = newId();
    for (const proof of [message.id, message.sentHash!])
      expect(await forShop(other, (tx) => checkProof(tx, other, proof))).toEqual({ kind: "unknown" });
  });
});

describe("an export", () => {
  test("holds the shop's days, page after page, each message once, and runs nothing", async () => {
    const shop = await makeShop("ledger");
    const orderId = await holdOrder(shop, { placedAt: NOON });
    const id = await holdMessage(shop, orderId, { state: "sent", dueAt: NOON, sentAt: NOON });
    // 1,201 of one moment and 300 of others: pages end among mails of one batch, and between batches.
    await forShop(shop.id, async (tx) => {
      await tx.$executeRaw`
        INSERT INTO messages (shop_id, order_id, channel, state, due_at, frozen_at, provider_id)
        SELECT shop_id, order_id, channel, state, due_at, ${NOON}::timestamptz + greatest(0, n - 1200) * interval '1 second', '=1+' || n
        FROM messages CROSS JOIN generate_series(1, 1500) n WHERE shop_id = ${shop.id}::uuid AND id = ${id}::uuid`;
    });
    const span = { from: "2026-03-29", to: "2026-03-29" };
    expect(await forShop(shop.id, (tx) => countLedger(tx, shop.id, span, "UTC"))).toBe(1500);
    expect(new Set((await entriesOf(shop.id, span.from, span.to)).map(({ message }) => message)).size).toBe(
      1500,
    );

    const csv = await textOf(exportLedgerCsv(shop.id, span, "UTC"));
    expect(parse(csv, { bom: true, columns: true })).toHaveLength(1500);
    expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
  });

  test("ends a day where the shop's clock does, also when it is changed", async () => {
    const shop = engine.shop;
    const { message } = await buy("dora@ledger.test");
    const isIn = async (from: string, at: string) => {
      await inShop((tx) =>
        tx.message.updateMany({ where: { id: message.id }, data: { frozenAt: new Date(at) } }),
      );
      const found = await entriesOf(shop.id, from, from, "Europe/Berlin");
      return found.some(({ message: id }) => id === message.id);
    };
    // The clock goes forward on 29 March: a day of 23 hours.
    expect(await isIn("2026-03-29", "2026-03-28T22:59:59.999Z")).toBe(false);
    expect(await isIn("2026-03-29", "2026-03-28T23:00:00.000Z")).toBe(true);
    expect(await isIn("2026-03-29", "2026-03-29T21:59:59.999Z")).toBe(true);
    expect(await isIn("2026-03-29", "2026-03-29T22:00:00.000Z")).toBe(false);
  });

  test("takes days in their order, and nothing else", () => {
    const ok = (value: object) => ledgerSpanSchema.safeParse(value).success;
    expect(ok({ from: "2026-01-01", to: "2026-01-01", format: "csv" })).toBe(true);
    expect(ok({ from: "2026-01-02", to: "2026-01-01", format: "csv" })).toBe(false);
    expect(ok({ from: "2026-02-30", to: "2026-03-01", format: "csv" })).toBe(false);
    expect(ok({ from: "2026-01-01", to: "2026-01-01", format: "xls" })).toBe(false);
    expect(proofSchema.parse({ proof: ` ${"A".repeat(64)} ` })).toEqual({ proof: "a".repeat(64) });
    expect(proofSchema.safeParse({ proof: "a".repeat(63) }).success).toBe(false);
  });
});
