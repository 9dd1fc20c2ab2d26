import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { PgBoss } from "pg-boss";
import { overTheWall } from "#tests/setup/wall.ts";
import { house } from "./house.ts";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { AT_ONCE, addTemplate, addTrigger, buy, buyersAreHeld } from "./things.ts";

const BATTERY = "Trailcell 600 Lithium Battery Pack";

/** Makes a shop's orders of these names as old as that. */
async function makeOld(domain: string, days: Record<string, number>): Promise<void> {
  const client = new Client({ connectionString: overTheWall(house().databaseUrl) });
  await client.connect();
  for (const [name, age] of Object.entries(days)) {
    await client.query(
      `UPDATE orders o SET placed_at = now() - make_interval(days => $3) FROM shops s
        WHERE o.shop_id = s.id AND s.domain = $1 AND o.name = $2`,
      [domain, name, age],
    );
  }
  await client.end();
}

/** The nightly sweep, now. */
async function sweep(): Promise<void> {
  const boss = new PgBoss({
    connectionString: house().databaseUrl,
    supervise: false,
    schedule: false,
    migrate: false,
  });
  await boss.start();
  const id = await boss.send("sweep-retention", {});
  await expect
    .poll(async () => (await boss.findJobs("sweep-retention", { id: id! }))[0]?.state, { timeout: 30_000 })
    .toBe("completed");
  await boss.stop();
}

test("a shop that has nothing yet sees what would be held, and why", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/privacy/data");
  await expect(app.getByRole("tab", { name: "What we hold" })).toHaveAttribute("aria-selected", "true");
  await expect(app.getByText("No orders yet.")).toBeVisible();
  await expect(app.getByRole("heading", { name: "Names and email addresses of buyers" })).toBeVisible();
  await expect(app.getByText("No trigger is live, so no buyer is written to.").first()).toBeVisible();
  await inspect(page, "holdings-empty");
});

test("times are chosen within bounds; what shortening one erases is told first, and a receipt after", async ({
  page,
  admin,
  shop,
  allow,
}) => {
  const { app } = admin;
  allow(/\b422\b/);
  await shop.install();
  const templateId = await addTemplate(shop, "cast_iron_seasoning");
  await addTrigger(shop, { name: "Batteries", templateId, type: "Battery", ...AT_ONCE });
  const orders = [];
  for (const name of ["ann", "ben", "cem", "dora"])
    orders.push(await buy(shop, `${name}@buyers.test`, BATTERY));
  await buyersAreHeld(shop, 4);
  await makeOld(shop.domain, { [orders[0]!.name]: 100, [orders[1]!.name]: 65, [orders[2]!.name]: 40 });

  await admin.open("/app/privacy/data");
  const buyers = app.getByRole("spinbutton", { name: "Names and email addresses of buyers" });
  await expect(buyers).toHaveValue("180");
  await buyers.fill("20");
  await admin.save();
  await expect(buyers).toHaveAccessibleDescription(/Keep it at least 30 days\./);
  await expect(buyers).toBeFocused();
  await inspect(page, "holdings-errors");

  await buyers.fill("60");
  await admin.save();
  const question = app.getByRole("dialog");
  await expect(app.getByText(/erases 2 buyers' names and addresses/)).toBeVisible();
  await question.getByRole("button", { name: "Back" }).click();
  await expect(admin.saveBar).toBeVisible();
  await admin.save();
  await question.getByRole("button", { name: "Save and erase" }).click();
  await admin.toast("Times saved");
  await expect(admin.saveBar).toBeHidden();

  await sweep();
  await admin.open("/app/privacy/data");
  await expect(buyers).toHaveValue("60");
  await expect(app.getByText("2 buyers' names and addresses", { exact: true })).toBeVisible();
  await expect(app.getByText("Genuine", { exact: true })).toBeVisible();
  const downloading = page.waitForEvent("download");
  await app.getByRole("button", { name: /Download the receipt of/ }).click();
  const receipt = JSON.parse(await readFile(await (await downloading).path(), "utf8")) as {
    receipt: { kind: string; counts: object };
    publicKey: string;
  };
  expect(receipt.receipt).toMatchObject({ kind: "retention_sweep", counts: { "orders.buyer": 2 } });
  expect(receipt.publicKey).toContain("BEGIN PUBLIC KEY");
  await inspect(page, "holdings");
});
