// The products of the sandbox's shops, as data. Every one of them is a thing that needs explaining after the sale.

import type { Drawing } from "#tests/sandbox/shopify/pictures.ts";

export interface ProductSeed {
  title: string;
  productType: string;
  vendor: string;
  tags: string[];
  description: string;
  price: string;
  image: { drawing: Drawing; colour: string };
  variants?: { title: string; price?: string; metafields?: Record<string, string> }[];
  care?: string;
  manual?: string;
  warning?: string;
  isGiftCard?: boolean;
  subscription?: string;
  preorder?: string;
  /** Titles (and variant titles) of what is in the box. */
  bundle?: { title: string; quantity: number }[];
  collections: string[];
}

const manual = (file: string) => `https://manuals.example.com/${file}.pdf`;

export const acmeOutdoor: ProductSeed[] = [
  {
    title: "Trailcell 600 Lithium Battery Pack",
    productType: "Batteries",
    vendor: "Voltpeak",
    tags: ["lithium", "hazmat", "electronics"],
    description: "<p>595 Wh of LiFePO₄ for tents, vans and huts. USB-C 100 W, two 230 V sockets.</p>",
    price: "489.00",
    image: { drawing: "battery", colour: "#d9f2e6" },
    variants: [
      { title: "EU plug", metafields: { plug: "Type F" } },
      { title: "UK plug", metafields: { plug: "Type G" } },
    ],
    care: "Charge to 80 % before storing for more than a month. Never charge below 0 °C.",
    manual: manual("trailcell-600"),
    warning: "Lithium battery: do not open, crush or heat above 60 °C. Do not post or fly with it.",
    collections: ["power", "camp"],
  },
  {
    title: "Riverclear Epoxy Resin Kit 1.5 kg",
    productType: "Resin",
    vendor: "Clearcoat Labs",
    tags: ["chemical", "diy", "hazmat"],
    description: "<p>Two-part epoxy for tables and river casts up to 5 cm.</p>",
    price: "64.90",
    image: { drawing: "bottle", colour: "#e3ecff" },
    variants: [
      { title: "Slow cure (72 h)", metafields: { cure_time: "72 hours" } },
      { title: "Fast cure (24 h)", metafields: { cure_time: "24 hours" } },
    ],
    care: "Mix 100 : 45 by weight for three minutes. Never pour thicker than the kit says: it overheats.",
    manual: manual("riverclear-epoxy"),
    warning: "Irritates skin and eyes. Wear nitrile gloves and a mask with filter A2P2; air the room.",
    collections: ["workshop"],
  },
  {
    title: "Phalaenopsis Orchid 'Alba'",
    productType: "Plants",
    vendor: "Nordlys Greenhouse",
    tags: ["live", "plant", "fragile"],
    description: "<p>A white moth orchid with two flower stems, 60 cm, in a 12 cm pot.</p>",
    price: "34.50",
    image: { drawing: "flower", colour: "#fbeaf5" },
    variants: [{ title: "Two stems" }, { title: "Three stems", price: "44.50" }],
    care: "Bright, no midday sun. Bathe the roots for ten minutes a week, then let all the water run off.",
    manual: manual("orchid-care"),
    collections: ["plants"],
  },
  {
    title: "Hardwax Wood Oil 1 l",
    productType: "Wood care",
    vendor: "Eiken & Sons",
    tags: ["chemical", "wood", "hazmat"],
    description: "<p>Linseed and carnauba for table tops and floors. Covers 12 m².</p>",
    price: "38.00",
    image: { drawing: "can", colour: "#f4e7d3" },
    variants: [{ title: "Natural" }, { title: "Smoked oak" }],
    care: "Apply thinly, wipe off after 20 minutes, let it harden for 48 hours before use.",
    manual: manual("hardwax-oil"),
    warning: "Oil-soaked rags can catch fire by themselves: keep them under water or in a closed metal tin.",
    collections: ["workshop"],
  },
  {
    title: "Gasfire Mini Stove",
    productType: "Stoves",
    vendor: "Acme Outdoor",
    tags: ["gas", "camping", "hazmat"],
    description: "<p>83 g of titanium, 3,000 W, boils half a litre in two and a half minutes.</p>",
    price: "59.00",
    image: { drawing: "flame", colour: "#ffe7da" },
    care: "Check the O-ring before every trip; replace it every two years.",
    manual: manual("gasfire-mini"),
    warning: "Never use inside a closed tent: carbon monoxide.",
    collections: ["camp"],
  },
  {
    title: "Cast Iron Dutch Oven 6 qt",
    productType: "Cookware",
    vendor: "Acme Outdoor",
    tags: ["camping", "cast-iron"],
    description: "<p>Pre-seasoned, with legs and a lid that holds coals.</p>",
    price: "89.00",
    image: { drawing: "pot", colour: "#e6e6e9" },
    care: "No soap for the first ten uses. Dry at once, oil thinly, store with the lid ajar.",
    manual: manual("dutch-oven"),
    collections: ["camp"],
  },
  {
    title: "Merino Base Layer",
    productType: "Apparel",
    vendor: "Fjelltind",
    tags: ["wool", "apparel"],
    description: "<p>190 g/m² merino, flat seams, mulesing-free.</p>",
    price: "79.00",
    image: { drawing: "shirt", colour: "#dfe8dc" },
    variants: [{ title: "S / Moss" }, { title: "M / Moss" }, { title: "L / Moss" }, { title: "M / Slate" }],
    care: "Wool cycle at 30 °C, no softener, dry flat. Airing it overnight is often enough.",
    collections: ["apparel"],
  },
  {
    title: "Avalanche Transceiver S2",
    productType: "Safety",
    vendor: "Voltpeak",
    tags: ["safety", "electronics", "registration"],
    description: "<p>Three antennas, 60 m range, group check.</p>",
    price: "319.00",
    image: { drawing: "signal", colour: "#ffe3e3" },
    care: "Alkaline batteries only. Take them out in summer. Function check every three years.",
    manual: manual("transceiver-s2"),
    warning: "Practise before the first tour. Keep 50 cm away from phones when searching.",
    collections: ["power"],
  },
  {
    title: "Cold-brew Concentrate",
    productType: "Food",
    vendor: "Acme Pantry",
    tags: ["food", "perishable"],
    description: "<p>Arabica from Huila, 16 hours cold. Makes two litres.</p>",
    price: "14.90",
    image: { drawing: "cup", colour: "#efe3d7" },
    care: "Keep at 2 to 7 °C, use within ten days of opening.",
    subscription: "Every month",
    collections: ["pantry"],
  },
  {
    title: "Sourdough Starter 'Greta'",
    productType: "Food",
    vendor: "Acme Pantry",
    tags: ["food", "live", "perishable"],
    description: "<p>A living rye starter from 1974 with a jar and a spatula.</p>",
    price: "19.00",
    image: { drawing: "jar", colour: "#f6efd8" },
    care: "Feed within 24 hours of arrival: 50 g starter, 50 g rye flour, 50 g water at 26 °C.",
    manual: manual("sourdough"),
    collections: ["pantry"],
  },
  {
    title: "Ember Bundle: Stove & Dutch Oven",
    productType: "Bundles",
    vendor: "Acme Outdoor",
    tags: ["bundle", "camping"],
    description: "<p>Everything for a warm dinner outside.</p>",
    price: "132.00",
    image: { drawing: "tent", colour: "#dcefe0" },
    bundle: [
      { title: "Gasfire Mini Stove", quantity: 1 },
      { title: "Cast Iron Dutch Oven 6 qt", quantity: 1 },
    ],
    collections: ["camp"],
  },
  {
    title: "Gift Card",
    productType: "Gift Cards",
    vendor: "Acme Outdoor",
    tags: ["gift"],
    description: "<p>For those who have it all.</p>",
    price: "50.00",
    image: { drawing: "gift", colour: "#ffeef0" },
    variants: [{ title: "€50" }, { title: "€100", price: "100.00" }],
    isGiftCard: true,
    collections: [],
  },
  {
    title: "Summit Tent 2P (pre-order)",
    productType: "Tents",
    vendor: "Fjelltind",
    tags: ["preorder", "camping", "tent"],
    description: "<p>1.4 kg, freestanding, ships in March.</p>",
    price: "549.00",
    image: { drawing: "tent", colour: "#e2f0f7" },
    care: "Dry completely before storing. Wash by hand with a soap for technical fabrics.",
    manual: manual("summit-tent"),
    preorder: "Ships in March",
    collections: ["camp"],
  },
  {
    title: "Beeswax Wrap Set",
    productType: "Household",
    vendor: "Nordlys Greenhouse",
    tags: ["household", "beeswax"],
    description: "<p>Three cloths in S, M and L instead of cling film.</p>",
    price: "21.00",
    image: { drawing: "hexagon", colour: "#fff3cf" },
    care: "Wash cold with mild soap. Not for raw meat, microwave or dishwasher.",
    collections: ["pantry"],
  },
];

