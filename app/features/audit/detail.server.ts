// Guarantee: where a person's request came from is kept only sealed under the shop's key, and is gone with that key.
import { z } from "zod";
import { seal, type Key } from "#app/platform/crypto/crypto.ts";
import { findShopKey } from "#app/platform/crypto/keystore.ts";

const detailSchema = z.object({ address: z.string() });
/** What is known of a request beyond its id. */
export type Detail = z.infer<typeof detailSchema>;

/** Where the vault finds it (features/vault). */
export const detailPlace = (row: string) => ({ table: "audit_events", column: "detail_sealed", row });

/** Seals details of one shop; null when the shop has no key any more: then they are not kept. */
export async function openDetailSealer(
  shopId: string,
): Promise<((row: string, detail: Detail) => Buffer<ArrayBuffer>) | null> {
  const key: Key | null = await findShopKey(shopId);
  if (!key) return null;
  return (row, detail) => {
    const { table, column } = detailPlace(row);
    return Buffer.from(seal(key, `${table}|${column}|${shopId}|${row}`, JSON.stringify(detail)));
  };
}

export function readDetail(plain: string): Detail {
  return detailSchema.parse(JSON.parse(plain));
}
