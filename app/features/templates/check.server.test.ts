import fc from "fast-check";
import { expect, test } from "vitest";
import { checkTemplate, metafieldsUsed } from "#app/features/templates/check.server.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import { VARIABLES } from "#app/features/templates/variables.ts";

const draft = (body: string, subject = "Subject"): TemplateDraft => ({
  name: "Test",
  purpose: "care",
  fallbackLocale: "en",
  locales: { en: { subject, body } },
});
const problems = (body: string) =>
  checkTemplate(draft(body)).map(({ line, column, message }) => [line, column, message]);
const places = (body: string) => problems(body).map(([line, column]) => [line, column]);

test.each([
  ["Hello\n{{ customer.first_name", [[2, 1]], /never closed. Add “}}”/],
  ["a\n\n  {% if line.sku %}b", [[3, 3]], /“{% if line.sku %}” is never closed. Add {% endif %}/],
  ["{% if line.sku", [[1, 1]], /never closed. Add “%}”/],
  ["x {% endif %}", [[1, 3]], /the tag that opens it is missing/],
  ["{% include 'x' %}", [[1, 1]], /“{% include %}” can't be used/],
  ["{% tablerow i in x %}y{% endtablerow %}", [[1, 1]], /tablerow/],
  ["Hi {{ customer.first_name | shout }}", [[1, 29]], /no filter “shout”/],
  ["{{ line.sku | append: (1..3) | boo: 1 }}", [[1, 32]], /no filter “boo”/],
  ["ä{{ | }}", [[1, 5]], /value is missing/],
  ["{{ order.number }}", [[1, 4]], /no variable “order.number”. Did you mean tracking.number\?/],
  ["{{ order.customer.first_name }}", [[1, 4]], /Did you mean customer.first_name\?/],
  ["{{ shop }}", [[1, 4]], /“shop” holds several values. Choose one, such as shop.name/],
  ["{{ order.name.upcase }}", [[1, 4]], /“order.name” has no “upcase”/],
  ["{{ product.metafields.care }}", [[1, 4]], /Name the metafield in full: product.metafields.namespace.key/],
  ["{{ product.metafields[shop.name].text }}", [[1, 4]], /Name the metafield in full/],
  ["{{ variant.metafields.a.b.c }}", [[1, 4]], /has no “c”. Use variant.metafields.a.b/],
  ["{{ 'today' | date: '%Y' }}", [[1, 4]], /would change with the moment of sending/],
  ["one\n[two](javascript:alert)", [[2, 7]], /A link needs a full address/],
  ["[a](/pages/care)", [[1, 5]], /A link needs a full address/],
  ["![a](http://shop.example/a.png)", [[1, 6]], /starts with https:/],
  ["<a href='data:text/html,x'>a</a>", [[1, 10]], /A link needs/],
  ["{{ 'a' | append }}", [[1, 1]], /can't be worked out/],
  ["ok\n{% for i in (1..9999999) %}x{% endfor %}", [[2, 1]], /too much for one message/],
  ["  \n ", [[1, 1]], /Write the message/],
])("%j", (body, expected, message) => {
  expect(places(body)).toEqual(expected);
  expect(problems(body)[0]?.[2]).toMatch(message);
});

test("several problems come in reading order, each once", () => {
  expect(places("{{ a.b }}\n{% render 'x' %}{{ line.sku | nope }}\n\n[x](ftp://y) {{ c }}")).toEqual([
    [1, 4],
    [2, 1],
    [2, 31],
    [4, 5],
    [4, 17],
  ]);
});

test.each([
  "Hello {{ customer.first_name | default: 'there' }}, {{ order.name }} of {{ order.date | date: '%d.%m.' }}",
  "{{ product.metafields.care.text }} {{ variant.metafields['my-app'].key.size }} {{ product.metafields.a.b.value }}",
  "{% for step in product.metafields.care.steps %}\n{{ forloop.index }}. {{ step }}\n{% endfor %}",
  "{% assign x = line.title %}{{ x | upcase }}{% capture y %}{{ x }}{% endcapture %}{{ y.size }}",
  "[a](https://shop.example) <https://shop.example> [b](mailto:x@shop.example) [c](tel:+4930123) ![d](https://x.example/a.png)",
  "[Track]({{ tracking.url }}) ![{{ product.title }}]({{ product.image }}) [b](https://x.example/?n={{ tracking.number }})",
  "{% if tracking.url != blank %}x{% elsif line.quantity > 1 %}y{% else %}z{% endif %}",
  "{% comment %} {{ anything | goes }} {% endcomment %}{% raw %}{{ here.too }}{% endraw %}{% # and here %}",
  "<div dir='rtl'>שלום</div>\n\n日本語の本文です。",
])("%s can be used", (body) => {
  expect(problems(body)).toEqual([]);
});

test("every variable of the catalogue can be inserted", () => {
  for (const { insert } of VARIABLES) expect(problems(`x ${insert}`)).toEqual([]);
});

test("problems name their language and field", () => {
  const both = draft("fine");
  both.locales.de = { subject: "{{ nichts }}", body: "{{ auch.nichts }}" };
  expect(checkTemplate(both)).toMatchObject([
    { locale: "de", field: "subject", line: 1, column: 4 },
    { locale: "de", field: "body", line: 1, column: 4 },
  ]);
});

test("metafields are found in every language and every place", () => {
  const both = draft(
    "{{ product.metafields.care.text }}{% if variant.metafields['x y']['z'] %}a{% endif %}{% for s in product.metafields.care.steps %}{{ s }}{% endfor %}",
    "{{ product.metafields.care.text | append: product.metafields.a.b.value }}",
  );
  both.locales.de = {
    subject: "x",
    body: "{% assign t = variant.metafields.de.only %}{{ t }} {{ 'product.metafields.not.this' }}",
  };
  expect(metafieldsUsed(both)).toEqual([
    { owner: "product", namespace: "a", key: "b" },
    { owner: "product", namespace: "care", key: "steps" },
    { owner: "product", namespace: "care", key: "text" },
    { owner: "variant", namespace: "de", key: "only" },
    { owner: "variant", namespace: "x y", key: "z" },
  ]);
});

const piece = fc.constantFrom(
  ..."{{ }} {% %} | if endif for in else unless case when raw endraw capture assign = comment # . [ ] ( ) .. ' \" , : \n * _ ` < > & ! x 1 -".split(
    " ",
  ),
  ...[
    "customer.first_name",
    "product.metafields",
    " ",
    "\n\n",
    "[a](",
    "](javascript:x)",
    "<a href=",
    "<script>",
    "constructor",
    "__proto__",
  ],
);

test("any text at all is answered with places inside it", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const body = pieces.join("");
      for (const { line, column, message } of checkTemplate(draft(body, body.slice(0, 50)))) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(body.split("\n").length);
        expect(message.length).toBeGreaterThan(5);
      }
    }),
    { numRuns: 500 },
  );
});
