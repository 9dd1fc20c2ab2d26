/**
 * Marketplaces whose orders other apps import into Shopify. Their buyers must not be written to outside the marketplace,
 * and the address on the order is a relay. Three signs give such an order away, from the surest to the weakest: where
 * Shopify says it came from, what the importing app noted on it, and the domain of the address.
 */
type Marketplace = {
  /** Words with which a source name, or the name of an order attribute, begins. */
  words: readonly string[];
  /** Relay domains with everything below them; a final * stands for any country's ending. */
  domains: readonly string[];
};

export const MARKETPLACES = {
  amazon: { words: ["amazon"], domains: ["marketplace.amazon.*"] },
  ebay: { words: ["ebay"], domains: ["members.ebay.*"] },
  tiktok: { words: ["tiktok"], domains: ["scs.tiktokw.us", "chat.seller.tiktok.com", "tiktok.com"] },
  walmart: { words: ["walmart"], domains: ["relay.walmart.com"] },
  etsy: { words: ["etsy"], domains: ["etsy.com"] },
  allegro: { words: ["allegro"], domains: ["allegromail.pl"] },
  bol: { words: ["bol.com", "bolcom"], domains: ["verkopen.bol.com"] },
  kaufland: { words: ["kaufland"], domains: ["kaufland-marktplatz.de"] },
  mirakl: { words: ["mirakl"], domains: ["mirakl.net"] },
  temu: { words: ["temu"], domains: ["temu.com"] },
  shein: { words: ["shein"], domains: ["shein.com"] },
  otto: { words: ["otto market", "ottomarket"], domains: ["otto.market"] },
  zalando: { words: ["zalando"], domains: [] },
  wayfair: { words: ["wayfair"], domains: [] },
  manomano: { words: ["manomano"], domains: ["message.manomano.com"] },
} as const satisfies Record<string, Marketplace>;
export type MarketplaceName = keyof typeof MARKETPLACES;

const ENTRIES = Object.entries(MARKETPLACES) as [MarketplaceName, Marketplace][];
const plain = (words: string) => words.toLowerCase().replace(/[^a-z0-9]+/g, "");

/** The marketplace whose relay this address belongs to, or null. Accepts any text. */
export function relayMarketplace(address: string): MarketplaceName | null {
  const domain = address
    .slice(address.lastIndexOf("@") + 1)
    .trim()
    .toLowerCase()
    .replace(/[.>]+$/, "");
  return ENTRIES.find(([, { domains }]) => domains.some((relay) => lies(domain, relay)))?.[0] ?? null;
}

function lies(domain: string, relay: string): boolean {
  const padded = `.${domain}`;
  if (!relay.endsWith(".*")) return padded.endsWith(`.${relay}`);
  const stem = `.${relay.slice(0, -1)}`;
  const at = padded.lastIndexOf(stem);
  return at >= 0 && /^[a-z]{2,3}(\.[a-z]{2,3})?$/.test(padded.slice(at + stem.length));
}

// An importing app notes the marketplace's own number: "Amazon Order Id", "ebay_sales_record_number", "TikTok Order ID".
const NUMBER = /order|record|receipt|purchase/;

/**
 * The marketplace an order was imported from, or null.
 * @param order the source name as Shopify gives it, the names of the order's attributes, the buyer's address
 */
export function importedFrom(order: {
  sourceName: string;
  attributes: string[];
  email: string | null;
}): MarketplaceName | null {
  const source = plain(order.sourceName);
  const attributes = order.attributes.map(plain).filter((name) => NUMBER.test(name));
  const named = ENTRIES.find(([, { words }]) =>
    words
      .map(plain)
      .some((word) => source.startsWith(word) || attributes.some((name) => name.startsWith(word))),
  );
  return named?.[0] ?? (order.email ? relayMarketplace(order.email) : null);
}
