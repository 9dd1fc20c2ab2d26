// Two people in one store: the owner says what the other may do, and pages and actions keep to it.
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate, mailsArrive } from "./things.ts";

test("an owner makes somebody a viewer, who then looks and changes nothing", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  const template = await addTemplate(shop, "epoxy_two_component");

  await test.step("the second person begins as an editor, who may not manage people", async () => {
    await admin.as("Sam");
    await admin.open("/app/settings");
    await expect(app.getByRole("textbox", { name: "Sender name" })).toBeEnabled();
    await app.getByRole("link", { name: "Manage people" }).click();
    await expect(app.getByText(/Only an owner can do this/)).toBeVisible();
    await expect(app.getByRole("combobox", { name: "Role of Sam Ito" })).toBeDisabled();
    await inspect(page, "people-editor");
  });

  await test.step("the owner makes them a viewer", async () => {
    const [owner] = (await shop.control<{ staff: { firstName: string; lastName: string }[] }>("shop")).staff;
    await admin.as(owner!.firstName);
    await admin.open("/app/settings/people");
    const name = `${owner!.firstName} ${owner!.lastName}`;
    await expect(app.getByRole("combobox", { name: `Role of ${name}` })).toBeDisabled();
    await expect(app.getByText("Owns the Shopify account")).toBeVisible();
    await app.getByRole("combobox", { name: "Role of Sam Ito" }).selectOption("viewer");
    await admin.toast("Role changed");
    await inspect(page, "people");
  });

  await test.step("a viewer sees the pages, and that somebody else changes them", async () => {
    await admin.as("Sam");
    await admin.open("/app/settings");
    await expect(app.getByText(/You can look at this, but not change it/)).toBeVisible();
    await expect(app.getByRole("textbox", { name: "Sender name" })).toBeDisabled();
    await inspect(page, "settings-viewer");
    await admin.open(`/app/templates/${template}`);
    await expect(app.getByText(/You can look at this, but not change it/)).toBeVisible();
    await expect(app.getByRole("textbox", { name: "Subject" })).toBeDisabled();
    await inspect(page, "template-viewer");
  });

  await test.step("and is refused by the server, whatever their page says", async () => {
    const sam = await shop.doorOf("Sam");
    const sending = new URLSearchParams({ intent: "sending", on: "true" });
    await expect(sam.send("app._index", "/app?index", sending)).rejects.toThrow(/403/);
    await expect(sam.read("app.suppressions.download", "/app/suppressions/download")).rejects.toThrow(/403/);
    await expect(sam.send("app.privacy.data", "/app/privacy/data", {})).rejects.toThrow(/403/);
  });

  await test.step("what happened is in the log", async () => {
    await admin.open("/app/audit");
    await expect(app.getByText("What a person may do was changed").first()).toBeVisible();
  });
});

test("an address for alerts is added, confirms by its link, and hears of what the owner chose", async ({
  page,
  admin,
  shop,
  context,
}) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/settings/alerts");
  const address = "night-shift@people.example";
  const field = app.getByRole("textbox", { name: "Email address" });
  await field.fill("night-shift@");
  await app.getByRole("button", { name: "Add" }).click();
  await expect(field).toHaveAccessibleDescription(/Enter a full email address/);
  await field.fill(address);
  await app.getByRole("button", { name: "Add" }).click();
  await admin.toast("We mailed a link to confirm");
  await expect(app.getByText("Waits for a confirmation")).toBeVisible();
  await inspect(page, "alerts");

  const [mail] = await mailsArrive(address, 1);
  const link = /https?:\S+\/alerts\?link=[\w-]+/.exec(mail!.text)![0];
  const other = await context.newPage();
  await other.goto(link);
  await other.getByRole("button", { name: "Send me alerts" }).click();
  await expect(other.getByRole("button", { name: "Send me no more alerts" })).toBeVisible();
  await other.close();

  await admin.open("/app/settings/alerts");
  const privacy = app.getByRole("combobox", { name: `Privacy requests ${address}` });
  await privacy.selectOption("daily");
  await admin.toast("Saved");
  await expect(privacy).toHaveValue("daily");
  await inspect(page, "alerts-confirmed");
});
