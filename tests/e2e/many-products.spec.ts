import { readFile } from "node:fs/promises";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate } from "./things.ts";

const STARTER = "Wool: washing and wearing";

test("products are assigned in bulk and by table; everything leaves and comes back as a file", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  await addTemplate(shop, "wool_care");
  const { templates } = await shop.door.read<{ templates: { name: string }[] }>(
    "app.exchange.assign",
    "/app/exchange/assign",
  );
  const template = templates[0]?.name ?? STARTER;

  await test.step("by choosing them", async () => {
    await admin.open("/app/exchange/assign");
    await inspect(page, "assign-empty");
    await app.getByRole("button", { name: "Assign", exact: true }).click();
    await expect(app.getByRole("combobox", { name: "Template" })).toHaveAccessibleDescription(
      /Choose a template/,
    );
    await app.getByRole("combobox", { name: "Template" }).selectOption(template);
    await app.getByRole("button", { name: "Add products" }).click();
    await app.getByRole("menuitem", { name: "Product", exact: true }).click();
    const picker = page.getByRole("dialog", { name: "Select products" });
    for (const product of ["Merino Base Layer", "Cast Iron Dutch Oven 6 qt"])
      await picker.getByRole("checkbox", { name: product }).check();
    await picker.getByRole("button", { name: "Select" }).click();
    await expect(
      app.getByText(/^Buyers of Merino Base Layer or Cast Iron Dutch Oven 6 qt get/),
    ).toBeVisible();
    await inspect(page, "assign-filled");
    await app.getByRole("button", { name: "Assign", exact: true }).click();
    await admin.toast(`Assigned to ${template}. Send it for review to make it live.`);
  });

  await test.step("by a table, with a mistake in it", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      app.getByRole("button", { name: "Download what is assigned now" }).click(),
    ]);
    const table = await readFile(await download.path(), "utf8");
    expect(table).toContain("merino-base-layer");
    const heading = table.trim().split("\n")[0] ?? "";
    expect(heading.trim()).toBe("product_handle,variant_sku,template,event,delay");
    await app
      .getByRole("textbox", { name: "Or paste the table" })
      .fill(
        [
          heading,
          `gasfire-mini-stove,,"${template}",fulfilled,2 days`,
          `no-such-product,,"${template}",fulfilled,2 days`,
        ].join("\n"),
      );
    await app.getByRole("button", { name: "Check the table" }).click();
    await expect(app.getByText("1 row has a mistake and is left out")).toBeVisible();
    await expect(app.getByText(/^Line 3, product_handle: /)).toBeVisible();
    await inspect(page, "assign-table-checked");
    await app.getByRole("button", { name: "Assign", exact: true }).last().click();
    await admin.toast("1 trigger made or changed, not live before a review");
  });

  const file = await test.step("exported", async () => {
    await admin.menu("Triggers");
    await inspect(page, "triggers-filled");
    await page.locator("#title-actions").getByRole("button", { name: "Import and export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      app.getByRole("button", { name: "Download file" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("aftercare-configuration.json");
    return download.path();
  });

  await test.step("imported: what is here already, and what is not", async () => {
    const pick = app.locator("input[type=file]");
    await pick.setInputFiles({ name: "broken.json", mimeType: "application/json", buffer: Buffer.from("{") });
    await expect(app.getByText(/^The file has 1 mistake and can’t be imported/)).toBeVisible();
    await inspect(page, "exchange-error");
    await app.getByRole("button", { name: "Choose another file" }).click();
    await pick.setInputFiles(file);
    await expect(app.getByText("Everything in this file is here already.")).toBeVisible();

    const { triggers } = await shop.door.read<{ triggers: { id: string }[] }>(
      "app.triggers._index",
      "/app/triggers",
    );
    expect(triggers.length).toBe(2);
    await shop.door.send("app.triggers._index", "/app/triggers?index", {
      intent: "delete",
      ids: triggers.map(({ id }) => id),
    });
    await admin.open("/app/exchange");
    await pick.setInputFiles(file);
    await expect(app.getByText("This is what will happen")).toBeVisible();
    await expect(app.getByText("New", { exact: true })).toHaveCount(2);
    await inspect(page, "exchange-plan");
    await app.getByRole("button", { name: "Import", exact: true }).click();
    await admin.toast("2 items imported");
    await admin.menu("Triggers");
    await expect(app.getByRole("row").filter({ hasText: "Merino Base Layer" })).toBeVisible();
  });

  await test.step("several triggers at once", async () => {
    await app.getByRole("checkbox", { name: /Select all/ }).check({ force: true });
    await inspect(page, "triggers-selected");
    await app.getByRole("button", { name: "Send for review" }).click();
    await admin.toast("2 triggers sent for review");
    await expect(app.getByRole("cell").getByText("In review")).toHaveCount(2);
  });
});
