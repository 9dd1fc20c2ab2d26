// Looking at a page as a designer would: a picture on a desktop and on a phone, no scrolling sideways, nothing that shuts anybody out.
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Frame, Page } from "@playwright/test";
import { expect } from "./test.ts";

const SCREENS = join(import.meta.dirname, "screens");
const WIDTHS = { desktop: 1280, phone: 390 } as const;
const HEIGHT = 900;
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/** Looks at the app's page as it is now, and leaves the window as wide as it was. */
export async function inspect(page: Page, name: string): Promise<void> {
  const frame = await appFrame(page);
  await toTop(frame);
  for (const [device, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: HEIGHT });
    await comeToRest(frame);
    const { content, room } = await frame.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    expect.soft(content, `${name}: width of the page on a ${device}`).toBeLessThanOrEqual(room);
    if (device === "desktop") await findBarriers(page, name);
    const around = await heightAround(page);
    const height = await frame.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(HEIGHT, height + around) });
    await comeToRest(frame);
    await page.screenshot({ path: join(SCREENS, `${name}-${device}.png`), animations: "disabled" });
  }
  await page.setViewportSize({ width: WIDTHS.desktop, height: HEIGHT });
}

/** A picture of a page that is not the app's. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const [device, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: HEIGHT });
    await page.screenshot({
      path: join(SCREENS, `${name}-${device}.png`),
      fullPage: true,
      animations: "disabled",
    });
  }
  await page.setViewportSize({ width: WIDTHS.desktop, height: HEIGHT });
}

/** What WCAG's levels A and AA forbid and a machine can see. */
export async function findBarriers(page: Page, name: string): Promise<void> {
  const inAdmin = (await page.locator("#app-frame").count()) > 0;
  const builder = new AxeBuilder({ page }).withTags(WCAG);
  const { violations } = await (
    inAdmin
      ? builder
          .include(["#app-frame iframe", "html"])
          // Mails are shown in frames that run no script, so none can look into them.
          .exclude(["#app-frame iframe", ".MailFrame"])
      : builder
  ).analyze();
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `    ${html}`).join("\n")}`);
  expect.soft(grave, `${name}: barriers`).toEqual([]);
}

export async function appFrame(page: Page): Promise<Frame> {
  const element = await page.locator("#app-frame iframe").elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error("The admin shows no app");
  return frame;
}

const toTop = (frame: Frame) => frame.evaluate(() => window.scrollTo(0, 0));

/** Height of the admin above the app's frame. */
async function heightAround(page: Page): Promise<number> {
  const box = await page.locator("#app-frame").boundingBox();
  return Math.ceil(box?.y ?? 0);
}

/** Resolves when fonts and pictures are there and nothing moves any more. */
async function comeToRest(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const frames = () =>
      new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
    await document.fonts.ready;
    await frames();
    const pictures = [...document.images].filter((image) => image.loading !== "lazy" && !image.complete);
    await Promise.all(pictures.map((image) => image.decode()));
    const finite = document
      .getAnimations()
      .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    await Promise.all(finite.map((animation) => animation.finished));
    await frames();
  });
}
