// A shop with something in every table, and any number of orders with a message each.
import { Session } from "@shopify/shopify-api";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { ensureShop, type Shop } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop, rawPool, type Tx } from "#app/platform/db/db.ts";

/** Stores an offline token, as a token exchange does. */
export async function giveToken(domain: string): Promise<void> {
  await sessionStorage.storeSession(
    new Session({
      id: `offline_${domain}`,
      shop: domain,
      state: "",
      isOnline: false,
      accessToken: "shpat_token",
      refreshToken: "shprt_token",
      scope: "read_orders",
    }),
  );
}

/** An installed shop with a token, what a merchant sets up, and `orders` orders. */
export async function fillShop(domain: string, orders: number): Promise<Shop> {
  const shop = await ensureShop(domain, new Date());
  await giveToken(domain);
  await forShop(shop.id, (tx) => setUp(tx, shop.id));
  await addOrders(shop.id, orders);
  await addWebhooks(domain, 3);
  return shop;
}

async function setUp(tx: Tx, shopId: string): Promise<void> {
  const template = await tx.template.create({ data: { shopId, name: "First use", purpose: "usage" } });
  const version = await tx.templateVersion.create({
    data: { shopId, templateId: template.id, number: 1, content: {}, hash: "h", createdBy: "user:1" },
  });
  const trigger = await tx.trigger.create({
    data: { shopId, name: "First use", definition: {}, templateId: template.id },
  });
  await tx.release.create({
    data: {
      shopId,
      triggerId: trigger.id,
      templateVersionId: version.id,
      number: 1,
      content: {},
      hash: "h",
      state: "withdrawn",
      servesFrom: new Date(),
      servesUntil: new Date(),
      submittedBy: "user:1",
    },
  });
  await tx.product.create({ data: { shopId, externalId: "1", facts: {}, readAt: new Date() } });
  await tx.suppression.create({
    data: { shopId, channel: "email", recipientIndex: "someone", reason: "bounced" },
  });
}

/** Orders of the shop's present install, each with a message of one section and one attempt. */
export async function addOrders(shopId: string, count: number, connectionId?: string): Promise<void> {
  await forShop(shopId, async (tx) => {
    const { generation } = await tx.shop.findUniqueOrThrow({ where: { id: shopId } });
    const connection =
      connectionId ?? (await tx.connection.findFirstOrThrow({ where: { shopId, source: "shopify" } })).id;
    await tx.$executeRaw`
      WITH bought AS (
        INSERT INTO orders (shop_id, connection_id, source, external_id, name, document, person_sealed, buyer_index, generation, heard_at, updated_at)
        SELECT ${shopId}::uuid, ${connection}::uuid, 'shopify', gen_random_uuid()::text, '#' || n, '{}', '\\x01', 'buyer' || n, ${generation}, ${new Date()}, now()
        FROM generate_series(1, ${count}::int) n RETURNING id
      ), mails AS (
        INSERT INTO messages (shop_id, order_id, channel, state, due_at, sent_at, frozen_sealed, recipient_index, updated_at)
        SELECT ${shopId}::uuid, id, 'email', 'sent', now(), now(), '\\x01', 'buyer', now() FROM bought RETURNING id, order_id
      ), parts AS (
        INSERT INTO sections (shop_id, message_id, order_id, trigger_id, channel, release_id, state, due_at, buyer_index)
        SELECT ${shopId}::uuid, id, order_id, uuidv7(), 'email', uuidv7(), 'frozen', now(), 'buyer' FROM mails
      )
      INSERT INTO attempts (shop_id, message_id, batch_id, number, outcome, started_at, finished_at)
      SELECT ${shopId}::uuid, id, uuidv7(), 1, 'accepted', now(), now() FROM mails`;
  });
}

/** Webhooks about orders that were handled but kept their bodies, as dead letters do. */
export async function addWebhooks(domain: string, count: number, receivedAt = new Date()): Promise<void> {
  await forPlatform("webhooks", (tx) =>
    tx.inbox.createMany({
      data: Array.from({ length: count }, () => ({
        source: "shopify",
        topic: "orders/paid",
        shopDomain: domain,
        webhookId: crypto.randomUUID(),
        bodySealed: Buffer.from("sealed"),
        state: "dead",
        receivedAt,
      })),
    }),
  );
}

/** Rows of one shop in every table of the catalogue that names shops; the inbox by domain. Without what proves an erasure. */
export async function countRows(shopId: string, domain: string): Promise<Record<string, number>> {
  const tables = await listTables();
  return forPlatform("purge", async (tx) => {
    const counts: Record<string, number> = {};
    for (const { table, column } of tables) {
      const [row] = await tx.$queryRawUnsafe<{ rows: number }[]>(
        `SELECT count(*)::int AS rows FROM "${table}" WHERE "${column}"::text = $1`,
        column === "shop_domain" ? domain : shopId,
      );
      if (row?.rows) counts[table] = row.rows;
    }
    return counts;
  });
}

/** Everything that is stored of one shop, as text: to compare before and after. */
export async function dumpShop(shopId: string, domain: string): Promise<string> {
  const tables = await listTables();
  return forPlatform("purge", async (tx) => {
    const parts: string[] = [];
    for (const { table, column } of tables) {
      const rows = await tx.$queryRawUnsafe<{ row: string }[]>(
        `SELECT t::text AS row FROM "${table}" t WHERE "${column}"::text = $1 ORDER BY 1`,
        column === "shop_domain" ? domain : shopId,
      );
      parts.push(`${table}\n${rows.map(({ row }) => row).join("\n")}`);
    }
    return parts.join("\n\n");
  });
}

const EVIDENCE = ["purges", "receipts", "privacy_requests"];

async function listTables(): Promise<{ table: string; column: string }[]> {
  const { rows } = await rawPool().query<{ table: string; column: string }>(
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     WHERE table_schema = 'public' AND (column_name = 'shop_id' OR (table_name, column_name) IN (('shops', 'id'), ('inbox', 'shop_domain')))
     ORDER BY 1`,
  );
  return rows.filter(({ table }) => !EVIDENCE.includes(table));
}
