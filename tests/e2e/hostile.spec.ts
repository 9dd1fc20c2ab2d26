// What comes out of the renderer is opened in a real browser, without a sandbox and without a policy: it must stand by itself.
import { expect, type Page } from "@playwright/test";
import { makeMail, MailFault } from "#app/features/templates/mail.server.ts";
import { envelopeWith } from "#tests/factories/mails.ts";
import { XSS } from "#tests/hostile/xss.ts";
import { test } from "./test.ts";

const AT_ONCE = 25;

/** The string in every place of a mail that somebody else fills in, and in the template itself. */
function mailWith(text: string): string | null {
  try {
    return makeMail(
      envelopeWith({
        subject: `${text.slice(0, 190).replace(/[{}]/g, "")} {{ customer.first_name }}`,
        body: [
          "{{ customer.first_name }} *{{ customer.last_name }}* `{{ line.title }}`",
          "[{{ line.title }}]({{ product.url }}) ![{{ product.title }}]({{ product.image }})",
          '[track]({{ tracking.url }}) <a href="{{ tracking.number }}" title="{{ line.sku }}">x</a>',
          "<b title='{{ variant.title }}'>{{ product.metafields.custom.care }}</b>",
          "{% raw %}",
          text,
          "{% endraw %}",
        ].join("\n\n"),
        context: (context) => {
          Object.assign(context.customer, { first_name: text, last_name: text });
          Object.assign(context.order, { name: text, date: text });
          Object.assign(context.line, { title: text, variant_title: text, sku: text });
          Object.assign(context.product, { title: text, url: text, image: text, vendor: text, type: text });
          Object.assign(context.variant, { title: text, sku: text });
          Object.assign(context.tracking, { company: text, number: text, url: text });
          Object.assign(context.shop, { name: text, email: text, url: text });
          context.product.metafields = { custom: { care: text } };
        },
        envelope: {
          shopName: text,
          orderName: text,
          brand: { logoUrl: text, color: text },
          footer: { legalName: text, address: text, contact: text },
        },
      }),
    ).html;
  } catch (error) {
    if (error instanceof MailFault) return null;
    throw error;
  }
}

/** Shows each in a frame of its own, moves over everything in it, and tells what ran, what was asked for and what is there. */
async function open(
  page: Page,
  mails: string[],
): Promise<{ ran: string[]; asked: string[]; forbidden: string[] }> {
  const asked: string[] = [];
  const ran: string[] = [];
  await page.route("**/*", (route) => {
    const request = route.request();
    if (request.resourceType() !== "image" && request.url() !== "https://mails.example/")
      asked.push(request.url());
    return request.url() === "https://mails.example/"
      ? route.fulfill({ contentType: "text/html", body: "<!doctype html><title>mails</title><body></body>" })
      : route.abort();
  });
  page.on("dialog", (dialog) => void dialog.dismiss());
  await page.addInitScript(() => {
    const note = (...said: unknown[]) =>
      void ((window.top as unknown as { ran: string[] }).ran ??= []).push(said.join());
    Object.assign(window, { alert: note, confirm: note, prompt: note, msgbox: note });
  });
  await page.goto("https://mails.example/");
  const forbidden: string[] = [];
  for (let at = 0; at < mails.length; at += AT_ONCE) {
    forbidden.push(
      ...(await page.evaluate(
        async (some) => {
          const frames = some.map((html) => {
            const frame = document.createElement("iframe");
            frame.srcdoc = html;
            return frame;
          });
          const loaded = frames.map(
            (frame) => new Promise((resolve) => frame.addEventListener("load", resolve)),
          );
          document.body.replaceChildren(...frames);
          await Promise.all(loaded);
          const found: string[] = [];
          for (const frame of frames) {
            const inside = frame.contentDocument;
            for (const element of inside?.querySelectorAll<HTMLElement>("*") ?? []) {
              const name = element.localName;
              if (
                /^(script|iframe|frame|object|embed|form|input|button|svg|math|base|link|template|video|audio)$/.test(
                  name,
                )
              )
                found.push(name);
              // A form with a field of that name hides its own.
              for (const attribute of Element.prototype.getAttributeNames.call(element)) {
                const value = Element.prototype.getAttribute.call(element, attribute) ?? "";
                if (attribute.startsWith("on") || attribute === "srcdoc") found.push(`${name}[${attribute}]`);
                const leads = attribute === "href" || attribute === "src";
                if (leads && !/^(https?:|mailto:|tel:)/.test(value))
                  found.push(`${name}[${attribute}=${value}]`);
              }
              for (const type of ["mouseover", "pointerenter", "focus", "animationstart"])
                EventTarget.prototype.dispatchEvent.call(element, new Event(type, { bubbles: true }));
              if (typeof element.focus === "function") element.focus();
            }
          }
          return found;
        },
        mails.slice(at, at + AT_ONCE),
      )),
    );
    ran.push(
      ...(await page.evaluate(() => {
        const here = window as unknown as { ran?: string[] };
        const said = here.ran ?? [];
        here.ran = [];
        return said;
      })),
    );
  }
  return { ran, asked, forbidden };
}

test("no script runs in a mail, whatever is put into it", async ({ page, allow }) => {
  allow(/net::ERR_/, /Failed to load resource/, /tripwire/);
  const mails = XSS.map(mailWith).filter((html) => html !== null);
  expect(mails.length).toBeGreaterThanOrEqual(500);
  expect(await open(page, mails)).toEqual({ ran: [], asked: [], forbidden: [] });
});

test("the same strings do run where nobody takes care, so the trap is a trap", async ({ page, allow }) => {
  allow(/.*/s);
  const { ran, forbidden } = await open(
    page,
    XSS.filter((text) => !/<(base|meta)/i.test(text)).map((text) => `<!doctype html><body>${text}</body>`),
  );
  expect(ran.length).toBeGreaterThan(100);
  expect(forbidden.length).toBeGreaterThan(500);
});
