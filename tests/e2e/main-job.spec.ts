// The product's main job as a merchant and a buyer live it.
import { join } from "node:path";
import type { FrameLocator } from "@playwright/test";
import { control, house } from "./house.ts";
import { inspect, picture } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { listMessages, mailsArrive, messageBecomes, buyersAreHeld } from "./things.ts";

const PRODUCT = "Trailcell 600 Lithium Battery Pack";
const STARTER = "Lithium battery: first use";
const BUYER = "jo.meyer@example.com";
const SUBJECT = `Before you use your ${PRODUCT} for the first time`;

const readme = (name: string) => join(import.meta.dirname, "..", "..", "public", "readme", `${name}.png`);

test("from installing the app to the mail in the buyer's mailbox", async ({ page, admin, shop }) => {
  const { app } = admin;

  await test.step("install, and read the guide", async () => {
    await page.goto(`https://admin.shopify.com/store/${shop.handle}/apps/${house().appHandle}`);
    await page.getByRole("button", { name: "Install" }).click();
    await admin.ready();
    await expect(app.getByRole("heading", { name: "Set up Aftercare" })).toBeVisible();
    await expect(app.getByText(/^\d of \d steps done$/)).toBeVisible();
    await expect(app.getByRole("heading", { name: "Sending is off" })).toBeVisible();
    await inspect(page, "home-installed");
  });

  await test.step("a template from a starter", async () => {
    await app.getByRole("link", { name: "Choose a template" }).click();
    await expect(app.getByRole("link", { name: `Use “${STARTER}”` })).toBeVisible();
    await inspect(page, "templates-gallery");
    await app.getByRole("button", { name: `Preview “${STARTER}”` }).click();
    await expect(
      app.frameLocator("iframe.MailFrame").getByText("Before the first use").first(),
    ).toBeVisible();
    await inspect(page, "templates-gallery-preview");
    await app.getByRole("button", { name: "Close", exact: true }).last().click();
    await app.getByRole("link", { name: `Use “${STARTER}”` }).click();
    await expect(app.getByRole("textbox", { name: "Subject" })).toHaveValue(/\{\{ line\.title \}\}/);
    await admin.save();
    await expect(page).toHaveURL(/\/app\/templates\/[0-9a-f-]{36}$/);
    await expect(admin.saveBar).toBeHidden();
  });

  await test.step("a trigger for a product of the picker", async () => {
    await admin.menu("Triggers");
    await app.getByRole("link", { name: /first trigger/ }).click();
    await app.getByRole("textbox", { name: "Name" }).fill("Battery: first use");
    await app.getByRole("button", { name: "Add condition" }).click();
    await app.getByRole("menuitem", { name: "Product", exact: true }).click();
    const picker = page.getByRole("dialog", { name: "Select products" });
    await picker.getByRole("checkbox", { name: PRODUCT }).check();
    await picker.getByRole("button", { name: "Select" }).click();
    await app.getByRole("combobox", { name: "Start counting when" }).selectOption("the product is shipped");
    await app.getByRole("spinbutton", { name: "Then wait" }).fill("0");
    await expect(app.getByText(new RegExp(`^Buyers of ${PRODUCT} get “${STARTER}”`))).toBeVisible();
    await admin.save();
    await expect(page).toHaveURL(/\/app\/triggers\/[0-9a-f-]{36}$/);
    await admin.toast("Trigger saved");
    await expect(app.getByText("Draft", { exact: true }).first()).toBeVisible();
    await inspect(page, "trigger-filled");
    if (process.env.README_PICTURES) await page.screenshot({ path: readme("app"), animations: "disabled" });
  });

  await test.step("the review: every question is answered, and then it is live", async () => {
    await app.getByRole("button", { name: "Review and go live" }).click();
    await expect(page).toHaveURL(/\/app\/releases\/[0-9a-f-]{36}$/);
    await expect(app.getByText("Nothing of this trigger is live: all of it is new.")).toBeVisible();
    await expect(
      app
        .frameLocator("iframe.MailFrame")
        .getByText(/first use/i)
        .first(),
    ).toBeVisible();
    await app.getByRole("button", { name: "Approve and go live" }).click();
    await expect(
      app.getByText("Look at this and confirm it, or send the release back.").first(),
    ).toBeVisible();
    await inspect(page, "review-open");
    await answerAll(app);
    await app.getByRole("button", { name: "Approve and go live" }).click();
    await admin.toast("Approved. It is live.");
    await expect(app.getByText("Right trigger, content, purpose and sending rules")).toBeVisible();
    await inspect(page, "review-approved");
  });

  await test.step("the big switch", async () => {
    await page.locator("#app-home").click();
    await app.getByRole("switch", { name: "Send messages to buyers" }).click();
    await app.getByRole("button", { name: "Switch on", exact: true }).click();
    await expect(app.getByRole("switch")).toBeChecked();
    await admin.toast("Sending is on");
  });

  const order = await test.step("somebody buys", async () => {
    await page.getByRole("link", { name: "Online store", exact: true }).click();
    await page.getByLabel(`How many: ${PRODUCT} EU plug`).fill("1");
    await page.getByLabel("Email").fill(BUYER);
    await page.getByRole("button", { name: "Buy" }).click();
    const thanks = page.getByText(/Order #\d+ is placed/);
    await expect(thanks).toBeVisible();
    await shop.control("settled");
    // Only once the app knows the order does it mean anything that nothing is planned.
    await buyersAreHeld(shop, 1);
    expect(await listMessages(shop)).toEqual([]);
    return { name: /#\d+/.exec(await thanks.innerText())?.[0] ?? "" };
  });

  await test.step("the order is fulfilled", async () => {
    // What becomes of the mail is told when the test has seen it sent.
    await control("mail-weather", { hold: true });
    await page.getByRole("link", { name: "Orders", exact: true }).click();
    await page.getByRole("button", { name: "Fulfil everything" }).click();
    await expect(
      page.getByRole("heading", { name: /^#\d+/ }).getByText("fulfilled", { exact: true }),
    ).toBeVisible();
  });

  await test.step("the mail is in the mailbox", async () => {
    await mailsArrive(BUYER, 1);
    await page.goto(house().mailboxUrl);
    await page.getByRole("link", { name: SUBJECT }).click();
    await expect(page.getByRole("heading", { name: SUBJECT })).toBeVisible();
    await expect(page.getByText(BUYER)).toBeVisible();
    const mail = page.frameLocator("iframe[title=Mail]");
    await expect(mail.getByText(PRODUCT).filter({ visible: true }).first()).toBeVisible();
    await picture(page, "mail");
    await page.getByRole("tab", { name: "Plain text" }).click();
    await expect(page.getByRole("tabpanel", { name: "Plain text" })).toContainText(PRODUCT);
    if (process.env.README_PICTURES) {
      await page.setViewportSize({ width: 720, height: 800 });
      await page.goto(`${page.url()}/body.html`);
      await page.screenshot({ path: readme("mail"), fullPage: true });
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  await test.step("Messages shows it sent, then delivered", async () => {
    const row = app.getByRole("row", { name: new RegExp(PRODUCT) });
    await messageBecomes(shop, order, "sent");
    await admin.open("/app/messages");
    await expect(row).toContainText("Sent");
    await control("mail-weather", { hold: false });
    await control("release-mail-events");
    await messageBecomes(shop, order, "delivered");
    await admin.open("/app/messages");
    await expect(row).toContainText("Delivered");
    await inspect(page, "messages-filled");
    await row.getByRole("link").first().click();
    await expect(app.getByRole("heading", { name: "The mail as it was sent" })).toBeVisible();
    await expect(app.getByText(BUYER).first()).toBeVisible();
    await expect(
      app.frameLocator("iframe.MailFrame").getByText(PRODUCT).filter({ visible: true }).first(),
    ).toBeVisible();
    for (const entry of ["Accepted by the mail service", "Delivered"])
      await expect(app.getByText(entry).first()).toBeVisible();
    await inspect(page, "message-delivered");
  });

  await test.step("a change reaches nobody before it is approved; rolled back, the first words are live again", async () => {
    await admin.menu("Templates");
    await app.getByRole("link", { name: STARTER, exact: true }).click();
    await app.getByRole("textbox", { name: "Subject" }).fill("Changed: {{ line.title }}");
    await admin.save();
    await admin.toast(/Not live: 1 trigger goes on with what was approved/);
    await admin.menu("Triggers");
    await expect(app.getByText("Changes not live").last()).toBeVisible();
    await inspect(page, "triggers-changed");
    await app.getByRole("link", { name: "Battery: first use", exact: true }).click();
    await app.getByRole("button", { name: "Review changes" }).click();
    await expect(app.getByText("Compared with release 1.")).toBeVisible();
    await expect(app.locator("ins").filter({ hasText: "Changed: {{ line.title }}" })).toBeVisible();
    await inspect(page, "review-diff");
    await answerAll(app);
    await app.getByRole("button", { name: "Approve and go live" }).click();
    await admin.toast("Approved. It is live.");
    await app.getByRole("link", { name: "Open the trigger" }).click();
    await expect(app.getByText("Live 2").first()).toBeVisible();
    await app.getByRole("button", { name: "Roll back to this: release 1" }).click();
    await app.getByRole("button", { name: "Roll back", exact: true }).last().click();
    await admin.toast("Live again, as release 3");
    await expect(app.getByText("Live 3").first()).toBeVisible();
    await expect(app.getByText("Rolled back to release 1")).toBeVisible();
    await inspect(page, "trigger-rolled-back");
  });

  await test.step("the next buyer gets what was approved first", async () => {
    const again = await shop.control<{ id: string; name: string }>("place-order", {
      email: "kim@example.com",
      lines: [{ product: PRODUCT }],
    });
    await shop.control("fulfil", { order: again.name });
    const [mail] = await mailsArrive("kim@example.com", 1);
    expect(mail?.subject).toBe(SUBJECT);
  });

  await test.step("stopped, it is nobody's any more", async () => {
    await app.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(app.getByText(/No message waits to be sent/)).toBeVisible();
    await app.getByRole("button", { name: "Stop", exact: true }).last().click();
    await admin.toast("Stopped");
    await expect(app.getByText("Draft", { exact: true }).first()).toBeVisible();
  });
});

async function answerAll(app: FrameLocator): Promise<void> {
  for (const question of ["right trigger", "right content", "right purpose", "right sending rules"])
    await app.getByRole("checkbox", { name: new RegExp(question) }).check({ force: true });
}
