import { z } from "zod";

/** Who may have done something, as the merchant tells them apart. */
export const WHO = ["team", "support", "app", "shopify"] as const;
export type Who = (typeof WHO)[number];

const day = z.iso.date().nullable().catch(null);
const place = z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null);

/** What the log may be narrowed to, as it stands in the page's address. Anything unreadable is left out. */
export const auditFilterSchema = z.object({
  /** What comes before the dot in an action's name. */
  areas: z
    .array(z.string().regex(/^[a-z_]{1,40}$/))
    .max(40)
    .catch([]),
  who: z.enum(WHO).nullable().catch(null),
  /** Days of the shop's calendar, both included. */
  from: day,
  to: day,
  /** A place in the chain: what is older, or newer. */
  after: place,
  before: place,
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export function readFilter(query: URLSearchParams): AuditFilter {
  const one = (name: string) => query.get(name) || null;
  return auditFilterSchema.parse({
    areas: one("area")?.split(",") ?? [],
    who: one("who"),
    from: one("from"),
    to: one("to"),
    after: one("after"),
    before: one("before"),
  });
}

/** The address of a filter, without a place: a changed filter starts at the top. */
export function writeFilter(filter: Omit<AuditFilter, "after" | "before">): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.areas.length) query.set("area", filter.areas.join(","));
  if (filter.who) query.set("who", filter.who);
  if (filter.from) query.set("from", filter.from);
  if (filter.to) query.set("to", filter.to);
  return query;
}
