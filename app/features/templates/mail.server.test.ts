import fc from "fast-check";
import { expect, test } from "vitest";
import { MailFault, makeMail, makePlainText, singleLine } from "#app/features/templates/mail.server.ts";
import { contrast, inkOn, readable } from "#app/features/templates/mail.color.ts";
import { MAIL_LANGUAGES, mailLanguage, mailWords } from "#app/features/templates/mail.words.ts";
import { escapeHtml } from "#app/features/templates/markdown.server.ts";
import type { MessageContext, RenderEnvelope } from "#app/features/templates/templates.ts";
import { envelopeWith } from "#tests/factories/mails.ts";

/** The message itself, without the frame around it. */
function bodyOf(envelope: RenderEnvelope): string {
  const { html } = makeMail(envelope);
  return /<div class="section">([\s\S]*?)<\/div>\s*<\/td>/.exec(html)?.[1] ?? "";
}
const body = (text: string, context?: (context: MessageContext) => void) =>
  bodyOf(envelopeWith({ body: text, context }));
const named = (name: string) => (context: MessageContext) => void (context.customer.first_name = name);
const tagsOf = (html: string) => html.match(/<\/?[a-z][^>]*>/gi) ?? [];

const HOSTILE = [
  "<script>alert(1)</script>",
  "[click](http://evil.example)",
  "![x](https://evil.example/pixel.png)",
  "{{ shop.name }}",
  "{% for i in (1..999999999) %}",
  "<img src=x onerror=alert(1)>",
  "**bold** _under_ `code` # h\n- list\n> quote",
  "javascript:alert(1)",
  "https://evil.example",
  '"><a href="https://evil.example">',
  "&lt;b&gt; &amp; &#60;",
  "\uFDD00\uFDD1\uFDD05\uFDD1",
  "</td></tr></table>",
  "a|b\n---|---\n1|2",
  "<!--[if mso]>",
];

test.each(HOSTILE)("a buyer called %j is shown as that text wherever the name stands", (name) => {
  const text = [
    "{{ customer.first_name }}, hello **{{ customer.first_name }}** `{{ customer.first_name }}`",
    "# {{ customer.first_name }}",
    "- {{ customer.first_name }}",
    "| a |\n|---|\n| {{ customer.first_name }} |",
    '![{{ customer.first_name }}](https://shop.example/a.png "{{ customer.first_name }}")',
    "<b title={{ customer.first_name }}>{{ customer.first_name | escape }}</b>",
    "```\n{{ customer.first_name }}\n```",
  ].join("\n\n");
  const plain = (html: string) => tagsOf(html).map((tag) => tag.replace(/ (alt|title)="[^"]*"/g, ""));
  const expected = plain(body(text, named("Anna")));
  const html = body(text, named(name));
  expect(plain(html).filter((tag) => tag !== "<br />" && !tag.includes("dir="))).toEqual(expected);
  const visible = name.replace(/[\uFDD0\uFDD1]/g, "");
  expect(html.replaceAll("<br />", "\n")).toContain(escapeHtml(visible));
  const mail = makeMail(
    envelopeWith({ subject: "For {{ customer.first_name }}", body: text, context: named(name) }),
  );
  expect(mail.subject).toBe(`For ${singleLine(visible)}`);
  expect(mail.text).toContain(visible.split("\n")[0]);
});

test.each(HOSTILE)("a product, an order and a shop called %j stay text in the frame, too", (name) => {
  const envelope = envelopeWith({
    context: (context) => void (context.line.title = name),
    envelope: { shopName: name, orderName: name, footer: { legalName: name, address: name, contact: name } },
  });
  const safe = envelopeWith({
    context: (context) => void (context.line.title = "Pan"),
    envelope: {
      shopName: "Shop",
      orderName: "#1",
      footer: { legalName: "Shop", address: "Shop", contact: "Shop" },
    },
  });
  const plain = (mail: RenderEnvelope) =>
    tagsOf(makeMail(mail).html).filter((tag) => tag !== "<br>" && !/^<\/?span/.test(tag));
  const linked = name.startsWith("https://") ? ['<a href="https://evil.example/"', "</a>"] : [];
  const found = plain(envelope);
  for (const tag of linked) expect(found.some((one) => one.startsWith(tag))).toBe(true);
  expect(found.filter((tag) => !linked.some((one) => tag.startsWith(one)))).toEqual(plain(safe));
});

test("an address that the buyer typed leads nowhere", () => {
  for (const name of [
    "https://evil.example",
    "HTTPS://EVIL.example/x",
    "//evil.example",
    "mailto:evil@example.com",
  ]) {
    expect(body("[go]({{ customer.first_name }}) and {{ customer.first_name }}", named(name))).not.toContain(
      "<a ",
    );
    expect(body("x [go]({{ customer.first_name | downcase | append: '/x' }})", named(name))).not.toContain(
      "<a ",
    );
  }
  expect(body("[go](https://shop.example/?n={{ customer.first_name }})", named("a&b=c d/é%20"))).toContain(
    'href="https://shop.example/?n=a%26b%3Dc%20d%2F%C3%A9%20"',
  );
});

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "ftp://x.example/a",
  "//x.example/a",
  "/a",
  "java\tscript:x",
])("a link to %j is left out, its words stay", (url) => {
  const html = body(`a [word](<${url}>) b <a href="${url}">html</a> ![](<${url}>)`);
  expect(html).not.toMatch(/<a |<img /);
  expect(html).toContain("word");
  expect(html).toContain("html");
});

