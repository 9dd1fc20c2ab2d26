// Shopify's search syntax, used by the Admin API's `query` argument and by the `filter` of webhook subscriptions:
// terms `field:value` with > >= < <= comparisons, `field:*`, prefixes `abc*`, quotes, AND, OR, NOT, `-` and parentheses.

/** Reads every value that a search field has on the thing searched; undefined = the field does not exist. */
export type FieldValues<T> = (thing: T, field: string) => unknown[] | undefined;

/** Thrown for an expression or a field that Shopify would refuse. */
export class SearchSyntaxError extends Error {}

type Test<T> = (thing: T) => boolean;

const TOKEN =
  /\s*(\(|\)|-(?=[\w(])|(?:[\w.]+:)?(?:>=|<=|>|<)?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()]+))/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match?.[1]) throw new SearchSyntaxError(`Invalid search syntax: ${text}`);
    found.push(match[1]);
  }
  return found;
}

/**
 * Compiles a search expression into a test.
 * @throws {SearchSyntaxError} for broken syntax or, while testing, for an unknown field
 */
export function compileSearch<T>(
  text: string,
  values: FieldValues<T>,
  defaultFields: string[] = [],
): Test<T> {
  const rest = tokens(text);
  if (rest.length === 0) return () => true;
  const test = either();
  if (rest.length > 0) throw new SearchSyntaxError(`Invalid search syntax near '${rest[0]}'`);
  return test;

  function either(): Test<T> {
    const options = [both()];
    while (rest[0] === "OR") {
      rest.shift();
      options.push(both());
    }
    return (thing) => options.some((option) => option(thing));
  }

  function both(): Test<T> {
    const all = [one()];
    while (rest.length > 0 && rest[0] !== "OR" && rest[0] !== ")") {
      if (rest[0] === "AND") rest.shift();
      all.push(one());
    }
    return (thing) => all.every((each) => each(thing));
  }

  function one(): Test<T> {
    const token = rest.shift();
    if (token === undefined) throw new SearchSyntaxError(`Invalid search syntax: ${text}`);
    if (token === "NOT" || token === "-") {
      const negated = one();
      return (thing) => !negated(thing);
    }
    if (token === "(") {
      const inner = either();
      if (rest.shift() !== ")") throw new SearchSyntaxError(`Missing ) in: ${text}`);
      return inner;
    }
    return term(token);
  }

  function term(token: string): Test<T> {
    const [, field, operator = "", raw = ""] = /^(?:([\w.]+):)?(>=|<=|>|<)?(.*)$/s.exec(token) ?? [];
    const wanted = raw.replace(/^(["'])(.*)\1$/s, "$2").replace(/\\(.)/g, "$1");
    const quoted = wanted !== raw;
    if (!field) {
      return (thing) =>
        defaultFields.some((name) =>
          (values(thing, name) ?? []).some((value) =>
            String(value).toLowerCase().includes(wanted.toLowerCase()),
          ),
        );
    }
    return (thing) => {
      const found = values(thing, field);
      if (!found) throw new SearchSyntaxError(`Invalid search field '${field}'`);
      const present = found.filter((value) => value !== null && value !== undefined && value !== "");
      if (raw === "*") return present.length > 0;
      return present.some((value) => compare(value, operator, wanted, quoted));
    };
  }
}

function compare(value: unknown, operator: string, wanted: string, quoted: boolean): boolean {
  if (operator) {
    const order = rank(value, wanted);
    if (Number.isNaN(order)) return false;
    return { ">": order > 0, ">=": order >= 0, "<": order < 0, "<=": order <= 0 }[operator] ?? false;
  }
  const text = String(value).toLowerCase();
  const sought = wanted.toLowerCase();
  if (!quoted && sought.endsWith("*")) return text.startsWith(sought.slice(0, -1));
  return text === sought;
}

/** Negative, zero or positive; NaN when the two cannot be compared. Dates as dates, numbers as numbers. */
function rank(value: unknown, wanted: string): number {
  if (value instanceof Date) return value.getTime() - Date.parse(wanted);
  if (/^\d+$/.test(wanted) && /^\d+$/.test(String(value))) {
    const difference = BigInt(String(value)) - BigInt(wanted);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  }
  return Number(value) - Number(wanted);
}
