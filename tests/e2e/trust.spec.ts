// What is promised, and what shows it: to a merchant inside the app, to everybody outside it.
import { readFile } from "node:fs/promises";
import { strFromU8, unzipSync } from "fflate";
import { AGREEMENTS } from "#app/features/trust/records.ts";
import { house } from "./house.ts";
import { findBarriers, inspect, picture } from "./inspect.ts";
import { expect, test } from "./test.ts";

test("promises, each with its state and its evidence", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/trust");
  await expect(app.getByRole("tab", { name: "Trust" })).toHaveAttribute("aria-selected", "true");
  await expect(app.getByText(/^On, with AES-256-GCM in \d+ columns\./).first()).toBeVisible();
  await expect(app.getByText("0 of 4 attested by a person")).toBeVisible();
  await expect(app.getByText("Needs attention")).toHaveCount(0);
  await expect(app.getByText("2 reviews due", { exact: true })).toBeVisible();
  await expect(app.getByText(/^\d+ built, not exercised yet$/)).toBeVisible();
  await inspect(page, "trust");

  const promise = (text: RegExp) => app.locator("summary").filter({ hasText: text });
  const inside = (text: RegExp) =>
    app.locator("details.Promise:not(.Promise--group)").filter({ has: promise(text) });
  const kind = (name: string) =>
    app.locator("summary").filter({ has: app.getByRole("heading", { name, exact: true }) });
  const encrypted = promise(/^Names, email addresses, mails and credentials/);
  await expect(encrypted).toBeHidden();
  await kind("Data").focus();
  await page.keyboard.press("Enter");
  await expect(encrypted).toContainText("Kept");
  await encrypted.focus();
  await page.keyboard.press("Enter");
  await expect(
    app.getByText("A value that is moved to another row, column or shop no longer opens."),
  ).toBeVisible();
  await expect(promise(/^Only people on an allowlist/)).toBeHidden();
  await kind("Access").click();
  await promise(/^Only people on an allowlist/).click();
  await expect(inside(/^Only people on an allowlist/)).toContainText("Comes with the support panel.");
  await expect(promise(/^Only people on an allowlist/)).toContainText("Not yet offered");
  await kind("Our organisation").click();
  await promise(/^Security updates are installed/).click();
  await expect(promise(/^Security updates are installed/)).toContainText("Attestation due");
  await expect(
    inside(/^Security updates are installed/).getByText("Nobody has attested this yet."),
  ).toBeVisible();
  await expect(app.getByText("On this computer").first()).toBeVisible();
  await inspect(page, "trust-open");

  const show = app.getByLabel("Show");
  await show.selectOption({ label: "Review due (2)" });
  await expect(app.getByText("Review due", { exact: true }).filter({ visible: true })).toHaveCount(2);
  await expect(kind("Data")).toBeHidden();
  await expect(encrypted).toBeHidden();
  await inspect(page, "trust-narrowed");
  // On paper nothing is folded or narrowed away.
  await page.emulateMedia({ media: "print" });
  await expect(encrypted).toBeVisible();
  await expect(promise(/^Security updates are installed/)).toBeVisible();
  await expect(app.getByText("Nobody has attested this yet.").first()).toBeVisible();
  await page.emulateMedia({ media: null });
  await show.selectOption("all");
  await expect(kind("Data")).toBeVisible();
  await expect(encrypted).toBeHidden();
});

test("the agreement is read and accepted", async ({ page, admin, shop }) => {
  const version = AGREEMENTS.processing.version.replaceAll(".", "\\.");
  const { app } = admin;
  await shop.install();
  await admin.open("/app/trust");
  await app.getByRole("link", { name: "Read and accept" }).click();
  await expect(app.getByRole("heading", { name: "8. Breaches" })).toBeVisible();
  await inspect(page, "agreement");
  await app.getByRole("button", { name: "Accept the agreement" }).click();
  await admin.toast("Agreement accepted");
  await expect(app.getByRole("button", { name: "Accept the agreement" })).toHaveCount(0);
  await expect(app.getByText(new RegExp(`^Version ${version}, accepted .* by you\\.$`))).toBeVisible();
  await admin.open("/app/trust");
  await expect(app.getByText(new RegExp(`^Version ${version}, accepted `))).toBeVisible();
  await expect(app.getByRole("link", { name: "Read it", exact: true })).toBeVisible();
});

test("an evidence pack for whoever reviews us", async ({ page, admin, shop }) => {
  await shop.install();
  await admin.open("/app/trust");
  const arriving = page.waitForEvent("download");
  await admin.app.getByRole("button", { name: "Download evidence pack" }).click();
  const pack = await arriving;
  expect(pack.suggestedFilename()).toMatch(/^aftercare-evidence-trust-\d{4}-\d\d-\d\d\.zip$/);
  const files = unzipSync(await readFile(await pack.path()));
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(["summary.html", "receipts.json", "manifest.sig"]),
  );
  const summary = strFromU8(files["summary.html"]!);
  expect(summary).toContain("On, with AES-256-GCM");
  await page.setContent(summary);
  await expect(
    page.getByRole("heading", { name: "Aftercare: evidence for trust.myshopify.com" }),
  ).toBeVisible();
  await picture(page, "trust-pack");
});

for (const [path, heading] of [
  ["/privacy", "Privacy"],
  ["/security", "Security"],
] as const)
  test(`${path} is there for everybody, without a login`, async ({ page, context }) => {
    await page.goto(`${house().appOrigin}/`);
    await page.getByRole("link", { name: heading, exact: true }).click();
    await expect(page).toHaveURL(`${house().appOrigin}${path}`);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await findBarriers(page, path);
    await picture(page, `public${path.replace("/", "-")}`);
    await page.setViewportSize({ width: 390, height: 900 });
    const { content, room } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    expect(content, "width of the page on a phone").toBeLessThanOrEqual(room);
    expect(await context.cookies(house().appOrigin)).toEqual([]);
  });

test("security.txt is where researchers look for it", async ({ page, allow }) => {
  // A browser looks for an icon of a text, too.
  allow(/favicon\.ico/, /\b404\b/);
  const answer = await page.goto(`${house().appOrigin}/.well-known/security.txt`);
  expect(answer?.headers()["content-type"]).toBe("text/plain; charset=utf-8");
  const text = (await answer?.text()) ?? "";
  for (const field of ["Contact", "Expires", "Policy", "Preferred-Languages", "Canonical"])
    expect(text).toMatch(new RegExp(`^${field}: \\S`, "m"));
  expect(text).toContain(`Canonical: ${house().appOrigin}/.well-known/security.txt`);
});
