// What a merchant can show of what was sent: the record taken along, and a mail held against it.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate, addTrigger, AT_ONCE, buy, mailsArrive, switchSending } from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";
const BUYER = "lena.ledger@example.com";

test("the record of what was sent is downloaded, and a mail is checked against it", async ({
  page,
  admin,
  shop,
  allow,
}) => {
  // A proof that is none is answered with 422.
  allow(/\b422\b/);
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "cast_iron_seasoning");
  await addTrigger(shop, { name: "Care", templateId, type: "Resin", ...AT_ONCE });
  await switchSending(shop, true);
  await buy(shop, BUYER, EPOXY);
  await mailsArrive(BUYER, 1);

  await admin.open("/app/messages");
  await page.getByRole("button", { name: "Export" }).click();
  await expect(app.getByRole("heading", { name: "Record of what was sent" })).toBeVisible();
  const from = app.getByLabel("From");
  const first = await from.inputValue();
  await from.fill("2199-01-01");
  await app.getByRole("button", { name: "Download" }).click();
  await expect(app.getByText("Choose a day that isn’t before the first.")).toBeVisible();
  await inspect(page, "ledger-backwards");

  await from.fill(first);
  const [table] = await Promise.all([
    page.waitForEvent("download"),
    app.getByRole("button", { name: "Download" }).click(),
  ]);
  const csv = await readFile(await table.path(), "utf8");
  expect(csv).not.toContain("lena");
  const [row, ...others] = parse(csv, { bom: true, columns: true }) as Record<string, string>[];
  expect(others).toEqual([]);
  expect(row?.sha256).toMatch(/^[0-9a-f]{64}$/);

  await app.getByLabel("Format").selectOption("json");
  const [document] = await Promise.all([
    page.waitForEvent("download"),
    app.getByRole("button", { name: "Download" }).click(),
  ]);
  const { messages } = JSON.parse(await readFile(await document.path(), "utf8")) as {
    messages: { message: string; sha256: string }[];
  };
  expect(messages).toMatchObject([{ message: row!.message, sha256: row!.sha256 }]);

  const proof = app.getByRole("textbox", { name: "Message id or SHA-256" });
  const check = app.getByRole("button", { name: "Check", exact: true });
  await proof.fill("not a proof");
  await check.click();
  await expect(app.getByText("Enter a message’s id")).toBeVisible();
  await proof.fill(row!.message!);
  await check.click();
  await expect(app.getByText("This is the mail that was handed over.")).toBeVisible();
  await inspect(page, "ledger-checked");

  // A file's hash is worked out in the browser; this one is no mail of ours.
  const file = Buffer.from("some other mail");
  await app
    .locator("input[type=file]")
    .setInputFiles({ name: "mail.json", mimeType: "text/plain", buffer: file });
  await expect(proof).toHaveValue(createHash("sha256").update(file).digest("hex"));
  await check.click();
  await expect(app.getByText("The record has no such mail.")).toBeVisible();

  await admin.open("/app/audit");
  await expect(
    app.getByRole("link", { name: "The record of what was sent was downloaded" }).first(),
  ).toBeVisible();
});
