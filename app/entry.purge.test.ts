// The commands with which a person says what no machine may decide.
import { afterAll, beforeAll, expect, test } from "vitest";
import { forPlatform } from "#app/platform/db/db.ts";
import { runCommand } from "#tests/commands.ts";
import { fillShop } from "#tests/factories/shops.ts";
import { hours, startPurging, type Purging } from "#tests/purging.ts";

const DOMAIN = "left.myshopify.com";
let purging: Purging;
beforeAll(async () => {
  purging = await startPurging();
});
afterAll(() => purging.stop());

/** Runs `npm run purge:…` to its end. */
function purge(command: "confirm" | "lift", ...args: string[]) {
  const { url, keysUrl } = purging.database;
  const env = { ...process.env, DATABASE_URL: url, KEYS_DATABASE_URL: keysUrl, LOG_LEVEL: "info" };
  return runCommand([`purge:${command}`, ...args], { env });
}

const read = () =>
  forPlatform("purge", async (tx) => ({
    shop: await tx.shop.findUniqueOrThrow({ where: { domain: DOMAIN } }),
    sessions: await tx.session.count(),
    purges: await tx.purge.findMany({ where: { shopDomain: DOMAIN } }),
    holds: await tx.purgeHold.findMany(),
    told: await tx.platformAuditEvent.findMany({ where: { actor: "staff:ada" }, orderBy: { seq: "asc" } }),
  }));

test("nothing is done for who does not say who they are, or names no shop of ours", async () => {
  const shop = await fillShop(DOMAIN, 1);
  const before = await read();
  for (const [why, ...asked] of [
    ["--shop is a domain", "confirm", "--shop", "https://left.example.com", "--by", "ada"],
    ["--by names you", "lift", "--by", "a b"],
  ] as [string, "confirm" | "lift", ...string[]][]) {
    const { code, said } = await purge(...asked);
    expect(code, asked.join(" ")).not.toBe(0);
    expect(said.join("\n")).toContain(why);
  }
  const unknown = await purge("confirm", "--shop", "nobody.myshopify.com", "--by", "ada");
  expect(unknown.code).not.toBe(0);
  expect(unknown.said.join()).toContain("no shop has this domain");
  expect(await read()).toEqual(before);
  expect(shop.state).toBe("installed");
}, 60_000);

test("purge:confirm takes the shop's tokens and brings its purge after the grace, once", async () => {
  const confirmed = await purge("confirm", "--shop", DOMAIN, "--by", "ada");
  expect(confirmed).toMatchObject({ code: 0, said: ["the shop has left; its purge is on its way"] });
  const { shop, sessions, purges, told } = await read();
  expect(shop).toMatchObject({ state: "uninstalled", sending: false });
  expect(sessions).toBe(0);
  expect(purges).toMatchObject([{ scope: "shop", reason: "confirmed", state: "waiting" }]);
  expect(purges[0]!.startsAt.getTime() - shop.uninstalledAt!.getTime()).toBe(hours(24));
  expect(told).toMatchObject([{ action: "purge.confirmed", subject: shop.id }]);

  const again = await purge("confirm", "--shop", DOMAIN, "--by", "ada");
  expect(again.code).not.toBe(0);
  expect(again.said.join()).toContain("the shop has left already");
  expect((await read()).purges).toEqual(purges);
});

test("purge:lift lets purging go on, under the name of who looked", async () => {
  expect(await purge("lift", "--by", "ada")).toMatchObject({ code: 0, said: ["purging was not held"] });
  await forPlatform("purge", (tx) =>
    tx.purgeHold.create({ data: { reason: "5 suspects", since: new Date() } }),
  );
  expect(await purge("lift", "--by", "ada")).toMatchObject({ code: 0, said: ["purging goes on"] });
  const { holds, told } = await read();
  expect(holds).toMatchObject([{ liftedBy: "staff:ada", liftedAt: expect.any(Date) as Date }]);
  expect(told.map(({ action }) => action)).toEqual(["purge.confirmed", "purge.hold_lifted"]);
});
