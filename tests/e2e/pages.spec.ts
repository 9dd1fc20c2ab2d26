// Every page as a shop sees it that has nothing yet, and the ways into the app that lead nowhere.
import type { Page } from "@playwright/test";
import { house } from "./house.ts";
import { appFrame, inspect } from "./inspect.ts";
import { expect, test, type Admin } from "./test.ts";
import { addTemplate } from "./things.ts";

const EMPTY = {
  triggers: { path: "/app/triggers", says: "Send the right message after a purchase" },
  templates: { path: "/app/templates", says: "Write once, send at the right moment" },
  messages: { path: "/app/messages", says: "No messages yet" },
  exchange: { path: "/app/exchange", says: "Export" },
  help: { path: "/app/help", says: "How it works" },
};

for (const [name, { path, says }] of Object.entries(EMPTY))
  test(`${name}, in a shop that has nothing yet`, async ({ page, admin, shop }) => {
    await shop.install();
    await admin.open(path);
    await expect(admin.app.getByText(says, { exact: true })).toBeVisible();
    await inspect(page, `${name}-empty`);
  });

test("an address that is no page says so, and leads back", async ({ page, admin, shop, allow }) => {
  allow(/\b404\b/);
  await shop.install();
  for (const path of ["/app/no-such-page", "/app/triggers/0197a1b2-0000-7000-8000-000000000000"]) {
    await admin.open(path);
    await expect(admin.app.getByRole("heading", { name: "This page isn't here" })).toBeVisible();
  }
  await inspect(page, "not-found");
  await admin.app.getByRole("link", { name: "Go to Home" }).click();
  await expect(admin.app.getByRole("heading", { name: "Set up Aftercare" })).toBeVisible();
});

test("the guide can be put away and brought back", async ({ admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app");
  await app.getByRole("button", { name: "Put the guide away" }).click();
  await expect(app.getByRole("heading", { name: "Set up Aftercare" })).toBeHidden();
  await admin.open("/app");
  await app.getByRole("button", { name: "Show the set-up guide" }).click();
  await expect(app.getByRole("heading", { name: "Set up Aftercare" })).toBeVisible();
});

test("the public page asks for no shop's address", async ({ page }) => {
  await page.goto(`${house().appOrigin}/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("textbox")).toHaveCount(0);
});

test("a trigger is made and saved without a mouse", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await addTemplate(shop, "cast_iron_seasoning");
  await admin.open("/app/triggers/new");
  await tabTo(page, app.getByRole("textbox", { name: "Name" }));
  await page.keyboard.type("Made with keys alone");
  await tabTo(page, app.getByRole("button", { name: "Add condition" }));
  await page.keyboard.press("Enter");
  await tabTo(page, app.getByRole("menuitem", { name: "Product type" }));
  await page.keyboard.press("Enter");
  await tabTo(page, app.getByRole("combobox", { name: "Product type" }));
  for (const type of ["Cookware", "Stoves"]) {
    await page.keyboard.type(type);
    await page.keyboard.press("Enter");
    await expect(app.getByRole("combobox", { name: "Product type" })).toBeFocused();
  }
  await tabTo(page, app.getByRole("combobox", { name: "Start counting when" }));
  await page.keyboard.press("ArrowUp");
  await expect(app.getByRole("combobox", { name: "Start counting when" })).toHaveValue("fulfilled");
  await tabTo(page, app.getByRole("combobox", { name: "Template" }));
  await page.keyboard.press("ArrowDown");
  await expect(app.getByText(/^Buyers of products of type Cookware or Stoves get “/)).toBeVisible();
  await admin.saveBar.getByRole("button", { name: "Save" }).press("Enter");
  await expect(page).toHaveURL(/\/app\/triggers\/[0-9a-f-]{36}$/);
});

/** Goes on with the Tab key until it has arrived. */
async function tabTo(page: Page, target: ReturnType<Admin["app"]["locator"]>): Promise<void> {
  const arrived = async () =>
    (await target.count()) === 1 && (await target.evaluate((element) => element === document.activeElement));
  for (let count = 0; count < 120; count++) {
    if (await arrived()) return;
    const before = await focused(page);
    await page.keyboard.press("Tab");
    // The focus travels between the admin's process and the app's: the next key must not overtake it.
    await expect.poll(() => focused(page)).not.toBe(before);
  }
  await expect(target, "reached with the Tab key").toBeFocused();
}

/** A number for each element that has the focus, in the admin and in the app. */
async function focused(page: Page): Promise<string> {
  const number = () => {
    const known = ((window as unknown as { known?: WeakMap<Element, string> }).known ??= new WeakMap());
    const element = document.activeElement ?? document.body;
    if (!known.has(element)) known.set(element, crypto.randomUUID());
    return known.get(element) ?? "";
  };
  return (await page.evaluate(number)) + (await (await appFrame(page)).evaluate(number));
}
