import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  getMessageDetail,
  hasMessages,
  listMessages,
  listTriggerChoices,
} from "#app/features/messages/list.server.ts";
import { readFilter, writeFilter, type MessageFilter } from "#app/features/messages/list.ts";
import { countTrouble, readOverview } from "#app/features/messages/overview.server.ts";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { createVault } from "#app/features/vault/vault.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import * as make from "#tests/factories/orders.ts";

let database: TestDatabase;
let shop: string;
let connection: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
});
afterAll(async () => {
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});

async function newShop() {
  const settings = defaultSettings({ name: "Hearth", email: null, timeZone: "UTC", locale: "en" });
  const domain = `shop-${randomUUID()}.myshopify.com`;
  return forPlatform("install", async (tx) => {
    const { id } = await tx.shop.create({ data: { domain, name: "Hearth", settings } });
    const data = { shopId: id, source: "shopify", externalId: domain };
    return { shop: id, connection: (await tx.connection.create({ data })).id };
  });
}
beforeEach(async () => {
  ({ shop, connection } = await newShop());
});

const inShop = <T>(work: (tx: Tx) => Promise<T>) => forShop(shop, work);
const all: MessageFilter = readFilter(new URLSearchParams());

type Given = {
  order?: string;
  state?: string;
  reason?: string;
  createdAt?: string;
  dueAt?: string;
  sentAt?: string;
  triggerId?: string;
  releaseId?: string;
};
let count = 0;

async function addMessage({ order = "#1001", triggerId, releaseId, ...given }: Given = {}): Promise<string> {
  return inShop(async (tx) => {
    count++;
    const document = {
      header: make.header({ name: order }),
      linesVersion: null,
      lines: [make.line({ id: "1", title: "Oak chair", variantTitle: "Tall" })],
      fulfillments: [],
      refunds: [],
    };
    const { id: orderId } = await tx.order.create({
      data: {
        shopId: shop,
        connectionId: connection,
        source: "shopify",
        externalId: String(count),
        name: order,
        document,
      },
    });
    const {
      state = "planned",
      reason = null,
      createdAt = "2026-11-20T10:00:00Z",
      dueAt = "2026-11-21T10:00:00Z",
      sentAt,
    } = given;
    const { id } = await tx.message.create({
      data: {
        shopId: shop,
        orderId,
        channel: "email",
        state,
        reason,
        createdAt: new Date(createdAt),
        dueAt: new Date(dueAt),
        sentAt: sentAt ? new Date(sentAt) : null,
      },
    });
    await tx.section.create({
      data: {
        shopId: shop,
        messageId: id,
        orderId,
        triggerId: triggerId ?? randomUUID(),
        releaseId: releaseId ?? randomUUID(),
        channel: "email",
        state: "planned",
        dueAt: new Date(dueAt),
        lineIds: ["1"],
        productIds: ["100"],
      },
    });
    return id;
  });
}

const list = (filter: Partial<MessageFilter> = {}, timeZone = "UTC", limit = 50) =>
  inShop((tx) => listMessages(tx, shop, { ...all, ...filter }, timeZone, limit));
const ids = async (...given: Parameters<typeof list>) => (await list(...given)).rows.map((row) => row.id);

