import { defineConfig, devices } from "@playwright/test";
import { chromiumFlags, knownChromium } from "./tests/setup/chromium.mjs";

const executablePath = knownChromium();
if (!executablePath) throw new Error("Chromium is not set up: run `npm run setup` once");

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./tests/e2e/start.ts",
  outputDir: "tests/e2e/results",
  // Each worker runs a whole store with its app: one at a time fits two cores.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: "chromium",
    launchOptions: { executablePath, args: [...chromiumFlags] },
    // Shopify's library turns bots away, and takes a browser that calls itself headless for one.
    userAgent: devices["Desktop Chrome"].userAgent,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    actionTimeout: 20_000,
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
