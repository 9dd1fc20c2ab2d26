// A database client whose queries have lost their first wall: whatever a query asks of the shop is made true on its way to PostgreSQL.
// It sits where every statement of the app passes, Prisma's and our own, in node-postgres. Statements through the platform's door keep
// their conditions: there row level security lets every shop through, by design.
import pg from "pg";

const NAME = String.raw`(?:"?\w+"?\.){0,2}"?\w+"?`;
const SHOP = String.raw`(?:(?:"?\w+"?\.){0,2}"?shop_id"?|"public"\."shops"\."id"|(?<=FROM shops WHERE )id)`;
const VALUE = String.raw`(?:\$\d+(?:::\w+)?|${NAME}(?![\w("]))`;
/** Only what is a condition: an assignment follows SET or a comma. */
const CONDITION = String.raw`(?<=(?:\bWHERE|\bAND|\bOR|\bON|\bNOT|\()\s*)`;

const EQUAL = new RegExp(String.raw`${CONDITION}${SHOP}\s*(?:=|<>)\s*${VALUE}`, "gi");
const AMONG = new RegExp(String.raw`${CONDITION}${SHOP}\s*(?:IN\s*|=\s*ANY\s*)\([^()]*\)`, "gi");
const TUPLE = new RegExp(
  String.raw`${CONDITION}\(([^()]*shop_id[^()]*)\)\s*(?:=\s*|IN\s*\()((?:\s*\([^()]*\),?)+)(\)?)`,
  "gi",
);
/** What would still ask for the shop, in a spelling that is not known here. */
const LEFT = /shop_id"?\s*(?:=|<>|IN\b)|shop_id"?(?:\s*,[^()]*)?\)\s*(?:IN\b|=|<|>)/i;

/** The statement without its shop; every parameter keeps its place and its type. */
export function strip(sql: string): string {
  return sql
    .replace(TUPLE, (_, columns: string, rows: string) => {
      const names = columns.split(",");
      const alternatives = [...rows.matchAll(/\(([^()]*)\)/g)].map(([, values = ""]) => {
        const pairs = values.split(",").map((value, index) => `${names[index]} = ${value}`);
        return `(${pairs.join(" AND ")})`;
      });
      return `(${alternatives.join(" OR ")})`;
    })
    .replace(EQUAL, "($& OR TRUE)")
    .replace(AMONG, "($& OR TRUE)");
}

/** Whether a stripped statement may still depend on the shop. */
export function asksForShop(stripped: string): boolean {
  const rest = stripped
    .replace(/\((?:[^()]|\([^()]*\))* OR TRUE\)/g, "")
    .replace(/\bSET\b.*?(?=\bWHERE\b|$)/is, "");
  return LEFT.test(rest);
}

export type Stripper = {
  /** Statements through the shop's door, and how many of them lost a condition. */
  count: { seen: number; stripped: number };
  /** Statements in which the shop may still play a part: the stripper does not know how they are spelt. */
  unknown: Set<string>;
  restore(): void;
};

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/** From now on every client of this process strips. */
export function stripShops(): Stripper {
  const original = pg.Client.prototype.query as unknown as Query;
  const behindPlatformDoor = new WeakSet<pg.Client>();
  const stripper: Stripper = {
    count: { seen: 0, stripped: 0 },
    unknown: new Set(),
    restore: () => void Object.assign(pg.Client.prototype, { query: original }),
  };
  const onItsWay = (client: pg.Client, sql: string): string => {
    if (/^\s*(?:BEGIN|COMMIT|ROLLBACK)\b(?!\s+TO)/i.test(sql)) behindPlatformDoor.delete(client);
    if (sql.includes("set_config('app.scope'")) behindPlatformDoor.add(client);
    // The store of wrapped keys is another database.
    if (behindPlatformDoor.has(client) || sql.includes("data_keys")) return sql;
    const stripped = strip(sql);
    stripper.count.seen += 1;
    if (stripped !== sql) stripper.count.stripped += 1;
    if (asksForShop(stripped)) stripper.unknown.add(sql);
    return stripped;
  };
  const query: Query = function (...args) {
    const [first, ...rest] = args;
    if (typeof first === "string") return original.call(this, onItsWay(this, first), ...rest);
    const config = first as { text?: unknown } | null;
    if (typeof config?.text !== "string") return original.apply(this, args);
    // A statement with a name is prepared once, in the words it had then.
    return original.call(this, { ...config, name: undefined, text: onItsWay(this, config.text) }, ...rest);
  };
  Object.assign(pg.Client.prototype, { query });
  return stripper;
}