test("raw HTML is kept as far as the list goes, without its styles and handlers", () => {
  const html = body(
    '<b onclick="x()" style="position:fixed">bold</b> <iframe src="https://x.example"></iframe><script>alert(1)</script>' +
      '<style>*{display:none}</style><form action="https://x.example"><input name="a"></form><svg onload="x()"></svg>' +
      '<a href="https://shop.example" target="_blank" onmouseover="x()">ok</a></td></table>',
  );
  expect(html).toMatch(/<b>bold<\/b>/);
  expect(html).toContain('<a href="https://shop.example/"');
  expect(html).not.toMatch(
    /onclick|onload|onmouseover|position|iframe|script|<style|form|input|svg|alert|<\/td>/,
  );
});

test("addresses of the shop's own making become links, and the text spells them out", () => {
  const mail = makeMail(
    envelopeWith({
      body: "Parcel: {{ tracking.url }}\n\n[Read on]({{ product.url }})\n\nWrite to {{ shop.email }}",
    }),
  );
  expect(mail.html).toContain('<a href="https://tracking.example/00340434161094042557"');
  expect(mail.html).toContain('<a href="mailto:hello@shop.example"');
  expect(mail.text).toContain("Parcel: https://tracking.example/00340434161094042557\n");
  expect(mail.text).toContain("Read on (https://shop.example/products/cast-iron-skillet)");
  expect(mail.text).toContain("Write to hello@shop.example\n");
});

test("a link alone in its paragraph is a button; without its address it is gone", () => {
  const text =
    "Hello\n\n[Open the manual]({{ product.metafields.docs.manual }})\n\n![{{ product.title }}]({{ product.image }})";
  const html = body(text, (context) => {
    context.product.metafields = { docs: { manual: "https://shop.example/manual.pdf" } };
    context.product.image = "";
  });
  expect(html).toMatch(
    /<table class="button"[\s\S]*bgcolor="#1f5f4a"[\s\S]*<a href="https:\/\/shop\.example\/manual\.pdf"/,
  );
  expect(html).not.toContain("<img");
  const without = body(text, (context) => void (context.product.image = ""));
  expect(without).not.toMatch(/manual|table/);
  expect(without.match(/<p/g)).toHaveLength(1);
});

