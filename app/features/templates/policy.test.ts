import { afterAll, expect, test } from "vitest";
import { policies, type ChannelPolicy, type Limit, type Severity } from "#app/connectors/policies.ts";
import { checkPolicy, checkRendered, namesIn, refusing } from "#app/features/templates/policy.ts";
import type { Finding } from "#app/features/templates/policy.ts";
import { PHRASES, phrasesOf } from "#app/features/templates/policy.signs.ts";
import { makeMail } from "#app/features/templates/mail.server.ts";
import { checkDraftPolicy, checkMailPolicy, closeRenderer } from "#app/features/templates/render.server.ts";
import { starterDraft, STARTERS } from "#app/features/templates/starters.ts";
import { indexOf } from "#app/ui/templates/edit.ts";
import { MARKETING } from "#tests/corpora/marketing.ts";
import { SERVICE } from "#tests/corpora/service.ts";
import { envelopeWith } from "#tests/factories/mails.ts";

afterAll(closeRenderer);

const draftOf = (body: string, subject = "About your order", locale = "en") => ({
  name: "x",
  purpose: "usage" as const,
  fallbackLocale: locale,
  locales: { [locale]: { subject, body } },
});
const findings = (body: string, subject?: string, locale?: string): Finding[] =>
  checkPolicy({ channel: "email", purpose: "usage", draft: draftOf(body, subject, locale) });

const marketing = Object.entries(MARKETING).flatMap(([language, rows]) =>
  rows.map(([sign, text]) => [language, sign, text] as const),
);
const service = Object.entries(SERVICE).flatMap(([language, texts]) =>
  texts.map((text) => [language, text] as const),
);

test.each(marketing)("%s: %s: %s", (language, sign, text) => {
  const letter = `Hello,\n\nthank you for your order.\n\n${text}\n\nRegards`;
  expect(findings(letter, undefined, language).map(({ about }) => about)).toContain(sign);
  expect(findings("Hello", text, language).map(({ about, field }) => `${field} ${about}`)).toContain(
    `subject ${sign}`,
  );
});

test.each(service)("%s, nothing to object to: %s", (language, text) => {
  expect(findings(`Hello,\n\n${text}\n\nRegards`, text, language)).toEqual([]);
});

test("the corpora are large enough to mean something", () => {
  expect(marketing.length).toBeGreaterThanOrEqual(150);
  expect(service.length).toBeGreaterThanOrEqual(150);
  expect(Object.keys(MARKETING)).toEqual(Object.keys(SERVICE));
});

test("all honest texts in one letter are honest still", () => {
  for (const gap of [" ", "\n", "\n\n", "\n- "])
    expect(
      findings(service.map(([, text]) => text).join(gap)).filter((each) => each.severity === "never"),
    ).toEqual([]);
});

test.each(STARTERS.map(({ key }) => key))("the starter %s keeps to the rules", (key) => {
  const draft = starterDraft(key, "en");
  expect(checkPolicy({ channel: "email", purpose: draft.purpose, draft })).toEqual([]);
});

test("a finding quotes the words and says where they stand", () => {
  const body = "Hello {{ customer.first_name }},\n\nas a thank you:\n**15 % off** your next order.";
  expect(findings(body)).toEqual([
    {
      ruleId: "email.price_offer",
      severity: "never",
      about: "price_offer",
      locale: "en",
      field: "body",
      line: 4,
      column: 3,
      excerpt: "15 % off",
    },
  ]);
});

test("every language is read, each finding told in its own", () => {
  const draft = draftOf("Schön, dass Sie da sind.");
  const locales = { ...draft.locales, de: { subject: "Hallo", body: "Code promo : MERCI10" } };
  expect(checkPolicy({ channel: "email", purpose: "care", draft: { ...draft, locales } })).toMatchObject([
    { locale: "de", about: "discount_code" },
  ]);
});

test.each([
  ["marks between", "**20** _%_ off"],
  ["characters nobody sees", "2\u200B0\u00AD % o\u2060ff"],
  ["full width", "\uFF12\uFF10\uFF05 off"],
  ["entities", "20&#37;&nbsp;off"],
  ["tags", "20 % <b>off</b>"],
  ["a line break", "20 %\noff"],
  ["capitals", "20 % OFF"],
  ["what Liquid writes out", "{{ '20 % off' }}"],
  ["what Liquid keeps", '{% assign offer = "20 % off" %}{{ offer }}'],
  ["a decomposed accent", "20 % de re\u0301duction"],
])("%s hide nothing", (_, text) => {
  expect(findings(text)).toMatchObject([{ ruleId: "email.price_offer" }]);
});

