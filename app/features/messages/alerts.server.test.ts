import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AT_ONCE, type Paces } from "#app/features/messages/alerts.ts";
import { gather, lastMorning } from "#app/features/messages/alerts.jobs.ts";
import {
  addRecipient,
  answerAsked,
  findAsked,
  listRecipients,
  removeRecipient,
  savePaces,
} from "#app/features/messages/alerts.server.ts";
import { signLink } from "#app/features/messages/links.server.ts";
import type { NoticeKind } from "#app/features/messages/notices.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { applyShopInfo, type Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { startEngine, type Engine } from "#tests/engine.ts";

const contact = "owner@acme.example";
let engine: Engine;
let shop: Shop;

beforeAll(async () => {
  engine = await startEngine();
  shop = engine.shop;
  await applyShopInfo(shop.id, {
    name: "Acme Outdoor",
    legalName: "Acme Ltd",
    email: contact,
    timeZone: "Europe/Berlin",
    locale: "en",
    address: null,
    logoUrl: null,
  });
});
afterAll(() => engine.stop());

const here = <T>(work: (tx: Tx) => Promise<T>) => forShop(shop.id, work);
const recipients = () =>
  here(async (tx) => listRecipients(tx, (await tx.shop.findFirst()) as unknown as Shop));
const idOf = async (address: string) => (await recipients()).find((each) => each.address === address)!.id!;
const add = (address: string) => here((tx) => addRecipient(tx, shop.id, address, "user:1", engine.clock()));
const choose = (id: string | null, paces: Partial<Paces>) =>
  here((tx) => savePaces(tx, shop.id, id, { ...AT_ONCE, ...paces }, "user:1", engine.clock()));
const linkOf = async (id: string) =>
  new URL(await signLink("alerts", { shopId: shop.id, id })).searchParams.get("link") ?? "";
const confirm = async (address: string) => {
  await answerAsked(await linkOf(await idOf(address)), true, engine.clock());
};
const mailsTo = (address: string) => engine.sandbox.mails().filter(({ to }) => to.includes(address));

let count = 0;
const facts = { requestId: "0197a000-0000-7000-8000-000000000001", dueAt: "2026-12-27T00:00:00Z" };
const happen = (kind: NoticeKind = "export_ready", key = `key-${(count += 1)}`, now = engine.clock()) =>
  forPlatform("notices", (tx) => enqueueNotice(tx, { shopId: shop.id, kind, facts, key, now }));

beforeEach(async () => {
  engine.setTime(null);
  await here(async (tx) => {
    await tx.alertRecipient.deleteMany({ where: { shopId: shop.id } });
    await tx.notice.deleteMany({ where: { shopId: shop.id } });
  });
});

describe("an address for alerts", () => {
  test("gets one mail that asks, and nothing else until it confirms", async () => {
    await add("ada@acme.example");
    await happen();
    await engine.dispatch();
    const [asking, ...others] = mailsTo("ada@acme.example");
    expect(others).toEqual([]);
    expect(asking?.subject).toContain("Do you want");
    const link = /https?:\S+\/alerts\?link=[\w-]+/.exec(asking?.text ?? "")?.[0] ?? "";
    const token = new URL(link).searchParams.get("link") ?? "";
    expect(await findAsked(token)).toEqual({ shopName: "Acme Outdoor", confirmed: false });

    expect(await answerAsked(token, true, engine.clock())).toBe(true);
    await happen();
    await engine.dispatch();
    expect(mailsTo("ada@acme.example")).toHaveLength(2);
    expect(await answerAsked(token, false, engine.clock())).toBe(true);
    await happen();
    await engine.dispatch();
    expect(mailsTo("ada@acme.example")).toHaveLength(2);
  });

  test("is asked by a link that nobody can make up", async () => {
    await add("eve@acme.example");
    const token = await linkOf(await idOf("eve@acme.example"));
    const forged = `${token.slice(0, -4)}AAAA`;
    expect(await findAsked(forged)).toBeNull();
    expect(await answerAsked(forged, true, engine.clock())).toBe(false);
    const unsubscribe = new URL(
      await signLink("unsubscribe", { shopId: shop.id, id: await idOf("eve@acme.example") }),
    ).searchParams.get("link")!;
    expect(await answerAsked(unsubscribe, true, engine.clock())).toBe(false);
  });

  test("that is removed hears nothing of what was waiting for it", async () => {
    await add("bob@acme.example");
    await confirm("bob@acme.example");
    await happen("export_ready", "waits-for-bob");
    const id = await idOf("bob@acme.example");
    await here((tx) => removeRecipient(tx, shop.id, id, "user:1"));
    await engine.dispatch();
    expect(mailsTo("bob@acme.example")).toEqual([]);
  });

  test("stands once, and not more than twenty do", async () => {
    await add("cleo@acme.example");
    await confirm("cleo@acme.example");
    await expect(add("cleo@acme.example")).rejects.toMatchObject({ code: "conflict" });
    for (let n = 1; n < 20; n += 1) await add(`n${n}@acme.example`);
    await expect(add("one-too-many@acme.example")).rejects.toMatchObject({ code: "conflict" });
  });

  test("is sealed in the database", async () => {
    await add("mara@acme.example");
    const row = await here((tx) => tx.alertRecipient.findFirstOrThrow({ where: { shopId: shop.id } }));
    expect(Buffer.from(row.addressSealed!).toString("latin1")).not.toContain("mara");
    expect(row.addressIndex).not.toContain("mara");
  });
});