describe("pages", () => {
  test("every message comes once, newest first, also when some are as old as each other", async () => {
    const made = new Set<string>();
    for (let index = 0; index < 7; index++)
      made.add(await addMessage({ createdAt: index < 4 ? "2026-11-20T10:00:00Z" : undefined }));
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof list>> = await list({ after }, "UTC", 3);
      seen.push(...page.rows.map((row) => row.id));
      if (!page.older) break;
      after = page.older;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(made);
  });

  test("what is added meanwhile moves nothing on later pages, and is there when one turns back", async () => {
    const days = ["01", "02", "03", "04"];
    const [d1, d2, d3, d4] = await Promise.all(
      days.map((day) => addMessage({ createdAt: `2026-11-${day}T00:00:00Z` })),
    );
    const first = await list({}, "UTC", 2);
    expect(first.rows.map((row) => row.id)).toEqual([d4, d3]);
    expect(first.newer).toBeNull();
    const d5 = await addMessage({ createdAt: "2026-11-05T00:00:00Z" });
    const second = await list({ after: first.older }, "UTC", 2);
    expect(second.rows.map((row) => row.id)).toEqual([d2, d1]);
    expect(second.older).toBeNull();
    const back = await list({ before: second.newer }, "UTC", 2);
    expect(back.rows.map((row) => row.id)).toEqual([d4, d3]);
    expect((await list({ before: back.newer }, "UTC", 2)).rows.map((row) => row.id)).toEqual([d5]);
  });

  test("a place that was tampered with is the top of the list", async () => {
    const id = await addMessage();
    for (const after of ["", "x", "9999999999999999999.x", `1.${randomUUID()}'--`])
      expect(await ids({ after })).toEqual([id]);
  });

  test("no other shop's messages are seen, found or opened", async () => {
    const id = await addMessage();
    ({ shop, connection } = await newShop());
    expect(await ids()).toEqual([]);
    expect(await inShop((tx) => hasMessages(tx, shop))).toBe(false);
    await expect(inShop((tx) => getMessageDetail(tx, shop, id))).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("filters", () => {
  test("by state and by trigger", async () => {
    const triggerId = randomUUID();
    const planned = await addMessage({ triggerId });
    const failed = await addMessage({ state: "failed" });
    await addMessage({ state: "delivered" });
    expect(new Set(await ids({ states: ["planned", "failed"] }))).toEqual(new Set([planned, failed]));
    expect(await ids({ triggerId })).toEqual([planned]);
    expect(await ids({ triggerId, states: ["failed"] })).toEqual([]);
  });

  test("by day of the shop's calendar, first and last included, also where the clocks change", async () => {
    const before = await addMessage({ dueAt: "2026-10-24T21:59:59Z" });
    const early = await addMessage({ dueAt: "2026-10-24T22:00:00Z" });
    const late = await addMessage({ dueAt: "2026-10-25T22:59:59Z" });
    const next = await addMessage({ dueAt: "2026-10-25T23:00:00Z" });
    const day = "2026-10-25"; // has 25 hours in Berlin
    expect(new Set(await ids({ from: day, to: day }, "Europe/Berlin"))).toEqual(new Set([early, late]));
    expect(new Set(await ids({ from: day }, "Europe/Berlin"))).toEqual(new Set([early, late, next]));
    expect(await ids({ to: "2026-10-24" }, "Europe/Berlin")).toEqual([before]);
  });

  test("by order: its very name, with or without the sign; else how it begins", async () => {
    const short = await addMessage({ order: "#104" });
    const long = await addMessage({ order: "#1042" });
    const named = await addMessage({ order: "EU-77" });
    const odd = await addMessage({ order: "100%" });
    expect(await ids({ order: "104" })).toEqual([short]);
    expect(await ids({ order: "#1042" })).toEqual([long]);
    expect(new Set(await ids({ order: "#10" }))).toEqual(new Set([short, long]));
    expect(await ids({ order: "eu" })).toEqual([named]);
    expect(await ids({ order: "1_4" })).toEqual([]);
    expect(await ids({ order: "%" })).toEqual([]);
    expect(await ids({ order: "100%" })).toEqual([odd]);
  });

  test.each(["0000-01-01", "0001-01-01", "9999-12-31"])(
    "a day that no calendar of ours reaches: %s",
    async (day) => {
      const early = day < "1";
      expect(await ids({ from: day })).toHaveLength(early ? (await ids({})).length : 0);
      expect(await ids({ to: day })).toHaveLength(early ? 0 : (await ids({})).length);
    },
  );

  test("what an address says is read back as it was written, and what makes no sense is left out", () => {
    const filter = {
      states: ["failed" as const],
      triggerId: randomUUID(),
      channel: "email" as const,
      from: "2026-11-01",
      to: null,
      order: "#1",
    };
    expect(readFilter(writeFilter(filter))).toEqual({ ...filter, after: null, before: null });
    expect(
      readFilter(
        new URLSearchParams("state=sent,nonsense&trigger=1&channel=fax&from=31.12.2026&order=%20%20"),
      ),
    ).toEqual(all);
  });
});

describe("a row", () => {
  test("names what it is about as it was released, and the mail service's last answer", async () => {
    const trigger = await inShop(async (tx) => {
      const template = await tx.template.create({ data: { shopId: shop, name: "Care", purpose: "care" } });
      return tx.trigger.create({
        data: { shopId: shop, name: "Chairs now", definition: {}, templateId: template.id },
      });
    });
    const release = await inShop((tx) =>
      tx.release.create({
        data: {
          shopId: shop,
          triggerId: trigger.id,
          templateVersionId: randomUUID(),
          number: 1,
          content: {
            trigger: { name: "Chairs" },
            template: { id: trigger.templateId, number: 3, draft: { name: "Care" } },
          },
          hash: "",
          state: "superseded",
          servesFrom: new Date(),
          submittedBy: "user:1",
        },
      }),
    );
    const id = await addMessage({ triggerId: trigger.id, releaseId: release.id });
    const attempt = { shopId: shop, messageId: id, batchId: randomUUID() };
    await inShop((tx) =>
      tx.attempt.createMany({
        data: [
          { ...attempt, number: 1, outcome: "later", startedAt: new Date(1000), finishedAt: new Date(2000) },
          {
            ...attempt,
            number: 2,
            outcome: "refused",
            code: "invalid_from",
            startedAt: new Date(3000),
            finishedAt: new Date(4000),
          },
        ],
      }),
    );
    const [row] = (await list()).rows;
    expect(row).toMatchObject({
      id,
      orderName: "#1001",
      answer: { outcome: "refused", code: "invalid_from" },
      parts: [
        { triggerName: "Chairs", templateName: "Care", templateVersion: 3, products: ["Oak chair (Tall)"] },
      ],
    });
    expect(await inShop((tx) => listTriggerChoices(tx, shop))).toEqual([
      { id: trigger.id, name: "Chairs now", deleted: false },
    ]);
    const detail = await inShop((tx) => getMessageDetail(tx, shop, id));
    expect(detail.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, "later"],
      [2, "refused"],
    ]);
  });
});

describe("a message by itself", () => {
  test("shows the mail exactly as it was handed over, and why", async () => {
    const id = await addMessage();
    const vault = await createVault(shop);
    const mail = {
      messageId: id,
      from: '"H" <h@x.test>',
      to: "ana@example.com",
      replyTo: null,
      subject: "Hi",
      html: "<p>Hi</p>",
      text: "Hi",
    };
    const sealed = vault.seal({ table: "messages", column: "frozen_sealed", row: id }, JSON.stringify(mail));
    const decision = {
      releaseId: randomUUID(),
      triggerId: randomUUID(),
      channel: "email",
      priority: 0,
      kind: "skip",
      reason: "order_cancelled",
      productIds: [],
    };
    await inShop(async (tx) => {
      const { orderId } = await tx.message.update({
        where: { shopId_id: { shopId: shop, id } },
        data: { frozenSealed: sealed },
      });
      await tx.order.update({
        where: { shopId_id: { shopId: shop, id: orderId } },
        data: { decisions: { version: 1, decisions: [decision] } },
      });
    });
    const detail = await inShop((tx) => getMessageDetail(tx, shop, id));
    expect(detail.mail).toEqual(mail);
    expect(detail.decisions).toEqual([{ ...decision, triggerName: "" }]);
  });

  test("has no mail before it was made ready, and is not found by what is no id", async () => {
    const id = await addMessage();
    expect((await inShop((tx) => getMessageDetail(tx, shop, id))).mail).toBeNull();
    for (const wrong of ["", "1", randomUUID()])
      await expect(inShop((tx) => getMessageDetail(tx, shop, wrong))).rejects.toMatchObject({
        code: "not_found",
      });
  });
});

describe("Home's numbers", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const overview = (timeZone = "UTC") => inShop((tx) => readOverview(tx, shop, timeZone, now));

  test("a message counts on the shop's day it left, or on the day it is due", async () => {
    await addMessage({ state: "delivered", sentAt: "2026-11-21T00:30:00Z" }); // still the 20th in New York
    await addMessage({ state: "sent", sentAt: "2026-11-21T11:00:00Z" });
    await addMessage({ state: "bounced", sentAt: "2026-11-20T11:00:00Z" });
    await addMessage({ state: "failed", dueAt: "2026-11-19T11:00:00Z" });
    await addMessage({ state: "planned", dueAt: "2026-11-23T11:00:00Z" });
    await addMessage({ state: "planned", dueAt: "2026-11-18T11:00:00Z" }); // overdue: leaves today if at all
    await addMessage({ state: "delivered", sentAt: "2026-11-14T23:59:59Z" }); // a week ago
    await addMessage({ state: "planned", dueAt: "2026-11-25T00:00:00Z" }); // beyond what is shown
    await addMessage({ state: "cancelled", dueAt: "2026-11-21T09:00:00Z" });

    const shown = await overview();
    expect(shown.days.map(({ good, open, bad, planned }) => [good, open, bad, planned])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 1, 0],
      [1, 1, 0, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ]);
    expect(shown).toMatchObject({
      today: 6,
      sentToday: 2,
      sentWeek: 2,
      waiting: 3,
      overdue: 1,
      nextDueAt: "2026-11-18T11:00:00.000Z",
    });
    const there = await overview("America/New_York");
    expect(there.days[5]).toMatchObject({ good: 1, bad: 1 });
    expect(there.days[6]).toMatchObject({ good: 0, open: 1 });
  });

  test("a shop without messages has ten empty days", async () => {
    const shown = await overview("Pacific/Auckland");
    expect(shown.days).toHaveLength(10);
    expect(shown).toMatchObject({ sentToday: 0, sentWeek: 0, waiting: 0, overdue: 0, nextDueAt: null });
  });

  test("trouble is counted for a month, and what the daily cap holds back as long as it waits", async () => {
    await addMessage({ state: "failed", dueAt: "2026-11-20T00:00:00Z" });
    await addMessage({ state: "failed", dueAt: "2026-10-01T00:00:00Z" });
    await addMessage({ state: "unknown" });
    await addMessage({ state: "bounced" });
    await addMessage({ state: "complained" });
    await addMessage({ state: "planned", reason: "daily_cap" });
    expect(await inShop((tx) => countTrouble(tx, shop, now))).toEqual({
      failed: 1,
      unknown: 1,
      bounced: 2,
      capped: 1,
    });
  });
});
