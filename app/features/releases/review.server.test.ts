import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "#app/features/audit/audit.server.ts";
import {
  findLiveRelease,
  getRelease,
  isAnyLive,
  listReleasesOfTrigger,
  listServingReleases,
  readStandings,
} from "#app/features/releases/releases.server.ts";
import {
  approve,
  deleteAndWithdraw,
  readFindings,
  returnForChanges,
  rollBack,
  submitForReview,
  withdraw,
} from "#app/features/releases/review.server.ts";
import { approvalSchema, standingOf } from "#app/features/releases/releases.ts";
import { defaultSettings, type ShopSettings } from "#app/features/shops/settings.ts";
import { closeRenderer } from "#app/features/templates/render.server.ts";
import { getTemplate, saveTemplate } from "#app/features/templates/templates.server.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import { draftOf, getTrigger, saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { Prisma } from "#app/platform/db/generated/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import * as make from "#tests/factories/orders.ts";
import { approval, publish } from "#tests/factories/releases.ts";

let database: TestDatabase;
let shopId: string;
let templateId: string;
let triggerId: string;
const anna: Actor = "user:1";
const ben: Actor = "user:2";
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 9));

beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
});
afterAll(async () => {
  await closeRenderer();
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});
beforeEach(async () => {
  const settings = defaultSettings({ name: "Hearth", email: null, timeZone: "UTC", locale: "en" });
  const data = { domain: `shop-${randomUUID()}.myshopify.com`, name: "Hearth", settings };
  ({ id: shopId } = await forPlatform("install", (tx) => tx.shop.create({ data, select: { id: true } })));
  ({ id: templateId } = await inShop((tx) =>
    saveTemplate(tx, shopId, null, texts("Charge it fully."), anna, day(1)),
  ));
  ({ id: triggerId } = await inShop((tx) =>
    saveTrigger(
      tx,
      shopId,
      null,
      { name: "First use", templateId, priority: 0, definition: make.definition() },
      anna,
      day(1),
    ),
  ));
});

const inShop = <T>(work: (tx: Tx) => Promise<T>) => forShop(shopId, work);
const texts = (body: string): TemplateDraft => ({
  name: "First use",
  purpose: "usage",
  fallbackLocale: "en",
  locales: { en: { subject: "Before you use it", body } },
});
const write = (body: string, by = anna) =>
  inShop((tx) => saveTemplate(tx, shopId, templateId, texts(body), by, day(1)));
const submit = (by = anna, now = day(2)) => inShop((tx) => submitForReview(tx, shopId, triggerId, by, now));
const accept = (id: string, by = anna, now = day(3), over = {}) =>
  inShop((tx) => approve(tx, shopId, id, approval(over), by, now));
const goLive = (now: Date, over = {}) => inShop((tx) => publish(tx, shopId, triggerId, anna, now, over));
const read = (id: string) => inShop((tx) => getRelease(tx, shopId, id));
const live = () => inShop((tx) => findLiveRelease(tx, shopId, triggerId));
const serving = () => inShop((tx) => listServingReleases(tx, shopId));
const twoPeople = () =>
  forShop(shopId, async (tx) => {
    const { settings } = await tx.shop.findUniqueOrThrow({ where: { id: shopId } });
    const changed = { ...(settings as ShopSettings), review: "two_people" };
    await tx.shop.update({ where: { id: shopId }, data: { settings: changed } });
  });
const standing = () =>
  inShop(async (tx) => {
    const trigger = await getTrigger(tx, shopId, triggerId);
    const template = await getTemplate(tx, shopId, trigger.templateId);
    return (await readStandings(tx, shopId, [trigger], [template])).get(triggerId)!;
  });
const audited = (action: string) =>
  inShop((tx) => tx.auditEvent.findMany({ where: { shopId, action }, orderBy: { seq: "asc" } }));

