// The mailbox: every mail as a person would see it, and as JSON for tests.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Router } from "express";
import { html, type Html } from "#tests/sandbox/html.ts";
import { publicDomain, type Domains } from "#tests/sandbox/resend/domains.ts";
import type { Domain, Mail } from "#tests/sandbox/resend/types.ts";
import type { Store } from "#tests/sandbox/state.ts";

const here = dirname(fileURLToPath(import.meta.url));
const browserFile = (name: string) => readFileSync(join(here, "..", "browser", name), "utf8");

interface Options {
  store: Store;
  domains: Domains;
  shopifyUrl: () => string;
  /** Where the app itself listens: mail programs reach it past the browser. */
  appUrl: string;
}

/** What tests read: the mail, the request it came in, and what happened to it since. */
export function mailView(store: Store, mail: Mail) {
  const request = store.state.mailRequests.find(({ id }) => id === mail.requestId);
  return {
    ...mail,
    idempotencyKey: request?.idempotencyKey ?? null,
    requestBody: request ? Buffer.from(request.body, "base64").toString("utf8") : null,
    events: store.state.mailEvents
      .filter(({ emailId }) => emailId === mail.id)
      .map(({ id, type, state, attempts }) => ({ id, type, state, attempts })),
  };
}

export function mailboxRoutes({ store, domains, shopifyUrl, appUrl }: Options): Router {
  const { state } = store;
  const router = express.Router();
  const newest = () => [...state.mails].reverse();
  const page = (title: string, body: Html) =>
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href="/mailbox.css" />
        </head>
        <body>
          <header class="top">
            <a href="/mailbox"><strong>Mailbox</strong></a>
            <nav aria-label="Mailbox">
              <a href="/mailbox/domains">Domains</a> <a href="${shopifyUrl()}/">Shops</a>
            </nav>
          </header>
          ${body}
        </body>
      </html>`;

  router.get("/mailbox.css", (_req, res) => void res.type("css").send(browserFile("mailbox.css")));
  router.get("/mailbox.js", (_req, res) => void res.type("js").send(browserFile("mailbox.js")));

  router.get("/mailbox.json", (req, res) => {
    const to = typeof req.query.to === "string" ? req.query.to.toLowerCase() : undefined;
    const found = newest().filter((mail) => !to || mail.to.some((each) => each.toLowerCase().includes(to)));
    res.json({ mails: found.map((mail) => mailView(store, mail)), requests: state.mailRequests });
  });

  router.get("/mailbox", (_req, res) => {
    const rows = newest().map(
      (mail) =>
        html`<li>
          <a href="/mailbox/${mail.id}">
            <span class="from">${mail.from}</span>
            <span class="subject">${mail.subject}</span>
            <span class="to">to ${mail.to.join(", ")}</span>
            <span class="state state-${mail.last_event}">${mail.last_event.replaceAll("_", " ")}</span>
            <time datetime="${mail.created_at}">${shortTime(mail.created_at)}</time>
          </a>
        </li>`,
    );
    const body = html`<main>
      <h1>${state.mails.length} ${state.mails.length === 1 ? "mail" : "mails"}</h1>
      ${
        rows.length > 0
          ? html`<ul class="mails">
              ${rows}
            </ul>`
          : html`<p class="empty">No mail yet. Buy something in the shop, and wait for the message.</p>`
      }
    </main>`;
    res.send(page("Mailbox", body).text);
  });

  router.get("/mailbox/domains", (_req, res) => {
    res.send(
      page(
        "Domains",
        html`<main>
          <h1>Sending domains</h1>
          ${domains.list().map(domainCard)}${domains.list().length === 0 && html`<p class="empty">No domain added yet.</p>`}
        </main>`,
      ).text,
    );
  });
  router.post("/mailbox/domains/:id", express.urlencoded({ extended: false }), (req, res) => {
    const given = req.body as { value?: string; record?: string };
    const value = given.value === "wrong" || given.value === "missing" ? given.value : "right";
    domains.publish(req.params.id!, value, given.record ? [Number(given.record)] : undefined);
    res.redirect(303, "/mailbox/domains");
  });

  router.get("/mailbox/:id", (req, res) => {
    const mail = state.mails.find(({ id }) => id === req.params.id);
    if (!mail)
      return void res.status(404).send(page("Not found", html`<main><h1>No such mail</h1></main>`).text);
    res.send(page(mail.subject, mailPage(mail, req.query.unsubscribed)).text);
  });

  // As Gmail does it: one POST, without cookies, which follows no redirect (RFC 8058).
  router.post("/mailbox/:id/unsubscribe", (req, res, next) => {
    const mail = state.mails.find(({ id }) => id === req.params.id);
    const target = mail && oneClickOf(mail);
    if (!target)
      return void res.status(404).send(page("Not found", html`<main><h1>No such mail</h1></main>`).text);
    fetch(new URL(target.pathname + target.search, appUrl), {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    }).then(({ status }) => res.redirect(303, `/mailbox/${mail.id}?unsubscribed=${status}`), next);
  });

  // The mail itself: on an opaque origin, without scripts.
  router.get("/mailbox/:id/body.html", (req, res) => {
    const mail = state.mails.find(({ id }) => id === req.params.id);
    res.set(
      "content-security-policy",
      "sandbox allow-popups; default-src 'none'; img-src * data:; style-src 'unsafe-inline'; font-src *",
    );
    res.type("html").send(mail?.html ?? "<!doctype html><p>This mail has no HTML part.</p>");
  });

  return router;

  function mailPage(mail: Mail, unsubscribed: unknown): Html {
    const view = mailView(store, mail);
    const row = (name: string, value: unknown) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<main>
      <p><a href="/mailbox">← All mails</a></p>
      <h1>${mail.subject}</h1>
      <dl class="facts">
        ${row("From", html`${mail.from} ${oneClickOf(mail) && unsubscribeButton(mail, unsubscribed)}`)}
        ${row("To", mail.to.join(", "))}
        ${mail.reply_to.length > 0 && row("Reply to", mail.reply_to.join(", "))}
        ${row("Received", shortTime(mail.created_at))}
        ${row("State", html`<span class="state state-${mail.last_event}">${mail.last_event.replaceAll("_", " ")}</span>`)}
      </dl>
      <div class="switches">
        <div role="tablist" aria-label="View">
          <button type="button" role="tab" id="tab-html" aria-controls="view-html" aria-selected="true">
            Mail
          </button>
          <button
            type="button"
            role="tab"
            id="tab-text"
            aria-controls="view-text"
            aria-selected="false"
            tabindex="-1"
          >
            Plain text
          </button>
          <button
            type="button"
            role="tab"
            id="tab-source"
            aria-controls="view-source"
            aria-selected="false"
            tabindex="-1"
          >
            Source
          </button>
        </div>
        <label class="phone"><input type="checkbox" id="phone" /> Phone width</label>
      </div>
      <div id="view-html" role="tabpanel" aria-labelledby="tab-html" class="frame">
        <iframe title="Mail" src="/mailbox/${mail.id}/body.html" sandbox="allow-popups"></iframe>
      </div>
      <pre id="view-text" role="tabpanel" aria-labelledby="tab-text" hidden>
${mail.text ?? "This mail has no plain text part."}</pre>
      <div id="view-source" role="tabpanel" aria-labelledby="tab-source" hidden>
        <dl class="facts">
          ${row("Idempotency key", view.idempotencyKey ?? "none")} ${row("Place in batch", mail.index)}
          ${mail.tags.map(({ name, value }) => row(`Tag ${name}`, value))}
          ${Object.entries(mail.headers).map(([name, value]) => row(name, value))}
          ${view.events.map(({ type, attempts }) => row(type, attempts.map(({ status, error }) => status ?? error).join(", ") || "not sent yet"))}
        </dl>
        <pre>${mail.html ?? ""}</pre>
      </div>
      <script src="/mailbox.js" type="module"></script>
    </main>`;
  }
}

