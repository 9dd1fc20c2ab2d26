import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StaffMember } from "#app/connectors/sources.ts";
import {
  listMembers,
  meetMember,
  removeMember,
  setRole,
  setStartingRole,
} from "#app/features/shops/members.server.ts";
import type { Role } from "#app/features/shops/roles.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import { forShop } from "#app/platform/db/db.ts";
import { useDatabases } from "#tests/databases.ts";
import { makeShop } from "#tests/factories/held.ts";

const NOW = new Date("2026-11-27T10:00:00Z");
const day = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

const { connectNew } = useDatabases();
beforeAll(async () => void (await connectNew()));

let shop: Shop;
beforeEach(async () => {
  shop = await makeShop("people");
});

const told =
  (name: string, accountOwner = false) =>
  () =>
    Promise.resolve<StaffMember>({ name, accountOwner });
const silent = () => Promise.resolve(null);
const meet = (userId: string, ask: () => Promise<StaffMember | null> = told(`Person ${userId}`), now = NOW) =>
  meetMember(shop.id, userId, now, ask);
const list = () => forShop(shop.id, (tx) => listMembers(tx, shop.id));
const roles = async () => Object.fromEntries((await list()).map(({ userId, role }) => [userId, role]));
const idOf = async (userId: string) => (await list()).find((each) => each.userId === userId)!.id;
const change = async (userId: string, role: Role, by: string) => {
  const id = await idOf(userId);
  return forShop(shop.id, (tx) => setRole(tx, shop.id, id, role, `user:${by}`));
};
const entriesOf = (action: string) =>
  forShop(shop.id, (tx) =>
    tx.auditEvent.findMany({ where: { shopId: shop.id, action }, orderBy: { seq: "asc" } }),
  );

describe("whoever opens the app", () => {
  test("is the owner when nobody was there before; others begin as editors", async () => {
    expect(await meet("1")).toBe("owner");
    expect(await meet("2")).toBe("editor");
    expect(await list()).toMatchObject([
      { userId: "1", name: "Person 1", role: "owner", seenOn: "2026-11-27" },
      { userId: "2", name: "Person 2", role: "editor", seenOn: "2026-11-27" },
    ]);
  });

  test("is one owner, however many come at once", async () => {
    const met = await Promise.all(Array.from({ length: 10 }, (_, n) => meet(String(n))));
    expect(met.filter((role) => role === "owner")).toHaveLength(1);
  });

  test("is one person, however many pages they open at once", async () => {
    await Promise.all(Array.from({ length: 10 }, () => meet("1")));
    expect(await list()).toHaveLength(1);
  });

  test("and owns the Shopify account is an owner, as soon as Shopify tells", async () => {
    await meet("1");
    expect(await meet("2", silent)).toBe("editor");
    expect(await meet("2", told("Ada", true), day(1))).toBe("owner");
    expect(await roles()).toEqual({ 1: "owner", 2: "owner" });
  });

  test("begins as the owner chose", async () => {
    await meet("1");
    await forShop(shop.id, (tx) => setStartingRole(tx, shop.id, "viewer", "user:1"));
    expect(await meet("2")).toBe("viewer");
    expect(await entriesOf("people.start_changed")).toMatchObject([
      { actor: "user:1", before: { role: "editor" }, after: { role: "viewer" } },
    ]);
  });

  test("is asked after once, and again after a month; where Shopify is silent, the next day", async () => {
    let asked = 0;
    const ask = (answer: StaffMember | null) => () => {
      asked += 1;
      return Promise.resolve(answer);
    };
    await meet("1", ask(null));
    await meet("1", ask(null));
    expect(asked).toBe(1);
    await meet("1", ask({ name: "Ada", accountOwner: false }), day(1));
    await meet("1", ask(null), day(2));
    expect(asked).toBe(2);
    await meet("1", ask({ name: "Ada Byron", accountOwner: false }), day(32));
    expect(await list()).toMatchObject([{ name: "Ada Byron", seenOn: "2026-12-29" }]);
  });

  test("is named in the database by nothing readable", async () => {
    await meet("1", told("Mara Marker"));
    const row = await forShop(shop.id, (tx) => tx.member.findFirstOrThrow({ where: { shopId: shop.id } }));
    expect(JSON.stringify(row)).not.toContain("Mara");
    expect(Buffer.from(row.nameSealed!).toString("latin1")).not.toContain("Mara");
  });
});

describe("an owner", () => {
  beforeEach(async () => {
    await meet("1");
    await meet("2");
    await meet("3");
  });

  test("changes a role, and it is told", async () => {
    await change("2", "approver", "1");
    expect(await roles()).toEqual({ 1: "owner", 2: "approver", 3: "editor" });
    expect((await entriesOf("people.role_changed")).at(-1)).toMatchObject({
      actor: "user:1",
      subject: await idOf("2"),
      before: { role: "editor" },
      after: { role: "approver" },
    });
  });

  test("who is the last can neither step down nor go", async () => {
    const id = await idOf("1");
    await expect(change("1", "viewer", "1")).rejects.toMatchObject({ code: "conflict" });
    await expect(forShop(shop.id, (tx) => removeMember(tx, shop.id, id, "user:1"))).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await roles()).toMatchObject({ 1: "owner" });
  });

  test("of the Shopify account stays one", async () => {
    await meet("4", told("Ada", true));
    await expect(change("4", "viewer", "1")).rejects.toMatchObject({ code: "conflict" });
  });

  test("takes somebody off the list: the name goes, and they may only look when they come back", async () => {
    const id = await idOf("2");
    await forShop(shop.id, (tx) => removeMember(tx, shop.id, id, "user:1"));
    expect(await roles()).toEqual({ 1: "owner", 3: "editor" });
    const row = await forShop(shop.id, (tx) =>
      tx.member.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id } } }),
    );
    expect(row).toMatchObject({ nameSealed: null, role: "viewer", seenOn: null });
    expect(await meet("2")).toBe("viewer");
    expect(await entriesOf("people.removed")).toMatchObject([{ subject: id, before: { role: "editor" } }]);
  });

  test("alone changes people", async () => {
    await change("2", "approver", "1");
    for (const by of ["2", "3", "9"])
      await expect(change("3", "owner", by)).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      forShop(shop.id, (tx) => setStartingRole(tx, shop.id, "approver", "user:2")),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  test("of another store changes nobody here", async () => {
    const id = await idOf("3");
    const there = await makeShop("elsewhere");
    await meetMember(there.id, "1", NOW, silent);
    await expect(
      forShop(there.id, (tx) => setRole(tx, there.id, id, "owner", "user:1")),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("is left, when twenty try to demote two owners at once", async () => {
    await change("2", "owner", "1");
    const [one, two] = [await idOf("1"), await idOf("2")];
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => {
        const [id, by] = n % 2 ? [one, "2"] : [two, "1"];
        const act =
          n % 3 === 0
            ? removeMember
            : (...[tx, shopId, who, actor]: Parameters<typeof removeMember>) =>
                setRole(tx, shopId, who, "viewer", actor);
        return forShop(shop.id, (tx) => act(tx, shop.id, id, `user:${by}`));
      }),
    );
    const owners = (await list()).filter(({ role }) => role === "owner");
    expect(owners).toHaveLength(1);
    expect(tries.some(({ status }) => status === "fulfilled")).toBe(true);
    for (const attempt of tries)
      if (attempt.status === "rejected")
        expect((attempt.reason as { code: string }).code).toMatch(/^(conflict|forbidden)$/);
  });
});
