// Who may show the app in a frame: Shopify's admin and the shop itself, nobody else.
import type { Page } from "@playwright/test";
import { house } from "./house.ts";
import { expect, test } from "./test.ts";

test("another site can't frame the app", async ({ page, shop, allow }) => {
  allow(/frame-ancestors/, /ERR_BLOCKED_BY_RESPONSE/);
  await shop.install();
  const { appOrigin, mailboxUrl } = house();
  const { launch } = await launchOf(shop.handle);
  // The mailbox stands for any other site.
  await page.goto(mailboxUrl);
  const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.evaluate((src) => {
    const frame = document.createElement("iframe");
    frame.src = src;
    document.body.append(frame);
  }, launch);
  const said = (await refused).text();
  expect(said).toContain(appOrigin);
  expect(said).toContain("https://admin.shopify.com");
});

test("the header names the shop and Shopify's admin, on errors too", async ({ page, shop }) => {
  await shop.install();
  const { appOrigin } = house();
  const { launch } = await launchOf(shop.handle);
  for (const address of [launch, launch.replace("/app?", "/app/no-such-page?")]) {
    const answer = await ask(page, address);
    const policy = answer.headers()["content-security-policy"] ?? "";
    const ancestors = /frame-ancestors ([^;]*)/.exec(policy)?.[1]?.split(" ") ?? [];
    expect(ancestors).toContain(`https://${shop.domain}`);
    expect(ancestors).toContain("https://admin.shopify.com");
    expect(ancestors).not.toContain("*");
  }
  // Outside any frame the page is nobody's: the policy must not fall away with the shop.
  const bare = await ask(page, `${appOrigin}/`);
  expect(bare.headers()["content-security-policy"]).toMatch(/frame-ancestors/);
});

test("an unknown or forged shop is refused", async ({ page, shop, admin }) => {
  const { appOrigin } = house();
  await shop.install();
  const { launch } = await launchOf(shop.handle);
  const forged = new URL(launch);
  const [head = "", body = ""] = (forged.searchParams.get("id_token") ?? "").split(".");
  forged.searchParams.set("id_token", `${head}.${body}.${"A".repeat(43)}`);
  const strange = new URL(launch);
  strange.searchParams.set("shop", "evil.example.com");
  const other = new URL(launch);
  other.searchParams.set("shop", "somebody-else.myshopify.com");
  other.searchParams.delete("id_token");
  for (const url of [forged, strange, other, new URL("/app", appOrigin)]) {
    const answer = await ask(page, url.href);
    expect(await answer.text(), url.search).not.toContain("Set up Aftercare");
    expect(answer.status(), url.search).not.toBe(200);
  }
  // And the one who may, may.
  await admin.open("/app");
  await expect(admin.app.getByRole("heading", { name: "Set up Aftercare" })).toBeVisible();
});

/** The address that Shopify's admin opens in its frame. */
async function launchOf(handle: string): Promise<{ launch: string }> {
  const answer = await fetch(`${house().shopifyUrl}/store/${handle}/shell/launch?path=/app`);
  const { url } = (await answer.json()) as { url: string };
  const { pathname, search } = new URL(url);
  return { launch: house().appOrigin + pathname + search };
}

/** One request to the app as the browser would make it, without its frame and without following redirects. */
function ask(page: Page, address: string) {
  const { host, pathname, search } = new URL(address);
  return page.request.get(house().tlsUrl + pathname + search, { headers: { host }, maxRedirects: 0 });
}
