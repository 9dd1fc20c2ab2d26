// A buyer without a session: the links of a mail, what scanners may do with them, and what the merchant sees of it.
import { house } from "./house.ts";
import { findBarriers, inspect, picture } from "./inspect.ts";
import { expect, test } from "./test.ts";
import {
  addTemplate,
  addTrigger,
  AT_ONCE,
  buy,
  mailsArrive,
  messageBecomes,
  switchSending,
} from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";
const BUYER = "ida.novak@example.com";

type Sent = { id: string; text: string; headers: Record<string, string> };

/** Past the browser, as a scanner or a mail program comes: without cookies. */
const knock = (url: string, init?: RequestInit) => {
  const { pathname, search } = new URL(url);
  return fetch(new URL(pathname + search, house().webUrl), { redirect: "manual", ...init });
};

test("a buyer opts out by a link that only a button uses", async ({ page, admin, shop, allow }) => {
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "cast_iron_seasoning");
  await addTrigger(shop, { name: "Care", templateId, type: "Resin", ...AT_ONCE });
  await switchSending(shop, true);
  const order = await buy(shop, BUYER, EPOXY);
  const [mail] = (await mailsArrive(BUYER, 1)) as unknown as Sent[];
  const link = /^<(.*)>$/.exec(mail!.headers["List-Unsubscribe"] ?? "")![1]!;
  const helped = /\S+\/helped\?link=\S+said=no/.exec(mail!.text)![0];

  await test.step("scanners change nothing", async () => {
    for (const url of [link, helped]) {
      for (const method of ["GET", "HEAD"]) expect((await knock(url, { method })).status).toBe(200);
      for (const body of [undefined, "", "List-Unsubscribe=Two-Clicks", "x".repeat(20_000), "helped=perhaps"])
        expect(
          (
            await knock(url, {
              method: "POST",
              ...(body === undefined ? {} : { body }),
              headers: { "content-type": "application/x-www-form-urlencoded" },
            })
          ).status,
        ).toBe(400);
    }
    const { rows } = await shop.door.read<{ rows: unknown[] }>(
      "app.suppressions._index",
      "/app/suppressions",
    );
    expect(rows).toEqual([]);
  });

  await test.step("links that lead nowhere are answered alike", async () => {
    const forged = link.slice(0, -4) + "AAAA";
    const pages: string[] = [];
    for (const url of [forged, link.split("?")[0]!, `${link.split("?")[0]}?link=nonsense`]) {
      const answer = await knock(url, { headers: { "accept-language": "de-AT,de;q=0.9" } });
      expect(answer.status).toBe(404);
      pages.push((await answer.text()).replaceAll(/nonce="[^"]*"/g, ""));
      const post = await knock(url, {
        method: "POST",
        body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
      });
      expect(post.status).toBe(200);
    }
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('lang="de"');
    expect(pages[0]).toContain("führt nirgendwohin");
    allow(/404/);
    await page.goto(forged);
    await expect(page.getByRole("heading", { name: "This link leads nowhere any more" })).toBeVisible();
    await picture(page, "opt-out-gone");
  });

  await test.step("the answer of a button counts, and can be changed", async () => {
    await page.goto(helped);
    await expect(page.getByRole("heading", { name: "Did this help?" })).toBeVisible();
    await page.getByRole("button", { name: "No" }).click();
    await expect(page.getByRole("heading", { name: "Thank you for your answer" })).toBeVisible();
    await expect(page.getByRole("button", { name: "No" })).toHaveAttribute("aria-pressed", "true");
    await page.getByRole("button", { name: "Yes" }).click();
    await expect(page.getByRole("button", { name: "Yes" })).toHaveAttribute("aria-pressed", "true");
    await findBarriers(page, "helped");
    await picture(page, "helped");
  });

  await test.step("the page runs no script, and stands in nobody's frame", async () => {
    const answer = await knock(`${link}&shop=${shop.domain}`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("x-robots-tag")).toBe("noindex");
    const text = await answer.text();
    expect(text).not.toContain("<script");
    expect(text).not.toContain(BUYER);
  });

  await test.step("one press, and it is done; again does no harm", async () => {
    await page.goto(link);
    await expect(page.getByRole("heading", { name: /^Unsubscribe from / })).toBeVisible();
    await findBarriers(page, "opt-out");
    await picture(page, "opt-out");
    await page.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(page.getByRole("heading", { name: "You are unsubscribed" })).toBeVisible();
    await picture(page, "opt-out-done");
    const again = await knock(link, {
      method: "POST",
      headers: { origin: "https://mail.example", "sec-fetch-site": "cross-site" },
      body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    });
    expect(again.status).toBe(200);
  });

  await test.step("the next order gets nothing, and the merchant sees why", async () => {
    const next = await buy(shop, BUYER, EPOXY);
    await messageBecomes(shop, next, "skipped");
    await admin.open("/app/suppressions");
    const row = app.getByRole("row", { name: BUYER });
    await expect(row).toContainText("Unsubscribed");
    await inspect(page, "opt-outs");
    await row.getByRole("link", { name: "The message" }).click();
    await expect(app.getByText("The buyer unsubscribed").first()).toBeVisible();
    await expect(app.getByRole("heading", { name: `Message for order ${order.name}` })).toBeVisible();
  });
});

