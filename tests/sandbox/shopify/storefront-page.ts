import { html, type Html } from "#tests/sandbox/html.ts";
import type { PageDeps } from "#tests/sandbox/shopify/pages.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";

/** The shop as a buyer sees it, with a checkout that can play every kind of order. */
export function storefrontPage(shop: Shop, { config, mailboxUrl }: PageDeps): Html {
  const priced = new Intl.NumberFormat("en", { style: "currency", currency: shop.currency });
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${shop.name}</title>
        <link rel="stylesheet" href="/assets/store.css" />
      </head>
      <body>
        <header>
          <h1>${shop.name}</h1>
          <nav aria-label="Sandbox">
            <a href="/store/${shop.handle}/orders">Orders</a>
            <a href="/store/${shop.handle}/apps/${config().handle}">${config().name}</a>
            <a href="${mailboxUrl()}">Mailbox</a>
          </nav>
        </header>
        <main>
          <form id="checkout" data-shop="${shop.domain}">
            <section aria-label="Products" class="products">
              ${shop.products
                .filter(({ status }) => status === "ACTIVE")
                .map(
                  (product) =>
                    html`<div class="product">
                      <img
                        src="/images/${shop.handle}/${product.id}.svg"
                        alt=""
                        width="160"
                        height="160"
                        loading="lazy"
                      />
                      <h2>${product.title}</h2>
                      ${product.variants.map(
                        (variant) =>
                          html`<label
                            ><span
                              >${variant.title === "Default Title" ? "" : variant.title}
                              ${priced.format(Number(variant.price))}</span
                            >
                            <input
                              type="number"
                              min="0"
                              max="99"
                              value="0"
                              data-variant="${variant.id}"
                              aria-label="How many: ${product.title} ${variant.title}"
                            />
                          </label>`,
                      )}
                    </div>`,
                )}
            </section>
            <section aria-label="Checkout" class="card">
              <h2>Checkout</h2>
              <div class="fields">
                <label
                  >Email
                  <input
                    name="email"
                    type="email"
                    list="buyers"
                    value="emma.clarke@example.com"
                    autocomplete="off"
                /></label>
                <datalist id="buyers">
                  ${shop.customers.map(({ email }) => html`<option value="${email}"></option>`)}
                </datalist>
                <label>First name <input name="firstName" value="Emma" required /></label>
                <label>Last name <input name="lastName" value="Clarke" required /></label>
                <label
                  >Language
                  <select name="locale">
                    ${["en", "de", "fr", "en-US", "de-AT", "es"].map((locale) => html`<option>${locale}</option>`)}
                  </select></label
                >
                <label>Note <input name="note" /></label>
                <label>Order tags <input name="tags" placeholder="one, two" /></label>
                <label
                  >Where it was bought
                  <select name="source">
                    <option value="web">Online store</option>
                    <option value="pos">Point of sale</option>
                    <option value="subscription_contract">Subscription renewal</option>
                    <option value="tiktok">TikTok Shop</option>
                    <option value="amazon">Amazon</option>
                    <option value="ebay">eBay</option>
                  </select></label
                >
                <label>Company (B2B) <input name="company" /></label>
                <label class="check"><input name="test" type="checkbox" /> Test order</label>
                <label class="check"><input name="unpaid" type="checkbox" /> Pay later</label>
                <label class="check"><input name="replacement" type="checkbox" /> Free replacement</label>
              </div>
              <p id="result" role="status"></p>
              <button class="primary">Buy</button>
            </section>
          </form>
        </main>
        <script type="module" src="/assets/store.js"></script>
      </body>
    </html>`;
}
