import { createHmac, randomUUID } from "node:crypto";
import { house } from "./house.ts";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate, addTrigger, AT_ONCE, buy, mailsArrive, mailsTo, messageBecomes } from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";

test("sending is off: messages wait, one is cancelled by hand, the other leaves when it is on", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "epoxy_two_component");
  await addTrigger(shop, { name: "Epoxy: safety", templateId, type: "Resin", ...AT_ONCE });
  const unwanted = await buy(shop, "unwanted@example.com", EPOXY);
  const wanted = await buy(shop, "wanted@example.com", EPOXY);
  await messageBecomes(shop, wanted, "planned");
  const { id } = await messageBecomes(shop, unwanted, "planned");

  await test.step("home says why nothing leaves", async () => {
    await admin.open("/app");
    await expect(app.getByRole("heading", { name: "Sending is off" })).toBeVisible();
    await expect(app.getByText(/^Nothing leaves yet\./)).toBeVisible();
    await inspect(page, "home-waiting");
  });

  await test.step("a planned message shows what would leave, and is cancelled", async () => {
    await admin.menu("Messages");
    await app.getByRole("row", { name: unwanted.name }).getByRole("link").first().click();
    await expect(app.getByRole("heading", { name: "The mail as it would leave now" })).toBeVisible();
    await expect(
      app.frameLocator("iframe.MailFrame").getByText(EPOXY).filter({ visible: true }).first(),
    ).toBeVisible();
    await inspect(page, "message-planned");
    await page.locator("#title-actions").getByRole("button", { name: "Cancel message" }).click();
    await expect(app.getByText("It will not be sent, not even when the order changes.")).toBeVisible();
    await inspect(page, "message-cancel-question");
    await app.getByRole("dialog").getByRole("button", { name: "Cancel message" }).click();
    await admin.toast("Message cancelled");
    await expect(app.getByText("Somebody on your team cancelled it.").first()).toBeVisible();
    await expect(page).toHaveURL(new RegExp(id));
  });

  await test.step("the switch says what happens, and then it does", async () => {
    await page.locator("#app-home").click();
    // Home, not the page before it, and answering to clicks.
    await expect(app.getByRole("heading", { name: "Sending is off" })).toBeVisible();
    await admin.ready();
    await app.getByRole("switch", { name: "Send messages to buyers" }).click();
    await expect(app.getByText(/^1 message fell due while sending was off\./)).toBeVisible();
    await inspect(page, "home-switch-question");
    await app.getByRole("button", { name: "Switch on", exact: true }).click();
    await expect(app.getByText("Sending is on", { exact: true })).toBeVisible();
    await mailsArrive("wanted@example.com", 1);
    expect(await mailsTo("unwanted@example.com")).toEqual([]);
  });

  await test.step("switched off again by hand, home says who did it", async () => {
    await app.getByRole("switch", { name: "Send messages to buyers" }).click();
    await app.getByRole("button", { name: "Switch off", exact: true }).click();
    await expect(app.getByText(/^Somebody on your team switched it off\./)).toBeVisible();
    const late = await buy(shop, "late@example.com", EPOXY);
    await messageBecomes(shop, late, "planned");
    await admin.open("/app");
    await expect(app.getByRole("switch")).not.toBeChecked();
    await inspect(page, "home-paused");
  });
});

test("an event that can't be read is shown with its reason, and can be read again", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/messages/events");
  await expect(app.getByText("Every event was read")).toBeVisible();
  await inspect(page, "events-none");
  expect(await deliver(shop.domain, "orders/paid", '{"id": 7, "line_items": "none of your business"}')).toBe(
    200,
  );
  const events = () => shop.door.read<{ events: unknown[] }>("app.messages.events", "/app/messages/events");
  await expect.poll(async () => (await events()).events.length).toBe(1);

  await admin.open("/app");
  await expect(app.getByText("1 event from Shopify could not be read")).toBeVisible();
  await inspect(page, "home-attention");
  await app.getByRole("link", { name: "View: 1 event from Shopify could not be read" }).click();
  await expect(app.getByRole("heading", { name: "orders/paid" })).toBeVisible();
  await expect(app.getByText("none of your business")).toHaveCount(0);
  await inspect(page, "events-one");
  await app.getByRole("button", { name: "Read again: orders/paid" }).click();
  await admin.toast("It is being read again");
  // Read again, and no better than before: it is back.
  await expect.poll(async () => (await events()).events.length).toBe(1);
});

/** A webhook as Shopify signs it. */
async function deliver(domain: string, topic: string, body: string): Promise<number> {
  const { webUrl, apiSecret } = house();
  const answer = await fetch(`${webUrl}/webhooks/${topic}`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-shopify-hmac-sha256": createHmac("sha256", apiSecret).update(body).digest("base64"),
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": domain,
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": randomUUID(),
      "x-shopify-event-id": randomUUID(),
      "x-shopify-triggered-at": new Date().toISOString(),
    },
  });
  return answer.status;
}
