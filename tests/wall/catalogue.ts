// A row in every table that names a shop, as a shop that lives would have them.
import type { Client } from "pg";
import { insertion, inventRows, type Row } from "#app/features/privacy/invented.server.ts";
import { defaultSettings } from "#app/features/shops/settings.ts";
import type { Table } from "#app/platform/db/catalogue.ts";

/** Values without which a row would be no row of that kind. */
const kinds: Record<string, Row> = {
  shops: {
    state: "installed",
    sending: false,
    settings: defaultSettings({ name: "Neighbour", email: null, timeZone: "UTC", locale: "en" }),
  },
  connections: { source: "shopify", state: "ok" },
  orders: { source: "shopify", document: {}, decisions: null },
  messages: { channel: "email", state: "planned", timeline: [] },
  sections: { channel: "email", state: "planned" },
  releases: { state: "live", number: 1 },
  privacy_requests: { kind: "customers/redact", state: "recorded" },
  suppressions: { channel: "email" },
};

/** The audit log's entry is one text that its columns are read from. */
const auditEntry = (text: string) =>
  JSON.stringify({
    seq: 1,
    id: crypto.randomUUID(),
    at: "2026-11-20T10:00:00.000Z",
    actor: "system",
    action: text,
  });

/** One invented row of every table with a shop, `mark` wherever a text fits. */
export function rowsOf(tables: Table[], shopId: string, mark: string): Map<string, Row> {
  const invention = { shopId, mark, at: new Date("2026-11-20T10:00:00.000Z") };
  return inventRows(
    tables.filter(({ shop }) => shop !== null),
    invention,
    { ...kinds, audit_events: { entry: auditEntry(mark) } },
  );
}

/** Inserts rows as they are. */
export async function insertRows(client: Client, rows: Map<string, Row>): Promise<void> {
  for (const [table, row] of rows) await insertRow(client, table, row);
}

export async function insertRow(client: Client, table: string, row: Row): Promise<void> {
  await client.query(insertion(table, row), [JSON.stringify(row)]);
}
