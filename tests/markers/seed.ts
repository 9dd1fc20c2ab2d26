// A shop's life with a marker at every door: what is found where is written beside each, so that a search that finds too little is void.
import { createHmac, randomUUID } from "node:crypto";
import { reconcileOrders } from "#app/features/messages/intake.server.ts";
import { answerHelped, unsubscribe } from "#app/features/messages/buyers.server.ts";
import { importSuppressions } from "#app/features/messages/suppressions.csv.server.ts";
import { addManually } from "#app/features/messages/suppressions.server.ts";
import { sendTest } from "#app/features/messages/test-send.server.ts";
import { installed } from "#app/features/shops/install.server.ts";
import { loadSession } from "#app/features/shops/sessions.server.ts";
import { getShop, saveSettings, type Shop } from "#app/features/shops/shops.server.ts";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";
import { forShop } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { expect, vi } from "vitest";
import type { Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";
import type { Finding } from "#tests/markers/search.ts";

/** One marker: whose it is, the door it came in by, and everywhere it has to be found before anything is erased. */
export type Door = {
  door: string;
  marker: string;
  of: "buyer" | "shop";
  /** "table.column how"; empty: this is never kept at all. */
  found: string[];
};

const person = "orders.person_sealed sealed";
const mail = "messages.frozen_sealed sealed";
const hashes = [
  "orders.buyer_index keyed hash",
  "sections.buyer_index keyed hash",
  "messages.recipient_index keyed hash",
];
const inbox = "inbox.body_sealed sealed";

const address = (word: string) => `${word}@${word}.example`;

const phone = (word: string) =>
  `+4930${String(parseInt(sha256(word).slice(0, 10), 16))
    .padStart(9, "0")
    .slice(-9)}`;

function markers(tag: string) {
  const doors: Door[] = [];
  let made = 0;
  /** A marker in the shape that fits the door. */
  const mark = (
    door: string,
    of: Door["of"],
    found: string[],
    shape: (word: string) => string = (word) => word,
  ) => {
    const marker = shape(`zq${tag}${String((made += 1)).padStart(2, "0")}x`);
    doors.push({ door, marker, of, found });
    return marker;
  };
  return { doors, mark };
}

/** Brings everything in. @param tag makes the markers of two shops differ */
export async function seedShop(engine: Engine, shop: Shop, tag: string): Promise<Door[]> {
  const { sandbox } = engine;
  const store = sandbox.shops[shop.domain]!;
  const { doors, mark } = markers(tag);
  const [battery, other] = store.products;

  sandbox.grantScopes({ shop: shop.domain, scopes: ["read_customers"] });
  await engine.settle();
  await engine.install(shop.domain);

  // Pages: settings, templates, triggers; each also in the audit log, and in what is released.
  const settings = {
    ...shop.settings,
    sender: {
      name: mark("settings: sender", "shop", ["shops.settings text", mail]),
      replyTo: mark("settings: reply to", "shop", ["shops.settings text", mail], address),
    },
    footer: {
      legalName: mark("settings: company", "shop", ["shops.settings text", mail]),
      address: mark("settings: address", "shop", ["shops.settings text", mail]),
      contact: mark("settings: contact", "shop", ["shops.settings text", mail], address),
    },
  };
  const session = await loadSession(`offline_${shop.domain}`);
  store.name = mark("Admin API: the store's name", "shop", ["shops.name text"]);
  await installed(session!);
  await forShop(shop.id, (tx) => saveSettings(tx, shop.id, settings, "user:1"));
  const released = ["template_versions.content text", "releases.content text", mail];
  const rules = [{ kind: "product" as const, values: [{ id: battery!.id, label: "Battery" }] }];
  const include = { mode: "any" as const, rules };
  const exclusions = { ...make.definition().exclusions, customerTags: ["nobody has this"] };
  for (const delay of [
    { amount: 0, unit: "minutes" as const },
    { amount: 20, unit: "days" as const },
  ])
    await engine.addTrigger({
      shop,
      name: mark("page: template and trigger name", "shop", [
        "templates.name text",
        "triggers.name text",
        "releases.content text",
      ]),
      draft: {
        locales: {
          en: {
            subject: `${mark("page: subject", "shop", delay.amount ? released.slice(0, 2) : released)} {{ order.name }}`,
            body: `${mark("page: text", "shop", delay.amount ? released.slice(0, 2) : released)} {{ customer.first_name }} {{ customer.last_name }}`,
          },
        },
      },
      trigger: { definition: make.definition({ include, exclusions, delay, frequency: "order" }) },
    });

  // Webhooks about orders, every topic.
  const lines = [{ product: battery!.title }, { product: other!.title }];
  /** @param emailIn where its address must be found, if not where all are */
  const buy = (door: string, more: object = {}, emailIn = [person, mail, ...hashes], shape = address) =>
    sandbox.placeOrder({
      shop: shop.domain,
      lines,
      email: mark(`${door}: email`, "buyer", emailIn, shape),
      firstName: mark(`${door}: first name`, "buyer", [person, mail]),
      lastName: mark(`${door}: last name`, "buyer", [person, mail]),
      phone: mark(`${door}: phone`, "buyer", [], phone),
      note: mark(`${door}: note`, "buyer", []),
      attributes: [{ name: "wish", value: mark(`${door}: attribute`, "buyer", []) }],
      ...more,
    });
  const tags = {
    tags: [mark("order tag", "buyer", ["orders.document text"])],
    customerTags: [mark("customer tag", "buyer", ["orders.document text"])],
  };
  const paid = buy("orders/paid", tags);
  const buyer = store.customers.find(({ id }) => id === paid.customerId);
  doors.push({
    door: "orders/paid: the buyer's number",
    marker: buyer!.id,
    of: "buyer",
    found: ["orders.document text"],
  });
  const listed = ["suppressions.recipient_index keyed hash", "suppressions.address_sealed sealed"];
  const suppressed = [person, mail, ...hashes, ...listed];
  buy("a dead address", {}, suppressed, (word) => `bounced+${word}@resend.dev`);
  const leaves = buy("an opt-out", {}, suppressed);
  const cancelled = buy("orders/cancelled");
  const deleted = buy("orders/delete");
  const refunded = buy("refunds/create");
  // Its address is another one later; what was sent stays as it was.
  const edited = buy("orders/updated, before", {}, [mail, ...hashes.slice(1)]);
  await engine.settle();
  sandbox.fulfil({
    shop: shop.domain,
    order: paid.id,
    trackingNumber: mark("fulfillments/create: number", "buyer", ["orders.document text"]),
    trackingUrl: `https://${mark("fulfillments/create: link", "buyer", ["orders.document text"])}.example/track`,
  });
  await engine.settle();
  sandbox.markShipment({ shop: shop.domain, order: paid.id });
  await engine.settle();
  for (const _ of [1, 2, 3]) await engine.dispatch();
  sandbox.cancelOrder({ shop: shop.domain, order: cancelled.id });
  sandbox.refundOrder({
    shop: shop.domain,
    order: refunded.id,
    note: mark("refunds/create: note", "buyer", []),
  });
  sandbox.deleteOrder({ shop: shop.domain, order: deleted.id });
  sandbox.editOrder({
    shop: shop.domain,
    order: edited.id,
    email: mark("orders/updated: email", "buyer", [person, "orders.buyer_index keyed hash"], address),
  });
  await engine.settle();

  // The provider tells what became of the mails, with the address.
  await vi.waitFor(
    async () => {
      sandbox.mailEvents.release();
      await engine.settle();
      expect(sandbox.state.mailEvents.every(({ state }) => state === "delivered")).toBe(true);
    },
    { timeout: 10_000 },
  );
  sandbox.mailEvents.weather.hold = true;

  // Buyers' own doors, and the merchant's list of those who asked otherwise.
  const sent = sandbox.mails().find(({ to }) => to.includes(leaves.email ?? ""));
  const tokenIn = (text: string | undefined) => /\?link=([\w-]+)/.exec(text ?? "")?.[1] ?? "";
  await unsubscribe(tokenIn(sent?.headers["List-Unsubscribe"]), engine.clock());
  await answerHelped(tokenIn(/\/helped\S+/.exec(sent?.text ?? "")?.[0]), true, engine.clock());
  await forShop(shop.id, async (tx) => {
    await addManually(tx, shop.id, mark("page: opt-out", "buyer", listed, address), "user:1");
    expect(await tx.answer.count({ where: { shopId: shop.id } })).toBe(1);
  });
  await importSuppressions(
    shop.id,
    new Blob([`email\n${mark("file: opt-out", "buyer", listed, address)}\n`]).stream(),
    "user:1",
  );

  // The Admin API: an order that no webhook told of, a product, tokens old and new.
  sandbox.webhooks.weather.loss = 1;
  buy("reconciliation");
  sandbox.webhooks.weather.loss = 0;
  sandbox.updateProduct({
    shop: shop.domain,
    product: battery!.id,
    vendor: mark("Admin API: product", "shop", ["products.facts text"]),
  });
  await engine.settle();
  await reconcileOrders(await forShop(shop.id, (tx) => getShop(tx, shop.id)), engine.clock());
  await engine.dispatch();
  // A test mail to somebody is sent, and nothing kept.
  await sendTest(
    await forShop(shop.id, (tx) => getShop(tx, shop.id)),
    {
      to: mark("page: test mail", "buyer", [], address),
      mail: { subject: "Try", html: "<p>Try</p>", text: "Try" },
      templateId: null,
    },
    "user:1",
    new Date(),
  );

  await engine.settle();
  return doors;
}

/** What comes in when the month is over: it would not have lasted, or is replaced every hour. */
export async function seedLate(engine: Engine, shop: Shop, tag: string): Promise<Door[]> {
  const { doors, mark } = markers(`${tag}late`);
  const { sandbox } = engine;
  // Tokens are exchanged anew; the old ones are gone with that.
  await sandbox.control("expire-tokens", { shop: shop.domain });
  await withAccess(shop, engine.clock(), async () => undefined);
  const fresh = await loadSession(`offline_${shop.domain}`);
  for (const [name, token] of Object.entries({ access: fresh?.accessToken, refresh: fresh?.refreshToken }))
    doors.push({
      door: `token exchange: ${name} token`,
      marker: token!,
      of: "shop",
      found: ["sessions.content_sealed sealed"],
    });

  // What cannot be read, or is of no known kind, waits for a person, sealed.
  const dead = (door: string) =>
    `{"id": 12, "email": "${mark(`${door}: email`, "buyer", [inbox], address)}", "phone": "${mark(`${door}: phone`, "buyer", [inbox], phone)}"`;
  await deliver(engine, shop.domain, "orders/paid", dead("a body cut short"));
  await deliver(engine, shop.domain, "customers/update", `${dead("an unknown topic")}}`);
  await deliver(engine, shop.domain, "orders/paid", `${dead("an order that is none")}}`);
  await tell(
    engine,
    `{"type": "email.delivered", "data": {"to": ["${mark("a provider's word cut short", "buyer", [inbox], address)}"]`,
  );
  await engine.settle();
  return doors;
}

/** A webhook signed as Shopify signs. */
export async function deliver(engine: Engine, domain: string, topic: string, body: string): Promise<void> {
  const answer = await fetch(`${engine.doorUrl}/webhooks/${topic}`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": domain,
      "x-shopify-webhook-id": randomUUID(),
      "x-shopify-triggered-at": new Date().toISOString(),
      "x-shopify-hmac-sha256": createHmac("sha256", env().SHOPIFY_API_SECRET).update(body).digest("base64"),
    },
  });
  expect(answer.status).toBe(200);
}

/** A webhook signed as the mail provider signs. */
export async function tell(engine: Engine, body: string): Promise<void> {
  const [id, timestamp] = [`msg_${randomUUID()}`, String(Math.floor(Date.now() / 1000))];
  const key = Buffer.from(env().RESEND_WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const answer = await fetch(`${engine.doorUrl}/webhooks/resend`, {
    method: "POST",
    body,
    headers: { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": `v1,${signature}` },
  });
  expect(answer.status).toBe(200);
}

/** Door by door, what is not as the table says: places a marker is missing from, and for what is never kept, where it was found. */
export function complaints(doors: Door[], findings: Finding[]): string[] {
  return doors.flatMap(({ door, marker, found }) => {
    const places = findings
      .filter((each) => each.marker === marker)
      .map(({ where, how }) => `${where} ${how}`);
    const missing = found
      .filter((place) => !places.includes(place))
      .map((place) => `${door}: not in ${place}`);
    return found.length > 0 ? missing : places.map((place) => `${door}: kept in ${place}`);
  });
}
