import { control } from "./house.ts";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";

test("sender, footer and quiet hours", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/settings");
  const replyTo = app.getByRole("textbox", { name: "Replies go to" });
  await replyTo.fill("hello@");
  await app.getByRole("textbox", { name: "Sender name" }).fill("Acme Care Team");
  await app.getByRole("textbox", { name: "Legal name" }).fill("Acme Outdoor Ltd");
  await app.getByRole("textbox", { name: "Address", exact: true }).fill("12 Harbour Street\n20457 Hamburg");
  await app.getByRole("checkbox", { name: "Send nothing at certain hours" }).check({ force: true });
  await app.getByLabel("From", { exact: true }).fill("21:30");
  await app.getByLabel("Until", { exact: true }).fill("07:15");
  await app.getByLabel("Whose clock counts").selectOption("recipient");
  await app.getByRole("checkbox", { name: "Limit how many messages a buyer gets" }).check({ force: true });
  await app.getByRole("spinbutton", { name: "Within days" }).fill("91");
  const late = app.getByRole("spinbutton", { name: "Don't send what was due longer ago than" });
  await late.fill("0");
  await admin.save();
  await expect(app.getByText("Use 90 or less.")).toBeVisible();
  await expect(late).toHaveAccessibleDescription(/Use 1 or more\./);
  await expect(replyTo).toHaveAccessibleDescription(/Enter a full email address\./);
  await expect(replyTo).toBeFocused();
  await expect(admin.saveBar).toBeVisible();
  await inspect(page, "settings-errors");

  await replyTo.fill("care@acme-outdoor.example");
  await app.getByRole("spinbutton", { name: "Within days" }).fill("10");
  await late.fill("30");
  await admin.save();
  await admin.toast("Settings saved");
  await expect(admin.saveBar).toBeHidden();
  await admin.open("/app/settings");
  await expect(app.getByRole("textbox", { name: "Sender name" })).toHaveValue("Acme Care Team");
  await expect(replyTo).toHaveValue("care@acme-outdoor.example");
  await expect(app.getByRole("textbox", { name: "Address", exact: true })).toHaveValue(
    "12 Harbour Street\n20457 Hamburg",
  );
  await expect(app.getByLabel("From", { exact: true })).toHaveValue("21:30");
  await expect(app.getByLabel("Until", { exact: true })).toHaveValue("07:15");
  await expect(app.getByLabel("Whose clock counts")).toHaveValue("recipient");
  await expect(app.getByRole("spinbutton", { name: "Within days" })).toHaveValue("10");
  await expect(late).toHaveValue("30");
  await expect(app.frameLocator("iframe.MailFrame").getByText("Acme Outdoor Ltd").first()).toBeVisible();
  await inspect(page, "settings-filled");
});

test("leaving with unsaved changes asks first", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/settings");
  const legalName = app.getByRole("textbox", { name: "Legal name" });
  const question = page.getByRole("dialog", { name: "Leave page with unsaved changes?" });
  const before = await legalName.inputValue();
  await legalName.fill("Half a name");
  for (const leave of [
    () => admin.menu("Messages"),
    () => app.getByRole("link", { name: "Add your domain" }).click(),
  ]) {
    await leave();
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(question).toBeHidden();
    await expect(legalName).toHaveValue("Half a name");
    await expect(admin.saveBar).toBeVisible();
  }
  await admin.saveBar.getByRole("button", { name: "Discard" }).click();
  await expect(legalName).toHaveValue(before);
  await expect(admin.saveBar).toBeHidden();

  await legalName.fill("Half a name");
  await admin.menu("Messages");
  await question.getByRole("button", { name: "Leave page" }).click();
  await expect(app.getByRole("heading", { name: "Messages", exact: true })).toBeAttached();
  await expect(admin.saveBar).toBeHidden();
});

test("a sending domain, from its name to verified", async ({ page, admin, shop, allow }) => {
  const { app } = admin;
  allow(/\b422\b/, /\b400\b/);
  const domain = "post.acme-care.example";
  await shop.install();
  await admin.open("/app/settings/domain");
  await inspect(page, "domain-none");
  const field = app.getByRole("textbox", { name: "Your domain" });
  await field.fill("acme@gmail.com");
  await app.getByRole("button", { name: "Add domain" }).click();
  await expect(field).toHaveAccessibleDescription(/This belongs to a mail service/);
  await inspect(page, "domain-error");
  await field.fill(domain);
  await app.getByRole("textbox", { name: "Sender address" }).fill("care");
  await app.getByRole("button", { name: "Add domain" }).click();
  await expect(app.getByRole("heading", { name: "Records to add" })).toBeVisible();
  for (const record of ["DKIM", "SPF"])
    await expect(app.getByRole("heading", { name: record, exact: true }).first()).toBeVisible();
  await expect(app.getByRole("button", { name: "Copy Value of the DKIM record" })).toBeVisible();
  await inspect(page, "domain-pending");

  await control("publish-dns", { domain });
  await app.getByRole("button", { name: "Check the records" }).click();
  await expect(app.getByText(`Your mails leave from care@${domain}.`)).toBeVisible({ timeout: 40_000 });
  await inspect(page, "domain-verified");
  await admin.open("/app/settings");
  await expect(app.getByText(`Mails leave from care@${domain}`)).toBeVisible();
});
