// Browser only: App Bridge's picker.
import type { Rule } from "#app/features/triggers/triggers.ts";

export type PickedKind = "product" | "variant" | "collection";
export type Picked = Rule["values"];

const typeNames = { product: "Product", variant: "ProductVariant", collection: "Collection" } as const;

/** Whether values of a kind of rule are chosen in Shopify's picker, not typed. */
export function isPicked(kind: Rule["kind"]): kind is PickedKind {
  return kind in typeNames;
}

/** "42" → "gid://shopify/Product/42" */
export const gidOf = (kind: PickedKind, id: string) => `gid://shopify/${typeNames[kind]}/${id}`;

const idOf = (gid: string) => gid.split("/").at(-1) ?? gid;

/** Opens Shopify's picker with what is chosen. Resolves to the new choice, or null when the person closed it. */
export async function pick(kind: PickedKind, chosen: Picked): Promise<Picked | null> {
  const selectionIds = chosen.map((value) => ({ id: gidOf(kind, value.id) }));
  const options = { multiple: true, action: "select", selectionIds } as const;
  if (kind === "product") {
    const found = await shopify.resourcePicker({ type: "product", filter: { variants: false }, ...options });
    return found ? found.map(({ id, title }) => ({ id: idOf(id), label: title })) : null;
  }
  if (kind === "collection") {
    const found = await shopify.resourcePicker({ type: "collection", ...options });
    return found ? found.map(({ id, title }) => ({ id: idOf(id), label: title })) : null;
  }
  const found = await shopify.resourcePicker({ type: "variant", ...options });
  return found
    ? found.map(({ id, displayName, title, product }) => ({
        id: idOf(id),
        label: displayName || [product?.title, title].filter(Boolean).join(" - "),
      }))
    : null;
}
