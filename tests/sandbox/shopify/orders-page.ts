import { html, type Html } from "#tests/sandbox/html.ts";
import { adminFrame } from "#tests/sandbox/shopify/frame.ts";
import * as money from "#tests/sandbox/shopify/money.ts";
import type { PageDeps } from "#tests/sandbox/shopify/pages.ts";
import type { Line, Order, Shop } from "#tests/sandbox/shopify/types.ts";

/** The shop's orders with what a merchant, a carrier and Shopify can do to them. */
export function ordersPage(shop: Shop, deps: PageDeps): Html {
  const body = html`<div class="page">
    <h1>Orders</h1>
    <p><a href="/store/${shop.handle}/storefront">Buy something in the online store</a></p>
    ${shop.orders.length === 0 && html`<p class="card">No orders yet.</p>`}
    <ul class="orders">
      ${[...shop.orders]
        .reverse()
        .slice(0, 100)
        .map((order) => orderCard(shop, order))}
    </ul>
    ${shopCard(shop, deps)}
    <script type="module" src="/assets/store.js"></script>
  </div>`;
  return adminFrame(shop, { title: "Orders", body, current: "orders" }, deps);
}

const button = (control: string, shop: Shop, label: string, more: Record<string, string> = {}) =>
  html`<form
    data-control="${control}"
    data-shop="${shop.domain}"
    ${Object.entries(more).map(([key, value]) => html` data-${key}="${value}"`)}
  >
    <button>${label}</button>
  </form>`;

function orderCard(shop: Shop, order: Order): Html {
  const status = money.fulfillmentStatus(order);
  const open = order.lines.filter((line) => money.fulfillableQuantity(order, line) > 0);
  const sent = order.fulfillments.filter((each) => each.status === "success");
  const ref = { order: order.id };
  return html`<li class="card" id="order-${order.number}">
    <h2>
      ${order.name}
      <span class="badge ${order.paid && "good"}">${money.financialStatus(order).replace("_", " ")}</span>
      <span class="badge">${status ?? "unfulfilled"}</span>
      ${order.cancelledAt && html`<span class="badge bad">cancelled</span>`}
      ${order.test && html`<span class="badge">test</span>`}
      ${order.sourceName !== "web" && html`<span class="badge">${order.sourceName}</span>`}
    </h2>
    <p>
      ${order.email ?? "no email"}, ${order.locale ?? "no language"},
      ${order.createdAt.replace("T", " ").slice(0, 16)}
    </p>
    <ul>
      ${order.lines.map((line) => html`<li>${line.currentQuantity} of ${line.quantity} × ${line.title} ${line.variantTitle ?? ""}</li>`)}
    </ul>
    ${order.fulfillments.map(
      (each) =>
        html`<div class="actions">
          <span
            >${each.name}:
            ${each.status === "cancelled" ? "cancelled" : (each.shipmentStatus ?? "sent").replaceAll("_", " ")}</span
          >
          ${
            each.status === "success" &&
            html`${button("deliver", shop, "Mark delivered", { ...ref, fulfillment: each.id })}
            ${button("collect", shop, "Mark collected", { ...ref, fulfillment: each.id })}
            ${button("cancel-fulfillment", shop, "Cancel fulfilment", { ...ref, fulfillment: each.id })}`
          }
        </div>`,
    )}
    <div class="actions">
      ${!order.paid && !order.cancelledAt && button("pay-order", shop, "Mark as paid", ref)}
      ${open.length > 0 && button("fulfil", shop, "Fulfil everything", ref)}
      ${sent.length > 1 && button("deliver", shop, "Mark all delivered", ref)}
      ${!order.cancelledAt && button("cancel-order", shop, "Cancel order", ref)}
    </div>
    ${
      open.length > 0 &&
      html`<details>
        <summary>Fulfil a part</summary>
        <form data-control="fulfil" data-shop="${shop.domain}" data-order="${order.id}">
          ${open.map((line) => quantity(line, money.fulfillableQuantity(order, line)))}
          <label><input type="checkbox" name="pickup" value="true" /> for collection</label>
          <button>Fulfil</button>
        </form>
      </details>`
    }
    <details>
      <summary>Refund (no quantity: everything)</summary>
      <form data-control="refund" data-shop="${shop.domain}" data-order="${order.id}">
        ${order.lines.filter((line) => line.currentQuantity > 0).map((line) => quantity(line, line.currentQuantity))}
        <button>Refund</button>
      </form>
    </details>
    <details>
      <summary>Edit</summary>
      <form data-control="edit-order" data-shop="${shop.domain}" data-order="${order.id}">
        <label
          >Add
          <select name="add">
            <option value="">nothing</option>
            ${shop.products.map(({ title, variants }) => html`<option value="${variants[0]!.id}">${title}</option>`)}
          </select></label
        >
        ${order.lines.filter((line) => line.currentQuantity > 0).map((line) => quantity(line, line.currentQuantity, "remove "))}
        <label>Email <input name="email" type="email" /></label>
        <label>Street <input name="address1" /></label> <label>City <input name="city" /></label>
        <label>Postcode <input name="zip" size="6" /></label> <button>Save</button>
      </form>
    </details>
  </li>`;
}

const quantity = (line: Line, max: number, verb = "") =>
  html`<label
    ><input type="number" name="line:${line.id}" min="0" max="${max}" value="0" /> ${verb}${line.title}</label
  >`;

function shopCard(shop: Shop, { config }: PageDeps): Html {
  return html`<section class="card">
    <h2>${config().name} in this shop</h2>
    <div class="actions">
      ${shop.installed ? button("uninstall", shop, "Uninstall") : button("reinstall", shop, "Install")}
      ${button("redact-shop", shop, "Send shop/redact")}
    </div>
    <form data-control="redact-customer" data-shop="${shop.domain}">
      <label
        >Customer
        <select name="email">
          ${shop.customers.map(({ email }) => html`<option>${email}</option>`)}
        </select></label
      >
      <button>Send customers/redact</button>
    </form>
    <form data-control="data-request" data-shop="${shop.domain}">
      <label
        >Customer
        <select name="email">
          ${shop.customers.map(({ email }) => html`<option>${email}</option>`)}
        </select></label
      >
      <button>Send customers/data_request</button>
    </form>
  </section>`;
}
