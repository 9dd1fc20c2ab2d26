import { html, type Html } from "#tests/sandbox/html.ts";
import type { Store } from "#tests/sandbox/state.ts";

/** The latest webhooks, with every try. */
export function deliveriesPage(store: Store): Html {
  const latest = store.state.deliveries.slice(-200).reverse();
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Webhook deliveries</title>
        <link rel="stylesheet" href="/assets/store.css" />
      </head>
      <body>
        <main>
          <p><a href="/">All shops</a> <a href="/deliveries.json">JSON</a></p>
          <h1>Webhook deliveries</h1>
          ${latest.length === 0 && html`<p>None yet.</p>`}
          ${latest.map(
            (each) =>
              html`<details class="card">
                <summary>
                  <b>${each.topic}</b> ${each.shop}
                  <span class="badge">${each.state}</span>
                  ${each.attempts.map(({ status, error }) => status ?? error).join(", ")}
                </summary>
                <p>${each.url}</p>
                <pre>
${Object.entries(each.headers).map(([name, value]) => `${name}: ${value}\n`)}

${each.body}</pre>
              </details>`,
          )}
        </main>
      </body>
    </html>`;
}