/** The address that a mail program posts to; none unless both headers are there and say so. */
function oneClickOf({ headers }: Mail): URL | null {
  const address = /^<(https?:[^>]+)>$/.exec(headers["List-Unsubscribe"] ?? "")?.[1];
  const post = headers["List-Unsubscribe-Post"] === "List-Unsubscribe=One-Click";
  return address && post ? new URL(address) : null;
}

const unsubscribeButton = (mail: Mail, unsubscribed: unknown) =>
  unsubscribed === "200"
    ? html`<span role="status">Unsubscribed</span>`
    : html`<form class="unsubscribe" method="post" action="/mailbox/${mail.id}/unsubscribe">
        <button>Unsubscribe</button>
        ${unsubscribed !== undefined && html`<span role="alert">The sender answered with ${String(unsubscribed)}</span>`}
      </form>`;

function domainCard(domain: Domain): Html {
  const shown = publicDomain(domain);
  return html`<section class="card">
    <h2>${domain.name} <span class="state">${domain.status.replaceAll("_", " ")}</span></h2>
    <p>What its owner has put into the DNS. Resend looks when the app asks it to verify.</p>
    <ul class="records">
      ${domain.records.map(
        (record, place) =>
          html`<li>
            <code>${record.type} ${record.name}</code> <span>${domain.published[place]}</span>
            ${(["right", "wrong", "missing"] as const).map(
              (value) =>
                html`<form method="post" action="/mailbox/domains/${shown.id}">
                  <input type="hidden" name="record" value="${place}" /><button name="value" value="${value}">
                    ${value}
                  </button>
                </form>`,
            )}
          </li>`,
      )}
    </ul>
    <form method="post" action="/mailbox/domains/${shown.id}">
      <button name="value" value="right" class="primary">Publish all records</button>
    </form>
  </section>`;
}

const shortTime = (iso: string) => iso.replace("T", " ").slice(0, 19);
