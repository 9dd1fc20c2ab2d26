// `test` for the browser: Shopify's admin with the app in it, in a shop of the file's own; whatever the browser complains of
// fails the test.
import { basename } from "node:path";
import { test as base, expect, type FrameLocator, type Page } from "@playwright/test";
import { openDoor, type Door } from "#tests/sandbox/demo.door.ts";
import { control, house } from "./house.ts";

export { expect };

export type TestShop = {
  handle: string;
  domain: string;
  /** The app's own forms, for what a test needs to be there and does not look at. */
  door: Door;
  /** The same, as somebody else of the store's staff, by first name. */
  doorOf: (firstName: string) => Promise<Door>;
  /** A control of the sandbox, in this shop. */
  control: <T>(name: string, body?: object) => Promise<T>;
  /** Installed and opened once, as a merchant did it some time ago. */
  install: () => Promise<void>;
};

export type Admin = {
  page: Page;
  /** From the next page on, this member of the store's staff sits at the admin, by first name. The first one does until then. */
  as: (firstName: string) => Promise<void>;
  /** The app's page inside the admin. */
  app: FrameLocator;
  /** Opens a page of the app from outside; resolves when it answers to clicks. */
  open: (path?: string) => Promise<void>;
  /** Resolves when the app's page answers to clicks. */
  ready: () => Promise<void>;
  /** Goes there by the app's navigation in the admin. */
  menu: (name: string) => Promise<void>;
  saveBar: ReturnType<Page["locator"]>;
  save: () => Promise<void>;
  toast: (text: string | RegExp) => Promise<void>;
};

type Fixtures = {
  shop: TestShop;
  admin: Admin;
  /** Complaints of the browser that this test brings about on purpose. */
  allow: (...complaints: RegExp[]) => void;
};

export const test = base.extend<Fixtures, { launchOptions: object }>({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const { args = [], ...rest } = launchOptions as { args?: string[] };
      await use({ ...rest, args: [...args, ...house().chromiumArgs] });
    },
    { scope: "worker" },
  ],
  ignoreHTTPSErrors: true,

  shop: async ({}, use, { file }) => {
    const handle = basename(file, ".spec.ts");
    const domain = `${handle}.myshopify.com`;
    const inShop = <T>(name: string, body: object = {}) => control<T>(name, { shop: handle, ...body });
    const stack = { webUrl: house().webUrl, sandbox: { control } };
    const door = openDoor(stack, domain);
    const doorOf = async (firstName: string) => openDoor(stack, domain, await staffId(handle, firstName));
    const install = async () => {
      await inShop("install");
      const opened = await inShop<{ status: number }>("open-app", { path: "/app" });
      if (opened.status !== 200) throw new Error(`the app's page was answered with ${opened.status}`);
    };
    await use({ handle, domain, door, doorOf, control: inShop, install });
  },

  admin: async ({ page, shop }, use) => {
    const app = page.frameLocator("#app-frame iframe");
    const saveBar = page.getByRole("region", { name: "Unsaved changes" });
    const ready = () => answersToClicks(page);
    await page.addInitScript(noteToasts);
    await use({
      page,
      app,
      ready,
      saveBar,
      as: async (firstName) => {
        const value = await staffId(shop.handle, firstName);
        await page.context().addCookies([{ name: "staff", value, url: "https://admin.shopify.com" }]);
      },
      open: async (path = "/app") => {
        const { appHandle } = house();
        await page.goto(`https://admin.shopify.com/store/${shop.handle}/apps/${appHandle}${path}`);
        await ready();
      },
      menu: (name) => page.locator("#app-nav").getByRole("link", { name, exact: true }).click(),
      save: () => saveBar.getByRole("button", { name: "Save" }).click(),
      toast: (text) => expect.poll(() => page.evaluate(takeToast, text)).toBe(true),
    });
  },

  allow: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      const allowed: RegExp[] = [];
      context.on("console", (message) => {
        // Looking into a mail's frame, which runs no script, is itself a script: the test's own.
        if (/^Blocked script execution in '(about:srcdoc|[^']*\/body\.html)'/.test(message.text())) return;
        if (["error", "warning"].includes(message.type()))
          complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => complaints.push(`uncaught: ${String(error.error().stack)}`));
      context.on("response", (response) => {
        const request = response.request();
        if (response.status() >= 400)
          complaints.push(`answer ${response.status()} to ${request.method()} ${response.url()}`);
      });
      context.on("requestfailed", (request) => {
        const reason = request.failure()?.errorText ?? "";
        // Leaving a page ends what it still asks for.
        if (reason !== "net::ERR_ABORTED")
          complaints.push(`no answer to ${request.method()} ${request.url()}: ${reason}`);
      });
      await use((...more) => void allowed.push(...more));
      const unexpected = complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)));
      expect(unexpected, "what the browser complained of").toEqual([]);
    },
    { auto: true },
  ],
});

async function staffId(shop: string, firstName: string): Promise<string> {
  const { staff } = await control<{ staff: { id: string; firstName: string }[] }>("shop", { shop });
  const found = staff.find((each) => each.firstName === firstName);
  if (!found) throw new Error(`nobody called ${firstName} works at ${shop}`);
  return found.id;
}

declare global {
  interface Window {
    /** What the admin has told in toasts since it was opened, and no test has asked for yet. */
    toasts?: string[];
  }
}

/** A toast closes by itself, on a busy machine before anybody looks: the page notes each as it comes. */
function noteToasts(): void {
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("#toasts");
    if (!place) return;
    const toasts: string[] = (window.toasts = []);
    const note = (nodes: NodeList) => nodes.forEach(({ textContent }) => toasts.push(textContent ?? ""));
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => note(addedNodes))).observe(place, {
      childList: true,
    });
  });
}

/** Whether such a toast came, and was not taken before. */
function takeToast(wanted: string | RegExp): boolean {
  const index = (window.toasts ?? []).findIndex((text) =>
    typeof wanted === "string" ? text.includes(wanted) : wanted.test(text),
  );
  if (index >= 0) window.toasts?.splice(index, 1);
  return index >= 0;
}

/** A page is there before its script is; React leaves its mark on elements as it takes them over. */
async function answersToClicks(page: Page): Promise<void> {
  const body = page.frameLocator("#app-frame iframe").locator("[class*='Polaris-Page']").first();
  await body.waitFor({ state: "attached" });
  await expect
    .poll(() =>
      body.evaluate((element) => Object.keys(element).some((key) => key.startsWith("__reactFiber"))),
    )
    .toBe(true);
}
