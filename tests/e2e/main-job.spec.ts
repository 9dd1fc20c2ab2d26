// The product's main job as a merchant and a buyer live it.
import { join } from "node:path";
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
    // Polaris draws its own circle over the input.
    await app.getByRole("radio", { name: "On", exact: true }).check({ force: true });
    await expect(app.getByText(new RegExp(`^Buyers of ${PRODUCT} get “${STARTER}”`))).toBeVisible();
    await admin.save();
    await expect(page).toHaveURL(/\/app\/triggers\/[0-9a-f-]{36}$/);
    await admin.toast("Saved. New orders follow it from now on.");
    await inspect(page, "trigger-filled");
    if (process.env.README_PICTURES) await page.screenshot({ path: readme("app"), animations: "disabled" });
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
});