test("metafields come as the text they hold", () => {
  const metafields = {
    care: {
      steps: '["Wash","Dry"]',
      rich: JSON.stringify({
        type: "root",
        children: [
          {
            type: "paragraph",
            children: [
              { type: "text", value: "Oil " },
              { type: "text", value: "it", bold: true },
            ],
          },
          {
            type: "list",
            listType: "ordered",
            children: [{ type: "list-item", children: [{ type: "text", value: "now" }] }],
          },
        ],
      }),
      weight: '{"value":2.5,"unit":"KILOGRAMS"}',
      lines: "one\ntwo",
      broken: "{not json",
    },
  };
  const text =
    "{% for step in product.metafields.care.steps %}\n- {{ step }}\n{% endfor %}\n\n{{ product.metafields.care.steps }}\n\n" +
    "{{ product.metafields.care.rich }}\n\n{{ product.metafields.care.weight }}\n\n{{ product.metafields.care.lines }}\n\n" +
    "{{ product.metafields.care.broken }}{{ product.metafields.care.missing }}{{ product.metafields.nothing.here }}";
  const plain = makePlainText(
    envelopeWith({ body: text, context: (context) => void (context.product.metafields = metafields) }),
  );
  expect(plain).toBe(
    "- Wash\n- Dry\n\nWash, Dry\n\nOil it\n\n1. now\n\n2.5 kilograms\n\none\ntwo\n\n{not json",
  );
});

const section = (subject: string, text: string, title: string) => {
  const [one] = envelopeWith({
    subject,
    body: text,
    context: (context) => void (context.line.title = title),
  }).sections;
  return one as RenderEnvelope["sections"][number];
};

test("a merged mail greets once, heads each part and closes once", () => {
  const close = "Warm regards\n{{ shop.name }}";
  const hello = "Hello {{ customer.first_name }},";
  const envelope = envelopeWith({
    envelope: {
      sections: [
        section("Season your {{ line.title }}", `${hello}\n\nOil it.\n\n${close}`, "Pan"),
        section("Before first use", `${hello}\n\nCharge it.\n\n${close}`, "Lamp"),
        section("Before first use", `${hello}\n\nCharge it.\n\n${close}`, "Lamp"),
      ],
    },
  });
  const mail = makeMail(envelope);
  expect(mail.subject).toBe("Season your Pan");
  expect(mail.text.split("\n\n-----")[0]).toBe("Hello Anna,\n\nSeason your Pan\n\nOil it.");
  expect(mail.text.match(/Hello Anna|Warm regards|Charge it/g)).toEqual([
    "Hello Anna",
    "Charge it",
    "Warm regards",
  ]);
  expect(mail.html.match(/<h2[^>]*>[^<]*/g)?.map((heading) => heading.replace(/<[^>]*>/, ""))).toEqual([
    "Season your Pan",
    "Before first use",
  ]);
  expect(mail.html).toContain(">Lamp</p>");
  expect(mail.text).toContain(
    "you ordered Pan and Lamp (order #1042) from Hearth & Co. It is a service message",
  );
});

test("words that only look shared stay where they are", () => {
  const envelope = envelopeWith({
    envelope: {
      sections: [section("One", "Same.\n\nSame.", "Pan"), section("Two", "Same.\n\nSame.", "Lamp")],
    },
  });
  expect(makePlainText(envelope).match(/Same\./g)).toHaveLength(4);
});

test("an empty part is left out; an empty mail is an error", () => {
  const empty = section("Nothing", "{{ product.metafields.a.b }}", "Pan");
  const full = section("Something", "Text", "Lamp");
  expect(makePlainText(envelopeWith({ envelope: { sections: [empty, full] } }))).toBe("Text");
  expect(() => makeMail(envelopeWith({ envelope: { sections: [empty] } }))).toThrow(
    new MailFault("message_empty"),
  );
  expect(() => makeMail(envelopeWith({ envelope: { sections: [] } }))).toThrow(
    new MailFault("message_empty"),
  );
});

