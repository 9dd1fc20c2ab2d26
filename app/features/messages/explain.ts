import { z } from "zod";

/** What the list of orders may be narrowed to, as it stands in the page's address. Anything unreadable is left out. */
export const orderFilterSchema = z.object({
  /** An order's name, or how it begins. */
  order: z.string().trim().max(60).catch(""),
  /** Only those that got nothing, and for which nothing waits. */
  nothing: z.boolean(),
  /** A place in the list: what comes after it (older), or before it (newer). */
  after: z.string().max(80).nullable().catch(null),
  before: z.string().max(80).nullable().catch(null),
});
export type OrderFilter = z.infer<typeof orderFilterSchema>;

export function readOrderFilter(query: URLSearchParams): OrderFilter {
  return orderFilterSchema.parse({
    order: query.get("order") ?? "",
    nothing: query.get("got") === "nothing",
    after: query.get("after") || null,
    before: query.get("before") || null,
  });
}

/** The address of a filter, without a place: a changed filter starts at the top. */
export function writeOrderFilter({
  order,
  nothing,
}: Pick<OrderFilter, "order" | "nothing">): URLSearchParams {
  const query = new URLSearchParams();
  if (order) query.set("order", order);
  if (nothing) query.set("got", "nothing");
  return query;
}
