import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate } from "./things.ts";

test("a trigger that can't be saved says so beside its fields, and loses nothing", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  await addTemplate(shop, "wool_care");
  await addTemplate(shop, "wood_oil_care");
  await admin.open("/app/triggers/new");
  const name = app.getByRole("textbox", { name: "Name" });
  const wait = app.getByRole("spinbutton", { name: "Then wait" });
  await inspect(page, "trigger-new");

  await wait.fill("400");
  await app.getByRole("spinbutton", { name: "Priority" }).fill("7");
  await app.getByRole("button", { name: "Add condition" }).click();
  await app.getByRole("menuitem", { name: "Vendor" }).click();
  await app.getByRole("combobox", { name: "Vendor" }).fill("Fjelltind");
  await app.getByRole("combobox", { name: "Vendor" }).press("Enter");
  await admin.save();

  await expect(name).toHaveAccessibleDescription(/Give the trigger a name\./);
  await expect(name).toBeFocused();
  await expect(wait).toHaveAccessibleDescription(/Use at most 365 days\./);
  await expect(app.getByRole("combobox", { name: "Template" })).toHaveAccessibleDescription(
    /Choose a template\./,
  );
  await expect(admin.saveBar).toBeVisible();
  await expect(wait).toHaveValue("400");
  await expect(app.getByRole("spinbutton", { name: "Priority" })).toHaveValue("7");
  await expect(app.getByText("products by Fjelltind")).toBeVisible();
  await inspect(page, "trigger-errors");

  await name.fill("Wool care");
  await wait.fill("3");
  await expect(app.getByText("Use at most 365 days.")).toBeHidden();
  await app.getByRole("combobox", { name: "Template" }).selectOption({ index: 1 });
  await admin.save();
  await expect(page).toHaveURL(/\/app\/triggers\/[0-9a-f-]{36}$/);
  await expect(admin.saveBar).toBeHidden();
  await expect(name).toHaveValue("Wool care");
  await expect(wait).toHaveValue("3");
});

test("a name that is taken is told by the server, beside the name", async ({ page, admin, shop, allow }) => {
  const { app } = admin;
  allow(/\b409\b/);
  await shop.install();
  await addTemplate(shop, "orchid_care");
  await admin.open("/app/templates/draft?starter=orchid_care");
  const name = app.getByRole("textbox", { name: "Name" });
  const body = app.getByRole("textbox", { name: "Text", exact: true });
  await body.press("Control+End");
  await body.pressSequentially("And it likes rain water.");
  await admin.save();
  await expect(name).toHaveAccessibleDescription(/name/);
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(admin.saveBar).toBeVisible();
  await expect(body).toHaveValue(/And it likes rain water\./);
  await inspect(page, "template-name-taken");
  await name.fill("Orchids with rain water");
  await admin.save();
  await expect(page).toHaveURL(/\/app\/templates\/[0-9a-f-]{36}$/);
  await expect(body).toHaveValue(/And it likes rain water\./);
});

test("a template that doesn't compile can't be saved, and says where", async ({
  page,
  admin,
  shop,
  allow,
}) => {
  const { app } = admin;
  allow(/\b422\b/, /\b400\b/);
  await shop.install();
  await admin.open("/app/templates/draft");
  await inspect(page, "template-empty");
  await app.getByRole("textbox", { name: "Name" }).fill("Broken");
  await app.getByRole("textbox", { name: "Subject" }).fill("About your {{ line.title }}");
  const body = app.getByRole("textbox", { name: "Text", exact: true });
  const text = "Hello,\n\n{% if customer.first_name %}\nthis is {{ line.title | shout }}\n";
  await body.fill(text);
  await expect(app.getByText(/^Line \d+, column \d+: /).first()).toBeVisible();
  await admin.save();
  await expect(app.getByText(/^The message has .* Correct it to save\.$/)).toBeVisible();
  await expect(page).toHaveURL(/\/app\/templates\/draft/);
  await expect(admin.saveBar).toBeVisible();
  await expect(body).toHaveValue(text);
  await inspect(page, "template-errors");

  await app.getByRole("button", { name: "Go there" }).first().click();
  await expect(body).toBeFocused();
  await body.fill("Hello {{ customer.first_name }},\n\nthis is {{ line.title }}.\n");
  await expect(app.getByText(/^Line \d+, column \d+: /)).toHaveCount(0);
  await expect(
    app.frameLocator("iframe.MailFrame").getByText("this is").filter({ visible: true }),
  ).toBeVisible();
  await admin.save();
  await expect(page).toHaveURL(/\/app\/templates\/[0-9a-f-]{36}$/);
  await expect(app.getByText("Version 1")).toBeVisible();
});