test("Gmail's own button does it too, and the merchant keeps the list", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  const address = "jan.vos@example.com";
  await buy(shop, address, EPOXY);
  const [mail] = (await mailsArrive(address, 1)) as unknown as Sent[];
  await page.goto(`${house().mailboxUrl}/${mail!.id}`);
  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(page.getByText("Unsubscribed", { exact: true })).toBeVisible();
  await picture(page, "mail-unsubscribed");

  await admin.open("/app/suppressions");
  const row = app.getByRole("row", { name: address });
  await expect(row).toBeVisible();
  await test.step("an address by hand, found again, refused when it is none", async () => {
    const field = app.getByRole("textbox", { name: "Email address" });
    await field.fill("by.hand@example.com");
    await app.getByRole("button", { name: "Add", exact: true }).click();
    await expect(app.getByRole("row", { name: "by.hand@example.com" })).toContainText("Added by you");
    await app.getByRole("button", { name: "Find" }).click();
    await expect(app.getByText("by.hand@example.com is on the list")).toBeVisible();
  });

  await test.step("a file, with a row that is not taken in", async () => {
    const file = Buffer.from("email;reason\nfrom.file@example.com;bounced\nno address;\n");
    await app
      .locator("input[type=file]")
      .setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: file });
    await expect(app.getByText("1 address added")).toBeVisible();
    await expect(app.getByText("Line 3: not an email address")).toBeVisible();
    await inspect(page, "opt-outs-imported");
    await app.getByRole("combobox", { name: "Show" }).selectOption("undeliverable");
    await expect(app.getByRole("row", { name: "from.file@example.com" })).toBeVisible();
    await expect(row).toBeHidden();
    const saving = page.waitForEvent("download");
    await app.getByRole("button", { name: "Download CSV" }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await saving).createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain("from.file@example.com,bounced,");
    await app.getByRole("combobox", { name: "Show" }).selectOption("");
  });

  await test.step("an entry is taken off with a reason", async () => {
    await row.getByRole("button", { name: `Take off: ${address}` }).click();
    const why = app.getByRole("textbox", { name: "Why" });
    await expect(why).toBeVisible();
    await app.getByRole("button", { name: "Take off", exact: true }).click();
    await expect(app.getByText("Say in a few words why")).toBeVisible();
    await why.fill("The buyer asked by phone");
    await app.getByRole("button", { name: "Take off", exact: true }).click();
    await admin.toast("Taken off the list");
    await expect(row).toBeHidden();
  });
});

test("who could not be reached stands on a list of their own", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/suppressions/unreached");
  await expect(app.getByText("Everybody was reached")).toBeVisible();
  await inspect(page, "not-reached-empty");
  const order = await buy(shop, "bounced+lea@resend.dev", EPOXY);
  await messageBecomes(shop, order, "bounced");
  await admin.open("/app/suppressions/unreached");
  const row = app.getByRole("row", { name: order.name });
  await expect(row).toContainText("Bounced");
  await expect(row.getByRole("link", { name: "Order in Shopify" })).toHaveAttribute(
    "href",
    /^shopify:admin\/orders\/\d+$/,
  );
  await inspect(page, "not-reached");
});
