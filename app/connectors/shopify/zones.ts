// Where an address lies in time. What Unicode's data, which comes with Node, knows of a country is enough where all of it has one clock;
// for the others the table says it by province (ISO 3166-2, and Shopify's own codes where they differ; zones as in tzdata's zone1970.tab).
// A province with two clocks has the one most of its people live by.
import { IANAZone } from "luxon";

/** "*": the rest of the country, and whoever names no province. Without it, that is unknown. */
const PROVINCES: Record<string, Record<string, string>> = {
  AC: { "Atlantic/St_Helena": "*" },
  AU: {
    "Australia/Sydney": "NSW ACT",
    "Australia/Melbourne": "VIC",
    "Australia/Brisbane": "QLD",
    "Australia/Adelaide": "SA",
    "Australia/Perth": "WA",
    "Australia/Hobart": "TAS",
    "Australia/Darwin": "NT",
  },
  BR: {
    "America/Rio_Branco": "AC",
    "America/Manaus": "AM RO RR",
    "America/Cuiaba": "MT MS",
    "America/Sao_Paulo": "*",
  },
  CA: {
    "America/St_Johns": "NL",
    "America/Halifax": "NS NB PE",
    "America/Toronto": "ON QC",
    "America/Winnipeg": "MB",
    "America/Regina": "SK",
    "America/Edmonton": "AB NT",
    "America/Vancouver": "BC",
    "America/Whitehorse": "YT",
    "America/Iqaluit": "NU",
  },
  CL: { "America/Punta_Arenas": "MA", "America/Coyhaique": "AI", "America/Santiago": "*" },
  CN: { "Asia/Shanghai": "*" },
  EC: { "Pacific/Galapagos": "W", "America/Guayaquil": "*" },
  ES: { "Atlantic/Canary": "GC TF CN", "Europe/Madrid": "*" },
  GL: { "America/Godthab": "*" },
  ID: {
    "Asia/Makassar": "BA NB NT KS KI KU SA SG SN SR ST GO",
    "Asia/Jayapura": "MA MU PA PB PD PE PS PT",
    "Asia/Jakarta": "*",
  },
  MN: { "Asia/Ulaanbaatar": "*" },
  MX: {
    "America/Cancun": "ROO QROO",
    "America/Hermosillo": "SON",
    "America/Mazatlan": "BCS NAY SIN",
    "America/Tijuana": "BC BCN",
    "America/Mexico_City": "*",
  },
  NZ: { "Pacific/Chatham": "CIT", "Pacific/Auckland": "*" },
  PF: { "Pacific/Tahiti": "*" },
  PG: { "Pacific/Bougainville": "NSB", "Pacific/Port_Moresby": "*" },
  PT: { "Atlantic/Azores": "20", "Europe/Lisbon": "*" },
  RU: {
    "Europe/Kaliningrad": "KGD",
    "Europe/Samara": "SAM UD AST ULY SAR",
    "Asia/Yekaterinburg": "SVE BA PER CHE ORE KGN TYU KHM YAN",
    "Asia/Omsk": "OMS",
    "Asia/Krasnoyarsk": "KYA KK TY KEM NVS TOM AL ALT",
    "Asia/Irkutsk": "IRK BU",
    "Asia/Yakutsk": "SA AMU ZAB",
    "Asia/Vladivostok": "PRI KHA YEV",
    "Asia/Magadan": "MAG SAK",
    "Asia/Kamchatka": "KAM CHU",
    "Europe/Moscow": "*",
  },
  TA: { "Atlantic/St_Helena": "*" },
  UA: { "Europe/Kiev": "*" },
  US: {
    "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
  },
  XK: { "Europe/Belgrade": "*" },
};

/** The IANA zone of an address, or null where country and province don't tell. Accepts any text. */
export function zoneOfPlace(countryCode: string | null, provinceCode: string | null): string | null {
  const country = countryCode?.trim().toUpperCase() ?? "";
  if (!/^[A-Z]{2}$/.test(country)) return null;
  const provinces = Object.hasOwn(PROVINCES, country) ? PROVINCES[country] : undefined;
  if (!provinces) return onlyZoneOf(country);
  // "PT-20" is 20, "Q ROO" is QROO.
  const plain = (provinceCode ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
  const province = provinceCode?.includes("-") && plain.startsWith(country) ? plain.slice(2) : plain;
  const named = (code: string) =>
    Object.entries(provinces).find(([, codes]) => codes.split(" ").includes(code))?.[0] ?? null;
  return named(province) ?? named("*");
}

const known = new Map<string, string | null>();

function onlyZoneOf(country: string): string | null {
  const before = known.get(country);
  if (before !== undefined) return before;
  const zones = zonesOf(country);
  const [zone = null] = new Set(zones.map(clockOf)).size === 1 ? zones : [];
  known.set(country, zone);
  return zone;
}

function zonesOf(country: string): string[] {
  // TypeScript does not know it yet.
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?: () => string[] };
  return locale.getTimeZones?.() ?? [];
}

/** What the clocks of a zone show against UTC over two years, as one text. */
function clockOf(zone: string): string {
  const iana = IANAZone.create(zone);
  return Array.from({ length: 104 }, (_, week) => iana.offset(Date.UTC(2026, 0, 1 + week * 7))).join();
}
