// The main job as a merchant and a buyer live it, in a real browser: from installing the app to the proof in Messages.
import { fileURLToPath } from "node:url";
import { chromium, devices, expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { chromiumFlags, knownChromium } from "#tests/setup/chromium.mjs";
import type { Stack } from "#tests/setup/stack.ts";

const PRODUCT = "Trailcell 600 Lithium Battery Pack";
const STARTER = "Lithium battery: first use";
const BUYER = "jo.meyer@example.com";
const SUBJECT = `Before you use your ${PRODUCT} for the first time`;

/** What the page looked like when a step failed. */
const PICTURE = fileURLToPath(new URL("../../.cache/demo-failure.png", import.meta.url));

const patient = { timeout: 20_000 };
const STEP_TIMEOUT = 60_000;

type Stage = { page: Page; app: FrameLocator; stack: Stack };
type Step = { name: string; play: (stage: Stage) => Promise<void> };

/** Plays every step and tells each of them. Throws with the step that failed, and why. */
export async function playMainJob(stack: Stack, tell: (line: string) => void): Promise<void> {
  const executablePath = knownChromium();
  if (!executablePath) throw new Error("there is no Chromium: run npm run setup");
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  try {
    // Shopify's library turns bots away, and takes a browser that calls itself headless for one.
    const { userAgent } = devices["Desktop Chrome"];
    const page = await browser.newPage({ userAgent, viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(patient.timeout);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    const stage = { page, app: page.frameLocator("iframe").first(), stack };
    for (const [index, { name, play }] of STEPS.entries()) {
      const start = Date.now();
      try {
        await withLimit(play(stage));
      } catch (error) {
        const reason = readable(error instanceof Error ? error.message : String(error));
        await page.screenshot({ path: PICTURE });
        throw new Error(`step ${index + 1}, ${name}: ${reason} (the page was ${page.url()}, see ${PICTURE})`);
      }
      tell(`  ${index + 1}. ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    }
    if (faults.length) throw new Error(`the pages threw errors: ${faults.join("; ")}`);
  } finally {
    await browser.close();
  }
}

const STEPS: Step[] = [
  { name: "the app is installed, and its guide says what to do first", play: install },
  { name: "a template is made from a starting text", play: makeTemplate },
  { name: "a trigger ties it to a product, when that is shipped", play: makeTrigger },
  { name: "it is reviewed, approved and live", play: review },
  { name: "sending is switched on", play: switchOn },
  { name: "a buyer orders the product, and nothing is sent yet", play: buy },
  { name: "the order is fulfilled", play: fulfil },
  { name: "the mail is in the buyer's mailbox", play: readMail },
  { name: "Messages shows it sent and delivered, with the mail itself", play: proveIt },
];

async function install({ page, app, stack }: Stage): Promise<void> {
  await page.goto(stack.sandbox.adminUrl);
  await page.getByRole("button", { name: "Install" }).click();
  await expect(app.getByRole("heading", { name: "Set up Aftercare" })).toBeVisible(patient);
  await expect(app.getByText(/^\d of \d steps done$/)).toBeVisible(patient);
}

async function makeTemplate({ page, app }: Stage): Promise<void> {
  await click(menu(page, "Templates"), app.getByRole("link", { name: /starting template/ }));
  const use = app.getByRole("link", { name: `Use “${STARTER}”` });
  await click(app.getByRole("link", { name: /starting template/ }), use);
  await click(use, app.getByRole("textbox", { name: "Subject" }));
  await save(page, /\/app\/templates\/[0-9a-f-]{36}$/);
}

async function makeTrigger({ page, app }: Stage): Promise<void> {
  const add = app.getByRole("link", { name: /first trigger/ });
  await click(menu(page, "Triggers"), add);
  await click(add, app.getByRole("textbox", { name: "Name" }));
  await app.getByRole("textbox", { name: "Name" }).fill("Battery: first use");
  const kind = app.getByRole("menuitem", { name: "Product", exact: true });
  await click(app.getByRole("button", { name: "Add condition" }), kind);
  const picker = page.getByRole("dialog", { name: "Select products" });
  await click(kind, picker);
  await picker.getByRole("checkbox", { name: PRODUCT }).check();
  await picker.getByRole("button", { name: "Select" }).click();
  await app.getByRole("combobox", { name: "Start counting when" }).selectOption("the product is shipped");
  await app.getByRole("spinbutton", { name: "Then wait" }).fill("0");
  await expect(app.getByText(new RegExp(`^Buyers of ${PRODUCT} get “${STARTER}”`))).toBeVisible(patient);
  await save(page, /\/app\/triggers\/[0-9a-f-]{36}$/);
}

async function review({ app }: Stage): Promise<void> {
  const approve = app.getByRole("button", { name: "Approve and go live" });
  await click(app.getByRole("button", { name: "Review and go live" }), approve);
  // Polaris draws its own box over the input.
  for (const question of ["right trigger", "right content", "right purpose", "right sending rules"])
    await app.getByRole("checkbox", { name: new RegExp(question) }).check({ force: true });
  await approve.click();
  await expect(app.getByText("Right trigger, content, purpose and sending rules")).toBeVisible(patient);
}

async function switchOn({ page, app }: Stage): Promise<void> {
  await click(page.getByRole("link", { name: "Aftercare", exact: true }), app.getByRole("switch"));
  const answer = app.getByRole("button", { name: "Switch on", exact: true });
  await click(app.getByRole("switch"), answer);
  await answer.click();
  await expect(app.getByRole("switch")).toBeChecked(patient);
}

async function buy({ page, stack }: Stage): Promise<void> {
  await page.getByRole("link", { name: "Online store", exact: true }).click();
  await page.getByLabel(`How many: ${PRODUCT} EU plug`).fill("1");
  await page.getByLabel("Email").fill(BUYER);
  await page.getByRole("button", { name: "Buy" }).click();
  await expect(page.getByText(/Order #\d+ is placed/)).toBeVisible(patient);
  await stack.sandbox.control("settled");
  if (stack.sandbox.mails().length > 0) throw new Error("a mail left before the product was shipped");
}

async function fulfil({ page, stack }: Stage): Promise<void> {
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await page.getByRole("button", { name: "Fulfil everything" }).click();
  await expect(page.getByText(/\bfulfilled\b/).first()).toBeVisible(patient);
  await stack.sandbox.control("settled");
}

async function readMail({ page, stack }: Stage): Promise<void> {
  await expect(async () => {
    await page.goto(stack.sandbox.mailboxUrl);
    await page.getByRole("link", { name: SUBJECT }).click({ timeout: 1000 });
  }).toPass({ timeout: 40_000 });
  await expect(page.getByText(BUYER).first()).toBeVisible(patient);
  const mails = stack.sandbox.mails();
  if (mails.length !== 1) throw new Error(`there are ${mails.length} mails instead of one`);
  if (!mails[0]?.html?.includes(PRODUCT)) throw new Error("the mail does not name the product");
}

async function proveIt({ page, app, stack }: Stage): Promise<void> {
  const row = app.getByRole("row", { name: new RegExp(PRODUCT) });
  await expect(async () => {
    await page.goto(stack.sandbox.adminUrl);
    await click(menu(page, "Messages"), row);
    await expect(row).toContainText("Delivered", { timeout: 1000 });
  }).toPass({ timeout: 40_000 });
  await click(row.getByRole("link").first(), app.getByRole("heading", { name: /as it was sent/ }));
  await expect(app.getByText(SUBJECT).first()).toBeVisible(patient);
  await expect(app.getByText(BUYER).first()).toBeVisible(patient);
}

/** The app's own menu in the admin. */
function menu(page: Page, name: string): Locator {
  return page.getByRole("link", { name, exact: true });
}

/** Presses the save bar's button; done when the saved thing has its address and nothing is unsaved any more. */
async function save(page: Page, address: RegExp): Promise<void> {
  const button = page.getByRole("button", { name: "Save", exact: true });
  await button.click();
  await expect(page).toHaveURL(address, patient);
  await expect(button).toBeHidden(patient);
}

/** Clicks until what it leads to is there: a page shows before its script runs, and a click in between is lost on people too. */
async function click(what: Locator, leadsTo: Locator): Promise<void> {
  await expect(async () => {
    if (!(await leadsTo.isVisible())) await what.click({ timeout: 3000 });
    await expect(leadsTo).toBeVisible({ timeout: 3000 });
  }).toPass(patient);
}

async function withLimit(step: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done after ${STEP_TIMEOUT / 1000} s`)), STEP_TIMEOUT);
  });
  await Promise.race([step, limit]).finally(() => clearTimeout(timer));
}

/** Playwright colours its messages and adds a log; the first lines say it. */
function readable(message: string): string {
  const escape = String.fromCharCode(27);
  const plain = message.replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, "g"), "");
  return plain
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 6)
    .join(" | ");
}
