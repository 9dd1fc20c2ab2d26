import { GraphQLError } from "graphql";

export interface ConnectionArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  reverse?: boolean;
}

const encode = (key: string) => Buffer.from(JSON.stringify({ last_id: key })).toString("base64url");

function decode(cursor: string): string {
  try {
    return String(
      (JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as { last_id: string }).last_id,
    );
  } catch {
    throw new GraphQLError("Invalid cursor for current pagination sort.", {
      extensions: { code: "BAD_REQUEST" },
    });
  }
}

/**
 * A page of a list that is sorted already. Cursors name the item they stand on, so that a page doesn't slip when items
 * are added in front of it. `key` must be unique in the list.
 */
export function connection<T, N>(
  all: T[],
  args: ConnectionArgs,
  key: (item: T) => string,
  node: (item: T) => N,
) {
  const { first, last, after, before, reverse } = args;
  if (first == null && last == null) {
    throw new GraphQLError("you must provide one of first or last", { extensions: { code: "BAD_REQUEST" } });
  }
  if (first != null && last != null) {
    throw new GraphQLError("providing both first and last is not supported", {
      extensions: { code: "BAD_REQUEST" },
    });
  }
  const size = (first ?? last)!;
  if (size < 0 || size > 250) {
    throw new GraphQLError(`${first == null ? "last" : "first"} must be between 0 and 250`, {
      extensions: { code: "BAD_REQUEST" },
    });
  }
  const items = reverse ? [...all].reverse() : all;
  const place = (cursor: string) => items.findIndex((item) => key(item) === decode(cursor));
  const from = after == null ? 0 : place(after) + 1;
  const to = before == null ? items.length : place(before);
  if ((after != null && from === 0) || to < 0) {
    throw new GraphQLError("Invalid cursor for current pagination sort.", {
      extensions: { code: "BAD_REQUEST" },
    });
  }
  const range = items.slice(from, to);
  const page = first == null ? range.slice(Math.max(0, range.length - size)) : range.slice(0, size);
  const edges = page.map((item) => ({ cursor: encode(key(item)), node: node(item) }));
  const begin = from + (first == null ? range.length - page.length : 0);
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasPreviousPage: begin > 0,
      hasNextPage: begin + page.length < items.length,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
