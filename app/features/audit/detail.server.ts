// Guarantee: where a person's request came from is kept only sealed under the shop's key, and is gone with that key.
import { z } from "zod";
import { seal, unseal } from "#app/platform/crypto/crypto.ts";
import { findShopKey } from "#app/platform/crypto/keystore.ts";

const detailSchema = z.object({ address: z.string() });
/** What is known of a request beyond its id. */
export type Detail = z.infer<typeof detailSchema>;

/** As the vault binds a value to its place (features/vault). */
const place = (shopId: string, row: string) => `audit_events|detail_sealed|${shopId}|${row}`;

/** Seals details of one shop; null when the shop has no key any more: then they are not kept. */
export async function openDetailSealer(
  shopId: string,
): Promise<((row: string, detail: Detail) => Buffer<ArrayBuffer>) | null> {
  const key = await findShopKey(shopId);
  return key && ((row, detail) => Buffer.from(seal(key, place(shopId, row), JSON.stringify(detail))));
}

/** Null when the shop's key is gone. */
export async function openDetail(shopId: string, row: string, sealed: Uint8Array): Promise<Detail | null> {
  const key = await findShopKey(shopId);
  return key && detailSchema.parse(JSON.parse(unseal(key, place(shopId, row), sealed).toString("utf8")));
}