test("a subject is one line of at most 200 characters, and never empty", () => {
  const subject = (text: string, name: string) =>
    makeMail(envelopeWith({ subject: text, context: named(name) })).subject;
  expect(subject("To {{ customer.first_name }}", "A\r\nBcc: x@y.example\u0000\u2028\tB")).toBe(
    "To A Bcc: x@y.example B",
  );
  expect(subject("{{ customer.first_name }}", "👩‍🔬".repeat(100))).toBe(`${"👩‍🔬".repeat(39)}…`);
  expect(subject("{{ customer.first_name }}", " ")).toBe("About your order #1042");
  expect(makeMail(envelopeWith({ locale: "de-AT", subject: "{{ product.metafields.a.b }}" })).subject).toBe(
    "Zu Ihrer Bestellung #1042",
  );
});

test("the frame says who writes, to whom and why", () => {
  const { html, text } = makeMail(
    envelopeWith({ envelope: { brand: { logoUrl: "https://shop.example/logo.png", color: "#ffd400" } } }),
  );
  expect(html).toContain('<img src="https://shop.example/logo.png" alt="Hearth &#38; Co."');
  for (const line of ["Hearth & Co. GmbH", "Lindenstraße 4", "10969 Berlin", "hello@shop.example"]) {
    expect(html).toContain(escapeHtml(line));
    expect(text).toContain(line);
  }
  const why =
    "You receive this because you ordered Cast-iron skillet (order #1042) from Hearth & Co. It is a service message about your order.";
  expect(text).toContain(why);
  expect(html).toContain(escapeHtml(why));
  expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr"/);
});

test("a logo that is no https image, or a colour that is none, is left out", () => {
  const { html } = makeMail(
    envelopeWith({ envelope: { brand: { logoUrl: "javascript:alert(1)", color: 'red"><script>' } } }),
  );
  expect(html).not.toMatch(/javascript|<script|red"/);
});

test("the mail is told in its own language and direction", () => {
  const arabic = makeMail(
    envelopeWith({ locale: "ar-EG", body: "مرحبا {{ customer.first_name }}، {{ order.date }}" }),
  );
  expect(arabic.html).toContain('<html lang="ar-EG" dir="rtl"');
  expect(arabic.html).toContain('<span dir="auto">Anna</span>');
  expect(arabic.html).toMatch(/<p lang="en" dir="ltr"/);
  const german = makeMail(
    envelopeWith({
      locale: "de",
      body: "Bestellt am {{ order.date }}: שלום {{ customer.first_name }}",
      context: named("ליאת"),
    }),
  );
  expect(german.html).toContain('<span dir="auto">ליאת</span>');
  expect(german.text).toContain("Bestellt am 21. November 2026: שלום ליאת");
  expect(german.text).toContain(
    "weil Sie bei Hearth & Co. Folgendes bestellt haben: Cast-iron skillet (Bestellung #1042)",
  );
  const japanese = makeMail(envelopeWith({ locale: "ja", body: "{{ order.date }}にご注文いただきました。" }));
  expect(japanese.text).toContain("2026年11月21日にご注文いただきました。");
  expect(mailLanguage("pa-Arab").dir).toBe("rtl");
  expect(mailLanguage("not a language").locale).toBe("en");
});

test.each(MAIL_LANGUAGES)("the words in %s name the order and the shop", (language) => {
  const words = mailWords(language);
  for (const products of ["Pan", ""]) {
    const reason = words.reason({ products, order: "#1042", shop: "Hearth" });
    for (const part of ["#1042", "Hearth", products]) expect(reason).toContain(part);
    if (language !== "en") expect(reason).not.toContain("You receive");
  }
  expect(words.subject("#1042")).toContain("#1042");
});

test("languages of the frame: the exact one, its base, else English", () => {
  for (const tag of "en de fr es it nl pt sv da nb fi pl ja".split(" "))
    expect(mailWords(tag).language).toBe(tag);
  expect(mailWords("pt-BR").language).toBe("pt-br");
  expect(mailWords("no").language).toBe("nb");
  expect(mailWords("de-CH").language).toBe("de");
  expect(mailWords("constructor").language).toBe("en");
  expect(mailWords("tlh").language).toBe("en");
});

const color = fc.integer({ min: 0, max: 0xffffff }).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);