describe("who hears of what", () => {
  const states = () =>
    here((tx) =>
      tx.notice.findMany({
        where: { shopId: shop.id, kind: { in: ["export_ready", "uninstall_suspected"] } },
        select: { recipientId: true, state: true },
        orderBy: { id: "asc" },
      }),
    );

  test("by default the store's own address, of everything, at once", async () => {
    expect(await happen()).toBe(true);
    expect(await states()).toEqual([{ recipientId: null, state: "planned" }]);
  });

  test("is told once for its key, whoever joined since", async () => {
    expect(await happen("export_ready", "once")).toBe(true);
    await add("late@acme.example");
    await confirm("late@acme.example");
    expect(await happen("export_ready", "once")).toBe(false);
    expect(await states()).toHaveLength(1);
  });

  test("is chosen by topic; what nobody wants goes to the store's own address", async () => {
    await add("dan@acme.example");
    await confirm("dan@acme.example");
    const dan = await idOf("dan@acme.example");
    await choose(null, { privacy: "never" });
    await happen();
    expect(await states()).toEqual([{ recipientId: dan, state: "planned" }]);
    await choose(dan, { privacy: "never" });
    await happen();
    expect((await states()).at(-1)).toEqual({ recipientId: null, state: "planned" });
    // What is no matter of choice.
    await happen("uninstall_suspected");
    expect((await states()).at(-1)).toEqual({ recipientId: null, state: "planned" });
  });
});

describe("a daily summary", () => {
  const morning = new Date("2026-11-28T07:00:00Z");
  const before = new Date("2026-11-27T15:00:00Z");
  const round = (now: Date) => here((tx) => gather(tx, shop.id, "Europe/Berlin", now));
  const digests = () => here((tx) => tx.notice.count({ where: { shopId: shop.id, kind: "digest" } }));

  test("tells at eight what was gathered until then, once, and nothing when there is nothing", async () => {
    engine.setTime(before);
    await choose(null, { privacy: "daily" });
    await round(morning);
    expect(await digests()).toBe(0);
    await happen("export_ready", "digest-1");
    await happen("erasure_done", "digest-2");
    await round(new Date(morning.getTime() - 1));
    expect(await digests()).toBe(0);
    const sent = mailsTo(contact).length;
    await Promise.all([round(morning), round(morning)]);
    engine.setTime(morning);
    await engine.dispatch();
    const mails = mailsTo(contact).slice(sent);
    expect(mails.map(({ subject }) => subject)).toEqual(["Today’s summary: 2 alerts"]);
    expect(mails[0]?.text).toContain("A customer’s data was erased");
    await round(new Date(morning.getTime() + 900_000));
    expect(await digests()).toBe(1);
    expect(await here((tx) => tx.notice.count({ where: { shopId: shop.id, state: "gathered" } }))).toBe(0);
  });

  test("of what happens after eight waits for the next morning", async () => {
    engine.setTime(morning);
    await choose(null, { privacy: "daily" });
    await happen();
    await round(new Date(morning.getTime() + 3_600_000));
    expect(await digests()).toBe(0);
    await round(new Date(morning.getTime() + 86_400_000));
    expect(await digests()).toBe(1);
  });
});

test.each([
  ["Europe/Berlin", "2026-03-29T05:59:59Z", "2026-03-28T07:00:00Z"],
  ["Europe/Berlin", "2026-03-29T06:00:00Z", "2026-03-29T06:00:00Z"],
  ["Europe/Berlin", "2026-10-25T06:59:59Z", "2026-10-24T06:00:00Z"],
  ["Europe/Berlin", "2026-10-25T07:00:00Z", "2026-10-25T07:00:00Z"],
  ["Asia/Kathmandu", "2026-11-27T02:15:00Z", "2026-11-27T02:15:00Z"],
  ["Pacific/Apia", "2026-11-27T00:00:00Z", "2026-11-26T19:00:00Z"],
  ["America/Los_Angeles", "2028-02-29T15:59:00Z", "2028-02-28T16:00:00Z"],
])("in %s at %s the last eight o'clock was %s", (zone, now, expected) => {
  expect(lastMorning(new Date(now), zone).toISOString()).toBe(new Date(expected).toISOString());
});