test("what Liquid only compares is not said", () => {
  expect(findings('{% if product.type == "Now on sale" %}Wash it at 30 °C.{% endif %}')).toEqual([]);
});

test.each([
  ["https://shop.example/discount/TEN", "discount_code"],
  ["{{ shop.url }}/discount/TEN", "discount_code"],
  ["https://shop.example/?discount=TEN", "discount_code"],
  ["https://shop.example/collections/summer-sale?page=2", "promotional_link"],
  ["shop.example/collections/new-arrivals", "promotional_link"],
  ["{{ product.url }}?utm_source=a&utm_campaign=b", "promotional_link"],
  ["https://bit.ly/3abc", "hidden_link"],
])("%s is a %s", (url, about) => {
  expect(findings(`See [this](${url}) for more.`)).toMatchObject([{ about }]);
});

test.each([
  "https://shop.example/collections/spare-parts",
  "https://shop.example/blogs/care/save-20-percent-off-your-bill",
  "{{ product.url }}",
  "https://shop.example/pages/manual?utm_source=parcel",
  "{{ product.metafields.custom.manual }}",
])("%s leads to help", (url) => {
  expect(findings(`See [this](${url}) for more.`)).toEqual([]);
});

test("`never` always refuses, `overrulable` until that rule is overruled, `advice` never", () => {
  const found = findings("20 % off. You might also like our lids: https://bit.ly/3abc");
  const ids = (overruled: string[] | null) => refusing(found, overruled).map(({ ruleId }) => ruleId);
  expect(ids([])).toEqual(["email.price_offer", "email.upsell"]);
  expect(ids(["email.upsell", "email.price_offer"])).toEqual(["email.price_offer"]);
  expect(ids(null)).toEqual(["email.price_offer"]);
});

test("of a finished mail names are not read, and texts from metafields are", () => {
  const sold = envelopeWith({
    body: "Dear {{ customer.first_name }}, wash your {{ line.title }} by hand. {{ product.metafields.custom.care }}",
    context: (context) => {
      context.line.title = "Tee (SALE: 20% off) [code SAVE10]";
      context.product.title = context.line.title;
      context.customer.first_name = "Discount code";
      context.product.metafields = { custom: { care: "Dry it flat." } };
    },
    envelope: { shopName: "Our sale – 50 % off" },
  });
  const check = (envelope: typeof sold) =>
    checkRendered({
      channel: "email",
      purposes: ["care"],
      mail: makeMail(envelope),
      names: namesIn(envelope),
    });
  expect(check(sold)).toEqual([]);
  const [section] = sold.sections;
  section!.context.product.metafields = { custom: { care: "Get 20% off a second one." } };
  expect(check(sold)).toMatchObject([{ ruleId: "email.price_offer", locale: "", excerpt: "20% off" }]);
});

test.each([...Object.keys(MARKETING), "pt-BR", "fi", "nb", "cs"])(
  "what a mail says by itself in %s sells nothing",
  (locale) => {
    const envelope = envelopeWith({
      locale,
      subject: "{{ order.name }}",
      body: "1, 2, 3.",
      envelope: { optOut: { url: "https://app.example/unsubscribe?s=1", past: false } },
    });
    for (const section of envelope.sections) section.helpedUrl = "https://app.example/helped?s=1";
    const mail = makeMail(envelope);
    expect(checkRendered({ channel: "email", purposes: ["usage"], mail, names: [] })).toEqual([]);
  },
);

test("a name takes no part of a word away", () => {
  const mail = { subject: "x", text: "Use your discount code on top." };
  const found = checkRendered({
    channel: "email",
    purposes: ["care"],
    mail,
    names: ["co", "disco", "on", ""],
  });
  expect(found).toMatchObject([{ about: "discount_code" }]);
});

/** What a marketplace asks for, as one file would say it. */
const rule = (id: string, severity: Severity, limit: Limit) => ({
  id: `market.${id}`,
  severity,
  limit,
  quote: { text: "x", verbatim: false },
  source: { title: "x", url: "https://market.example/policy" },
  date: "2026-01-01",
});
const MARKET: ChannelPolicy = [
  rule("length", "never", { kind: "length", field: "body", most: 100 }),
  rule("links", "never", { kind: "links", allowed: ["market.example"] }),
  rule("html", "never", { kind: "html" }),
  rule("attachments", "never", { kind: "attachments" }),
  rule("contact", "never", { kind: "sign", sign: "contact" }),
  rule("window", "never", { kind: "window", days: 30 }),
  rule("purposes", "overrulable", { kind: "purposes", allowed: ["usage", "warning"], most: 1 }),
];
const onMarket = (body: string, purpose: "usage" | "care" = "usage") =>
  checkPolicy({ channel: "email", purpose, draft: draftOf(body) }, MARKET).map(({ about }) => about);