export const blueKiln: ProductSeed[] = [
  {
    title: "Stoneware Clay 10 kg",
    productType: "Clay",
    vendor: "Blue Kiln",
    tags: ["clay", "studio"],
    description: "<p>Grogged, cone 6.</p>",
    price: "22.00",
    image: { drawing: "vase", colour: "#dbe7f3" },
    care: "Keep sealed and frost-free; wedge before use.",
    collections: ["studio"],
  },
  {
    title: "Cobalt Glaze 500 ml",
    productType: "Glaze",
    vendor: "Blue Kiln",
    tags: ["chemical", "glaze", "hazmat"],
    description: "<p>Brush-on, food-safe above cone 5.</p>",
    price: "31.00",
    image: { drawing: "drop", colour: "#d5dbf5" },
    warning: "Contains cobalt: wear gloves and a mask, never sand dry.",
    manual: manual("cobalt-glaze"),
    collections: ["studio"],
  },
];

export const greenhouseNord: ProductSeed[] = [
  {
    title: "Monstera deliciosa",
    productType: "Pflanzen",
    vendor: "Greenhouse Nord",
    tags: ["live", "plant"],
    description: "<p>70 cm, im 17-cm-Topf.</p>",
    price: "39.00",
    image: { drawing: "leaf", colour: "#dff0dd" },
    care: "Hell, ohne Mittagssonne; gießen, wenn die oberen zwei Zentimeter trocken sind.",
    collections: ["pflanzen"],
  },
  {
    title: "Zitronenbäumchen",
    productType: "Pflanzen",
    vendor: "Greenhouse Nord",
    tags: ["live", "plant", "fruit"],
    description: "<p>Veredelt, trägt im zweiten Jahr.</p>",
    price: "54.00",
    image: { drawing: "leaf", colour: "#fff6c9" },
    care: "Im Winter hell bei 5 bis 10 °C, nie austrocknen lassen.",
    manual: manual("zitrone"),
    collections: ["pflanzen"],
  },
];

