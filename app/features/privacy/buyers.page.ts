// Pure: an export as a page that anybody can read, print and pass on; one file that needs nothing else.
import { z } from "zod";
import type { BuyerExport } from "#app/features/privacy/buyers.ts";
import { pageWords as words } from "#app/features/privacy/buyers.words.ts";
import { escapeHtml as esc } from "#app/features/templates/markdown.server.ts";

const text = z.string().nullish().catch(null);
const orderSchema = z.object({
  id: z.string(),
  externalId: text,
  name: text,
  placedAt: text,
  person: z.object({ email: text, firstName: text, lastName: text }).nullish().catch(null),
  document: z
    .object({
      header: z
        .object({
          zone: text,
          locale: text,
          customerId: text,
          tags: z.array(z.string()).catch([]),
          customerTags: z.array(z.string()).nullish().catch(null),
        })
        .nullish()
        .catch(null),
      lines: z.array(z.object({ title: z.string(), variantTitle: text, quantity: z.number() })).catch([]),
      fulfillments: z
        .array(z.object({ tracking: z.array(z.object({ company: text, number: text })).catch([]) }))
        .catch([]),
    })
    .catch({ header: null, lines: [], fulfillments: [] }),
});
const messageSchema = z.object({
  orderId: text,
  state: z.string().catch(""),
  sentAt: text,
  createdAt: text,
  frozen: z.object({ to: text, subject: text, text }).nullish().catch(null),
});
const optOutSchema = z.object({ reason: z.string().catch("") });

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin:2.5rem 0 .5rem;border-top:1px solid #8886;padding-top:1.5rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.25rem 1rem;margin:0}dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}
article{border-inline-start:3px solid #8886;padding-inline-start:1rem;margin:.75rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
details pre{font:13px/1.5 ui-monospace,monospace}@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}`;

const day = (at: string | null | undefined) =>
  at
    ? new Date(at).toLocaleDateString("en-GB", {
        day: "numeric",
        month: "long",
        year: "numeric",
        timeZone: "UTC",
      })
    : "";

export function exportPage(content: BuyerExport): string {
  const { held } = content;
  const rows = <T>(table: string, schema: z.ZodType<T>) =>
    (held[table] ?? []).flatMap((row) => schema.safeParse(row).data ?? []);
  const messages = rows("messages", messageSchema);
  const orders = rows("orders", orderSchema).map((order) =>
    orderHtml(
      order,
      messages.filter(({ orderId }) => orderId === order.id),
    ),
  );
  const optOuts = rows("suppressions", optOutSchema).map(
    ({ reason }) => `<li>${esc(words.optOut[reason] ?? reason)}</li>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${esc(words.title)}</title><style>${STYLE}</style></head><body>
<h1>${esc(words.title)}</h1>
<p>${esc(words.intro(content.shop.name, day(content.madeAt)))}</p>
<p>${esc(words.purpose)}</p>
${orders.join("\n")}
${optOuts.length > 0 ? `<h2>${esc(words.optOuts)}</h2><ul>${optOuts.join("")}</ul>` : ""}
<h2>${esc(words.record)}</h2>
<details><summary>JSON</summary><pre>${esc(JSON.stringify(content, null, 2))}</pre></details>
</body></html>
`;
}

function orderHtml(order: z.infer<typeof orderSchema>, messages: z.infer<typeof messageSchema>[]): string {
  const { person, document } = order;
  const { header, lines, fulfillments } = document;
  const facts: [string, string | null | undefined][] = [
    [words.placed, day(order.placedAt)],
    [words.name, [person?.firstName, person?.lastName].filter(Boolean).join(" ")],
    [words.email, person?.email],
    [
      words.items,
      lines
        .map((line) => `${line.quantity} × ${[line.title, line.variantTitle].filter(Boolean).join(", ")}`)
        .join("; "),
    ],
    [words.zone, header?.zone],
    [words.language, header?.locale],
    [words.customer, header?.customerId],
    [words.tags, header?.tags.join(", ")],
    [words.customerTags, header?.customerTags?.join(", ")],
    [
      words.tracking,
      fulfillments
        .flatMap(({ tracking }) =>
          tracking.map((each) => [each.company, each.number].filter(Boolean).join(" ")),
        )
        .join("; "),
    ],
  ];
  return `<h2>${esc(words.order(order.name || order.externalId || ""))}</h2>
<dl>${facts.map(([name, value]) => (value ? `<dt>${esc(name)}</dt><dd>${esc(value)}</dd>` : "")).join("")}</dl>
<h3>${esc(words.messages)}</h3>
${messages.length === 0 ? `<p>${esc(words.noMessages)}</p>` : messages.map(messageHtml).join("\n")}`;
}

function messageHtml({ state, sentAt, createdAt, frozen }: z.infer<typeof messageSchema>): string {
  const head = [words.message[state] ?? state, day(sentAt ?? createdAt)].filter(Boolean).join(", ");
  const mail = frozen
    ? `<strong>${esc(frozen.subject ?? "")}</strong><br>${esc(frozen.to ?? "")}<pre>${esc(frozen.text ?? "")}</pre>`
    : "";
  return `<article><p>${esc(head)}</p>${mail}</article>`;
}
