// Many shops with many orders, written by PostgreSQL itself: for questions whose answer depends on how much there is.
import type { Client } from "pg";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { emptyDocument } from "#app/features/orders/orders.ts";

export type Crowd = { shops: number; ordersEach: number };

/** What one order of every shop is like: one message, one section, one attempt; every tenth waits, the others were sent. */
export async function fillWithShops(client: Client, { shops, ordersEach }: Crowd): Promise<void> {
  const settings = defaultSettings({ name: "Crowd", email: null, timeZone: "UTC", locale: "en" });
  await client.query("BEGIN");
  await client.query("SELECT set_config('app.scope', 'tests', true)");
  await client.query(
    `INSERT INTO shops (domain, name, state, sending, settings)
     SELECT 'crowd-' || n || '.myshopify.com', 'Crowd ' || n, 'installed', true, $2 FROM generate_series(1, $1) n`,
    [shops, JSON.stringify(settings)],
  );
  await client.query(
    "INSERT INTO connections (shop_id, source, external_id) SELECT id, 'shopify', domain FROM shops WHERE name LIKE 'Crowd %'",
  );
  await client.query(
    `INSERT INTO orders (shop_id, connection_id, source, external_id, name, placed_at, document, decisions, buyer_index)
     SELECT c.shop_id, c.id, 'shopify', n, '#' || n, now() - n * interval '1 minute', $2, '{"version": 1, "decisions": []}',
            'buyer-' || n % ($1 / 2)
     FROM connections c CROSS JOIN generate_series(1, $1::int) n`,
    [ordersEach, JSON.stringify(emptyDocument)],
  );
  await client.query(
    `INSERT INTO messages (shop_id, order_id, channel, state, due_at, sent_at, created_at, recipient_index, frozen_at, sent_hash)
     SELECT shop_id, id, 'email', CASE WHEN waits THEN 'planned' ELSE 'sent' END, placed_at + interval '1 day',
            CASE WHEN waits THEN NULL ELSE placed_at + interval '1 day' END, placed_at, buyer_index,
            CASE WHEN waits THEN NULL ELSE placed_at + interval '1 day' END, CASE WHEN waits THEN NULL ELSE sha256(id::text::bytea)::text END
     FROM orders CROSS JOIN LATERAL (SELECT external_id::int % 10 = 0 AS waits) w`,
  );
  await client.query(
    `INSERT INTO sections (shop_id, message_id, order_id, trigger_id, channel, release_id, state, due_at, buyer_index)
     SELECT m.shop_id, m.id, m.order_id, m.shop_id, 'email', m.shop_id, CASE m.state WHEN 'planned' THEN 'planned' ELSE 'frozen' END,
            m.due_at, m.recipient_index
     FROM messages m`,
  );
  await client.query(
    `INSERT INTO attempts (shop_id, message_id, batch_id, number, outcome, started_at, finished_at)
     SELECT shop_id, id, id, 1, 'accepted', sent_at, sent_at FROM messages WHERE sent_at IS NOT NULL`,
  );
  await client.query("COMMIT");
  await client.query("ANALYZE");
}