const MATERIALS = ["Oak", "Brass", "Linen", "Slate", "Walnut", "Copper", "Wool", "Glass", "Leather", "Cork"];
const THINGS = ["Lamp", "Kettle", "Planter", "Knife", "Board", "Stove", "Basket", "Clock", "Chair", "Candle"];
const SERIES = ["Fjord", "Alba", "Terra", "Nocturne"];

/** `count` different believable products for a big shop (up to 400 titles before they repeat with a number). */
export function manyProducts(count: number): ProductSeed[] {
  return Array.from({ length: count }, (_, i) => {
    const thing = THINGS[i % 10]!;
    const material = MATERIALS[Math.floor(i / 10) % 10]!;
    const series = SERIES[Math.floor(i / 100) % 4]!;
    const edition = i < 400 ? "" : ` No. ${Math.floor(i / 400) + 1}`;
    return {
      title: `${series} ${material} ${thing}${edition}`,
      productType: thing,
      vendor: `${series} Works`,
      tags: [material.toLowerCase(), thing.toLowerCase(), i % 3 === 0 ? "care-needed" : "robust"],
      description: `<p>The ${thing.toLowerCase()} of the ${series} series, in ${material.toLowerCase()}.</p>`,
      price: `${15 + ((i * 7) % 180)}.00`,
      image: { drawing: "box" as const, colour: "#eef1f4" },
      care: `Wipe with a dry cloth. ${material} ages: oil or polish it twice a year.`,
      ...(i % 4 === 0 ? { manual: manual(`${series}-${material}-${thing}`.toLowerCase()) } : {}),
      collections: [`${series.toLowerCase()} series`],
    };
  });
}
