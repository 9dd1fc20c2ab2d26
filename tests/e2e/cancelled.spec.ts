import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import {
  addTemplate,
  addTrigger,
  AT_ONCE,
  buy,
  mailsArrive,
  mailsTo,
  messageBecomes,
  switchSending,
} from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";

test("a cancelled order gets nothing, and its page says why", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "epoxy_two_component");
  await addTrigger(shop, { name: "Epoxy: safety", templateId, type: "Resin", ...AT_ONCE });
  // While sending is off both messages fall due and wait, so that nothing but the cancellation tells them apart.
  const cancelled = await buy(shop, "cancels@example.com", EPOXY);
  const kept = await buy(shop, "keeps@example.com", EPOXY);
  await messageBecomes(shop, cancelled, "planned");
  await messageBecomes(shop, kept, "planned");

  await page.goto(`https://admin.shopify.com/store/${shop.handle}/orders`);
  const card = page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name: cancelled.name }) });
  await card.getByRole("button", { name: "Cancel order" }).click();
  await expect(card.getByText("cancelled")).toBeVisible();
  await messageBecomes(shop, cancelled, "cancelled");
  await switchSending(shop, true);
  await mailsArrive("keeps@example.com", 1);
  expect(await mailsTo("cancels@example.com")).toEqual([]);

  await admin.open("/app/messages");
  const row = app.getByRole("row", { name: cancelled.name });
  await expect(row).toContainText("Cancelled");
  await expect(row).toContainText("The order was cancelled.");
  await row.getByRole("link").first().click();
  await expect(app.getByRole("heading", { name: `Message for order ${cancelled.name}` })).toBeVisible();
  await expect(app.getByRole("heading", { name: "Why", exact: true })).toBeVisible();
  await expect(app.getByText("The order was cancelled.").first()).toBeVisible();
  await inspect(page, "message-cancelled");
});
