import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportPage } from "#app/features/privacy/buyers.page.ts";
import { readExport, recordDelivered } from "#app/features/privacy/buyers.export.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { isId } from "#app/platform/db/ids.ts";
import { notFound, requireShop } from "#app/session.server.ts";

/** A buyer's copy as a file: `?as=json`, else a page. Taking it is handing it over, and noted with who took it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "export");
  const id = params.id ?? "";
  const found = await inShop(async (tx) => {
    const held = isId(id) ? await readExport(tx, shop.id, id) : null;
    if (held) await recordDelivered(tx, shop.id, id, "downloaded", actor, systemClock());
    return held;
  });
  if (!found) throw notFound();
  const asJson = new URL(request.url).searchParams.get("as") === "json";
  const name = asJson ? "customer-data.json" : "customer-data.html";
  return new Response(asJson ? JSON.stringify(found.content, null, 2) : exportPage(found.content), {
    headers: {
      "content-type": `${asJson ? "application/json" : "text/html"}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
