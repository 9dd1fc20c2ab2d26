import { DATA_CLASSES, RULES, type DataClass, type TableRule } from "#app/features/privacy/register.ts";
import type { RetentionClass } from "#app/features/privacy/retention.ts";

/** How long a kind is kept. `shop`: as long as the app is installed; `answered`: until the request is. */
export type Kept = RetentionClass | "shop" | "answered";

/** A buyer and a mail go before the order they are of does. */
const BEFORE_THE_ORDER: Partial<Record<DataClass, Kept>> = { buyer: "buyer", index: "buyer", mail: "mail" };

/** How long columns of a class are kept in a table. */
export function keptOf(kind: DataClass, { columns, retention }: TableRule): Kept {
  // What names the buyer of a request goes once it is answered; that there was one stays.
  if (kind === "request" || (kind === "index" && Object.values(columns).includes("request")))
    return "answered";
  if (retention === "shop" && kind === "buyer") return "buyer";
  return (retention === "records" && BEFORE_THE_ORDER[kind]) || retention;
}

/** How a kind of data lies in the database: `hashed` can be compared and never read back. */
export type Protection = "sealed" | "hashed" | "partly" | "plain";

/** A kind of data as the register has it. */
export type Kind = {
  kind: DataClass;
  personal: boolean;
  protection: Protection;
  /** For how long: several where its tables differ. */
  kept: Kept[];
};

function protectionOf(kind: DataClass, columns: string[]): Protection {
  if (kind === "index") return "hashed";
  const sealed = columns.filter((column) => column.endsWith("Sealed")).length;
  return sealed === 0 ? "plain" : sealed === columns.length ? "sealed" : "partly";
}

/** Every kind of data we hold of a shop, from the register. */
export const KINDS: readonly Kind[] = (Object.keys(DATA_CLASSES) as DataClass[]).flatMap((kind) => {
  const found = RULES.filter(
    (rule) => rule.of === "shop" || rule.shop !== "keep" || "shopId" in rule.columns,
  ).flatMap((rule) =>
    Object.entries(rule.columns)
      .filter(([, each]) => each === kind)
      .map(([column]) => ({ column, kept: keptOf(kind, rule) })),
  );
  if (found.length === 0) return [];
  return {
    kind,
    personal: DATA_CLASSES[kind].personal,
    protection: protectionOf(
      kind,
      found.map(({ column }) => column),
    ),
    kept: [...new Set(found.map(({ kept }) => kept))],
  };
});

/** A kind with what there is of it now. */
export type Holding = Kind & {
  rows: number;
  oldest: string | null;
  /** The same by how long it is kept. */
  parts: { kept: Kept; rows: number }[];
};

/** Orders placed in a month ("2026-11-01"), with and without their buyer. */
export type MonthCount = { month: string; withBuyer: number; without: number };

/** Which features that need protected data are switched on. */
export type Needs = { messages: boolean; customerTags: boolean; customersAllowed: boolean };
