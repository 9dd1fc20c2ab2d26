import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cancelMessage, retryMessage } from "#app/features/messages/act.server.ts";
import { listPreviewOrders, readPreviewSubject } from "#app/features/messages/draft-preview.server.ts";
import { reconcileOrders } from "#app/features/messages/intake.server.ts";
import { readFilter } from "#app/features/messages/list.ts";
import { getMessageDetail, listMessages, listTriggerChoices } from "#app/features/messages/list.server.ts";
import { countTrouble, readOverview } from "#app/features/messages/overview.server.ts";
import { previewMessage } from "#app/features/messages/preview.server.ts";
import { countWaiting } from "#app/features/messages/waiting.server.ts";
import { listServingReleases } from "#app/features/releases/releases.server.ts";
import { submitForReview, withdraw } from "#app/features/releases/review.server.ts";
import { findSendingDomain } from "#app/features/shops/domains.server.ts";
import { readGuide } from "#app/features/shops/guide.server.ts";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { getShop, saveSettings, type Shop } from "#app/features/shops/shops.server.ts";
import { deleteTemplate, getTemplate, listTemplates } from "#app/features/templates/templates.server.ts";
import { exportConfiguration } from "#app/features/triggers/exchange.server.ts";
import { exportAssignments } from "#app/features/triggers/exchange.assign.server.ts";
import { draftOf, getTrigger, listTriggers, saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import { startEngine, type Engine } from "#tests/engine.ts";
import * as make from "#tests/factories/orders.ts";
import { overTheWall } from "#tests/setup/wall.ts";
import { readTables } from "#app/platform/db/catalogue.ts";
import { stripShops, type Stripper } from "#tests/wall/stripper.ts";

// The product's own features for one shop, beside another with the same kinds of rows, through a client that forgets whose they are.
const MARK = "Fremdling";

let engine: Engine;
let shop: Shop;
let foreign: Shop;
let stripper: Stripper;
let sql: Client;
let NOW: Date;
let ids: Record<"message" | "trigger" | "template" | "order", string>;

/** Whatever the shop's pages show, by name. */
const reads: Record<string, (tx: Tx) => Promise<unknown>> = {
  "the shop": (tx) => getShop(tx, shop.id),
  "any shop": (tx) => tx.shop.findMany(),
  guide: async (tx) => readGuide(tx, await getShop(tx, shop.id)),
  overview: (tx) => readOverview(tx, shop.id, "UTC", NOW),
  trouble: (tx) => countTrouble(tx, shop.id, NOW),
  messages: (tx) => listMessages(tx, shop.id, readFilter(new URLSearchParams()), "UTC"),
  "messages of an order": (tx) =>
    listMessages(tx, shop.id, readFilter(new URLSearchParams({ order: "#1" })), "UTC"),
  "choice of triggers": (tx) => listTriggerChoices(tx, shop.id),
  templates: (tx) => listTemplates(tx, shop.id),
  triggers: (tx) => listTriggers(tx, shop.id),
  releases: (tx) => listServingReleases(tx, shop.id),
  "orders to preview with": (tx) => listPreviewOrders(tx, shop.id),
  "export of the configuration": (tx) => exportConfiguration(tx, shop, new Date(0)),
  "export of the assignments": (tx) =>
    exportAssignments(tx, shop.id, { products: new Map(), variants: new Map() }),
  "sending domain": (tx) => findSendingDomain(tx, shop.id),
  audit: (tx) => tx.auditEvent.findMany({ where: { shopId: shop.id }, orderBy: { id: "asc" } }),
  products: (tx) => tx.product.findMany({ where: { shopId: shop.id }, orderBy: { externalId: "asc" } }),
  sessions: () => sessionStorage.findSessionsByShop!(shop.domain),
  suppressions: (tx) => tx.suppression.findMany({ where: { shopId: shop.id } }),
};

/** The same features, asked for what is the other shop's. */
const trespasses: typeof reads = {
  "their message": (tx) => getMessageDetail(tx, shop.id, ids.message),
  "their preview": () => previewMessage(shop.id, ids.message),
  "their trigger": (tx) => getTrigger(tx, shop.id, ids.trigger),
  "their template": (tx) => getTemplate(tx, shop.id, ids.template),
  "their order": async (tx) =>
    (await readPreviewSubject(tx, shop, { orderId: ids.order, lineId: "", locale: "en" })).orderName,
  "their waiting messages": (tx) => countWaiting(tx, shop.id, [ids.trigger]),
};

/** And told to change it. */
const attacks: typeof reads = {
  "stopping their message": (tx) => cancelMessage(tx, shop.id, ids.message, "user:1", new Date()),
  "repeating their message": (tx) => retryMessage(tx, shop.id, ids.message, "user:1", new Date()),
  "deleting their template": (tx) => deleteTemplate(tx, shop.id, ids.template, [], "user:1", new Date()),
  "changing their trigger": async (tx) => {
    const [own] = await listTriggers(tx, shop.id);
    return saveTrigger(tx, shop.id, ids.trigger, draftOf(own!), "user:1", new Date());
  },
  "releasing their trigger": (tx) => submitForReview(tx, shop.id, ids.trigger, "user:1", new Date()),
  "stopping their trigger": (tx) => withdraw(tx, shop.id, ids.trigger, "user:1", new Date()),
};

beforeAll(async () => {
  engine = await startEngine();
  shop = engine.shop;
  foreign = await engine.install("blue-kiln.myshopify.com");
  for (const [of, mark] of [
    [shop, "Ours"],
    [foreign, MARK],
  ] as const) {
    const [first, second] = engine.sandbox.shops[of.domain]!.products;
    const include = {
      mode: "any" as const,
      rules: [{ kind: "product" as const, values: [{ id: first!.id, label: `${mark} battery` }] }],
    };
    for (const [name, hours] of [
      ["At once", 0],
      ["Later", 48],
    ] as const)
      await engine.addTrigger({
        shop: of,
        name: `${name} ${mark}`,
        draft: {
          locales: { en: { subject: `${mark} {{ order.name }}`, body: `${mark}: {{ line.title }}` } },
        },
        trigger: { definition: make.definition({ include, delay: { amount: hours, unit: "hours" } }) },
      });
    for (const [number, email] of ["delivered@resend.dev", "bounced@resend.dev"].entries())
      engine.sandbox.placeOrder({
        shop: of.domain,
        email,
        firstName: `${mark} ${number}`,
        lines: [{ product: first!.title }, { product: second!.title }],
      });
  }
  await engine.settle();
  await engine.dispatch();
  sql = new Client({ connectionString: overTheWall(engine.databaseUrl) });
  await sql.connect();
  // What became of the mails is told and taken in: nothing changes by itself any more.
  await vi.waitFor(async () => {
    engine.sandbox.mailEvents.release();
    await engine.settle();
    expect((await sql.query("SELECT FROM messages WHERE state = 'sent'")).rowCount).toBe(0);
  });
  const one = async (table: string, condition = "true") =>
    (
      await sql.query<{ id: string }>(`SELECT id FROM ${table} WHERE shop_id = $1 AND ${condition} LIMIT 1`, [
        foreign.id,
      ])
    ).rows[0]!.id;
  ids = {
    message: await one("messages", "state = 'planned'"),
    trigger: await one("triggers"),
    template: await one("templates"),
    order: await one("orders"),
  };
  NOW = new Date();
});

afterAll(async () => {
  await sql.end();
  await engine.stop();
});

async function look(features: typeof reads): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const [name, feature] of Object.entries(features))
    seen[name] = await forShop(shop.id, feature).then(
      (result) => JSON.stringify(result) ?? "nothing",
      (error: Error & { code?: string }) => `error ${error.code ?? error.message}`,
    );
  return seen;
}

