import type { MessageContext } from "#app/features/templates/templates.ts";

type Leaves<T, Prefix extends string = ""> = {
  [K in keyof T & string]: T[K] extends string | number
    ? `${Prefix}${K}`
    : K extends "metafields"
      ? never
      : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** Every variable of a template but metafields, which are open: "order.name", "product.title", … */
export type VariablePath = Leaves<MessageContext>;
export type VariableGroup = keyof MessageContext;

type Facts = {
  /** Key of its name in the words of the page. */
  label: string;
  example: string | number;
  /** What the editor inserts, where `{{ path }}` alone would look odd when the value is missing. */
  insert?: string;
};

const CATALOGUE = {
  "customer.first_name": {
    label: "customerFirstName",
    example: "Anna",
    insert: '{{ customer.first_name | default: "there" }}',
  },
  "customer.last_name": { label: "customerLastName", example: "Keller" },
  "order.name": { label: "orderName", example: "#1042" },
  "order.date": { label: "orderDate", example: "2026-11-21" },
  "line.title": { label: "lineTitle", example: "Cast-iron skillet" },
  "line.variant_title": { label: "lineVariantTitle", example: "28 cm" },
  "line.quantity": { label: "lineQuantity", example: 1 },
  "line.sku": { label: "lineSku", example: "PAN-28" },
  "product.title": { label: "productTitle", example: "Cast-iron skillet" },
  "product.url": {
    label: "productUrl",
    example: "https://shop.example/products/cast-iron-skillet",
    insert: "[{{ product.title }}]({{ product.url }})",
  },
  "product.image": {
    label: "productImage",
    example: "https://shop.example/images/cast-iron-skillet.jpg",
    insert: "![{{ product.title }}]({{ product.image }})",
  },
  "product.type": { label: "productType", example: "Cookware" },
  "product.vendor": { label: "productVendor", example: "Hearth & Co." },
  "variant.title": { label: "variantTitle", example: "28 cm" },
  "variant.sku": { label: "variantSku", example: "PAN-28" },
  "tracking.company": { label: "trackingCompany", example: "DHL" },
  "tracking.number": { label: "trackingNumber", example: "00340434161094042557" },
  "tracking.url": {
    label: "trackingUrl",
    example: "https://tracking.example/00340434161094042557",
    insert: "[{{ tracking.number }}]({{ tracking.url }})",
  },
  "shop.name": { label: "shopName", example: "Hearth & Co." },
  "shop.email": { label: "shopEmail", example: "hello@shop.example" },
  "shop.url": { label: "shopUrl", example: "https://shop.example" },
} satisfies Record<VariablePath, Facts>;

export type Variable = Facts & { path: VariablePath; group: VariableGroup; insert: string };

/** The variables a merchant can insert, in the order the editor shows them. */
export const VARIABLES: readonly Variable[] = (Object.keys(CATALOGUE) as VariablePath[]).map((path) => {
  const facts: Facts = CATALOGUE[path];
  return {
    ...facts,
    path,
    group: path.split(".")[0] as VariableGroup,
    insert: facts.insert ?? `{{ ${path} }}`,
  };
});

/** What the editor inserts for a metafield; a key that Liquid can't read as a word is put in quotes. */
export function metafieldInsert(owner: "product" | "variant", namespace: string, key: string): string {
  const step = (name: string) => (/^[a-z_][a-z0-9_-]*$/i.test(name) ? `.${name}` : `["${name}"]`);
  return `{{ ${owner}.metafields${step(namespace)}${step(key)} }}`;
}

/** The context of an invented order, for a preview where the shop has none yet. */
export function exampleContext(): MessageContext {
  const context: Record<string, Record<string, unknown>> = {
    product: { metafields: {} },
    variant: { metafields: {} },
  };
  for (const { path, example } of VARIABLES) {
    const [group = "", name = ""] = path.split(".");
    (context[group] ??= {})[name] = example;
  }
  return context as MessageContext;
}