test("any brand colour can be read", () => {
  fc.assert(
    fc.property(color, (brand) => {
      expect(contrast(readable(brand, "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
      expect(contrast(readable(brand, "#1e2024"), "#1e2024")).toBeGreaterThanOrEqual(4.5);
      expect(contrast(inkOn(brand), brand)).toBeGreaterThanOrEqual(4.5);
    }),
  );
  expect(contrast("#000000", "#ffffff")).toBe(21);
});

const wild = fc.oneof(
  fc.constantFrom(...HOSTILE, "", "Anna", "日本 太郎", "ليلى", "א", "\u202Eabc", "\uD83D"),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const context = fc
  .tuple(
    fc.array(wild, { minLength: 20, maxLength: 20 }),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__"), wild),
  )
  .map(([values, metafields]): MessageContext => {
    const next = () => values.pop() ?? "";
    return {
      order: { name: next(), date: next() },
      customer: { first_name: next(), last_name: next() },
      line: { title: next(), variant_title: next(), quantity: 1, sku: next() },
      product: {
        title: next(),
        url: next(),
        image: next(),
        type: next(),
        vendor: next(),
        metafields: { a: metafields },
      },
      variant: { title: next(), sku: next(), metafields: { a: metafields } },
      tracking: { company: next(), number: next(), url: next() },
      shop: { name: next(), email: next(), url: next() },
    };
  });
const piece = fc.constantFrom(
  "{{ customer.first_name }}",
  "{{ product.metafields.a.a }}",
  "{{ line.title | upcase | truncate: 5 }}",
  "{{ tracking.url }}",
  "[{{ product.title }}]({{ product.url }})",
  "![{{ customer.last_name }}]({{ product.image }})",
  "<b>{{ shop.name }}</b>",
  "<a href='{{ shop.url }}'>",
  "{% for x in product.metafields.a.b %}{{ x }}{% endfor %}",
  "{% capture c %}{{ customer.first_name }}{% endcapture %}{{ c }}",
  "{{ order.date | date: '%d %B' }}",
  ..."{% if %} {{ | * _ ` # - > [ ] ( ) ! | ~ <div> </div> \n \n\n 1.".split(" "),
  " ",
  "word",
);
const envelope = fc
  .record({
    sections: fc.array(
      fc.record({
        content: fc.record({
          subject: fc.oneof(piece, wild),
          body: fc.array(piece, { maxLength: 15 }).map((p) => p.join("")),
        }),
        context,
      }),
      { maxLength: 3 },
    ),
    locale: fc.constantFrom("en", "de", "ja", "ar", "zz-x", "nonsense tag"),
    shopName: wild,
    orderName: wild,
    brand: fc.record({ logoUrl: wild, color: fc.oneof(color, wild) }),
    footer: fc.record({ legalName: wild, address: wild, contact: wild }),
  })
  .map((value): RenderEnvelope => value);

const ALLOWED_URL = /^(https?:|mailto:|tel:)/;

test("whatever comes in: a sound mail or a coded fault, and the same one again", () => {
  fc.assert(
    fc.property(envelope, (input) => {
      const attempt = () => {
        try {
          return makeMail(structuredClone(input));
        } catch (error) {
          expect(error).toBeInstanceOf(MailFault);
          return (error as MailFault).fault;
        }
      };
      const mail = attempt();
      expect(attempt()).toEqual(mail);
      if (typeof mail === "string") return;
      expect(mail.subject).toMatch(/^[^\p{Cc}]{1,200}$/u);
      expect(mail.html).not.toMatch(/<(script|iframe|object|form|svg|input)|[\uFDD0\uFDD1]/i);
      for (const tag of tagsOf(mail.html)) expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son[a-z]+=/i);
      for (const [, url] of mail.html.matchAll(/(?:href|src)="([^"]*)"/g)) expect(url).toMatch(ALLOWED_URL);
      expect(mail.html.isWellFormed()).toBe(true);
    }),
    { numRuns: 400 },
  );
});
