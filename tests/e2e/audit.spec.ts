// The merchant's view of the audit log: everything that was done, by whom, and what it changed.
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate, addTrigger, AT_ONCE, switchSending } from "./things.ts";

test("what was done is told in sentences, narrowed, opened and taken along", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "cast_iron_seasoning");
  await addTrigger(shop, { name: "=Seasoning", templateId, type: "Cookware", ...AT_ONCE });
  await switchSending(shop, true);
  await admin.open("/app/settings");
  await app.getByRole("textbox", { name: "Sender name" }).fill("Acme Care Team");
  await admin.save();
  await admin.toast("Settings saved");

  await admin.open("/app/audit");
  for (const sentence of [
    "Settings were changed",
    "Sending was switched on",
    "Trigger “=Seasoning” was saved",
    "The app was installed",
  ])
    await expect(app.getByRole("link", { name: sentence })).toBeVisible();
  await expect(app.getByText("Not checked yet")).toBeVisible();
  await inspect(page, "audit");

  await app.getByRole("button", { name: "Area" }).click();
  await app.getByRole("checkbox", { name: "Settings" }).click({ force: true });
  await expect(app.getByRole("link", { name: "Sending was switched on" })).toBeHidden();
  await page.keyboard.press("Escape");
  await inspect(page, "audit-narrowed");
  const [narrowed] = await Promise.all([page.waitForEvent("download"), save("Download CSV")]);
  expect(await readFile(await narrowed.path(), "utf8")).not.toContain("Seasoning");

  await app.getByRole("link", { name: "Settings were changed" }).click();
  await expect(app.getByRole("rowheader", { name: "Sender › Name" })).toBeVisible();
  await expect(app.getByText("Acme Care Team")).toBeVisible();
  await inspect(page, "audit-entry");

  await admin.open("/app/audit?who=support");
  await expect(app.getByText("No entries found")).toBeVisible();
  await inspect(page, "audit-nothing-found");

  await admin.open("/app/audit");
  const [table] = await Promise.all([page.waitForEvent("download"), save("Download CSV")]);
  const csv = await readFile(await table.path(), "utf8");
  const rows = parse(csv, { bom: true, columns: true }) as Record<string, string>[];
  expect(rows.map(({ action }) => action)).toContain("trigger.saved");
  expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);

  const [document] = await Promise.all([page.waitForEvent("download"), save("Download JSON")]);
  const { chain, entries } = JSON.parse(await readFile(await document.path(), "utf8")) as {
    chain: { id: string; end: { hash: string; number: number } };
    entries: { hash: string; entry: string }[];
  };
  // Whoever holds the file can follow the chain without us.
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  let hash = sha256(`aftercare audit ${chain.id}`);
  for (const each of entries) {
    hash = sha256(`${hash}\n${each.entry}`);
    expect(each.hash).toBe(hash);
  }
  expect(chain.end).toMatchObject({ hash, number: entries.length });

  function save(name: string) {
    return page.getByRole("button", { name }).click();
  }
});
