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

/** What the editors ask of a shop's catalogue. Each call may throw a `SourceError`. */
export interface Catalogue {
  /** Today's names, in the order asked; null = the shop no longer has it. */
  readNames(access: SourceAccess, refs: CatalogueRef[]): Promise<(string | null)[]>;
  /** The first 250 of each. */
  readValues(access: SourceAccess): Promise<CatalogueValues>;
  /** The first 100 defined for products and for variants. */
  readMetafieldDefinitions(access: SourceAccess): Promise<MetafieldDefinition[]>;
}
