import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { verifyAll } from "#app/features/audit/verify.all.server.ts";
import { rehearsePurge } from "#app/features/privacy/purge.drill.server.ts";
import { isGenuine } from "#app/features/privacy/receipts.server.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { sweepPurges } from "#app/features/privacy/purge.jobs.ts";
import { openedKeyStore } from "#app/platform/crypto/keystore.ts";
import { forPlatform, rawPool } from "#app/platform/db/db.ts";
import { metrics } from "#app/platform/metrics.ts";
import { startQueue, type Queue } from "#app/platform/queue/queue.ts";
import { jobs } from "#app/jobs.ts";
import { addWebhooks, dumpShop, fillShop } from "#tests/factories/shops.ts";
import { at, hours, startPurging, type Purging } from "#tests/purging.ts";

let purging: Purging;
let queue: Queue;
beforeAll(async () => {
  purging = await startPurging();
  queue = await startQueue({ jobs, work: false });
});
afterAll(async () => {
  await queue.stop();
  await purging.stop();
});
afterEach(async () => {
  await rawPool().query("DROP TABLE IF EXISTS leftovers CASCADE");
  await rawPool().query("DROP FUNCTION IF EXISTS leave_over() CASCADE");
});

const clock = () => new Date();
const receipts = () =>
  forPlatform("purge", (tx) => tx.receipt.findMany({ where: { kind: "drill" }, orderBy: { id: "asc" } }));
const verdict = async () => (await receipts()).at(-1)!;
const invented = () =>
  forPlatform("purge", (tx) => tx.shop.findMany({ where: { domain: { endsWith: ".invalid" } } }));
const keys = async () =>
  (await openedKeyStore().pool.query<{ shop_id: string }>("SELECT shop_id FROM data_keys ORDER BY 1")).rows;

/** Cut off as by a worker that stops, when the clock is asked for the `turn`th time. */
function cutOff(turn: number) {
  const cut = new AbortController();
  let asked = 0;
  const counting = () => {
    asked += 1;
    if (asked === turn) cut.abort(new Error("the worker stops"));
    return new Date();
  };
  return { counting, signal: cut.signal };
}

test("erases a row in every table a shop has rows in, leaves a signed receipt, and no other shop is touched", async () => {
  const shop = await fillShop("bystander.myshopify.com", 3);
  // An event of the mail provider that nobody can claim goes with a real purge.
  await addWebhooks("", 1);
  const [before, keysBefore] = [await dumpShop(shop.id, shop.domain), await keys()];

  expect(await rehearsePurge(clock)).toBe(true);

  const receipt = await verdict();
  expect(receipt.details).toMatchObject({ of: "purge", passed: true, left: [], unseen: [] });
  expect(await isGenuine(receipt)).toBe(true);
  // The session goes with the uninstall, before anything is counted.
  const erased = RULES.flatMap(({ shop: fate, table }) => (fate === "delete" ? table : []));
  const counted = erased.filter((table) => table !== "sessions");
  expect(Object.keys(receipt.counts as object).sort()).toEqual([...counted, "inbox"].sort());
  expect(receipt.finishedAt.getTime()).toBeGreaterThanOrEqual(receipt.startedAt.getTime());

  expect(await dumpShop(shop.id, shop.domain)).toBe(before);
  expect(await keys()).toEqual(keysBefore);
  expect(await forPlatform("purge", (tx) => tx.inbox.findMany({ where: { shopDomain: "" } }))).toMatchObject([
    { bodySealed: expect.any(Uint8Array) as Uint8Array },
  ]);
  expect(await invented()).toEqual([]);
  const { rows: waiting } = await rawPool().query("SELECT 1 FROM pgboss.job WHERE name = 'answer-request'");
  expect(waiting).toEqual([]);
  const told = await forPlatform("purge", (tx) => tx.notice.findMany());
  expect(told).toEqual([]);
  expect((await verifyAll()).broken).toEqual([]);
  // What was only rehearsed does not pass for a shop's purge.
  expect(await forPlatform("purge", (tx) => tx.receipt.count({ where: { kind: "shop_purge" } }))).toBe(0);
});

test("that finds something left fails: the receipt names it, and support is told", async () => {
  await rawPool().query(`
    CREATE TABLE leftovers (shop_id uuid NOT NULL);
    CREATE FUNCTION leave_over() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO leftovers VALUES (NEW.shop_id); RETURN NEW; END $$;
    CREATE TRIGGER leaves AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION leave_over();`);

  expect(await rehearsePurge(clock)).toBe(false);

  const receipt = await verdict();
  expect(receipt.details).toMatchObject({ of: "purge", passed: false, left: ["leftovers"] });
  const [notice] = await forPlatform("purge", (tx) => tx.notice.findMany());
  expect(notice).toMatchObject({
    shopId: null,
    kind: "purge_drill_failed",
    facts: { receiptId: receipt.id, places: "leftovers" },
  });
  expect(await metrics.getSingleMetricAsString("aftercare_purge_drills_total")).toMatch(/result="failed"} 1/);
});

test("that does not come to its end fails too, and the purge goes on by itself", async () => {
  await rawPool().query(`
    CREATE FUNCTION leave_over() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$;
    CREATE TRIGGER sticks BEFORE DELETE ON products FOR EACH ROW EXECUTE FUNCTION leave_over();`);
  expect(await rehearsePurge(clock)).toBe(false);
  expect((await verdict()).details).toMatchObject({ of: "purge", passed: false });
  expect((await verdict()).details).toHaveProperty("failure");
  await rawPool().query("DROP FUNCTION leave_over() CASCADE");
  await sweepPurges(clock);
  expect(await forPlatform("purge", (tx) => tx.purge.count({ where: { state: { not: "done" } } }))).toBe(0);

  // As if it had been killed before the shop had a key.
  const { pool } = openedKeyStore();
  await pool.query("ALTER TABLE data_keys ADD CONSTRAINT closed CHECK (false) NOT VALID");
  expect(await rehearsePurge(clock)).toBe(false);
  await pool.query("ALTER TABLE data_keys DROP CONSTRAINT closed");
  expect(await invented()).toHaveLength(1);
  await sweepPurges(at(new Date(Date.now() + hours(25))));
  expect(await invented()).toEqual([]);
});

test("that was cut off is cleaned up by the next one, or by the ordinary purge", async () => {
  const before = await keys();
  for (let turn = 2; turn <= 6; turn += 1) {
    const { counting, signal } = cutOff(turn);
    const given = (await receipts()).length;
    await rehearsePurge(counting, signal).catch((error: Error) =>
      expect(error.message).toBe("the worker stops"),
    );
    if (turn % 2 === 0) await sweepPurges(at(new Date(Date.now() + hours(25))));
    else expect(await rehearsePurge(clock)).toBe(true);
    expect(await keys(), `turn ${turn}`).toEqual(before);
    expect((await receipts()).length).toBeGreaterThan(given);
    const open = await forPlatform("purge", (tx) => tx.purge.count({ where: { state: { not: "done" } } }));
    expect(open, `turn ${turn}`).toBe(0);
    expect(
      await forPlatform("purge", (tx) => tx.inbox.count({ where: { shopDomain: { endsWith: ".invalid" } } })),
    ).toBe(0);
  }
  expect((await verifyAll()).broken).toEqual([]);
});
