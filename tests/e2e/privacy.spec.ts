// A customer asks, through Shopify and through the merchant: a copy handed over, a name put right, a person erased.
import type { Page } from "@playwright/test";
import { inspect } from "./inspect.ts";
import { expect, test, type TestShop } from "./test.ts";
import {
  addTemplate,
  addTrigger,
  AT_ONCE,
  buy,
  mailsArrive,
  messageBecomes,
  switchSending,
} from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";

test("what a customer asks through Shopify is answered, read and handed over; then they are erased", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/privacy");
  await expect(app.getByText("No requests yet")).toBeVisible();
  await expect(app.getByText(/^Nothing of your store as a whole was erased so far/)).toBeVisible();
  await inspect(page, "privacy-empty");

  const templateId = await addTemplate(shop, "epoxy_two_component");
  await addTrigger(shop, { name: "Epoxy: safety", templateId, type: "Resin", ...AT_ONCE });
  await switchSending(shop, true);
  const order = await buy(shop, "asks@example.com", EPOXY);
  await mailsArrive("asks@example.com", 1);
  await messageBecomes(shop, order, "delivered");

  // As somebody who tries the demo does it: on Shopify's page of orders.
  await press(page, shop, "Send customers/data_request", "asks@example.com");
  await admin.open("/app/privacy");
  const row = app.getByRole("row", { name: "Copy of a customer’s data" });
  await expect(row).toContainText("Through Shopify");
  await row.getByRole("link").click();
  await expect(app.getByText(/^Give this copy to your customer by/)).toBeVisible({ timeout: 20_000 });
  const copy = app.frameLocator("iframe[title='What is held on this customer']");
  await expect(copy.getByRole("heading", { name: `Order ${order.name}` })).toBeVisible();
  await expect(copy.getByText("asks@example.com").first()).toBeVisible();
  await inspect(page, "privacy-request");

  const arriving = page.waitForEvent("download");
  await app.getByRole("button", { name: "Download data (JSON)" }).click();
  expect((await arriving).suggestedFilename()).toBe("customer-data.json");
  await expect(app.getByText("by download")).toBeVisible();
  await expect(app.getByText("Handed over").first()).toBeVisible();

  await press(page, shop, "Send customers/redact", "asks@example.com");
  await admin.open("/app/privacy");
  await app.getByRole("row", { name: "Erase a customer" }).getByRole("link").click();
  await expect(app.getByText(/^The customer’s data was erased/)).toBeVisible({ timeout: 20_000 });
  await expect(app.getByText("Signature checked: genuine")).toBeVisible();
  await inspect(page, "privacy-erased");
  await admin.open("/app/messages");
  await app.getByRole("row", { name: order.name }).getByRole("link").first().click();
  await expect(app.getByRole("heading", { name: `Message for order ${order.name}` })).toBeVisible();
  await expect(app.getByText("asks@example.com")).toHaveCount(0);
});

test("a merchant finds a customer, puts their name right and erases them", async ({
  page,
  admin,
  shop,
  allow,
}) => {
  allow(/\b(404|422)\b/);
  const { app } = admin;
  await shop.install();
  const order = await buy(shop, "wants@example.com", EPOXY);
  await admin.open("/app/privacy");
  const field = app.getByLabel("Order or email address");

  await app.getByRole("button", { name: "Find customer" }).click();
  await expect(app.getByText("Enter an order number or an email address.")).toBeVisible();
  await field.fill("#999999");
  await field.press("Enter");
  await expect(app.getByText(/^No order with this number is held here/)).toBeVisible();
  await inspect(page, "privacy-find");
  await field.fill("nobody@example.com");
  await field.press("Enter");
  await expect(app.getByText("Nothing is held on this address")).toBeVisible();
  await app.getByRole("button", { name: "Record this answer" }).click();
  await expect(app.getByText("Nothing is held on this customer. You can tell them so.")).toBeVisible({
    timeout: 20_000,
  });

  await admin.open("/app/privacy");
  await field.fill("wants@example.com");
  await field.press("Enter");
  await expect(app.getByText(order.name, { exact: true })).toBeVisible();
  await inspect(page, "privacy-buyer");
  await app.getByRole("button", { name: "Save correction" }).click();
  await expect(app.getByText("Change at least one of these.")).toBeVisible();
  await app.getByLabel("Email").fill("not an address");
  await app.getByRole("button", { name: "Save correction" }).click();
  await expect(app.getByText("Enter an email address, or leave the field empty.")).toBeVisible();
  await app.getByLabel("Email").fill("wants@example.com");
  await app.getByLabel("First name").fill("Joanna");
  await app.getByRole("button", { name: "Save correction" }).click();
  await expect(app.getByText(/^The customer’s details were corrected/)).toBeVisible({ timeout: 20_000 });

  await admin.open("/app/privacy");
  await field.fill(order.name);
  await field.press("Enter");
  await expect(app.getByRole("heading", { name: /^Joanna/ })).toBeVisible();
  await admin.ready();
  await app.getByRole("button", { name: "Erase customer…" }).click();
  await expect(app.getByText(/The customer’s data is taken out of one order/)).toBeVisible();
  await inspect(page, "privacy-question");
  await app.getByRole("dialog").getByRole("button", { name: "Erase for good" }).click();
  await expect(app.getByText(/^The customer’s data was erased/)).toBeVisible({ timeout: 20_000 });
  await admin.open("/app/privacy");
  await expect(app.getByRole("row", { name: "Correct a customer" })).toContainText("From your team");
  await inspect(page, "privacy-list");
  await field.fill(order.name);
  await field.press("Enter");
  await expect(app.getByText(/^No order with this number is held here/)).toBeVisible();
});

/** Sends what Shopify sends for a customer, by the buttons on the sandbox's page of orders. */
async function press(page: Page, shop: TestShop, button: string, email: string): Promise<void> {
  await page.goto(`https://admin.shopify.com/store/${shop.handle}/orders`);
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: button }) });
  await form.getByLabel("Customer").selectOption(email);
  await form.getByRole("button", { name: button }).click();
  await expect(page.getByText("Sent, answered 200").first()).toBeVisible();
  await shop.control("settled");
}
