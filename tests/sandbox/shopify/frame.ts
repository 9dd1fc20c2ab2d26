import { html, type Html } from "#tests/sandbox/html.ts";
import type { PageDeps } from "#tests/sandbox/shopify/pages.ts";
import type { Shop, Staff } from "#tests/sandbox/shopify/types.ts";

interface FrameParts {
  title: string;
  body: Html;
  current?: "orders" | "app";
  staff?: Staff;
  /** Turns on what only the page around the app needs: its navigation, the save bar, the script. */
  script?: Html;
}

/** Shopify's admin: bar on top, navigation on the left, the page in the middle. */
export function adminFrame(shop: Shop, parts: FrameParts, { config, mailboxUrl }: PageDeps): Html {
  const base = `/store/${shop.handle}`;
  const item = (href: string, label: string, current = false) =>
    html`<li>
      <a href="${href}" ${current && html`aria-current="page"`}>${label}</a>
    </li>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${parts.title} · ${shop.name} · Shopify</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/shell.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <button type="button" class="menu" aria-controls="nav" aria-expanded="false" aria-label="Menu">
            ☰
          </button>
          <a class="brand" href="${base}" aria-label="Shopify sandbox, ${shop.name}"
            ><b>shopify</b> <i>sandbox</i></a
          >
          <div id="save-bar" role="region" aria-label="Unsaved changes" hidden>
            <span>Unsaved changes</span>
            <button type="button" data-action="discard">Discard</button>
            <button type="button" data-action="save" class="primary">Save</button>
          </div>
          ${
            parts.staff &&
            html`<label class="staff"
              ><span class="hidden">Signed in as</span>
              <select id="staff">
                ${shop.staff.map((each) => html`<option value="${each.id}" ${each.id === parts.staff!.id && html`selected`}>${each.firstName} ${each.lastName}</option>`)}
              </select></label
            >`
          }
        </header>
        <div class="columns">
          <nav id="nav" aria-label="Shop">
            <p class="shop">${shop.name}</p>
            <ul>
              ${item(`${base}/orders`, "Orders", parts.current === "orders")}
              ${item(`${base}/storefront`, "Online store")}
            </ul>
            <p>Apps</p>
            <ul>
              <li>
                <a
                  id="app-home"
                  href="${base}/apps/${config().handle}"
                  ${parts.current === "app" && html`aria-current="true"`}
                  ><span class="icon" aria-hidden="true">A</span>${config().name}</a
                >
                <ul id="app-nav"></ul>
              </li>
            </ul>
            <p>Sandbox</p>
            <ul>
              ${item(mailboxUrl(), "Mailbox")} ${item("/deliveries", "Webhooks")} ${item("/", "All shops")}
            </ul>
          </nav>
          <main id="main" tabindex="-1">${parts.body}</main>
        </div>
        <div id="toasts" role="status" aria-live="polite"></div>
        <script type="module" src="/assets/shell.js"></script>
        ${parts.script ?? ""}
      </body>
    </html>`;
}

/** A plain page inside the admin. */
export const frame = (shop: Shop, title: string, body: Html, deps: PageDeps) =>
  adminFrame(
    shop,
    {
      title,
      body: html`<div class="page">
        <h1>${title}</h1>
        ${body}
      </div>`,
    },
    deps,
  );
