import type { SourceAccess } from "#app/connectors/sources.ts";

export const PICKED_KINDS = ["product", "variant", "collection"] as const;
export type PickedKind = (typeof PICKED_KINDS)[number];

/** One thing of a shop's catalogue, by its platform id. */
export type CatalogueRef = { kind: PickedKind; id: string };

/** Texts that the shop's products use. */
export type CatalogueValues = { productType: string[]; vendor: string[]; tag: string[] };

/** `name` is "" where only the key is known. */
export type MetafieldDefinition = {
  owner: "product" | "variant";
  namespace: string;
  key: string;
  name: string;
};

/** What a thing is called today; `handle` and `sku` where it has them. */
export type CatalogueItem = { name: string; handle: string | null; sku: string | null };

export type FoundProduct = { productId: string; title: string; handle: string };
export type FoundVariant = FoundProduct & { variantId: string; variantTitle: string; sku: string };

/** What the editors ask of a shop's catalogue. Each call may throw a `SourceError`. */
export interface Catalogue {
  /** In the order asked; null = the shop no longer has it. */
  readItems(access: SourceAccess, refs: CatalogueRef[]): Promise<(CatalogueItem | null)[]>;
  /** By handle, in lower case. Unknown ones are left out. */
  findProducts(access: SourceAccess, handles: string[]): Promise<Map<string, FoundProduct>>;
  /** By SKU as asked for; nothing makes one unique. */
  findVariants(access: SourceAccess, skus: string[]): Promise<Map<string, FoundVariant[]>>;
  /** The first 250 of each. */
  readValues(access: SourceAccess): Promise<CatalogueValues>;
  /** The first 100 defined for products and for variants. */
  readMetafieldDefinitions(access: SourceAccess): Promise<MetafieldDefinition[]>;
}
