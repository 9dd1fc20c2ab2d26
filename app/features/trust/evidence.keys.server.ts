// Guarantee: what is called sealed was looked at: its first bytes are those of a ciphertext under this shop's key. Nothing is opened.
import { RULES, type TableRule } from "#app/features/privacy/register.ts";
import { columnName } from "#app/features/privacy/sql.ts";
import type { Reader } from "#app/features/trust/evidence.server.ts";
import { findShopKey, idForNewKeys, KEY_TABLES, openedKeyStore } from "#app/platform/crypto/keystore.ts";
import { Prisma } from "#app/platform/db/generated/client.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";

/** So many of the newest values of each column are looked at. */
const LOOK_MOST = 500;

type SealedColumn = { table: string; column: string; shop: string; credential: boolean };

/** Every column of a shop that is sealed, by the register. */
export const SEALED: readonly SealedColumn[] = RULES.filter(({ of }) => of === "shop").flatMap(
  ({ table, columns }: TableRule) =>
    Object.entries(columns)
      .filter(([column]) => column.endsWith("Sealed"))
      .map(([column, kind]) => ({
        table,
        column: columnName(column),
        shop: table === "shops" ? "id" : "shop_id",
        credential: kind === "credential",
      })),
);

async function look(tx: Tx, shopId: string, { table, column, shop }: SealedColumn, keyId: string) {
  const value = Prisma.raw(`"${column}"`);
  // Layout: version 1 | length of the key's id | the key's id | … (platform/crypto).
  const [row] = await tx.$queryRaw<[{ looked: number; open: number }]>`
    SELECT count(*)::int AS looked,
           count(*) FILTER (WHERE CASE WHEN length(${value}) < 30 THEN true
             ELSE get_byte(${value}, 0) <> 1
               OR substring(${value} FROM 3 FOR get_byte(${value}, 1)) <> convert_to(${keyId}, 'UTF8') END)::int AS open
    FROM (SELECT ${value} FROM ${Prisma.raw(`"${table}"`)}
          WHERE ${Prisma.raw(`"${shop}"`)} = ${shopId}::uuid AND ${value} IS NOT NULL
          ORDER BY id DESC LIMIT ${LOOK_MOST}) AS newest`;
  return row;
}

async function lookAtAll(shopId: string, columns: readonly SealedColumn[], keyId: string) {
  return forShop(shopId, async (tx) => {
    const sum = { looked: 0, open: 0 };
    for (const column of columns) {
      const { looked, open } = await look(tx, shopId, column, keyId);
      sum.looked += looked;
      sum.open += open;
    }
    return sum;
  });
}

export const encryption: Reader<"encryption"> = async ({ shopId }) => {
  const key = await findShopKey(shopId);
  const base = { columns: SEALED.length, keyId: key?.id ?? null };
  if (!key) return { state: "bad", facts: { ...base, looked: 0, open: 0 } };
  const sum = await lookAtAll(shopId, SEALED, key.id);
  return { state: sum.open > 0 ? "bad" : sum.looked === 0 ? "none" : "good", facts: { ...base, ...sum } };
};

export const tokens: Reader<"tokens"> = async ({ shopId }) => {
  const key = await findShopKey(shopId);
  const credentials = SEALED.filter(({ credential }) => credential);
  const { looked, open } = await lookAtAll(shopId, credentials, key?.id ?? "");
  return {
    state: open > 0 ? "bad" : looked === 0 ? "none" : "good",
    facts: { held: looked, open },
  };
};

/** Old keys only open; `npm run keys:rotate` brings what lies under them to the newest. */
export const keyring: Reader<"keyring"> = async () => {
  const { pool } = openedKeyStore();
  const keyId = await idForNewKeys();
  const facts = { keyId, keys: 0, older: 0 };
  for (const { table } of KEY_TABLES) {
    const { rows } = await pool.query<{ keys: number; older: number }>(
      `SELECT count(*)::int AS keys, count(*) FILTER (WHERE keyring_id <> $1)::int AS older FROM ${table}`,
      [keyId],
    );
    facts.keys += rows[0]?.keys ?? 0;
    facts.older += rows[0]?.older ?? 0;
  }
  return { state: "good", facts };
};
