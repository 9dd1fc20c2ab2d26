import { html, scriptJson, type Html } from "#tests/sandbox/html.ts";
import { adminFrame } from "#tests/sandbox/shopify/frame.ts";
import type { PageDeps } from "#tests/sandbox/shopify/pages.ts";
import type { Shop, Staff } from "#tests/sandbox/shopify/types.ts";

interface ShellOptions {
  shop: Shop;
  staff: Staff;
  /** `/store/{handle}/apps/{app}`; what follows in the address bar is the app's path. */
  prefix: string;
  path: string;
  app: string;
  launch: string;
  deps: PageDeps;
}

/** The page that embeds the app. */
export function shellPage({ shop, staff, prefix, app, launch, deps }: ShellOptions): Html {
  const name = deps.config().name;
  const settings = {
    shop: `/store/${shop.handle}/shell`,
    prefix,
    app,
    launch,
    name,
    accountOwner: staff.owner,
  };
  const body = html`<div class="app">
    <div class="title-bar">
      <span class="icon" aria-hidden="true">A</span>
      <p id="app-title">${name}</p>
      <div id="title-actions"></div>
    </div>
    <div id="loading" role="progressbar" aria-label="Loading" hidden></div>
    <div id="app-frame"></div>
  </div>`;
  const script = html`<script type="application/json" id="settings">
    ${scriptJson(settings)}
  </script>`;
  return adminFrame(shop, { title: name, body, current: "app", staff, script }, deps);
}

/** What a merchant sees before the app is installed: what it wants to see, and the button. */
export function installPage(shop: Shop, deps: PageDeps): Html {
  const { name, scopes } = deps.config();
  const words: Record<string, string> = {
    read_orders: "View orders",
    read_products: "View products",
    read_fulfillments: "View fulfilments",
    read_customers: "View customers",
  };
  const body = html`<div class="page install">
    <span class="icon big" aria-hidden="true">A</span>
    <h1>Install ${name}</h1>
    <p>This app needs access to:</p>
    <ul>
      ${scopes.map((scope) => html`<li>${words[scope] ?? scope}</li>`)}
    </ul>
    <button type="button" class="primary" id="install" data-url="/store/${shop.handle}/shell/install">
      Install
    </button>
  </div>`;
  return adminFrame(shop, { title: `Install ${name}`, body, current: "app" }, deps);
}

/** The list of shops. */
export function shopsPage({ store, config, mailboxUrl }: PageDeps): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Shopify sandbox</title>
        <link rel="stylesheet" href="/assets/store.css" />
      </head>
      <body>
        <main>
          <h1>Shopify sandbox</h1>
          <ul class="shops">
            ${Object.values(store.state.shops).map(
              (shop) =>
                html`<li class="card">
                  <h2>${shop.name}</h2>
                  <p>
                    ${shop.domain},
                    ${shop.installed ? "app installed" : "app not installed"}${shop.status !== "active" && `, ${shop.status}`}
                  </p>
                  <p>
                    <a href="/store/${shop.handle}/apps/${config().handle}">${config().name} in the admin</a>
                    <a href="/store/${shop.handle}/storefront">Buy something</a>
                    <a href="/store/${shop.handle}/orders">Orders</a>
                  </p>
                </li>`,
            )}
          </ul>
          <p><a href="${mailboxUrl()}">Mailbox</a> <a href="/deliveries">Webhook deliveries</a></p>
        </main>
      </body>
    </html>`;
}
