// Whatever people do in whatever order: what reaches a buyer was approved, word for word, and serves when it leaves.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "#app/features/audit/audit.server.ts";
import { countForApproval, planIncluded } from "#app/features/messages/inclusion.server.ts";
import { replanEnded } from "#app/features/messages/replan.server.ts";
import { findLiveRelease, getRelease, listServingReleases } from "#app/features/releases/releases.server.ts";
import {
  approve,
  deleteAndWithdraw,
  returnForChanges,
  rollBack,
  submitForReview,
  withdraw,
} from "#app/features/releases/review.server.ts";
import { getShop, saveSettings } from "#app/features/shops/shops.server.ts";
import { saveTemplate } from "#app/features/templates/templates.server.ts";
import { saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";
import { approval } from "#tests/factories/releases.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await inShop(async (tx) => {
    const { settings } = await getShop(tx, engine.shop.id);
    await saveSettings(tx, engine.shop.id, { ...settings, review: "two_people" }, "user:1");
  });
});
afterAll(() => engine.stop());

const PEOPLE: Actor[] = ["user:1", "user:2", "user:3"];
const inShop = <T>(work: (tx: Tx) => Promise<T>) => forShop(engine.shop.id, work);
const include = () => ({
  mode: "any" as const,
  rules: [{ kind: "product" as const, values: [{ id: engine.productId(BATTERY), label: BATTERY }] }],
});
let runs = 0;

const step = fc.oneof(
  fc.record({ do: fc.constant("edit" as const), by: fc.nat(2) }),
  fc.record({ do: fc.constant("submit" as const), by: fc.nat(2) }),
  fc.record({
    do: fc.constant("approve" as const),
    by: fc.nat(2),
    waiting: fc.constantFrom("stay" as const, "move" as const),
    includePaid: fc.boolean(),
  }),
  fc.record({ do: fc.constant("return" as const), by: fc.nat(2) }),
  fc.record({ do: fc.constant("withdraw" as const), by: fc.nat(2) }),
  fc.record({ do: fc.constant("rollBack" as const), by: fc.nat(2), to: fc.nat(9) }),
  fc.record({ do: fc.constant("order" as const) }),
  fc.record({ do: fc.constant("send" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test("no sequence of actions sends what was not approved", { timeout: 300_000 }, async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      sent += await play([...START, ...steps, { do: "order" }, { do: "send" }]);
    }),
    { numRuns: 12, seed: 20261127, endOnFailure: true },
  );
  // The property would also hold for an app that sends nothing.
  expect(sent).toBeGreaterThan(5);
});

/** Most sequences from nothing would never get as far as live. */
const START: Step[] = [
  { do: "submit", by: 0 },
  { do: "approve", by: 1, waiting: "move", includePaid: false },
  { do: "order" },
];

