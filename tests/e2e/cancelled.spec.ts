import { inspect } from "./inspect.ts";
import { expect, test, type TestShop } from "./test.ts";
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
// Shopify tells of a cancellation and of the refund that comes with it apart, in either order: the first to arrive stops the message.
const WHY = /The order was cancelled\.|The product was refunded or taken off the order\./;

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
  const { id } = await messageBecomes(shop, cancelled, "cancelled");
  await expect.poll(() => reasonsNow(shop, id)).toEqual(["order_cancelled"]);
  await switchSending(shop, true);
  await mailsArrive("keeps@example.com", 1);
  expect(await mailsTo("cancels@example.com")).toEqual([]);

  await admin.open("/app/messages");
  const row = app.getByRole("row", { name: cancelled.name });
  await expect(row).toContainText("Cancelled");
  await expect(row).toContainText(WHY);
  await row.getByRole("link").first().click();
  await expect(app.getByRole("heading", { name: `Message for order ${cancelled.name}` })).toBeVisible();
  await expect(app.getByRole("heading", { name: "Why", exact: true })).toBeVisible();
  await expect(app.getByText(WHY).first()).toBeVisible();
  await expect(app.getByText("Epoxy: safety: does not send. The order was cancelled.")).toBeVisible();
  await inspect(page, "message-cancelled");

  await app.getByRole("link", { name: "What this order got, and why" }).click();
  await expect(app.getByRole("heading", { name: `Order ${cancelled.name}` })).toBeVisible();
  await expect(app.getByText(WHY)).toBeVisible();
  await inspect(page, "order-explained");

  await admin.open(`/app/messages?order=${encodeURIComponent(cancelled.name)}`);
  await app.getByRole("link", { name: cancelled.name }).first().click();
  await expect(app.getByText(WHY).first()).toBeVisible();
  await admin.open("/app/orders?got=nothing");
  await expect(app.getByRole("row", { name: cancelled.name })).toContainText("Nothing");
  await expect(app.getByRole("row", { name: kept.name })).toHaveCount(0);
  await inspect(page, "orders-nothing");
});

/** What the planner says of the message's order now. */
async function reasonsNow({ door }: TestShop, id: string): Promise<(string | undefined)[]> {
  type Page = { message: { decisions: { reason?: string }[] } };
  const { message } = await door.read<Page>("app.messages.$id", `/app/messages/${id}`);
  return message.decisions.map(({ reason }) => reason);
}
