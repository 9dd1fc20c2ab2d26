import { readFile } from "node:fs/promises";
import { inspect } from "./inspect.ts";
import { expect, test, type TestShop } from "./test.ts";
import { addTemplate, addTrigger, AT_ONCE, buy, messageBecomes } from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";

/** Resolves when there is an order with a message that waits, and all that it takes. */
async function plan(shop: TestShop, buyer: string): Promise<void> {
  const templateId = await addTemplate(shop, "epoxy_two_component");
  await addTrigger(shop, { name: "Epoxy: safety", templateId, type: "Resin", ...AT_ONCE });
  await messageBecomes(shop, await buy(shop, buyer, EPOXY), "planned");
}

/** Resolves when the shop is back and knows that it had left. */
async function leaveAndReturn(shop: TestShop): Promise<void> {
  await shop.control("uninstall");
  await shop.control("settled");
  await expect
    .poll(async () => {
      await shop.control("install");
      const { returned } = await shop.door.read<{ returned: object | null }>("app._index", "/app?index");
      return returned;
    })
    .not.toBeNull();
}

test("a merchant who comes back is asked: keeps everything, or starts fresh and finds nothing", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  await plan(shop, "ada@example.com");

  await test.step("Home shows what was kept, and sending is off", async () => {
    await leaveAndReturn(shop);
    await admin.open("/app");
    await expect(app.getByRole("heading", { name: "Welcome back" })).toBeVisible();
    await expect(
      app.getByText(/^Everything from before is still here: 1 trigger, 1 template, and 1 order/),
    ).toBeVisible();
    await expect(app.getByRole("switch")).not.toBeChecked();
    await inspect(page, "home-returned");
  });

  await test.step("kept: the card goes, the trigger is there", async () => {
    await app.getByRole("button", { name: "Keep everything" }).click();
    await admin.toast("Everything is kept");
    await expect(app.getByRole("heading", { name: "Welcome back" })).toHaveCount(0);
    await admin.menu("Triggers");
    await expect(app.getByText("Epoxy: safety").filter({ visible: true }).first()).toBeVisible();
  });

  await test.step("starting fresh asks first, then nothing is left", async () => {
    await leaveAndReturn(shop);
    await admin.open("/app");
    await app.getByRole("button", { name: "Start fresh" }).click();
    await expect(app.getByText(/^Everything from before is erased for good/)).toBeVisible();
    await inspect(page, "home-fresh-question");
    await app.getByRole("dialog").getByRole("button", { name: "Erase and start fresh" }).click();
    await admin.toast("You start fresh");
    await expect(app.getByRole("heading", { name: "Welcome back" })).toHaveCount(0);
    await expect(app.getByText("Set up Aftercare")).toBeVisible();
    await admin.menu("Triggers");
    await expect(app.getByText("Send the right message after a purchase")).toBeVisible();
    await expect(app.getByText("Epoxy: safety")).toHaveCount(0);
  });
});

test("what Shopify asks to erase of a store that is back is shown with what it erased, and all receipts can be taken", async ({
  page,
  admin,
  shop,
}) => {
  test.setTimeout(240_000);
  // Purges are begun once a minute.
  const purged = { timeout: 100_000 };
  const { app } = admin;
  await shop.install();
  await plan(shop, "grace@example.com");
  await leaveAndReturn(shop);
  await shop.control("redact-shop");
  await shop.control("settled");

  await admin.open("/app/privacy");
  const row = app.getByRole("row", { name: "Erase data of earlier installs" });
  await expect(row).toContainText("Through Shopify");
  await row.getByRole("link").click();
  await expect(app.getByText(/only the orders and messages of earlier installs were erased/)).toBeVisible(
    purged,
  );
  await expect(app.getByText("Signature checked: genuine")).toBeVisible();
  await expect(app.getByRole("term").filter({ hasText: "Orders" })).toBeVisible();
  await inspect(page, "privacy-cleared");

  await admin.open("/app/privacy");
  await expect(row).toContainText("Done");
  const receipt = app.getByRole("listitem").filter({ hasText: "Orders and messages of earlier installs" });
  await expect(receipt).toContainText("1 order, 1 message");
  await expect(receipt).toContainText("Genuine");
  // What went when the merchant started fresh has its receipt in the shop that came after it.
  await expect(
    app.getByRole("listitem").filter({ hasText: "Everything, because you started fresh" }),
  ).toBeVisible();
  await inspect(page, "privacy-receipts");
  const arriving = page.waitForEvent("download");
  await receipt.getByRole("button", { name: /^Download the receipt of/ }).click();
  const file = await arriving;
  expect(file.suggestedFilename()).toMatch(/^aftercare-receipt-\d{4}-\d\d-\d\d\.json$/);
  expect(JSON.parse(await readFile(await file.path(), "utf8"))).toMatchObject({
    receipt: { kind: "generation_purge", counts: { orders: 1 }, details: { reason: "shop_redact" } },
  });
});