async function stripped<T>(work: () => Promise<T>): Promise<T> {
  stripper = stripShops();
  try {
    return await work();
  } finally {
    stripper.restore();
  }
}

/** Every row of a shop, in order, as text. */
async function rowsOf(shopId: string): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const { name, shop: column } of await readTables(sql))
    if (column)
      rows[name] = (
        await sql.query<{ row: string }>(
          `SELECT t::text AS row FROM "${name}" t WHERE "${column}" = $1 ORDER BY 1`,
          [shopId],
        )
      ).rows.map(({ row }) => row);
  return rows;
}

describe("with the wall alone", () => {
  test("every page shows what it shows with both walls, and nothing of the other shop", async () => {
    const before = await look(reads);
    const after = await stripped(() => look(reads));
    expect(after).toEqual(before);
    expect(Object.values(before).filter((text) => text.startsWith("error"))).toEqual([]);
    expect(JSON.stringify(after)).not.toContain(MARK);
    expect(JSON.stringify(after)).toContain("Ours");
    expect(stripper.count.stripped).toBeGreaterThan(30);
    expect([...stripper.unknown]).toEqual([]);
  });

  test("what is the other shop's is not there, and is not changed", async () => {
    const theirs = await rowsOf(foreign.id);
    const before = await look({ ...trespasses, ...attacks });
    const after = await stripped(() => look({ ...trespasses, ...attacks }));
    expect(after).toEqual(before);
    expect(after).toMatchObject({
      "their message": "error not_found",
      "stopping their message": "error not_found",
    });
    expect(await rowsOf(foreign.id)).toEqual(theirs);
  });

  test("orders are taken in, planned, sent, reconciled, and settings saved, for one shop only", async () => {
    const theirs = await rowsOf(foreign.id);
    const [first] = engine.sandbox.shops[shop.domain]!.products;
    await stripped(async () => {
      const order = engine.sandbox.placeOrder({
        email: "new@example.com",
        lines: [{ product: first!.title }],
      });
      await engine.settle();
      await engine.dispatch();
      expect(engine.sandbox.mails().filter((mail) => mail.subject === `Ours ${order.name}`)).toHaveLength(1);
      await reconcileOrders(await forShop(shop.id, (tx) => getShop(tx, shop.id)), NOW);
      await forShop(shop.id, (tx) =>
        saveSettings(
          tx,
          shop.id,
          { ...shop.settings, footer: { ...shop.settings.footer, legalName: "New Ltd" } },
          "user:1",
        ),
      );
    });
    expect([...stripper.unknown]).toEqual([]);
    expect(await rowsOf(foreign.id)).toEqual(theirs);
    expect((await forShop(shop.id, (tx) => getShop(tx, shop.id))).settings.footer.legalName).toBe("New Ltd");
  });
});

// The proof of the proof: without the wall the same client shows the other shop on nearly every page.
test("with neither wall the other shop is everywhere", async () => {
  const walled = (await readTables(sql)).filter(({ shop: column }) => column !== null);
  for (const { name } of walled) await sql.query(`ALTER TABLE "${name}" DISABLE ROW LEVEL SECURITY`);
  try {
    const own = await look(reads);
    const all = await stripped(() => look(reads));
    const changed = Object.keys(reads).filter((name) => all[name] !== own[name]);
    expect(changed.length).toBeGreaterThan(12);
    expect(JSON.stringify(all)).toContain(MARK);
    const found = await stripped(() => look(trespasses));
    expect(found["their trigger"]).toContain(MARK);
    expect(found["their template"]).toContain(MARK);
    expect(found["their message"]).not.toContain("not_found");
  } finally {
    for (const { name } of walled) await sql.query(`ALTER TABLE "${name}" ENABLE ROW LEVEL SECURITY`);
  }
});
