import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { exportSuppressions } from "#app/features/messages/suppressions.csv.server.ts";
import { ofKind } from "#app/features/messages/suppressions.server.ts";
import { readSuppressionFilter } from "#app/features/messages/suppressions.ts";
import { exportUnreached } from "#app/features/messages/unreached.server.ts";
import { requireShop } from "#app/session.server.ts";

/** `?what=unreached`: who could not be reached; else the list, narrowed like the page. Addresses taken along stand in the audit log. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "suppressions");
  const query = new URL(request.url).searchParams;
  if (query.get("what") === "unreached") return csv("not-reached", exportUnreached(shop.id));
  const { kind } = readSuppressionFilter(query);
  const leftOut = await inShop(async (tx) => {
    await recordAudit(tx, shop.id, { actor, action: "suppression.exported", after: { kind } });
    return tx.suppression.count({ where: { AND: [ofKind(shop.id, kind), { addressSealed: null }] } });
  });
  return csv("opt-outs", exportSuppressions(shop.id, kind), { "x-left-out": String(leftOut) });
}

const csv = (name: string, rows: AsyncGenerator<string>, more: Record<string, string> = {}) =>
  new Response(createReadableStreamFromReadable(Readable.from(rows)), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="aftercare-${name}.csv"`,
      "cache-control": "no-store",
      ...more,
    },
  });
