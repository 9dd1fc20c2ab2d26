import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { tellBroken } from "#app/features/privacy/audit.jobs.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

test("staff hear of a broken chain, once for each place where one breaks; the merchant hears of it from them", async () => {
  const { id } = engine.shop;
  const now = engine.clock();
  const told = () =>
    forPlatform("audit", (tx) =>
      tx.notice.findMany({ where: { kind: "audit_broken" }, orderBy: { createdAt: "asc" } }),
    );
  const breakAt = (brokenSeq: number) =>
    forShop(id, (tx) => tx.auditHead.update({ where: { shopId: id }, data: { brokenSeq } }));
  await forShop(id, (tx) => recordAudit(tx, id, { actor: "system", action: "sending.off" }));
  await tellBroken(now);
  expect(await told()).toEqual([]);
  await breakAt(7);
  await tellBroken(now);
  await tellBroken(new Date(now.getTime() + 300_000));
  expect(await told()).toMatchObject([{ shopId: null, facts: { chain: id, entry: 7 } }]);
  await breakAt(3);
  await tellBroken(new Date(now.getTime() + 600_000));
  expect((await told()).map(({ facts }) => facts)).toEqual([
    { chain: id, entry: 7 },
    { chain: id, entry: 3 },
  ]);
});
