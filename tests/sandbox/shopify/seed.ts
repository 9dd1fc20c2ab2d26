import { acmeOutdoor, blueKiln, greenhouseNord, type ProductSeed } from "#tests/sandbox/shopify/catalogue.ts";
import { nextId, type State } from "#tests/sandbox/state.ts";
import type {
  Address,
  Collection,
  Customer,
  Metafield,
  Product,
  Shop,
} from "#tests/sandbox/shopify/types.ts";

const slug = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");

interface ShopSeed {
  handle: string;
  name: string;
  currency: string;
  timezone: string;
  locale: string;
  owner: [string, string];
  city: string;
  country: [name: string, code: string];
  catalogue: ProductSeed[];
}

const SHOPS: ShopSeed[] = [
  {
    handle: "acme-outdoor",
    name: "Acme Outdoor",
    currency: "EUR",
    timezone: "Europe/Berlin",
    locale: "en",
    owner: ["Ada", "Brandt"],
    city: "Hamburg",
    country: ["Germany", "DE"],
    catalogue: acmeOutdoor,
  },
  {
    handle: "blue-kiln",
    name: "Blue Kiln",
    currency: "USD",
    timezone: "America/New_York",
    locale: "en",
    owner: ["Ruth", "Castillo"],
    city: "Asheville",
    country: ["United States", "US"],
    catalogue: blueKiln,
  },
  {
    handle: "greenhouse-nord",
    name: "Greenhouse Nord",
    currency: "EUR",
    timezone: "Europe/Berlin",
    locale: "de",
    owner: ["Jonas", "Petersen"],
    city: "Flensburg",
    country: ["Germany", "DE"],
    catalogue: greenhouseNord,
  },
];

type CustomerSeed = [
  first: string,
  last: string,
  locale: string,
  city: string,
  country: [string, string],
  tags: string[],
];
const CUSTOMERS: CustomerSeed[] = [
  ["Emma", "Clarke", "en", "Bristol", ["United Kingdom", "GB"], []],
  ["Lukas", "Weber", "de", "Leipzig", ["Germany", "DE"], ["newsletter"]],
  ["Camille", "Moreau", "fr", "Lyon", ["France", "FR"], ["vip"]],
  ["Noah", "Janssen", "en", "Utrecht", ["Netherlands", "NL"], []],
  ["Hannah", "Fischer", "de-AT", "Graz", ["Austria", "AT"], ["no-messages"]],
  ["Olivia", "Ward", "en-US", "Portland", ["United States", "US"], ["wholesale"]],
];

/** Fills an empty state with three shops. `installed`: whether the app is installed there already. */
export function seedShops(state: State, now: string, scopes: string[], installed: boolean): void {
  for (const seed of SHOPS)
    state.shops[`${seed.handle}.myshopify.com`] = makeShop(state, seed, now, scopes, installed);
}

function makeShop(state: State, seed: ShopSeed, now: string, scopes: string[], installed: boolean): Shop {
  const [firstName, lastName] = seed.owner;
  const shop: Shop = {
    id: nextId(state),
    handle: seed.handle,
    domain: `${seed.handle}.myshopify.com`,
    name: seed.name,
    email: `hello@${seed.handle}.example`,
    ownerName: seed.owner.join(" "),
    currency: seed.currency,
    timezone: seed.timezone,
    locales: localesOf(seed.locale),
    address: {
      company: `${seed.name} Ltd`,
      address1: "12 Harbour Street",
      address2: null,
      city: seed.city,
      zip: "20457",
      province: null,
      provinceCode: null,
      country: seed.country[0],
      countryCode: seed.country[1],
      phone: null,
    },
    plan: { name: "basic", displayName: "Basic", pointsPerSecond: 100 },
    status: "active",
    installed,
    scopes: installed ? [...scopes] : [],
    // Exactly what this app asks Shopify for: level 1, the name and the email address; no phone, no full address.
    protectedData: ["customer", "name", "email"],
    staff: [
      {
        id: nextId(state),
        firstName,
        lastName,
        email: `${firstName.toLowerCase()}@${seed.handle}.example`,
        owner: true,
        locale: "en",
      },
      {
        id: nextId(state),
        firstName: "Sam",
        lastName: "Ito",
        email: `sam@${seed.handle}.example`,
        owner: false,
        locale: "en",
      },
    ],
    products: [],
    collections: [],
    customers: CUSTOMERS.map((customer) => makeCustomer(state, customer, now)),
    orders: [],
    createdAt: now,
    updatedAt: now,
  };
  addProducts(state, shop, seed.catalogue, now);
  return shop;
}