test("a marketplace's rules are data of the same shape", () => {
  expect(onMarket("Turn it off first: https://www.market.example/help")).toEqual([]);
  expect(onMarket("x".repeat(101))).toEqual(["length"]);
  expect(onMarket("See https://shop.example/help")).toEqual(["links"]);
  expect(onMarket("<b>Off</b> first")).toEqual(["html", "html"]);
  expect(onMarket("![picture](https://market.example/a.png)")).toEqual(["attachments"]);
  expect(onMarket("Write to help@shop.example or +49 30 1234 567 or on WhatsApp")).toEqual([
    "contact",
    "contact",
    "contact",
  ]);
  expect(onMarket("Turn it off first.", "care")).toEqual(["purposes"]);
});

test("a window is kept when sending, and nobody who can't tell the age gets through it", () => {
  const mail = { subject: "x", text: "Turn it off first." };
  const at = (ageDays?: number) =>
    checkRendered(
      {
        channel: "email",
        purposes: ["usage"],
        mail,
        names: [],
        ...(ageDays === undefined ? {} : { ageDays }),
      },
      MARKET,
    ).map(({ about }) => about);
  expect(at(30)).toEqual([]);
  expect(at(31)).toEqual(["window"]);
  expect(at()).toEqual(["window"]);
});

test("a mail for two purposes is too much where one is allowed", () => {
  const mail = { subject: "x", text: "Turn it off first." };
  const given = { channel: "email", mail, names: [], ageDays: 1 } as const;
  expect(checkRendered({ ...given, purposes: ["usage", "usage"] }, MARKET)).toEqual([]);
  expect(checkRendered({ ...given, purposes: ["usage", "warning"] }, MARKET)).toMatchObject([
    { about: "purposes" },
  ]);
});

test.each(Object.entries(policies))(
  "%s: each rule has an id of its own, a source and a day",
  (channel, policy) => {
    expect(new Set(policy.map(({ id }) => id)).size).toBe(policy.length);
    for (const { id, quote, source, date, limit } of policy) {
      expect(id).toMatch(new RegExp(`^${channel}\\.[a-z_]+$`));
      expect(quote.text.length).toBeGreaterThan(20);
      expect(source.title).not.toBe("");
      expect(source.url).toMatch(/^https:\/\//);
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
      if (limit.kind === "sign" && limit.sign !== "hidden_link" && limit.sign !== "promotional_link")
        expect(phrasesOf(limit.sign).length).toBeGreaterThan(0);
    }
  },
);

test("no phrase repeats anything without bound: a text is searched in time proportional to its length", () => {
  for (const phrases of PHRASES)
    for (const source of Object.values(phrases).flat()) {
      const bare = source
        .replace(/\\./g, "x")
        .replace(/\[[^\]]*\]/g, "x")
        .replace(/\(\?(?::|!|=|<!|<=)/g, "(");
      expect(bare, source).not.toMatch(/[*+]|\{\d+,\}/);
    }
});

test("whatever is written, it is read to the end, and each place lies in the text", async () => {
  const parts =
    "{{ }} {% %} < > & &#37; * ** _ ` [ ] ( ) ! https:// www. / ? = % 20 $ € \n \r \t ' \" code off save review gift レビュー 😀 \u0301 \u200B \uFDD0 \uFDD1 \uD800".split(
      " ",
    );
  let seed = 7;
  const next = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
  for (let round = 0; round < 60; round++) {
    const few = Array.from({ length: 1 + next(4) }, () => parts[next(parts.length)]);
    const body = Array.from({ length: 1_500 }, () => few[next(few.length)]! + (next(3) ? "" : " ")).join("");
    for (const { line, column } of findings(body)) {
      expect(line).toBeLessThanOrEqual(body.split("\n").length);
      expect(indexOf(body, line, column)).toBeLessThan(body.length);
    }
  }
});

test("in a thread it says the same", async () => {
  const draft = draftOf("Use code SAVE10 for 20 % off.");
  const asked = { channel: "email", purpose: "usage", draft } as const;
  expect(await checkDraftPolicy(asked)).toEqual(checkPolicy(asked));
  const mail = { subject: "Now 20 % off", text: "x" };
  const sent = { channel: "email" as const, purposes: ["usage" as const], mail, names: ["x"] };
  expect(await checkMailPolicy(sent)).toEqual(checkRendered(sent));
});