describe("from a draft to live", () => {
  test("a draft is nothing to buyers before it was submitted and approved", async () => {
    expect(standingOf(await standing())).toBe("draft");
    const { id } = await submit();
    expect(standingOf(await standing())).toBe("in_review");
    expect(await inShop((tx) => isAnyLive(tx, shopId))).toBe(false);
    expect(await serving()).toEqual([]);
    const approved = await accept(id, ben, day(3), { note: "Fine." });
    expect(approved).toMatchObject({
      state: "live",
      number: 1,
      submittedBy: anna,
      reviewedBy: ben,
      reviewedAt: day(3),
      servesFrom: day(3),
      servesUntil: null,
      includedFrom: null,
      review: { answers: { trigger: true, content: true, purpose: true, rules: true }, note: "Fine." },
    });
    expect(standingOf(await standing())).toBe("live");
    const [event] = await audited("release.live");
    expect(event).toMatchObject({ actor: ben, subject: id });
  });

  test.each(["trigger", "content", "purpose", "rules"])(
    "an approval that leaves “%s” open is none",
    (question) => {
      const whole = approval();
      const open = { ...whole, answers: { ...whole.answers, [question]: false } };
      expect(approvalSchema.safeParse(open).success).toBe(false);
      expect(approvalSchema.safeParse(whole).success).toBe(true);
    },
  );

  test("no edit of trigger or template changes what is live", async () => {
    const { id, hash } = await goLive(day(2));
    await write("Buy more!");
    const draft = draftOf(await inShop((tx) => getTrigger(tx, shopId, triggerId)));
    await inShop((tx) => saveTrigger(tx, shopId, triggerId, { ...draft, priority: 9 }, ben, day(4)));
    expect(await live()).toMatchObject({ id, hash, content: { trigger: { priority: 0 } } });
    expect(JSON.stringify((await live())!.content)).not.toContain("Buy more!");
    expect(standingOf(await standing())).toBe("changed");
  });

  test("what says the same as what is live is not submitted", async () => {
    await goLive(day(2));
    await expect(submit()).rejects.toMatchObject({ code: "conflict" });
    await write("Other words.");
    await write("Charge it fully.");
    await expect(submit()).rejects.toMatchObject({ code: "conflict" });
    expect(standingOf(await standing())).toBe("live");
  });

  test("submitted again unchanged it is the same release; changed, it takes the first one's place", async () => {
    const first = await submit();
    expect((await submit()).id).toBe(first.id);
    await write("Charge it for three hours.");
    const second = await submit();
    expect(second.number).toBe(2);
    expect(await read(first.id)).toMatchObject({ state: "withdrawn" });
    await expect(accept(first.id)).rejects.toMatchObject({ code: "conflict" });
    expect(await read(second.id)).toMatchObject({ state: "in_review" });
  });

  test("what was sent back is not approved any more, and says why", async () => {
    const { id } = await submit();
    await inShop((tx) => returnForChanges(tx, shopId, id, "Name the voltage.", ben, day(3)));
    expect(await read(id)).toMatchObject({
      state: "returned",
      reviewedBy: ben,
      review: { answers: null, note: "Name the voltage." },
    });
    await expect(accept(id)).rejects.toMatchObject({ code: "conflict" });
    expect((await submit()).number).toBe(2);
  });

  test("of two approvals at once one is told that the other was faster", async () => {
    const { id } = await submit();
    const results = await Promise.allSettled([accept(id, anna), accept(id, ben)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await audited("release.live")).toHaveLength(1);
  });

  test("a stored release refuses to be changed, and altered all the same it does not go live", async () => {
    const { id } = await submit();
    const alter = (tx: Tx) =>
      tx.$executeRaw`UPDATE releases SET content = jsonb_set(content, '{trigger,priority}', '5') WHERE shop_id = ${shopId}::uuid`;
    await expect(inShop(alter)).rejects.toThrow("a release never changes");
    await inShop(async (tx) => {
      await tx.$executeRaw`ALTER TABLE releases DISABLE TRIGGER releases_never_change`;
      await alter(tx);
      await tx.$executeRaw`ALTER TABLE releases ENABLE TRIGGER releases_never_change`;
    });
    await expect(accept(id)).rejects.toMatchObject({ code: "conflict" });
    expect(await live()).toBeNull();
  });
});

describe("the channel's rules", () => {
  test("what may never be sent is not even submitted", async () => {
    await write("Save 20 % with the code SUMMER20.");
    await expect(submit()).rejects.toMatchObject({ code: "invalid" });
  });

  test("what may be overruled goes live only with a reason for that very rule, which is kept and carried back", async () => {
    await write("Please leave us a review.");
    const { id, content } = await submit();
    const [finding] = await readFindings(content);
    expect(finding).toMatchObject({ severity: "overrulable" });
    await expect(accept(id)).rejects.toMatchObject({ code: "invalid" });
    const overruled = [
      { ruleId: finding!.ruleId, reason: "It asks for a review of the recipe, not of the shop." },
    ];
    expect(
      approvalSchema.safeParse(approval({ overruled: [{ ...overruled[0]!, reason: "ok" }] })).success,
    ).toBe(false);
    expect(await accept(id, anna, day(3), { overruled })).toMatchObject({
      state: "live",
      review: { overruled },
    });
    await write("Charge it.");
    await goLive(day(4));
    expect(await inShop((tx) => rollBack(tx, shopId, id, ben, day(5)))).toMatchObject({
      review: { overruled },
    });
  });
});

test("every step of a release is told with what was before", async () => {
  const first = await submit();
  await inShop((tx) => returnForChanges(tx, shopId, first.id, "Shorter.", ben, day(3)));
  await write("Charge it.");
  const second = await goLive(day(4));
  await write("Charge it well.");
  const third = await goLive(day(5));
  const back = await inShop((tx) => rollBack(tx, shopId, second.id, ben, day(6)));
  await inShop((tx) => withdraw(tx, shopId, triggerId, ben, day(7)));
  const events = await inShop((tx) =>
    tx.auditEvent.findMany({
      where: { shopId, action: { startsWith: "release." } },
      orderBy: { seq: "asc" },
    }),
  );
  const told = events.map(
    ({ entry }) => JSON.parse(entry) as { action: string; before?: object; after?: object },
  );
  const [one, two, three, four] = [first, second, third, back].map(({ number, hash }) => ({ number, hash }));
  expect(told).toMatchObject([
    { action: "release.submitted", after: one },
    { action: "release.returned", before: { state: "in_review" }, after: { ...one, note: "Shorter." } },
    { action: "release.submitted", after: two },
    { action: "release.live", after: { ...two, answers: { trigger: true } } },
    { action: "release.submitted", after: three },
    { action: "release.live", before: two, after: three },
    { action: "release.rolled_back", before: two, after: four },
    { action: "release.live", before: three, after: { ...four, rolledBackFrom: second.id } },
    { action: "release.ended", before: { state: "live" }, after: { ...four, state: "withdrawn" } },
  ]);
});

describe("review by two people", () => {
  test("nobody who wrote it approves it: who submitted, who edited the trigger, who wrote the text", async () => {
    await twoPeople();
    const carla: Actor = "user:3";
    await write("Charge it for an hour.", carla);
    const { id } = await submit(ben);
    for (const author of [anna, ben, carla])
      await expect(accept(id, author)).rejects.toMatchObject({ code: "forbidden" });
    expect(await accept(id, "user:4")).toMatchObject({ state: "live", reviewedBy: "user:4" });
  });

  test("who wrote an earlier version of the text since the last approval counts as well", async () => {
    await goLive(day(2));
    await twoPeople();
    await write("Hidden in the middle.", ben);
    await write("Hidden in the middle!", anna);
    const { id } = await submit(anna, day(4));
    await expect(accept(id, ben, day(5))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("which orders a release answers", () => {
  test("staying: the one before keeps what was bought until then", async () => {
    const first = await goLive(day(2));
    await write("Second.");
    const second = await goLive(day(5), { waiting: "stay" });
    expect(
      (await serving()).map(({ id, state, servesFrom, servesUntil }) => [id, state, servesFrom, servesUntil]),
    ).toEqual(
      expect.arrayContaining([
        [first.id, "superseded", day(2), day(5)],
        [second.id, "live", day(5), null],
      ]),
    );
  });

  test("moving: the new one takes over everything, from the first one's beginning", async () => {
    await goLive(day(2));
    await write("Second.");
    await goLive(day(5), { waiting: "stay" });
    await write("Third.");
    const third = await goLive(day(7), { waiting: "move" });
    expect(await serving()).toMatchObject([{ id: third.id, servesFrom: day(2), servesUntil: null }]);
  });

  test("including paid orders reaches back sixty days, and outlives a move", async () => {
    const first = await goLive(day(2), { includePaid: true });
    const sixty = new Date(day(2).getTime() - 60 * 86_400_000);
    expect(first.includedFrom).toEqual(sixty);
    await write("Second.");
    expect(await goLive(day(5), { waiting: "move" })).toMatchObject({
      servesFrom: day(2),
      includedFrom: sixty,
    });
  });

  test("stopped, nothing answers, not even what had stayed; started again, it begins anew", async () => {
    await goLive(day(2));
    await write("Second.");
    await goLive(day(5), { waiting: "stay" });
    await inShop((tx) => withdraw(tx, shopId, triggerId, ben, day(6)));
    expect(await serving()).toEqual([]);
    expect(await audited("release.ended")).toHaveLength(2);
    await expect(inShop((tx) => withdraw(tx, shopId, triggerId, ben, day(6)))).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await goLive(day(8))).toMatchObject({ number: 3, servesFrom: day(8) });
  });

  test("a deleted trigger takes what is in review with it", async () => {
    await goLive(day(2));
    await write("Second.");
    const { id } = await submit();
    await inShop((tx) => deleteAndWithdraw(tx, shopId, triggerId, anna, day(6)));
    expect(await serving()).toEqual([]);
    await expect(accept(id)).rejects.toMatchObject({ code: "conflict" });
  });
});

test("what went live before there were reviews goes on, is reviewed as it is, and is nothing to go back to", async () => {
  const { id } = await goLive(day(2));
  await inShop((tx) =>
    tx.release.update({
      where: { shopId_id: { shopId, id } },
      data: { reviewedAt: null, reviewedBy: null, review: Prisma.DbNull },
    }),
  );
  expect((await serving()).map((release) => release.id)).toEqual([id]);
  expect(await standing()).toMatchObject({ live: { reviewed: false }, changed: false });
  const reviewed = await goLive(day(5));
  expect(reviewed).toMatchObject({ number: 2, servesFrom: day(2), reviewedAt: day(5) });
  await write("Second.");
  await goLive(day(6));
  await expect(inShop((tx) => rollBack(tx, shopId, id, ben, day(7)))).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await inShop((tx) => rollBack(tx, shopId, reviewed.id, ben, day(7)))).toMatchObject({ number: 4 });
});

describe("rolling back", () => {
  test("in one step what was approved before is live again, as a release of its own", async () => {
    const first = await goLive(day(2));
    await write("Second.");
    await goLive(day(5));
    const back = await inShop((tx) => rollBack(tx, shopId, first.id, ben, day(6)));
    expect(back).toMatchObject({
      number: 3,
      state: "live",
      hash: first.hash,
      rolledBackFrom: first.id,
      reviewedBy: ben,
      servesFrom: day(2),
    });
    expect(standingOf(await standing())).toBe("changed");
    const states = await inShop((tx) => listReleasesOfTrigger(tx, shopId, triggerId));
    expect(states.map(({ state }) => state)).toEqual(["live", "superseded", "superseded"]);
    await expect(inShop((tx) => rollBack(tx, shopId, first.id, ben, day(7)))).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("also while another is in review, which stays there", async () => {
    const first = await goLive(day(2));
    await write("Second.");
    await goLive(day(5));
    await write("Third.");
    const { id } = await submit();
    await inShop((tx) => rollBack(tx, shopId, first.id, ben, day(6)));
    expect(await read(id)).toMatchObject({ state: "in_review" });
  });

  test("never to what nobody approved", async () => {
    const returned = await submit();
    await inShop((tx) => returnForChanges(tx, shopId, returned.id, "No.", ben, day(3)));
    await goLive(day(4));
    await write("Second.");
    const waiting = await submit();
    for (const { id } of [returned, waiting])
      await expect(inShop((tx) => rollBack(tx, shopId, id, ben, day(6)))).rejects.toMatchObject({
        code: "conflict",
      });
  });

  test("nor to what was altered since", async () => {
    const first = await goLive(day(2));
    await write("Second.");
    await goLive(day(5));
    await inShop(async (tx) => {
      await tx.$executeRaw`ALTER TABLE releases DISABLE TRIGGER releases_never_change`;
      await tx.$executeRaw`UPDATE releases SET content = jsonb_set(content, '{trigger,priority}', '5') WHERE shop_id = ${shopId}::uuid AND number = 1`;
      await tx.$executeRaw`ALTER TABLE releases ENABLE TRIGGER releases_never_change`;
    });
    await expect(inShop((tx) => rollBack(tx, shopId, first.id, ben, day(6)))).rejects.toMatchObject({
      code: "conflict",
    });
  });
});