const LOCALES = { en: "English", de: "German", fr: "French" } as const;
function localesOf(primary: string): Shop["locales"] {
  return Object.entries(LOCALES).map(([locale, name]) => ({
    locale,
    name,
    primary: locale === primary,
    published: true,
  }));
}

function makeCustomer(state: State, seed: CustomerSeed, now: string): Customer {
  const [firstName, lastName, locale, city, country, tags] = seed;
  const email = `${firstName}.${lastName}@example.com`.toLowerCase();
  const address = makeAddress(state, {
    firstName,
    lastName,
    city,
    country: country[0],
    countryCode: country[1],
  });
  return {
    id: nextId(state),
    email,
    phone: null,
    firstName,
    lastName,
    locale,
    tags,
    address,
    createdAt: now,
    updatedAt: now,
  };
}

/** An address with believable values for what is not given. */
export function makeAddress(state: State, given: Partial<Address>): Address {
  return {
    id: nextId(state),
    firstName: "Emma",
    lastName: "Clarke",
    company: null,
    address1: "7 Mill Lane",
    address2: null,
    city: "Bristol",
    zip: "10115",
    province: null,
    provinceCode: null,
    country: "Germany",
    countryCode: "DE",
    phone: null,
    ...given,
  };
}

/** Adds products (and the collections they name) to a shop. */
export function addProducts(state: State, shop: Shop, seeds: ProductSeed[], now: string): Product[] {
  const added: Product[] = [];
  for (const seed of seeds) {
    const product = makeProduct(state, shop, seed, now);
    shop.products.push(product);
    added.push(product);
    for (const title of seed.collections)
      collectionNamed(state, shop, title, now).productIds.push(product.id);
  }
  return added;
}

function collectionNamed(state: State, shop: Shop, name: string, now: string): Collection {
  const title = name[0]!.toUpperCase() + name.slice(1);
  const found = shop.collections.find((collection) => collection.title === title);
  if (found) return found;
  const collection: Collection = {
    id: nextId(state),
    title,
    handle: slug(title),
    productIds: [],
    updatedAt: now,
  };
  shop.collections.push(collection);
  return collection;
}

function makeProduct(state: State, shop: Shop, seed: ProductSeed, now: string): Product {
  const field = (key: string, value: string | undefined, type = "multi_line_text_field"): Metafield[] =>
    value === undefined ? [] : [{ id: nextId(state), namespace: "custom", key, type, value }];
  const variants = (seed.variants ?? [{ title: "Default Title" }]).map((variant, index) => ({
    id: nextId(state),
    title: variant.title,
    sku: `${slug(seed.title).slice(0, 12).toUpperCase()}-${index + 1}`,
    price: variant.price ?? seed.price,
    barcode: null,
    metafields: Object.entries(variant.metafields ?? {}).flatMap(([key, value]) =>
      field(key, value, "single_line_text_field"),
    ),
  }));
  const inBox = (seed.bundle ?? []).map(({ title, quantity }) => {
    const component = shop.products.find((product) => product.title === title);
    if (!component) throw new Error(`Bundle part not seeded before its bundle: ${title}`);
    return { variantId: component.variants[0]!.id, quantity };
  });
  return {
    id: nextId(state),
    title: seed.title,
    handle: slug(seed.title),
    descriptionHtml: seed.description,
    productType: seed.productType,
    vendor: seed.vendor,
    tags: seed.tags,
    status: "ACTIVE",
    isGiftCard: seed.isGiftCard ?? false,
    requiresShipping: !seed.isGiftCard,
    sellingPlan: seed.subscription
      ? { id: nextId(state), name: seed.subscription }
      : seed.preorder
        ? { id: nextId(state), name: seed.preorder }
        : null,
    bundle: inBox,
    image: { id: nextId(state), ...seed.image },
    variants,
    metafields: [
      ...field("care", seed.care),
      ...field("warning", seed.warning),
      ...field("manual_url", seed.manual, "url"),
    ],
    createdAt: now,
    updatedAt: now,
  };
}