/** Plays one sequence with a trigger of its own. @returns how many mails it made */
async function play(steps: Step[]): Promise<number> {
  const shopId = engine.shop.id;
  const now = () => new Date();
  const run = `run${runs++}`;
  let edits = 0;
  const words = () => ({
    name: run,
    purpose: "usage" as const,
    fallbackLocale: "en",
    locales: { en: { subject: `${run} {{ order.name }}`, body: `[words-${run}-${edits}]` } },
  });
  const { templateId, triggerId } = await inShop(async (tx) => {
    const template = await saveTemplate(tx, shopId, null, words(), PEOPLE[0]!, now());
    const draft = {
      name: run,
      priority: 0,
      templateId: template.id,
      definition: { ...make.definition({ include: include() }), frequency: "order" as const },
    };
    const trigger = await saveTrigger(tx, shopId, null, draft, PEOPLE[0]!, now());
    return { templateId: template.id, triggerId: trigger.id };
  });
  /** Told by the model alone, never read back: the words of what was approved, and who wrote what is in review. */
  const approved = new Map<string, string>();
  let writers = new Set([PEOPLE[0]!]);
  let written = `words-${run}-0`;
  const orders: string[] = [];
  const seen = new Set<string>();
  let inReview = null as { id: string; words: string; writers: Set<Actor> } | null;
  const refused = async (work: () => Promise<unknown>) => expect(work()).rejects.toBeInstanceOf(AppError);

  for (const each of steps) {
    const by = "by" in each ? PEOPLE[each.by]! : PEOPLE[0]!;
    if (each.do === "edit") {
      edits++;
      await inShop((tx) => saveTemplate(tx, shopId, templateId, words(), by, now()));
      written = `words-${run}-${edits}`;
      writers.add(by);
    } else if (each.do === "submit") {
      const live = await inShop((tx) => findLiveRelease(tx, shopId, triggerId));
      const work = () => inShop((tx) => submitForReview(tx, shopId, triggerId, by, now()));
      if (live && JSON.stringify(live.content).includes(`[${written}]`)) {
        await refused(work);
        continue;
      }
      const { id } = await work();
      if (id !== inReview?.id) inReview = { id, words: written, writers: new Set([...writers, by]) };
    } else if (each.do === "approve") {
      const review = inReview;
      if (!review) continue;
      const { waiting, includePaid } = each;
      const work = () =>
        inShop((tx) => approve(tx, shopId, review.id, approval({ waiting, includePaid }), by, now()));
      if (review.writers.has(by)) {
        await refused(work);
        continue;
      }
      const release = await work();
      approved.set(release.id, review.words);
      // Who wrote before the last approval has been read; the trigger itself was always the first one's.
      if (written === review.words) writers = new Set([PEOPLE[0]!]);
      inReview = null;
    } else if (each.do === "return") {
      const review = inReview;
      if (!review) continue;
      await inShop((tx) => returnForChanges(tx, shopId, review.id, "No.", by, now()));
      inReview = null;
    } else if (each.do === "withdraw") {
      const live = await inShop((tx) => findLiveRelease(tx, shopId, triggerId));
      const work = () => inShop((tx) => withdraw(tx, shopId, triggerId, by, now()));
      await (live ? work() : refused(work));
    } else if (each.do === "rollBack") {
      const ids = await inShop((tx) =>
        tx.release.findMany({
          where: { shopId, triggerId },
          select: { id: true },
          orderBy: { number: "asc" },
        }),
      );
      const { id } = ids[each.to % ids.length]!;
      const was = approved.get(id);
      const live = await inShop((tx) => findLiveRelease(tx, shopId, triggerId));
      const work = () => inShop((tx) => rollBack(tx, shopId, id, by, now()));
      if (!was || (live && approved.get(live.id) === was)) await refused(work);
      else approved.set((await work()).id, was);
    } else if (each.do === "order") {
      const email = `${run}.${orders.length}@example.com`;
      orders.push(engine.sandbox.placeOrder({ email, lines: [{ product: BATTERY }] }).name);
      await engine.settle();
    } else {
      await replanEnded(now());
      await planIncluded(now());
      const serving = await inShop((tx) => listServingReleases(tx, shopId));
      await engine.dispatch();
      const wanted = serving.filter((release) => release.triggerId === triggerId);
      for (const release of wanted) expect(approved.has(release.id)).toBe(true);
      const allowed = new Set(wanted.map(({ id }) => approved.get(id)));
      for (const mail of engine.sandbox.mails()) {
        if (!mail.subject.startsWith(`${run} `) || seen.has(mail.id)) continue;
        seen.add(mail.id);
        const said = new RegExp(`words-${run}-\\d+`).exec(mail.text ?? "")?.[0];
        expect([...allowed]).toContain(said);
      }
    }
  }
  const twice = new Set(engine.sandbox.mails().map(({ subject, to }) => `${subject}|${to.join()}`));
  expect(twice.size).toBe(engine.sandbox.mails().length);
  await inShop((tx) => deleteAndWithdraw(tx, shopId, triggerId, PEOPLE[0]!, now()));
  await replanEnded(now());
  return seen.size;
}

test("paid orders that are not delivered are included where the reviewer says so, as many as was told", async () => {
  const shop = await engine.install("blue-kiln.myshopify.com");
  const [product] = engine.sandbox.shops[shop.domain]!.products;
  const order = (email: string) =>
    engine.sandbox.placeOrder({ shop: shop.domain, email, lines: [{ product: product!.title }] });
  const paid = order("paid@example.com");
  const delivered = order("delivered@example.com");
  engine.sandbox.fulfil({ shop: shop.domain, order: delivered.name });
  engine.sandbox.markShipment({ shop: shop.domain, order: delivered.name, status: "delivered" });
  await engine.settle();
  const now = new Date(Date.now() + 5_000);
  engine.setTime(now);
  const { triggerId } = await forShop(shop.id, async (tx) => {
    const locales = { en: { subject: "Now {{ order.name }}", body: "Hello {{ customer.first_name }}." } };
    const template = await saveTemplate(
      tx,
      shop.id,
      null,
      { name: "Kiln", purpose: "usage", fallbackLocale: "en", locales },
      "user:1",
      now,
    );
    const rules = [{ kind: "product" as const, values: [{ id: product!.id, label: "" }] }];
    const definition = make.definition({ include: { mode: "any", rules } });
    const draft = { name: "Kiln", priority: 0, templateId: template.id, definition };
    const trigger = await saveTrigger(tx, shop.id, null, draft, "user:1", now);
    return { triggerId: trigger.id };
  });
  const release = await forShop(shop.id, (tx) => submitForReview(tx, shop.id, triggerId, "user:1", now));
  const counts = await forShop(shop.id, (tx) => countForApproval(tx, shop, release, now));
  expect(counts).toEqual({ waiting: 0, included: { stay: 1, move: 1 } });
  await forShop(shop.id, (tx) =>
    approve(tx, shop.id, release.id, approval({ includePaid: true }), "user:1", now),
  );
  expect(await planIncluded(now)).toBe(2);
  expect(await planIncluded(now)).toBe(0);
  expect(await forShop(shop.id, (tx) => getRelease(tx, shop.id, release.id))).toMatchObject({
    includedAt: now,
  });
  await engine.dispatch();
  const mails = engine.sandbox.mails().filter(({ subject }) => subject.startsWith("Now "));
  expect(mails).toMatchObject([{ to: ["paid@example.com"], subject: `Now ${paid.name}` }]);
  engine.setTime(null);
});
